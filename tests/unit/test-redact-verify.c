#include "packet/redact/verify.h"
#include <zlib.h>

/* What is found by its form, what must pass, and what cannot be read. Each encoding in each
 * surface: test-redact-selftest.c. */

/* The first has a plain short local part, so that only the whole address gives it away. */
#define RECIPIENT "JaneQ@icloud.com"
#define LOWER "janeq@icloud.com"
#define ODD_LOCAL "jane.q_0130"

static const char *const own[] = { "example.com", NULL };
static const char *const allowed[] = { "postmaster@example.com", "dana@own-mailbox.example.org",
                                       NULL };
static const PktRedactScope scope = { own, allowed };

static PktVerifier *
new_verifier (void)
{
  PktVerifier *v = pkt_verifier_new (&scope);
  pkt_verifier_add_recipient (v, PKT_SLICE (RECIPIENT));
  pkt_verifier_add_recipient (v, PKT_SLICE (ODD_LOCAL "@me.com"));
  pkt_verifier_add_recipient (v, PKT_SLICE ("family@familyname.example.net"));
  return v;
}

static char *
replace_at (const char *s, const char *with)
{
  g_auto (GStrv) parts = g_strsplit (s, "@", 2);
  return g_strjoinv (with, parts);
}

static char *
message (const char *subject, const char *body, const char *part_headers, const char *part)
{
  return g_strdup_printf ("From: Dana <postmaster@example.com>\r\nTo: icloudadmin@apple.com\r\n"
                          "Subject: %s\r\nMIME-Version: 1.0\r\n"
                          "Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n"
                          "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n"
                          "--b1\r\n%s\r\n\r\n%s\r\n--b1--\r\n",
                          subject, body, part_headers, part);
}

/* Unknown people are found by form alone. */
static void
test_strangers (void)
{
  static const char *const texts[] = {
    "see someone@example.net here",
    "550 5.1.1 recipient refused <someone@icloud.com>",
    "someone@\r\n icloud.com",
    "b-someone-icloud.com@bounce.example.com",
    "someone(a comment)@me.com",
    "RCPT TO:<a@icloud.com>",
    "x=someone%40example.net&y",
    "c29tZW9uZUBleGFtcGxlLm5ldA==",
    "b-someone=example.net@bounce.example.com",
    "<\"odd name\"@mac.com>",
    "someone&#64;example.net",
    "550 5.1.1 <jos??@icloud.com>: user unknown",
    "refused: a/b&c?@me.com",
    "  refused 550 5.7.1 for   <someone@example.net>",
    "  deferred, same person   <someone@example.net>",
    "  no answer from   <someone@example.net>",
    "From: someone &lt;someone@example.net&gt;",
    "{ \"reply\": \"someone@example.net\" }",
    "header.i=someone@example.net",
    "someone@\r\n\ticloud.com",
    "550 5.1.1 <someone@b\303\274cher.example>",
    "b-someone&equals;example.net@bounce.example.com",
    "b-someone-mac.com@bounce.example.com",
    "b-someone-me.com@bounce.example.com",
    "b-someone-private.icloud.com@bounce.example.com",
    "b-someone-privaterelay.appleid.com@bounce.example.com",
    "jordana@own-mailbox.example.org",
    "anna.dana@own-mailbox.example.org",
    "to anna-dana@own-mailbox.example.org",
    "from=jodana@own-mailbox.example.org",
    "a%jodana@own-mailbox.example.org",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (PktVerifier) v = pkt_verifier_new (&scope);
    g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", texts[i],
                                                    strlen (texts[i]));
    if (leaks->len == 0)
      g_test_message ("not found: %s", texts[i]);
    g_assert_cmpuint (leaks->len, >, 0);
  }
}

