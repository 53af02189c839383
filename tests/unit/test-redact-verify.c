#include "packet/redact/verify.h"
#include <zlib.h>

/* Every surface times every encoding: a recipient planted raw must be found. */

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

/* ---- encoders ---- */

static char *
plain (const char *s)
{
  return g_strdup (s);
}
static char *
upper (const char *s)
{
  return g_ascii_strup (s, -1);
}
static char *
lower (const char *s)
{
  return g_ascii_strdown (s, -1);
}

static char *
replace_at (const char *s, const char *with)
{
  g_auto (GStrv) parts = g_strsplit (s, "@", 2);
  return g_strjoinv (with, parts);
}
static char *
verp_equals (const char *s)
{
  g_autofree char *v = replace_at (s, "=");
  return g_strdup_printf ("bounce-n12-%s@bounce.example.com", v);
}
static char *
verp_minus (const char *s)
{
  g_autofree char *v = replace_at (s, "-");
  return g_strdup_printf ("b-%s@bounce.example.com", v);
}
static char *
srs (const char *s)
{
  g_auto (GStrv) parts = g_strsplit (s, "@", 2);
  return g_strdup_printf ("SRS0=Ab3x=7K=%s=%s@example.com", parts[1], parts[0]);
}
static char *
percent (const char *s)
{
  return replace_at (s, "%40");
}
static char *
percent_twice (const char *s)
{
  return replace_at (s, "%2540");
}
static char *
percent_all (const char *s)
{
  GString *out = g_string_new (NULL);
  for (; *s; s++)
    g_string_append_printf (out, "%%%02x", (guchar)*s);
  return g_string_free (out, FALSE);
}
static char *
qp (const char *s)
{
  return replace_at (s, "=40");
}
static char *
qp_soft (const char *s)
{
  return replace_at (s, "=\n=40=\r\n");
}
static char *
xtext (const char *s)
{
  return replace_at (s, "+40");
}
static char *
entity (const char *s)
{
  return replace_at (s, "&#64;");
}
static char *
entity_hex (const char *s)
{
  return replace_at (s, "&#x40;");
}
static char *
entity_name (const char *s)
{
  return replace_at (s, "&commat;");
}
static char *
json_escape (const char *s)
{
  return replace_at (s, "\\u0040");
}
static char *
octal (const char *s)
{
  return replace_at (s, "\\100");
}
static char *
folded (const char *s)
{
  return replace_at (s, "@\r\n ");
}
static char *
spelled (const char *s)
{
  return replace_at (s, " (at) ");
}
static char *
reversed (const char *s)
{
  return g_utf8_strreverse (s, -1);
}
static char *
rot13 (const char *s)
{
  char *out = replace_at (s, "="); /* with an '@' its form alone would tell */
  for (char *p = out; *p; p++)
    if (g_ascii_isalpha (*p)) {
      char a = g_ascii_islower (*p) ? 'a' : 'A';
      *p = (char)(a + (*p - a + 13) % 26);
    }
  return out;
}
static char *
base64 (const char *s)
{
  return g_base64_encode ((const guchar *)s, strlen (s));
}
static char *
base64_at (const char *s, const char *before)
{
  g_autofree char *text = g_strconcat (before, s, "&x=1", NULL);
  return base64 (text);
}
static char *
base64_1 (const char *s)
{
  return base64_at (s, "e");
}
static char *
base64_2 (const char *s)
{
  return base64_at (s, "e=");
}
static char *
base64_url (const char *s)
{
  g_autofree char *text = g_strconcat ("?>?>", s, "~~~", NULL);
  char *b = base64 (text);
  g_strdelimit (b, "+", '-');
  g_strdelimit (b, "/", '_');
  char *pad = strchr (b, '=');
  if (pad)
    *pad = '\0';
  return b;
}
static char *
base64_glued (const char *s)
{
  g_autofree char *b = base64 (s);
  return g_strconcat ("/track/ab", b, NULL);
}
static char *
base64_folded (const char *s)
{
  g_autofree char *text = g_strconcat ("{\"campaign\":\"may\",\"r\":\"", s, "\",\"z\":1}", NULL);
  g_autofree char *b = base64 (text);
  return g_strdup_printf ("%.30s\r\n %s", b, b + 30);
}
static char *
base64_twice (const char *s)
{
  g_autofree char *b = base64 (s);
  return base64 (b);
}
static char *
base64_percent (const char *s)
{
  g_autofree char *p = percent_all (s);
  return base64 (p);
}
static char *
jwt (const char *s)
{
  g_autofree char *text = g_strdup_printf ("{\"sub\":\"%s\",\"iat\":1516239022}", s);
  g_autofree char *b = base64 (text);
  g_strdelimit (b, "=", '\0');
  return g_strdup_printf ("eyJhbGciOiJIUzI1NiJ9.%s.c2lnbmF0dXJl", b);
}
static char *
utf16_base64 (const char *s)
{
  glong n = 0;
  g_autofree gunichar2 *w = g_utf8_to_utf16 (s, -1, NULL, &n, NULL);
  return g_base64_encode ((const guchar *)w, (gsize)n * 2);
}
static char *
deflated (const char *s)
{
  guchar out[512];
  uLongf n = sizeof out;
  g_autofree char *text = g_strdup_printf ("{\"to\":\"%s\"}", s);
  g_assert_cmpint (compress (out, &n, (const Bytef *)text, strlen (text)), ==, Z_OK);
  return g_base64_encode (out, n);
}
static char *
hex (const char *s)
{
  GString *out = g_string_new (NULL);
  for (; *s; s++)
    g_string_append_printf (out, "%02x", (guchar)*s);
  return g_string_free (out, FALSE);
}
static char *
base32 (const char *s)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  GString *out = g_string_new (NULL);
  guint bits = 0, have = 0;
  for (; *s; s++) {
    bits = bits << 8 | (guchar)*s;
    for (have += 8; have >= 5; have -= 5)
      g_string_append_c (out, alphabet[bits >> (have - 5) & 31]);
  }
  if (have)
    g_string_append_c (out, alphabet[bits << (5 - have) & 31]);
  return g_string_free (out, FALSE);
}
static char *
rfc2047 (const char *s)
{
  g_autofree char *b = base64 (s);
  return g_strdup_printf ("=?utf-8?B?%s?=", b);
}
static char *
rfc2047_split (const char *s)
{
  return g_strdup_printf ("=?utf-8?Q?%.6s?= =?utf-8?Q?%s?=", s, s + 6);
}
static char *
rfc2231 (const char *s)
{
  return g_strdup_printf ("x; filename*0=\"%.6s\";\r\n filename*1=\"%s\"", s, s + 6);
}
static char *
md5 (const char *s)
{
  return g_compute_checksum_for_string (G_CHECKSUM_MD5, s, -1);
}
static char *
sha1 (const char *s)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA1, s, -1);
}
static char *
sha256 (const char *s)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, s, -1);
}
static char *
sha512 (const char *s)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA512, s, -1);
}
static char *
md5_lower (const char *s)
{
  g_autofree char *l = lower (s);
  return md5 (l);
}
static char *
sha256_cut (const char *s)
{
  char *h = sha256 (s);
  h[13] = '\0';
  return h;
}
static char *
sha1_base64 (const char *s)
{
  guint8 digest[20];
  gsize n = sizeof digest;
  g_autoptr (GChecksum) c = g_checksum_new (G_CHECKSUM_SHA1);
  g_checksum_update (c, (const guchar *)s, -1);
  g_checksum_get_digest (c, digest, &n);
  return g_base64_encode (digest, n);
}
static char *
local_alone (const char *s)
{
  (void)s;
  return g_strdup ("id-" ODD_LOCAL "-x");
}

