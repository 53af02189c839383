/* The catalogue, and what replies are classified as. */
#include "packet/apple/names.h"
#include "packet/apple/classify.h"
#include "packet/apple/desk.h"
#include "packet/base/data.h"
#include "packet/base/error.h"
#include "tests/unit/cpu-time.h"

static PktCatalogue *catalogue;

/* Each example belongs to its own entry, and to none that is asked before it. */
static void
test_examples (void)
{
  g_assert_cmpuint (pkt_catalogue_size (catalogue), ==, 42);
  guint seen = 0;
  for (guint i = 0; i < pkt_catalogue_size (catalogue); i++) {
    const PktRule *rule = pkt_catalogue_get (catalogue, i);
    g_assert_true (pkt_catalogue_find (catalogue, rule->id) == rule);
    g_assert_true (i == 0 || pkt_catalogue_get (catalogue, i - 1)->priority >= rule->priority);
    for (const char *const *e = pkt_catalogue_examples (rule); *e; e++, seen++) {
      PktVerdict v;
      pkt_classify (catalogue, pkt_slice_str (*e), &v);
      if (v.rule != rule)
        g_error ("%s: \"%s\" is taken for %s", rule->id, *e, v.rule ? v.rule->id : "none");
      g_assert_cmpint (v.category, ==, rule->category);
      g_assert_cmpint (v.contactable, ==, rule->contactable);
      if (v.code) /* a mail server's own words have none */
        g_assert_cmpint (rule->temporary, ==, v.code / 100 == 4);
    }
  }
  g_assert_cmpuint (seen, >=, 40); /* rules for words that nobody published have none */
}

typedef struct {
  const char *name, *reply, *rule, *category, *tag;
  gboolean contactable, policy;
} Case;