/* The mailbox of the sender's contact, or of whoever wrote a sample, is at Apple's domain, too. */
static void
test_contact_at_apple (void)
{
  static const char *const domains[] = { "example.com", "iCloud.com", NULL };
  static const char *const contact[] = { "dana@icloud.com", NULL };
  const PktRedactScope at_apple = { domains, contact };
  g_autoptr (PktVerifier) v = pkt_verifier_new (&at_apple);
  g_autoptr (GPtrArray) none = pkt_verify_bytes (v, "a.txt", "text/plain", "dana@icloud.com", 15);
  g_autoptr (GPtrArray) one = pkt_verify_bytes (v, "a.txt", "text/plain", "erna@icloud.com", 15);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (one->len, ==, 1);
}

/* Texts as they go out must pass. */
static void
test_clean (void)
{
  static const char *const texts[] = {
    "MAIL FROM   <b-[verp-k7m2q6xd]@bounce.example.com>\nRCPT TO     <[rcpt-k7m2q6xd]@icloud.com>\n"
    "Message-ID  <260518140012.77120@mta1.other.example.net>\n",
    "  refused [CS02]   <260518140012.77120@mta1.other.example.net>\n",
    "  refused 550 5.7.1   <260518140012.77120@mta1.other.example.net>\n",
    "  deferred 421 4.7.1   <260518140012.77120@mta1.other.example.net>\n",
    "  deferred [HCM1]   <260518140012.77120@mta1.other.example.net>\n",
    "  no answer   <260518140012.77120@mta1.other.example.net>\n",
    "  accepted, same edition   <260518140012.77120@mta1.other.example.net>\n",
    "  accepted, same stream   <260518140012.77120@mta1.other.example.net>\n",
    "RCPT TO     <[rcpt-p5e7s3vg]@[custom-1]>\nMAIL FROM   <b-probe@bounce.example.com>\n",
    "RCPT TO     <dana@own-mailbox.example.org>  (ours, iCloud Mail)\n",
    "Session: -> RCPT TO:<dana@own-mailbox.example.org>\n",
    "Authentication-Results: spf.icloud.com; spf=pass smtp.mailfrom=b.news@bounce.example.com\n",
    "envelope-from=dana@own-mailbox.example.org; header.i=@example.com header.b=XEFkSwVW\n",
    "Dana Sample, postmaster, Example Company, postmaster@example.com,\n+1 202 555 0143 "
    "(weekdays)\n",
    "iCloud, 20 Apr-15 May      366,214     29   0.01%      1,117   365,068\n",
    "Write to icloudadmin@apple.com; opt-in, double opt-in, one-click List-Unsubscribe\n",
    "List-Unsubscribe: <https://click.example.com/[token:43,base64url]>\n",
    "X-Proofpoint-GUID: gG7kqTn3XyZ0aPqLw8sVd1mR5bUe2cHf\n",
    "Txn ID      5d2c7e10-8b34-4f6a-9a51-0c3f7e9d1b20\n",
    "date,final,refused_policy,accepted\n2026-05-18,18412,7046,11340\n",
    "https://www.example.com/weekly/2026-05-18 hxxps://t[.]example[.]net/\n",
    "Blocked at icloud.com since 18 May; com.apple.mail, com.icloud.mail.\n",
    "We asked jane.\r\nq_0130 is a build, write to postmaster@example.com.\n",
    "date,edition,jane.q\n_0130,7,2\njane.q_\n0130\n",
    "Used at this point in time; created_at_host.example.com; *at* the.period. (Point) at once.\n",
    "3 tries @ mx01.mail.icloud.com (17.57.156.30). Delivered to: them. 5.7.1 * at * all.\n",
    "Our pool: mta1-icloud.example.com, icloud_com.example.com, +40 722 000 000 (Bucharest)\n",
    "Rates: 106 97 110 101 113 64 105 99, 0x40 0x41; 1.1.1.1, 2001:db8::1, aa:bb:cc:dd:ee:ff\n",
    "Message-ID  &lt;260518140012.77120@mta1.other.example.net&gt;\n"
    "  refused [CS02]   &lt;260518140012.77120@mta1.other.example.net&gt;\n",
    "{ \"message_id\": \"260518140012.77120@mta1.other.example.net\", \"txn_id\": null }\n",
    "dkim=pass header.d=other.example.net header.i=@other.example.net header.b=XEFkSwVW\n",
    "abuse@esp.example.net, mailer-daemon@esp.example.net; i=@other.example.net; "
    "'dana@own-mailbox.example.org'\n",
    "<p>postmaster<b>@</b>example.com &lt;postmaster&#64;example.com&gt; <i>Dana</i></p>\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (PktVerifier) v = new_verifier ();
    g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", texts[i],
                                                    strlen (texts[i]));
    for (guint k = 0; k < leaks->len; k++)
      g_test_message ("%s: %s at %d", texts[i], ((PktLeak *)leaks->pdata[k])->rule,
                      (int)((PktLeak *)leaks->pdata[k])->offset);
    g_assert_cmpuint (leaks->len, ==, 0);
    g_autofree char *qp_text = replace_at (texts[i], "@");
    g_autofree char *m = message ("Issue", qp_text, "Content-Type: text/csv", "a,b");
    g_autoptr (GPtrArray) in_message = pkt_verify_message (v, m, strlen (m));
    for (guint k = 0; k < in_message->len; k++)
      g_test_message ("in a message: %s: %s", ((PktLeak *)in_message->pdata[k])->part,
                      ((PktLeak *)in_message->pdata[k])->rule);
    g_assert_cmpuint (in_message->len, ==, 0);
  }
}