static const struct {
  const char *name;
  char *(*encode) (const char *);
} encodings[] = {
  { "plain", plain },
  { "upper case", upper },
  { "lower case", lower },
  { "VERP =", verp_equals },
  { "VERP -", verp_minus },
  { "SRS", srs },
  { "percent", percent },
  { "percent twice", percent_twice },
  { "percent all", percent_all },
  { "quoted-printable", qp },
  { "soft breaks", qp_soft },
  { "xtext", xtext },
  { "entity", entity },
  { "hex entity", entity_hex },
  { "named entity", entity_name },
  { "JSON escape", json_escape },
  { "octal", octal },
  { "folded", folded },
  { "spelled", spelled },
  { "reversed", reversed },
  { "rot13", rot13 },
  { "base64", base64 },
  { "base64, second alignment", base64_1 },
  { "base64, third alignment", base64_2 },
  { "base64url, no padding", base64_url },
  { "base64, glued", base64_glued },
  { "base64, folded", base64_folded },
  { "base64 twice", base64_twice },
  { "base64 of percent", base64_percent },
  { "JWT", jwt },
  { "base64 of UTF-16", utf16_base64 },
  { "base64 of zlib", deflated },
  { "hex", hex },
  { "base32", base32 },
  { "RFC 2047", rfc2047 },
  { "RFC 2047, split", rfc2047_split },
  { "RFC 2231", rfc2231 },
  { "MD5", md5 },
  { "MD5 of lower case", md5_lower },
  { "SHA-1", sha1 },
  { "SHA-256", sha256 },
  { "SHA-512", sha512 },
  { "SHA-256, 13 digits", sha256_cut },
  { "SHA-1 in base64", sha1_base64 },
  { "local part alone", local_alone },
};

/* ---- surfaces ---- */

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

