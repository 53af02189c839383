#include "packet/redact/verify-priv.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/mime.h"

typedef struct {
  PktVerifier *v;
  GPtrArray *leaks;
  PktSlice whole;
  GArray *pictures; /* PktSlice of `whole`: what was read as a picture, whole and alone */
  guint parts, depth;
} Walk;

static void
scan_header (Walk *w, const char *where, GMimeHeader *header)
{
  const char *name = g_mime_header_get_name (header);
  const char *raw = g_mime_header_get_raw_value (header);
  gboolean message_id = g_ascii_strcasecmp (name, "Message-ID") == 0
                        || g_ascii_strcasecmp (name, "In-Reply-To") == 0
                        || g_ascii_strcasecmp (name, "References") == 0;
  gboolean plain = strlen (name) <= 76
                   && strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789-_")
                          == strlen (name);
  g_autofree char *part = g_strdup_printf ("%sheader %s", where, plain ? name : "(odd name)");
  if (!plain)
    pkt_verify_scan (w->v, w->leaks, part, pkt_slice_str (name), PKT_SURFACE_PLAIN);
  pkt_verify_scan (w->v, w->leaks, part, pkt_slice_str (raw),
                   message_id ? PKT_SURFACE_MESSAGE_ID : PKT_SURFACE_PLAIN);
}

static void
scan_headers (Walk *w, const char *where, GMimeObject *object)
{
  GMimeHeaderList *list = g_mime_object_get_header_list (object);
  for (int i = 0; i < g_mime_header_list_get_count (list); i++)
    scan_header (w, where, g_mime_header_list_get_header_at (list, i));
}

/* Parameters come out decoded (RFC 2231): names of files above all. */
static void
scan_params (Walk *w, const char *where, GMimeParamList *params)
{
  g_autofree char *part = g_strconcat (where, "parameter", NULL);
  for (int i = 0; params && i < g_mime_param_list_length (params); i++) {
    const char *value = g_mime_param_get_value (g_mime_param_list_get_parameter_at (params, i));
    if (value)
      pkt_verify_scan (w->v, w->leaks, part, pkt_slice_str (value), PKT_SURFACE_PLAIN);
  }
}

static GByteArray *
raw_content (GMimePart *part)
{
  GByteArray *bytes = g_byte_array_new ();
  GMimeDataWrapper *content = g_mime_part_get_content (part);
  if (content == NULL)
    return bytes;
  GMimeStream *stream = g_mime_data_wrapper_get_stream (content);
  char chunk[8192];
  gssize n;
  g_mime_stream_reset (stream);
  while ((n = g_mime_stream_read (stream, chunk, sizeof chunk)) > 0
         && bytes->len <= PKT_VERIFY_MAX_BYTES)
    g_byte_array_append (bytes, (const guint8 *)chunk, (guint)n);
  return bytes;
}

/* RFC 2045, 6.8, read strictly: other software may take what GMime skips. */
static gboolean
decode_base64 (const GByteArray *raw, GByteArray *out)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  for (guint i = 0; i < raw->len; i++) {
    if (g_ascii_isspace (raw->data[i]))
      continue;
    gboolean pad = raw->data[i] == '=';
    if (!pad && !g_ascii_isalnum (raw->data[i]) && raw->data[i] != '+' && raw->data[i] != '/')
      return FALSE;
    if (!pad && text->len && text->data[text->len - 1] == '=')
      return FALSE;
    g_byte_array_append (text, raw->data + i, 1);
  }
  if (text->len % 4)
    return FALSE;
  g_byte_array_append (text, (const guint8 *)"", 1);
  gsize n = 0;
  g_autofree guchar *bytes = g_base64_decode ((char *)text->data, &n);
  g_byte_array_append (out, bytes, (guint)n);
  return TRUE;
}

/* RFC 2045, 6.7: '=' is followed by two hex digits or ends the line. */
static gboolean
decode_qp (const GByteArray *raw, GByteArray *out)
{
  for (guint i = 0; i < raw->len; i++) {
    if (raw->data[i] != '=') {
      g_byte_array_append (out, raw->data + i, 1);
      continue;
    }
    guint k = i + 1;
    if (k + 1 < raw->len && g_ascii_isxdigit (raw->data[k])
        && g_ascii_isxdigit (raw->data[k + 1])) {
      guint8 byte = (guint8)(g_ascii_xdigit_value ((char)raw->data[k]) << 4
                             | g_ascii_xdigit_value ((char)raw->data[k + 1]));
      g_byte_array_append (out, &byte, 1);
      i += 2;
      continue;
    }
    while (k < raw->len && (raw->data[k] == ' ' || raw->data[k] == '\t'))
      k++;
    if (k < raw->len && raw->data[k] == '\r')
      k++;
    if (k < raw->len && raw->data[k] != '\n')
      return FALSE;
    i = k;
  }
  return TRUE;
}