static const Case cases[] = {
  { "cs01", "554 5.7.1 [CS01] Message rejected due to local policy.", "apple-cs01", "content",
    "CS01", TRUE, TRUE },
  { "cs01-lines", "550-5.7.1 [CS01] Message rejected due to local policy. 550 5.7.1 Please visit x",
    "apple-cs01", "content", "CS01", TRUE, TRUE },
  { "cs01-other-code", "550 5.7.26 [CS01] Unauthenticated email from example.com is not accepted",
    "apple-cs01", "content", "CS01", TRUE, TRUE },
  { "hm08-deferred", "451 4.7.1 [HM08] Message deferred due to local policy.", "apple-hm08",
    "policy", "HM08", TRUE, TRUE },
  { "new-tag", "550 5.7.1 [ZQ17] Message rejected due to local policy. Please visit x",
    "apple-local-policy-unknown-tag", "policy", "ZQ17", TRUE, TRUE },
  { "new-tag-words", "550 5.7.1 [ZQ17] Your mail from 192.0.2.1 was rejected", NULL, "policy",
    "ZQ17", TRUE, TRUE },
  { "new-tag-5.7.0", "550 5.7.0 [ZQ17] No", NULL, "unknown", "ZQ17", FALSE, FALSE },
  { "untagged", "550 5.7.1 Message rejected due to local policy. Please visit x",
    "apple-local-policy-untagged", "policy", "", TRUE, TRUE },
  { "untagged-dsn", "smtp; 550 5.7.1 Message rejected due to local\n    policy. Please visit x",
    "apple-local-policy-untagged", "policy", "", TRUE, TRUE },
  { "hcm1-words", "421 Your mail from 192.0.2.1 was deferred.", "apple-hcm1", "rate", "", FALSE,
    FALSE },
  { "ipbl", "554 5.7.1 [IPBL] Service refused. Please visit x", NULL, "policy", "", TRUE, TRUE },
  { "yahoo-tag", "554 5.7.9 [PH01] Message not accepted", NULL, "unknown", "", FALSE, FALSE },
  { "tag-elsewhere", "550 5.7.0 see [CS01]", NULL, "unknown", "", FALSE, FALSE },
  { "wrapped",
    "503 5.5.1 Error: need MAIL command - MAIL FROM error: 451 4.7.1 Service unavailable - "
    "try again later",
    "apple-503-wraps-451", "rate", "", FALSE, FALSE },
  { "wrapped-dns",
    "503 5.5.1 Error: need MAIL command - MAIL FROM error: 450 4.1.8 <a@b.example.com>: Sender "
    "address "
    "rejected: Domain not found",
    "apple-450-sender-domain-not-found", "auth", "", FALSE, FALSE },
  { "wrapped-unknown", "503 5.5.1 Error: need MAIL command - MAIL FROM error: 450 4.4.4 something",
    "apple-503-wraps-451", "rate", "", FALSE, FALSE },
  { "wrapped-final",
    "503 5.5.1 Error: need MAIL command - MAIL FROM error: 554 5.7.1 [HM08] Message "
    "rejected due to local policy.",
    "apple-hm08", "policy", "HM08", TRUE, TRUE },
  { "dmarc-bare", "550 5.7.1 Your message was rejected due to example.com DMARC policy.",
    "apple-dmarc", "dmarc", "", FALSE, FALSE },
  { "dmarc-lines",
    "550-5.7.1 Your message was rejected due\n550 5.7.1 to example.com's DMARC policy",
    "apple-dmarc", "dmarc", "", FALSE, FALSE },
  { "quoted-address", "552 5.2.2 <\"angle<x>79\"@mac.com>: user is overquota",
    "apple-552-overquota", "mailbox-full", "", FALSE, FALSE },
  { "quoted-relay", "554 5.7.1 <\"a <b> c\"@mac.com>: Relay access denied",
    "apple-554-relay-denied", "relay", "", FALSE, FALSE },
  { "relay-user", "550 5.1.1 <\"x y\"@privaterelay.appleid.com>: user not found",
    "apple-relay-user-not-found", "mailbox-unknown", "", FALSE, FALSE },
  /* An address cannot imitate a reply. */
  { "address-imitates",
    "550 5.1.1 <\"domain present in the Spamhaus DBL\"@icloud.com>: user does not exist",
    "apple-550-user-unknown", "mailbox-unknown", "", FALSE, FALSE },
  /* The code has to fit. */
  { "code-misfit", "450 4.1.1 <user@icloud.com>: user does not exist", NULL, "rate", "", FALSE,
    FALSE },
  { "code-misfit-2", "554 4.7.1 Service unavailable - try again later", NULL, "unknown", "", FALSE,
    FALSE },
  { "overquota-452", "452 4.2.2 <user@icloud.com>: user is overquota", "apple-450-overquota",
    "mailbox-full", "", FALSE, FALSE },
  /* No entry. */
  { "5.1", "550 5.1.1 <u@me.com>: \"no such user\"; see 'help'", NULL, "mailbox-unknown", "", FALSE,
    FALSE },
  { "5.2", "550 5.2.1 mailbox is off", NULL, "mailbox-full", "", FALSE, FALSE },
  { "5.7.1", "550 5.7.1 No thanks", NULL, "policy", "", TRUE, TRUE },
  { "5.7.15", "550 5.7.15 No thanks", NULL, "unknown", "", FALSE, FALSE },
  { "5xx", "550 Requested action not taken: mailbox unavailable", NULL, "unknown", "", FALSE,
    FALSE },
  { "4xx", "450 4.2.1 <u@me.com>: user is receiving mail at too high a rate", NULL, "rate", "",
    FALSE, FALSE },
  { "bare", "550", NULL, "unknown", "", FALSE, FALSE },
  { "ok", "250 2.0.0 Ok: queued as D04B3C0008B", NULL, "unknown", "", FALSE, FALSE },
  { "ok-imitates", "250 2.0.0 Message rejected due to local policy", NULL, "unknown", "", FALSE,
    FALSE },
  /* The MTA's own words, and a reply that uses them. */
  { "timeout",
    "conversation with mx01.mail.icloud.com[17.57.152.5] timed out while receiving the "
    "initial server greeting",
    "apple-timeout", "connection", "", FALSE, FALSE },
  { "connect", "connect to mx01.mail.icloud.com[17.57.152.5]:25: Connection refused",
    "apple-connection-lost", "connection", "", FALSE, FALSE },
  { "lost", "lost connection with mx01.mail.icloud.com[17.57.152.5] while sending RCPT TO",
    "apple-connection-lost", "connection", "", FALSE, FALSE },
  { "says-timeout", "421 4.4.2 mx01.mail.icloud.com Error: Connection timed out", NULL, "rate", "",
    FALSE, FALSE },
  { "says-starttls", "550 5.7.0 Must issue STARTTLS", NULL, "unknown", "", FALSE, FALSE },
  { "dns", "Host or domain name not found. Name service error for name=x type=AAAA", NULL,
    "unknown", "", FALSE, FALSE },
  { "empty", "", NULL, "unknown", "", FALSE, FALSE },
};