static char *
in_header (const char *planted)
{
  return message (planted, "Hello", "Content-Type: text/csv", "a,b");
}
static char *
in_body (const char *planted)
{
  g_autofree char *body = g_strdup_printf ("Dear Apple,\r\nsee %s there.\r\n", planted);
  return message ("Issue", body, "Content-Type: text/csv", "a,b");
}
static char *
in_csv (const char *planted)
{
  g_autofree char *csv = g_strdup_printf ("date,who\r\n2026-05-18,%s\r\n", planted);
  return message ("Issue", "Hello", "Content-Type: text/csv", csv);
}
static char *
in_base64_part (const char *planted)
{
  g_autofree char *text = g_strdup_printf ("RCPT TO <%s> refused\n", planted);
  g_autofree char *b = base64 (text);
  return message ("Issue", "Hello", "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64",
                  b);
}
static char *
in_epilogue (const char *planted)
{
  g_autofree char *m = message ("Issue", "Hello", "Content-Type: text/csv", "a,b");
  return g_strconcat (m, "\r\nby the way ", planted, "\r\n", NULL);
}

static const struct {
  const char *name;
  char *(*make) (const char *);
} surfaces[] = {
  { "header", in_header },           { "body", in_body },         { "csv", in_csv },
  { "base64 part", in_base64_part }, { "epilogue", in_epilogue },
};

static void
test_planted (void)
{
  for (gsize s = 0; s < G_N_ELEMENTS (surfaces); s++)
    for (gsize e = 0; e < G_N_ELEMENTS (encodings); e++) {
      g_autoptr (PktVerifier) v = new_verifier ();
      g_autofree char *planted = encodings[e].encode (RECIPIENT);
      g_autofree char *bytes = surfaces[s].make (planted);
      g_autoptr (GPtrArray) leaks = pkt_verify_message (v, bytes, strlen (bytes));
      if (leaks->len == 0)
        g_test_message ("%s in %s was not found", encodings[e].name, surfaces[s].name);
      g_assert_cmpuint (leaks->len, >, 0);
      for (guint i = 0; i < leaks->len; i++) { /* the place is told, the value never */
        const PktLeak *leak = leaks->pdata[i];
        g_assert_null (strstr (leak->part, planted));
        g_assert_null (strstr (leak->rule, planted));
      }
    }
}

static void
test_planted_files (void)
{
  for (gsize e = 0; e < G_N_ELEMENTS (encodings); e++) {
    g_autoptr (PktVerifier) v = new_verifier ();
    g_autofree char *planted = encodings[e].encode (RECIPIENT);
    g_autofree char *text = g_strdup_printf ("{\"a\": \"%s\"}\n", planted);
    g_autoptr (GPtrArray) in_text = pkt_verify_bytes (v, "ticket.json", "application/json", text,
                                                      strlen (text));
    g_autoptr (GPtrArray) in_name = pkt_verify_bytes (v, planted, "text/plain", "ok\n", 3);
    if (in_text->len == 0 || in_name->len == 0)
      g_test_message ("%s was not found", encodings[e].name);
    g_assert_cmpuint (in_text->len, >, 0);
    g_assert_cmpuint (in_name->len, >, 0);
  }
}

/* The redactor's property, over the same encodings: no needle of the input in the output. */
static void
test_redacted (void)
{
  static const guint8 key[32] = { 5 };
  static const char *const frames[] = { "550 5.1.1 <%s>: unknown", "id=%s&x=1", "%s",
                                        "see https://t.example.com/%s/a and more",
                                        "first\r\n %s\r\n last" };
  for (gsize e = 0; e < G_N_ELEMENTS (encodings); e++)
    for (gsize f = 0; f < G_N_ELEMENTS (frames); f++) {
      g_autoptr (PktVerifier) v = new_verifier ();
      g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
      pkt_redactor_add_recipient (r, PKT_SLICE (RECIPIENT));
      pkt_redactor_add_recipient (r, PKT_SLICE (ODD_LOCAL "@me.com"));
      g_autofree char *planted = encodings[e].encode (RECIPIENT);
      g_auto (GStrv) parts = g_strsplit (frames[f], "%s", 2);
      g_autofree char *text = g_strjoinv (planted, parts);
      g_autofree char *out = pkt_redact_text (r, pkt_slice_str (text));
      g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", out, strlen (out));
      if (leaks->len)
        g_test_message ("%s: %s in %s", encodings[e].name, ((PktLeak *)leaks->pdata[0])->rule, out);
      g_assert_cmpuint (leaks->len, ==, 0);
    }
}

