#include <zlib.h>
#include "packet/base/error.h"
#include "packet/redact/publish.h"
#include "packet/redact/selftest-priv.h"

/* Every place of a packet in which something can stand, and the places that the redactor cleans
 * before. */

static const char *const own[] = { "example.com", NULL };
static const PktRedactScope scope = { own, NULL };

PktVerifier *
pkt_selftest_verifier (void)
{
  static const char *const canaries[] = { PKT_CANARY, PKT_CANARY_ODD "@me.com", PKT_CANARY_TAGGED,
                                          PKT_CANARY_IDN };
  PktVerifier *v = pkt_verifier_new (&scope);
  for (gsize i = 0; i < G_N_ELEMENTS (canaries); i++)
    pkt_verifier_add_recipient (v, pkt_slice_str (canaries[i]));
  pkt_verifier_add_name (v, PKT_CANARY_NAME);
  return v;
}

static PktRedactor *
new_redactor (void)
{
  static const guint8 key[32] = { 1 };
  PktRedactor *r = pkt_redactor_new (key, &scope);
  pkt_redactor_add_recipient (r, PKT_SLICE (PKT_CANARY));
  pkt_redactor_add_recipient (r, PKT_SLICE (PKT_CANARY_ODD "@me.com"));
  pkt_redactor_add_recipient (r, PKT_SLICE (PKT_CANARY_TAGGED));
  pkt_redactor_add_recipient (r, PKT_SLICE (PKT_CANARY_IDN));
  pkt_redactor_add_name (r, PKT_CANARY_NAME);
  return r;
}

/* ---- messages ---- */

/* `headers`, `type` and `part` may hold what is planted; all else is harmless. */
static char *
message (const char *headers, const char *around, const char *type, const char *part)
{
  return g_strdup_printf ("From: Dana <postmaster@example.com>\r\nTo: icloudadmin@apple.com\r\n"
                          "Subject: iCloud Mail delivery issue\r\n%sMIME-Version: 1.0\r\n"
                          "Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n%s\r\n"
                          "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n"
                          "--b1\r\n%s\r\n\r\n%s\r\n--b1--\r\n%s",
                          headers, around, type, part, around);
}

static char *
in_subject (const char *planted)
{
  g_autofree char *headers = g_strdup_printf ("X-Note: about %s here\r\n", planted);
  return message (headers, "", "Content-Type: text/csv", "a,b");
}
static char *
in_parameter (const char *planted)
{
  g_autofree char *type = g_strdup_printf ("Content-Type: text/csv\r\n"
                                           "Content-Disposition: attachment; filename=\"%s\"",
                                           planted);
  return message ("", "", type, "a,b");
}
static char *
in_body (const char *planted)
{
  g_autofree char *text = g_strdup_printf ("Dear Apple,\r\nsee %s there.\r\n", planted);
  return message ("", "", "Content-Type: text/plain; charset=utf-8", text);
}
static char *
in_csv (const char *planted)
{
  g_autofree char *text = g_strdup_printf ("date,who\r\n2026-05-18,%s\r\n", planted);
  return message ("", "", "Content-Type: text/csv; charset=utf-8", text);
}
static char *
in_quoted_printable (const char *planted)
{
  GString *out = g_string_new ("see ");
  guint column = 4;
  for (const char *p = planted; *p; p++, column += 3) {
    if (column > 70) {
      g_string_append (out, "=\r\n");
      column = 0;
    }
    if (g_ascii_isalnum (*p))
      g_string_append_c (out, *p);
    else
      g_string_append_printf (out, "=%02X", (guchar)*p);
  }
  char *m = message ("", "",
                     "Content-Type: text/plain; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: quoted-printable",
                     out->str);
  g_string_free (out, TRUE);
  return m;
}
static char *
in_base64 (const char *planted)
{
  g_autofree char *text = g_strdup_printf ("RCPT TO <%s> refused\n", planted);
  g_autofree char *b = g_base64_encode ((const guchar *)text, strlen (text));
  return message (
      "", "", "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", b);
}
static char *
around_parts (const char *planted)
{
  g_autofree char *text = g_strdup_printf ("by the way %s so\r\n", planted);
  return message ("", text, "Content-Type: text/csv", "a,b");
}
static char *
in_inner_message (const char *planted)
{
  g_autofree char *text = g_strdup_printf ("Subject: Hi\r\nX-To: %s\r\n\r\nHello\r\n", planted);
  return message ("", "", "Content-Type: message/rfc822", text);
}

/* ---- files ---- */

static char *
in_text (const char *planted)
{
  return g_strdup_printf ("- who: %s\n", planted);
}
static char *
in_json_value (const char *planted)
{
  json_t *o = json_object ();
  json_object_set_new (o, "who", json_string (planted));
  char *text = json_dumps (o, JSON_INDENT (2) | JSON_ENSURE_ASCII);
  json_decref (o);
  char *copy = g_strdup (text);
  free (text);
  return copy;
}
static char *
in_json_key (const char *planted)
{
  json_t *o = json_object ();
  json_object_set_new (o, planted, json_integer (1));
  char *text = json_dumps (o, 0);
  json_decref (o);
  char *copy = g_strdup (text);
  free (text);
  return copy;
}
static char *
in_page (const char *planted)
{
  g_autofree char *escaped = g_markup_escape_text (planted, -1);
  return g_strdup_printf ("<!DOCTYPE html><title>Review</title><p>for %s there</p>\n", escaped);
}
static char *
in_attribute (const char *planted)
{
  g_autofree char *escaped = g_markup_escape_text (planted, -1);
  return g_strdup_printf ("<p><a href=\"?a=1\" title=\"%s\">more</a></p>\n", escaped);
}

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