/* NULL and a rule where the part cannot be read. */
static GByteArray *
decoded_content (GMimePart *part, const char **rule)
{
  GMimeObject *object = GMIME_OBJECT (part);
  const char *encoding = g_mime_object_get_header (object, "Content-Transfer-Encoding");
  g_autofree char *name = g_strstrip (g_strdup (encoding ? encoding : "7bit"));
  g_autoptr (GByteArray) raw = raw_content (part);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gboolean ok = TRUE;
  if (g_ascii_strcasecmp (name, "base64") == 0)
    ok = decode_base64 (raw, out);
  else if (g_ascii_strcasecmp (name, "quoted-printable") == 0)
    ok = decode_qp (raw, out);
  else if (g_ascii_strcasecmp (name, "7bit") == 0 || g_ascii_strcasecmp (name, "8bit") == 0
           || g_ascii_strcasecmp (name, "binary") == 0)
    g_byte_array_append (out, raw->data, raw->len);
  else {
    *rule = "encoding";
    return NULL;
  }
  *rule = "undecodable";
  return ok ? g_steal_pointer (&out) : NULL;
}

/* The encoded picture in the message's own bytes. */
static void
note_picture (Walk *w, GMimePart *part, const GByteArray *bytes)
{
  g_autoptr (GByteArray) raw = raw_content (part);
  GMimeDataWrapper *content = g_mime_part_get_content (part);
  gint64 at = content ? g_mime_data_wrapper_get_stream (content)->bound_start : -1;
  PktSlice coded = pkt_slice ((char *)raw->data, raw->len);
  if (at < 0 || (guint64)at + raw->len > w->whole.n
      || !pkt_bytes_same (w->whole.p + at, coded.p, coded.n)
      || !pkt_rest_is_base64_of (coded, pkt_slice ((char *)bytes->data, bytes->len)))
    return;
  coded.p = w->whole.p + at;
  g_array_append_val (w->pictures, coded);
}

static char *
to_utf8 (GMimeContentType *type, const GByteArray *bytes, gsize *n)
{
  const char *charset = g_mime_content_type_get_parameter (type, "charset");
  if (charset == NULL || g_ascii_strcasecmp (charset, "utf-8") == 0
      || g_ascii_strcasecmp (charset, "us-ascii") == 0) {
    *n = bytes->len;
    return g_memdup2 (bytes->data, bytes->len);
  }
  return g_convert ((const char *)bytes->data, (gssize)bytes->len, "UTF-8", charset, NULL, n, NULL);
}

static void
scan_leaf (Walk *w, const char *where, GMimePart *part)
{
  const char *rule = NULL;
  GMimeContentType *type = g_mime_object_get_content_type (GMIME_OBJECT (part));
  g_autofree char *mime = g_mime_content_type_get_mime_type (type);
  g_autofree char *label = g_strconcat (where, "body", NULL);
  g_autoptr (GByteArray) bytes = decoded_content (part, &rule);
  if (bytes == NULL) {
    g_autoptr (GByteArray) raw = raw_content (part);
    pkt_verify_leak (w->leaks, label, rule, 0);
    pkt_verify_scan (w->v, w->leaks, label, pkt_slice ((char *)raw->data, raw->len),
                     PKT_SURFACE_PLAIN);
    return;
  }
  gsize n = 0;
  g_autofree char *text = g_mime_content_type_is_type (type, "text", "*")
                              ? to_utf8 (type, bytes, &n)
                              : NULL;
  if (text)
    pkt_verify_content (w->v, w->leaks, label, mime, pkt_slice (text, n));
  else {
    if (g_mime_content_type_is_type (type, "text", "*") && bytes->len)
      pkt_verify_leak (w->leaks, label, "charset", 0);
    if (pkt_verify_content (w->v, w->leaks, label, mime,
                            pkt_slice ((char *)bytes->data, bytes->len)))
      note_picture (w, part, bytes);
  }
}

static void scan_object (Walk *w, GMimeObject *object);

static void
scan_multipart (Walk *w, const char *where, GMimeMultipart *multipart)
{
  const char *const around[] = { g_mime_multipart_get_prologue (multipart),
                                 g_mime_multipart_get_epilogue (multipart) };
  g_autofree char *label = g_strconcat (where, "around the parts", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (around); i++)
    if (around[i])
      pkt_verify_scan (w->v, w->leaks, label, pkt_slice_str (around[i]), PKT_SURFACE_PLAIN);
  for (int i = 0; i < g_mime_multipart_get_count (multipart); i++)
    scan_object (w, g_mime_multipart_get_part (multipart, i));
}

static void
scan_message (Walk *w, const char *where, GMimeMessage *message)
{
  if (message == NULL)
    return;
  scan_headers (w, where, GMIME_OBJECT (message));
  if (g_mime_message_get_mime_part (message))
    scan_object (w, g_mime_message_get_mime_part (message));
}