/* Made one word of, as names of files and ids are. */
static void
test_slugs (void)
{
  static const char *const texts[] = { "id 7-jane-q-0130-me-com-9", "jane_q_0130_me_com",
                                       "jane.q.0130_me.com" };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (PktVerifier) v = new_verifier ();
    g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", texts[i],
                                                    strlen (texts[i]));
    g_assert_cmpuint (leaks->len, >, 0);
    g_assert_cmpstr (((PktLeak *)leaks->pdata[0])->rule, ==, "recipient");
  }
}

/* Synthetic vectors of facts/apple.md 4.4. */
static void
test_encoded_headers (void)
{
  static const struct {
    const char *value, *rule;
  } vectors[] = {
    { "GAtbVUseBVFHSVVESAMGUkFKRFcUWUIPAApbVRYSFhEAREQZF15TQFUcAkpaUlkXGxoDNxVRXw5bHB4WFUBaB1saCRpa"
      "EFAGSFsDDxldRg4QVwUYFRIWERwJW1VJCQRMRVdUWUkAFEIdHAoYRRJbFhRISBIAUVsSGRxIFBddFEIFDRRKWl1CA0RX"
      "Aw8ZXUYOEFcFGBUSFgYRREQSAFFbEhkcSBQXXRRCGBACSloMBFJHT1ZCSQgHVkVJVkdWAXYHDRgLBxRVGAEaFFhVWEJV"
      "X1cMFRIKcF8BGRYTE1ZTWQ9X",
      "icl-info" },
    { "1TFkXGxoaHxEKWU0Xbk9GQ1xPWBEKWV4XbGx5EQpDThdra2tra2tra2tra2tra2tra2tra2tra2tra2tra2traxEKWFw"
      "X"
      "GQQaBB8aBRsTEgQfGwQbGhoEGxAbHhofGhEKQ1oXGxMYBBoEGAQbGhEKXk4XGxEKQkwXa2tra2tra2tra2sRClhNF0s"
      "R",
      "mantsh" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    for (guint fold = 0; fold < 2; fold++) {
      g_autoptr (PktVerifier) v = pkt_verifier_new (&scope);
      g_autofree char *text = fold ? g_strdup_printf ("X-A: %.60s\r\n\t%s\r\n", vectors[i].value,
                                                      vectors[i].value + 60)
                                   : g_strdup_printf ("X-A: %s\r\n", vectors[i].value);
      g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", text,
                                                      strlen (text));
      gboolean found = FALSE;
      for (guint k = 0; k < leaks->len; k++)
        found |= g_str_has_prefix (((PktLeak *)leaks->pdata[k])->rule, vectors[i].rule);
      g_assert_true (found);
    }
}

/* The same text under the key of mail that leaves iCloud. */
static void
test_outbound_header (void)
{
  static const char text[] = "mr=2.33 su=none sip=192.0.2.10 ed=news@example.com rc=1 type=icloud";
  static const char key[] = "p9x3m7k2";
  char hidden[sizeof text - 1];
  for (gsize i = 0; i < sizeof hidden; i++)
    hidden[i] = text[i] ^ key[i % 8];
  g_autofree char *b = g_base64_encode ((const guchar *)hidden, sizeof hidden);
  g_autoptr (PktVerifier) v = pkt_verifier_new (&scope);
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", b, strlen (b));
  g_assert_cmpuint (leaks->len, >, 0);
  g_assert_true (g_str_has_prefix (((PktLeak *)leaks->pdata[0])->rule, "icl-info"));
}

/* What cannot be read is a finding. */
static void
test_unreadable (void)
{
  static const struct {
    const char *headers, *body, *rule;
  } parts[] = {
    { "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", "SGVs!G8=", "undecodable" },
    { "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", "SGVsbG8", "undecodable" },
    { "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable", "a=ZZ",
      "undecodable" },
    { "Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode", "abc", "encoding" },
    { "Content-Type: text/plain; charset=x-unknown", "abc", "charset" },
    { "Content-Type: text/plain; charset=utf-8", "\xff\xfe", "charset" },
    { "Content-Type: application/zip", "PK", "type" },
    { "Content-Type: image/png", "no picture", "png-broken" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autoptr (PktVerifier) v = new_verifier ();
    g_autofree char *m = message ("Issue", "Hello", parts[i].headers, parts[i].body);
    g_autoptr (GPtrArray) leaks = pkt_verify_message (v, m, strlen (m));
    g_assert_cmpuint (leaks->len, ==, 1);
    g_assert_cmpstr (((PktLeak *)leaks->pdata[0])->rule, ==, parts[i].rule);
  }
}

/* What would unfold to more than is looked at is a finding: a packed text that ends too late, and
 * one whose views are too many bytes. */
static void
test_too_much (void)
{
  static const struct {
    uLong unpacked;
    guint before; /* bytes of other text, which allow more */
  } cases[] = { { 5 * 1024 * 1024, 100 * 1024 }, { 3500 * 1024, 0 } };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    uLongf n = compressBound (cases[i].unpacked);
    g_autofree char *text = g_strnfill (cases[i].unpacked, 'a');
    g_autofree guchar *packed = g_malloc (n);
    g_assert_cmpint (compress (packed, &n, (guchar *)text, cases[i].unpacked), ==, Z_OK);
    g_autofree char *coded = g_base64_encode (packed, n),
                    *before = g_strnfill (cases[i].before, ' ');
    g_autofree char *all = g_strconcat (before, coded, NULL);
    g_autoptr (PktVerifier) v = new_verifier ();
    g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", all, strlen (all));
    g_assert_cmpuint (leaks->len, ==, 1);
    g_assert_cmpstr (((PktLeak *)leaks->pdata[0])->rule, ==, "undecodable");
  }
}

static void
test_proof (void)
{
  g_autoptr (PktVerifier) v = new_verifier ();
  pkt_verifier_add_recipient (v, PKT_SLICE (LOWER)); /* the same again */
  pkt_verifier_add_recipient (v, PKT_SLICE ("postmaster@example.com"));
  pkt_verifier_add_recipient (v, PKT_SLICE ("no address"));
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", "a@b.example", 11);
  g_assert_cmpuint (leaks->len, ==, 1);
  json_t *proof = pkt_verifier_proof (v);
  g_assert_cmpint (json_integer_value (json_object_get (proof, "needles")), ==, 3);
  g_assert_cmpint (json_integer_value (json_object_get (proof, "surfaces")), ==, 2);
  g_assert_cmpint (json_integer_value (json_object_get (proof, "candidates")), >, 0);
  json_decref (proof);
}

/* A long text, `planted` at a byte of it. */
static char *
long_text (gsize at, const char *planted)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < 90; i++)
    g_string_append_printf (text, "line %u tells of %u things%.*s\n", i * 7919, i,
                            (int)(i * 13 % 40), " and that is all there is to say of them");
  g_string_insert (text, (gssize)MIN (at, text->len), planted);
  return g_string_free (text, FALSE);
}

