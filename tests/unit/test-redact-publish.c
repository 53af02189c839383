#include "packet/redact/publish.h"
#include "packet/base/error.h"
#include "packet/redact/redactor.h"

static const char *const own[] = { "example.com", NULL };
static const char *const allowed[] = { "postmaster@example.com", "dana@own-mailbox.example.org",
                                       NULL };
static const PktRedactScope scope = { own, allowed };
static const guint8 key[32] = { 1, 2, 3 };

static PktRedactor *
new_redactor (void)
{
  static const char *const needles[] = { "user@icloud.com", "smith@familyname.example.net" };
  PktRedactor *r = pkt_redactor_new (key, &scope);
  for (gsize i = 0; i < G_N_ELEMENTS (needles); i++)
    pkt_redactor_add_recipient (r, pkt_slice_str (needles[i]));
  return r;
}

static PktPublic *
publish (PktRedactor *r, const char *text, GError **error)
{
  json_t *raw = json_loads (text, 0, NULL);
  g_assert_nonnull (raw);
  PktPublic *p = pkt_publish_facts (r, raw, error);
  json_decref (raw);
  return p;
}

static void
test_facts (void)
{
  g_autoptr (PktRedactor) r = new_redactor ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PktPublic) p = publish (
      r,
      "{\"groups\": [{\"samples\": [{\"recipient\": \"user@icloud.com\", \"n\": 3,"
      "\"sender\": \"b-user=icloud.com@bounce.example.com\", \"reply\": \"550 <user@icloud.com>\","
      "\"message_id\": \"17@esp.example.net\", \"host\": \"mx01.mail.icloud.com\"}],"
      "\"recipient_domains\": [\"icloud.com\", \"familyname.example.net\"]}],"
      "\"stated\": {\"contact\": {\"email\": \"postmaster@example.com\"}}}",
      &error);
  g_assert_no_error (error);
  char *text = json_dumps (pkt_public_facts (p), 0);
  g_assert_null (strstr (text, "user"));
  g_assert_null (strstr (text, "familyname"));
  g_assert_nonnull (strstr (text, "mx01.mail.icloud.com"));
  g_assert_nonnull (strstr (text, "17@esp.example.net"));
  g_assert_nonnull (strstr (text, "\"[custom-1]\""));
  free (text);
}

static void
test_refused_facts (void)
{
  static const struct {
    const char *json, *place;
    int code;
  } cases[] = {
    { "{\"stated\": {\"consent\": {\"source\": \"ask user@icloud.com\"}}}",
      "$.stated.consent.source: rule recipient", PKT_ERROR_PRIVACY },
    { "{\"stated\": {\"changes\": [{\"what\": \"a\"}, {\"what\": \"x@example.net did\"}]}}",
      "$.stated.changes[1].what: rule address", PKT_ERROR_PRIVACY },
    { "{\"stated\": {\"recipient\": \"user@icloud.com\"}}", "$.stated.recipient: rule recipient",
      PKT_ERROR_PRIVACY },
    { "{\"stated\": {\"description\": \"see dXNlckBpY2xvdWQuY29t\"}}",
      "$.stated.description: rule recipient", PKT_ERROR_PRIVACY },
    { "{\"stated\": {\"description\": \"staff: jo.smith@example.com\"}}",
      "$.stated.description: rule address", PKT_ERROR_PRIVACY },
    { "{\"stated\": {\"description\": \"Wanda  Recipient complained\"}}",
      "$.stated.description: rule name", PKT_ERROR_PRIVACY },
    { "{\"stated\": {\"changes\": [{\"what\": \"a reader, Mrs. Wanda, asked\"}]}}",
      "$.stated.changes[0].what: rule name", PKT_ERROR_PRIVACY },
    { "{\"stated\": {\"description\": \"Anna.Dana@own-mailbox.example.org left\"}}",
      "$.stated.description: rule address", PKT_ERROR_PRIVACY },
    { "{\"short\": \"user-icloud.com.example.net\"}",
      "$.short: rule recipient: private data in what was read", PKT_ERROR_PRIVACY },
    { "{\"by\": {\"user@icloud.com\": 1}}", "$.by (a key of it): rule recipient",
      PKT_ERROR_PRIVACY },
    { "{\"message_id\": \"user=icloud.com@x.example.com\"}", "$.message_id: ", PKT_ERROR_BUG },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PktRedactor) r = new_redactor ();
    g_autoptr (GError) error = NULL;
    pkt_redactor_add_name (r, "Wanda Recipient");
    PktPublic *p = publish (r, cases[i].json, &error);
    g_assert_null (p);
    g_assert_error (error, PKT_ERROR, cases[i].code);
    if (!g_str_has_prefix (error->message, cases[i].place))
      g_test_message ("%s, wanted %s", error->message, cases[i].place);
    g_assert_true (g_str_has_prefix (error->message, cases[i].place));
    g_assert_null (strstr (error->message, "@icloud"));
  }
}