static void
scan_object (Walk *w, GMimeObject *object)
{
  g_autofree char *where = g_strdup_printf ("part %u ", ++w->parts);
  if (w->parts > PKT_VERIFY_MAX_PARTS || w->depth >= PKT_VERIFY_MAX_DEPTH) {
    pkt_verify_leak (w->leaks, where, "undecodable", 0);
    return;
  }
  w->depth++;
  scan_headers (w, where, object);
  GMimeContentType *type = g_mime_object_get_content_type (object);
  scan_params (w, where, g_mime_content_type_get_parameters (type));
  GMimeContentDisposition *disposition = g_mime_object_get_content_disposition (object);
  if (disposition)
    scan_params (w, where, g_mime_content_disposition_get_parameters (disposition));
  if (GMIME_IS_MULTIPART (object))
    scan_multipart (w, where, GMIME_MULTIPART (object));
  else if (GMIME_IS_MESSAGE_PART (object))
    scan_message (w, where, g_mime_message_part_get_message (GMIME_MESSAGE_PART (object)));
  else if (GMIME_IS_PART (object))
    scan_leaf (w, where, GMIME_PART (object));
  else
    pkt_verify_leak (w->leaks, where, "type", 0);
  w->depth--;
}

/* A soft line break splits addresses of ours as well. */
static gsize
soft_break (const char *p, gsize n)
{
  if (p[0] != '=' || n < 2)
    return 0;
  return p[1] == '\n' ? 2 : n > 2 && p[1] == '\r' && p[2] == '\n' ? 3 : 0;
}

/* What of `pictures` stands in `stretch`, and its soft line breaks. */
static void
cut_stretch (const GArray *pictures, PktSlice stretch, PktRest *rest)
{
  guint next = 0;
  for (gsize i = 0; i < stretch.n;) {
    const PktSlice *picture = pictures->len ? &g_array_index (pictures, PktSlice, next) : NULL;
    for (; next < pictures->len && picture->p < stretch.p + i; picture++)
      next++;
    gboolean is_picture = next < pictures->len && picture->p == stretch.p + i;
    gsize n = is_picture ? picture->n : soft_break (stretch.p + i, stretch.n - i);
    if (n)
      pkt_rest_cut (rest, i, n);
    i += MAX (n, 1);
  }
}

/* Up to the empty line, its end included. */
static gsize
header_size (PktSlice whole)
{
  for (const char *p = whole.p, *end = p + whole.n; (p = memchr (p, '\n', (gsize)(end - p))); p++)
    if (p + 1 < end && (p[1] == '\n' || (p[1] == '\r' && p + 2 < end && p[2] == '\n')))
      return (gsize)(p - whole.p) + (p[1] == '\n' ? 2 : 3);
  return whole.n;
}

static void
scan_stretch (Walk *w, gsize from, gsize to, GPtrArray *found)
{
  g_autoptr (GPtrArray) raw = pkt_verify_leaks_new ();
  PktSlice stretch = pkt_slice (w->whole.p + from, to - from);
  PktRest rest;
  pkt_rest_start (&rest);
  cut_stretch (w->pictures, stretch, &rest);
  pkt_verify_rest (w->v, raw, "raw", &rest, stretch, PKT_SURFACE_RAW);
  pkt_rest_clear (&rest);
  for (guint i = 0; i < raw->len; i++) {
    const PktLeak *leak = raw->pdata[i];
    pkt_verify_leak (found, leak->part, leak->rule, from + leak->offset);
  }
}

/* What no parser shows: bytes before the headers, behind the last boundary, in headers that were
 * skipped. Encoded bodies are seen here too, as runs; but for pictures. Headers by themselves,
 * since messages that differ in them alone are read one after the other. */
static void
scan_raw (Walk *w)
{
  g_autoptr (GPtrArray) found = pkt_verify_leaks_new ();
  gsize headers = w->whole.n ? header_size (w->whole) : 0;
  scan_stretch (w, 0, headers, found);
  scan_stretch (w, headers, w->whole.n, found);
  if (w->leaks->len == 0) /* else the place within a part says more */
    for (guint i = 0; i < found->len; i++) {
      const PktLeak *leak = found->pdata[i];
      pkt_verify_leak (w->leaks, leak->part, leak->rule, leak->offset);
    }
}

GPtrArray *
pkt_verify_message (PktVerifier *v, const char *bytes, gsize n)
{
  g_autoptr (GArray) pictures = g_array_new (FALSE, FALSE, sizeof (PktSlice));
  Walk w = { v, pkt_verify_leaks_new (), pkt_slice (bytes, n), pictures, 0, 0 };
  if (n > PKT_VERIFY_MAX_BYTES) {
    pkt_verify_leak (w.leaks, "message", "undecodable", 0);
    return w.leaks;
  }
  g_autoptr (GMimeMessage) message = pkt_mime_parse (w.whole);
  if (message)
    scan_message (&w, "", message);
  else
    pkt_verify_leak (w.leaks, "message", "undecodable", 0);
  scan_raw (&w);
  return w.leaks;
}