static void
test_classify (gconstpointer data)
{
  const Case *c = data;
  PktVerdict v;
  pkt_classify (catalogue, pkt_slice_str (c->reply), &v);
  g_assert_cmpstr (v.rule ? v.rule->id : NULL, ==, c->rule);
  g_assert_cmpstr (pkt_category_name (v.category), ==, c->category);
  g_autofree char *tag = g_strndup (v.tag.p ? v.tag.p : "", v.tag.n);
  g_assert_cmpstr (tag, ==, c->tag);
  g_assert_cmpint (v.contactable, ==, c->contactable);
  g_assert_cmpint (pkt_verdict_is_policy (&v), ==, c->policy);
}

/* Other receivers use Apple's words too: their codes count, their words never. */
static void
test_other (void)
{
  static const struct {
    const char *reply, *category;
  } others[] = {
    { "550 5.7.1 [CS01] Message rejected due to local policy.", "policy" },
    { "550 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", "unknown" },
    { "550 5.1.1 no such user", "mailbox-unknown" },
    { "552 5.2.2 full", "mailbox-full" },
    { "451 4.7.1 later", "rate" },
    { "250 2.0.0 Ok", "unknown" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    PktVerdict v;
    pkt_classify_other (pkt_slice_str (others[i].reply), &v);
    g_assert_null (v.rule);
    g_assert_cmpuint (v.tag.n, ==, 0);
    g_assert_false (v.contactable);
    g_assert_cmpstr (pkt_category_name (v.category), ==, others[i].category);
  }
}

static const struct {
  const char *id, *desk;
} desks[] = {
  { "apple-cs01", "apple" },
  { "apple-bs01", "apple" },
  { "apple-554-not-accepting", "apple" },
  { "apple-spamhaus-dbl", "spamhaus" },
  { "apple-spamhaus-ip", "spamhaus" },
  { "apple-spamhaus-pbl", "spamhaus" },
  { "apple-proofpoint-ip", "proofpoint" },
  { "apple-relay-unauthorized-sender", "developer" },
  { "apple-relay-transformation-error", "developer" },
  { "apple-dmarc", "sender" },
  { "apple-hme1", "sender" },
  { "apple-421-too-many-errors", "sender" },
  { "apple-550-user-unknown", "recipient" },
  { "apple-552-overquota", "recipient" },
  { "apple-554-relay-denied", "recipient" },
  { "apple-relay-user-not-found", "recipient" },
  { "apple-hcm1", "wait" },
  { "apple-timeout", "wait" },
};

static void
test_desks (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (desks); i++) {
    const PktRule *rule = pkt_catalogue_find (catalogue, desks[i].id);
    g_assert_nonnull (rule);
    g_assert_cmpstr (pkt_desk_word (rule->desk), ==, desks[i].desk);
  }
  for (guint i = 0; i < pkt_catalogue_size (catalogue); i++) {
    const PktRule *rule = pkt_catalogue_get (catalogue, i);
    g_assert_cmpint (rule->contactable, ==, rule->desk == PKT_DESK_APPLE);
  }
  for (guint i = 0; i < PKT_N_DESKS; i++) {
    PktDesk back;
    g_assert_true (pkt_desk_from_word (pkt_desk_word (i), &back) && back == i);
    g_assert_nonnull (pkt_desk_name (i));
    g_assert_true (g_str_has_suffix (pkt_desk_reason (i), "."));
  }
}

#define ENTRY(id, patterns, more)                                                                  \
  "{\"id\":\"" id "\",\"reply_patterns\":" patterns                                                \
  ",\"examples\":[],\"sources\":[],\"priority\":1,"                                                \
  "\"temporary\":false,\"contactable\":false,\"meaning\":\"m\",\"first_action\":\"a\"" more "}"
#define GOOD ENTRY ("a", "[\"x\"]", ",\"category\":\"policy\"")