static void
test_read_names (void)
{
  static const struct {
    const char *json, *made;
  } cases[] = {
    { "{\"host\": \"user-icloud.com.example.net\"}", "{\"host\": \"[removed].com.example.net\"}" },
    { "{\"spf_domain\": \"wandarecipient.news.example.com\"}",
      "{\"spf_domain\": \"[removed].news.example.com\"}" },
    { "{\"note\": \"HELO mta1.example.com, PTR wanda-recipient.mta.example.com\"}",
      "{\"note\": \"HELO mta1.example.com, PTR [removed].mta.example.com\"}" },
    { "{\"queue_id\": \"user@icloud.com\", \"remote_queue_id\": \"4FA1B2\"}",
      "{\"queue_id\": null, \"remote_queue_id\": \"4FA1B2\"}" },
    { "{\"reply\": \"550 5.7.1 [CS02] no (Wanda%20O%E2%80%99Recip)\"}",
      "{\"reply\": \"550 5.7.1 [CS02] no [removed]\"}" },
    { "{\"helo\": \"mta1.example.com\"}", "{\"helo\": \"mta1.example.com\"}" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PktRedactor) r = new_redactor ();
    g_autoptr (GError) error = NULL;
    pkt_redactor_add_name (r, "Wanda Recipient");
    pkt_redactor_add_name (r, "Wanda O\342\200\231Recip");
    g_autoptr (PktPublic) p = publish (r, cases[i].json, &error);
    g_assert_no_error (error);
    char *text = json_dumps (pkt_public_facts (p), 0);
    g_assert_cmpstr (text, ==, cases[i].made);
    free (text);
  }
}

static void
test_allowed_names (void)
{
  g_autoptr (PktRedactor) r = new_redactor ();
  g_autoptr (GError) error = NULL;
  pkt_redactor_add_name (r, "Dana Sample");
  g_autoptr (PktPublic) p = publish (r,
                                     "{\"stated\": {\"contact\": {\"name\": \"Dana Sample\"}, "
                                     "\"description\": \"asked Dana Sample\"}}",
                                     &error);
  g_assert_nonnull (p);
  g_assert_no_error (error);
}

static void
test_parts (void)
{
  static const struct {
    const char *name, *type, *text, *rule; /* NULL: published */
  } cases[] = {
    { "errors.txt", "text/plain", "RCPT TO <[rcpt-k7m2q6xd]@icloud.com>\n", NULL },
    { "errors.txt", "text/plain", "Message-ID  <17@esp.example.net>\n", NULL },
    { "errors.txt", "text/plain", "MAIL FROM <b-probe@bounce.example.com>\n", NULL },
    { "errors.txt", "text/plain", "RCPT TO <user@icloud.com>\n", "recipient" },
    { "errors.txt", "text/plain", "see <17@esp.example.net>\n", "address" },
    { "errors.txt", "text/plain", "\xff\n", "charset" },
    { "errors.html", "text/html", "<p>", "type" },
    { "a.png", "image/png", "no", "png-broken" },
    { "user=icloud.com.txt", "text/plain", "a\n", "file-name" },
    { "user-icloud.com.txt", "text/plain", "a\n", "file-name" },
    { "../up.txt", "text/plain", "a\n", "file-name" },
  };
  g_autoptr (PktRedactor) r = new_redactor ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PktPublicPart) p = pkt_publish_part (r, cases[i].name, cases[i].type, cases[i].text,
                                                    strlen (cases[i].text), &error);
    if (cases[i].rule == NULL) {
      g_assert_no_error (error);
      g_assert_cmpstr (pkt_public_part_bytes (p).p, ==, cases[i].text);
      continue;
    }
    g_assert_error (error, PKT_ERROR, PKT_ERROR_PRIVACY);
    if (strstr (error->message, cases[i].rule) == NULL)
      g_test_message ("%s: %s, wanted %s", cases[i].name, error->message, cases[i].rule);
    g_assert_nonnull (strstr (error->message, cases[i].rule));
    g_assert_null (strstr (error->message, "user"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/facts", test_facts);
  g_test_add_func ("/redact/refused-facts", test_refused_facts);
  g_test_add_func ("/redact/read-names", test_read_names);
  g_test_add_func ("/redact/allowed-names", test_allowed_names);
  g_test_add_func ("/redact/parts", test_parts);
  return g_test_run ();
}