/* Unknown people are found by form alone. */
static void
test_strangers (void)
{
  static const char *const texts[] = {
    "see someone@example.net here",
    "RCPT TO:<a@icloud.com>",
    "x=someone%40example.net&y",
    "c29tZW9uZUBleGFtcGxlLm5ldA==",
    "b-someone=example.net@bounce.example.com",
    "<\"odd name\"@mac.com>",
    "someone&#64;example.net",
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

/* Texts as they go out must pass. */
static void
test_clean (void)
{
  static const char *const texts[] = {
    "MAIL FROM   <b-[verp-k7m2q6xd]@bounce.example.com>\nRCPT TO     <[rcpt-k7m2q6xd]@icloud.com>\n"
    "Message-ID  <260518140012.77120@mta1.other.example.net>\n",
    "  refused [CS02]   <260518140012.77120@mta1.other.example.net>\n",
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

/* ---- pictures ---- */

static void
put_chunk (GString *png, const char *type, const char *data, gsize n)
{
  guint32 length = GUINT32_TO_BE ((guint32)n);
  g_string_append_len (png, (const char *)&length, 4);
  gsize start = png->len;
  g_string_append_len (png, type, 4);
  g_string_append_len (png, data, (gssize)n);
  guint32 crc = GUINT32_TO_BE ((guint32)crc32 (0, (const Bytef *)png->str + start, (uInt)n + 4));
  g_string_append_len (png, (const char *)&crc, 4);
}

static GString *
picture (const char *extra_type, const char *extra, gsize pixels_too_many, const char *trailer)
{
  GString *png = g_string_new_len ("\x89PNG\r\n\x1a\n", 8);
  static const char shape[13] = { 0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0 };
  char rows[64] = { 0 };
  guchar packed[128];
  uLongf n = sizeof packed;
  g_assert_cmpint (compress (packed, &n, (const Bytef *)rows, 6 + pixels_too_many), ==, Z_OK);
  put_chunk (png, "IHDR", shape, sizeof shape);
  if (extra_type)
    put_chunk (png, extra_type, extra, strlen (extra));
  put_chunk (png, "IDAT", (const char *)packed, n);
  put_chunk (png, "IEND", "", 0);
  g_string_append (png, trailer);
  return png;
}

static void
test_pictures (void)
{
  static const struct {
    const char *type, *data, *trailer, *rule;
    gsize pixels;
  } cases[] = {
    { NULL, "", "", NULL, 0 },
    { "sRGB", "\1", "", NULL, 0 },
    { "tEXt", "Comment", "", "png-chunk", 0 },
    { "iTXt", LOWER, "", "png-chunk", 0 },
    { "zTXt", "x", "", "png-chunk", 0 },
    { "eXIf", "x", "", "png-chunk", 0 },
    { "prIv", "x", "", "png-chunk", 0 },
    { NULL, "", "more", "png-trailer", 0 },
    { NULL, "", "", "png-trailer", 10 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PktVerifier) v = new_verifier ();
    GString *png = picture (cases[i].type, cases[i].data, cases[i].pixels, cases[i].trailer);
    g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "trend.png", "image/png", png->str,
                                                    png->len);
    g_assert_cmpuint (leaks->len > 0, ==, cases[i].rule != NULL);
    if (cases[i].rule)
      g_assert_cmpstr (((PktLeak *)leaks->pdata[0])->rule, ==, cases[i].rule);
    png->str[png->len / 2] ^= 1; /* a CRC that is wrong */
    g_autoptr (GPtrArray) broken = pkt_verify_bytes (v, "trend.png", "image/png", png->str,
                                                     png->len);
    g_assert_cmpuint (broken->len, >, 0);
    g_string_free (png, TRUE);
  }
}

static void
test_page_picture (void)
{
  GString *png = picture (NULL, "", 0, "");
  g_autofree char *b = g_base64_encode ((const guchar *)png->str, png->len);
  g_autofree char *page = g_strdup_printf ("<img src=\"data:image/png;base64,%s\">", b);
  g_autoptr (PktVerifier) v = new_verifier ();
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "review.html", "text/html", page,
                                                  strlen (page));
  g_assert_cmpuint (leaks->len, ==, 0);
  g_string_free (png, TRUE);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/verify/planted", test_planted);
  g_test_add_func ("/redact/verify/planted-files", test_planted_files);
  g_test_add_func ("/redact/verify/redacted", test_redacted);
  g_test_add_func ("/redact/verify/strangers", test_strangers);
  g_test_add_func ("/redact/verify/clean", test_clean);
  g_test_add_func ("/redact/verify/encoded-headers", test_encoded_headers);
  g_test_add_func ("/redact/verify/outbound-header", test_outbound_header);
  g_test_add_func ("/redact/verify/unreadable", test_unreadable);
  g_test_add_func ("/redact/verify/pictures", test_pictures);
  g_test_add_func ("/redact/verify/page-picture", test_page_picture);
  g_test_add_func ("/redact/verify/proof", test_proof);
  return g_test_run ();
}