static guint
leaks_of (PktVerifier *v, const char *text)
{
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", text, strlen (text));
  return leaks->len;
}

/* What was clean is not judged again: whatever is new must be, wherever a text was cut for that. */
static void
test_planted (void)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, LOWER, -1);
  g_autofree char *cut = g_strdup_printf (" %.12s ", digest);
  const char *const planted[] = { LOWER, "wnard@vpybhq.pbz",   " " ODD_LOCAL " ", digest,
                                  cut,   "someone@example.net" };
  g_autoptr (PktVerifier) v = new_verifier ();
  g_autofree char *clean = long_text (0, "");
  gsize n = strlen (clean);
  g_assert_cmpuint (leaks_of (v, clean), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (planted); i++)
    for (gsize at = 0; at <= n; at += at < 2000 ? 7 : 61) {
      g_autofree char *text = long_text (at, planted[i]);
      if (leaks_of (v, text) == 0)
        g_error ("not found at %" G_GSIZE_FORMAT ": %s", at, planted[i]);
    }
  g_assert_cmpuint (leaks_of (v, clean), ==, 0);
}

/* A name over the end of a line, at which one in four texts is cut; beside it half of the name in
 * the same place, which is clean. */
static void
test_planted_name (void)
{
  for (guint i = 0; i < 200; i++) {
    gsize at = 600 + i % 20 * 97;
    g_autofree char *middle = g_strdup_printf ("Karol%c%ca", 'a' + i % 26, 'a' + i / 26);
    g_autofree char *name = g_strdup_printf ("Anna %s Lindqvist", middle);
    g_autofree char *whole = g_strdup_printf ("\nAnna %s\nLindqvist\n", middle);
    g_autofree char *begin = g_strdup_printf ("\nAnna %s\nBerglund\n", middle);
    g_autofree char *end = g_strdup_printf ("\nMaja %s\nLindqvist\n", middle);
    g_autofree char *text = long_text (at, whole), *text_begin = long_text (at, begin),
                    *text_end = long_text (at, end);
    g_autoptr (PktVerifier) v = new_verifier ();
    pkt_verifier_add_name (v, name);
    g_assert_cmpuint (leaks_of (v, text_begin), ==, 0);
    g_assert_cmpuint (leaks_of (v, text_end), ==, 0);
    g_assert_cmpuint (leaks_of (v, text), >, 0);
  }
}