/* A grey dot; what is planted is its comment. */
static GString *
picture (const char *planted)
{
  static const char shape[13] = { 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0 };
  GString *png = g_string_new_len ("\x89PNG\r\n\x1a\n", 8);
  guchar packed[64];
  uLongf n = sizeof packed;
  compress (packed, &n, (const Bytef *)"\0", 2);
  put_chunk (png, "IHDR", shape, sizeof shape);
  if (*planted) {
    g_autofree char *text = g_strdup_printf ("Comment%c%s", '\1', planted);
    gsize size = strlen (text);
    text[7] = '\0';
    put_chunk (png, "tEXt", text, size);
  }
  put_chunk (png, "IDAT", (const char *)packed, n);
  put_chunk (png, "IEND", "", 0);
  return png;
}

/* ---- the places ---- */

typedef enum {
  AS_MESSAGE,
  AS_FILE,
  AS_FILE_NAME,
  AS_PICTURE,
  AS_REPLY,     /* replaced in text of a log; the rest is verified */
  AS_STATEMENT, /* stops the build */
} Kind;

static const struct {
  const char *name;
  Kind kind;
  char *(*make) (const char *planted);
  const char *file, *type;
} surfaces[] = {
  { "header of the message", AS_MESSAGE, in_subject, NULL, NULL },
  { "file name in the message", AS_MESSAGE, in_parameter, NULL, NULL },
  { "body", AS_MESSAGE, in_body, NULL, NULL },
  { "body, quoted-printable", AS_MESSAGE, in_quoted_printable, NULL, NULL },
  { "body, base64", AS_MESSAGE, in_base64, NULL, NULL },
  { "attached table", AS_MESSAGE, in_csv, NULL, NULL },
  { "before and behind the parts", AS_MESSAGE, around_parts, NULL, NULL },
  { "header of a message inside", AS_MESSAGE, in_inner_message, NULL, NULL },
  { "comment of a picture", AS_PICTURE, NULL, NULL, NULL },
  { "attachment as a file", AS_FILE, in_text, "parts/apple-smtp-errors.txt", "text/plain" },
  { "ticket, text", AS_FILE, in_text, "ticket/ticket.md", "text/markdown" },
  { "ticket, JSON value", AS_FILE, in_json_value, "ticket/ticket.json", "application/json" },
  { "manifest, JSON key", AS_FILE, in_json_key, "packet.json", "application/json" },
  { "review, text", AS_FILE, in_page, "review.html", "text/html" },
  { "review, attribute", AS_FILE, in_attribute, "review.html", "text/html" },
  { "name of a file", AS_FILE_NAME, NULL, NULL, NULL },
  { "reply in a log, replaced", AS_REPLY, NULL, NULL, NULL },
  { "text that the case states", AS_STATEMENT, NULL, NULL, NULL },
};

const char *
pkt_selftest_surface (guint surface)
{
  return surface < G_N_ELEMENTS (surfaces) ? surfaces[surface].name : NULL;
}

/* The redactor took it out, and something of the rest still stands. */
static gboolean
is_replaced (const char *planted)
{
  g_autoptr (PktRedactor) r = new_redactor ();
  g_autoptr (PktVerifier) v = pkt_selftest_verifier ();
  g_autofree char *text = g_strdup_printf ("550 5.7.1 [CS02] refused for %s", planted);
  g_autofree char *out = pkt_redact_text (r, pkt_slice_str (text));
  g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, "a.txt", "text/plain", out, strlen (out));
  return leaks->len == 0 && !g_str_equal (out, text);
}

static gboolean
is_refused (const char *planted)
{
  g_autoptr (PktRedactor) r = new_redactor ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf ("We asked %s about it.", planted);
  json_t *facts = json_pack ("{s:{s:s}}", "stated", "source", text);
  PktPublic *p = pkt_publish_facts (r, facts, &error);
  json_decref (facts);
  if (p)
    pkt_public_free (p);
  return error && error->code == PKT_ERROR_PRIVACY;
}

gboolean
pkt_selftest_is_caught (guint surface, const char *planted)
{
  g_autoptr (PktVerifier) v = pkt_selftest_verifier ();
  g_autoptr (GPtrArray) leaks = NULL;
  Kind kind = surfaces[surface].kind;
  if (kind == AS_REPLY)
    return is_replaced (planted);
  if (kind == AS_STATEMENT)
    return is_refused (planted);
  if (kind == AS_PICTURE) {
    GString *png = picture (planted);
    leaks = pkt_verify_bytes (v, "trend.png", "image/png", png->str, png->len);
    g_string_free (png, TRUE);
  } else if (kind == AS_FILE_NAME) {
    g_autofree char *name = g_strdup_printf ("parts/%s.txt", planted);
    leaks = pkt_verify_bytes (v, name, "text/plain", "ok\n", 3);
  } else {
    g_autofree char *bytes = surfaces[surface].make (planted);
    leaks = kind == AS_MESSAGE ? pkt_verify_message (v, bytes, strlen (bytes))
                               : pkt_verify_bytes (v, surfaces[surface].file,
                                                   surfaces[surface].type, bytes, strlen (bytes));
  }
  return leaks->len > 0;
}