static const struct {
  const char *json, *message; /* NULL: it is good */
} files[] = {
  { "[" GOOD "]", NULL },
  { "[" GOOD "," GOOD "]", "*a: this id is there twice*" },
  { "[" ENTRY ("b", "[\"(\"]", ",\"category\":\"policy\"") "]", "*b: *" },
  { "[" ENTRY ("c", "[]", ",\"category\":\"policy\"") "]", "*c: reply_patterns*" },
  { "[" ENTRY ("d", "[1]", ",\"category\":\"policy\"") "]", "*d: reply_patterns*" },
  { "[" ENTRY ("e", "[\"x\"]", ",\"category\":\"nice\"") "]", "*e: *category*" },
  { "[" ENTRY ("f", "[\"x\"]", ",\"category\":\"policy\",\"desk\":\"hall\"") "]", "*f: *desk*" },
  { "[{\"id\":\"g\"}]", "*g: *" },
  { "[{}]", "*has no id*" },
  { "[3]", "*has no id*" },
  { "[]", "*list of entries*" },
  { "{}", "*list of entries*" },
  { "", "*replies.json:*" },
};

/* Nothing looks at it again before it is used. */
static void
test_built_in (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PktCatalogue) cat = pkt_catalogue_parse (pkt_data ("replies.json"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pkt_catalogue_size (cat), ==, pkt_catalogue_size (catalogue));
}

static void
test_bad_files (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PktCatalogue) cat = pkt_catalogue_parse (pkt_slice_str (files[i].json), &error);
    g_assert_true ((cat != NULL) == (files[i].message == NULL));
    if (!files[i].message)
      continue;
    g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
    if (!g_pattern_match_simple (files[i].message, error->message))
      g_error ("%s: %s", files[i].message, error->message);
  }
}

static void
test_speed (void)
{
  PktSlice reply = PKT_SLICE (
      "550 5.7.1 No entry has these words, so that every one is tried. Please "
      "visit https://support.apple.com/en-us/HT204137");
  double start = cpu_time ();
  for (guint i = 0; i < 20000; i++) {
    PktVerdict v;
    pkt_classify (catalogue, reply, &v);
  }
  double each = (cpu_time () - start) / 20000;
  g_test_message ("an unmatched reply takes %.0f ns", each * 1e9);
  g_assert_cmpfloat (each, <, 0.001); /* far off: only a mistake of kind is caught */
}

/* A name of Apple's at each place of lines of each length; what only looks like one. */
static void
test_names (void)
{
  static const char *const names[] = { "@icloud.com",
                                       "@ME.com",
                                       "@mac.Com",
                                       ".mail.iCloud.com.",
                                       "@privaterelay.appleid.com",
                                       ".me.com.akadns.net",
                                       "p00-iscream-smtp-1",
                                       "(17.57.154.33)",
                                       "\\u0040" };
  static const char *const none[] = { "@gmail.com",      "@acme.co",   "@example.com",
                                      "(117.57.154.33)", "192.0.17.2", "@icloud.example",
                                      "iscrea",          "somecom" };
  char line[256];
  for (gsize i = 0; i < G_N_ELEMENTS (names) + G_N_ELEMENTS (none); i++) {
    gboolean wanted = i < G_N_ELEMENTS (names);
    const char *text = wanted ? names[i] : none[i - G_N_ELEMENTS (names)];
    gsize n = strlen (text);
    for (gsize length = n; length < 210; length += length < 140 ? 1 : 7)
      for (gsize at = 0; at + n <= length; at++) {
        memset (line, 'x', sizeof line);
        memcpy (line + at, text, n);
        g_assert_cmpint (pkt_line_names_apple (pkt_slice (line, length)), ==, wanted);
      }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  catalogue = pkt_catalogue_new ();
  g_test_add_func ("/catalogue/built-in", test_built_in);
  g_test_add_func ("/catalogue/examples", test_examples);
  g_test_add_func ("/catalogue/desks", test_desks);
  g_test_add_func ("/catalogue/bad-files", test_bad_files);
  g_test_add_func ("/classify/other", test_other);
  g_test_add_func ("/classify/speed", test_speed);
  g_test_add_func ("/apple/names", test_names);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/classify/apple/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_classify);
  }
  int status = g_test_run ();
  pkt_catalogue_free (catalogue);
  return status;
}