/* Of whom nothing else is known; a number behind the domain is no part of it. */
static void
test_file_names (void)
{
  static const struct {
    const char *text;
    gboolean leaks;
  } cases[] = {
    { "maildir/zed.quist@icloud.com.1", TRUE },
    { "zed.quist@icloud.com.2027.01.eml", TRUE },
    { "zed.quist@icloud.com.2027.01", TRUE },
    { "swiper@8.4.5, jquery@3.6.0", FALSE },
    { "root@192.0.2.10", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PktVerifier) v = new_verifier ();
    g_assert_cmpint (leaks_of (v, cases[i].text) > 0, ==, cases[i].leaks);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/verify/strangers", test_strangers);
  g_test_add_func ("/redact/verify/contact-at-apple", test_contact_at_apple);
  g_test_add_func ("/redact/verify/clean", test_clean);
  g_test_add_func ("/redact/verify/encoded-headers", test_encoded_headers);
  g_test_add_func ("/redact/verify/outbound-header", test_outbound_header);
  g_test_add_func ("/redact/verify/unreadable", test_unreadable);
  g_test_add_func ("/redact/verify/too-much", test_too_much);
  g_test_add_func ("/redact/verify/proof", test_proof);
  g_test_add_func ("/redact/verify/planted", test_planted);
  g_test_add_func ("/redact/verify/planted-name", test_planted_name);
  g_test_add_func ("/redact/verify/file-names", test_file_names);
  g_test_add_func ("/redact/verify/slugs", test_slugs);
  return g_test_run ();
}
