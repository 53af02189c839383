#include "packet/redact/verify-priv.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"

typedef struct {
  PktVerifier *v;
  GPtrArray *leaks;
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
    pkt_verify_content (w->v, w->leaks, label, mime, pkt_slice ((char *)bytes->data, bytes->len));
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

/* What no parser shows: bytes before the headers, behind the last boundary, in headers that were
 * skipped. Encoded bodies are seen here too, as runs. */
static void
scan_raw (Walk *w, const char *bytes, gsize n)
{
  g_autoptr (GPtrArray) raw = pkt_verify_leaks_new ();
  g_autoptr (GString) joined = g_string_sized_new (n);
  for (gsize i = 0; i < n; i++) /* a soft line break splits addresses of ours as well */
    if (bytes[i] == '=' && i + 2 < n && bytes[i + 1] == '\r' && bytes[i + 2] == '\n')
      i += 2;
    else if (bytes[i] == '=' && i + 1 < n && bytes[i + 1] == '\n')
      i++;
    else
      g_string_append_c (joined, bytes[i]);
  pkt_verify_scan (w->v, raw, "raw", pkt_slice (joined->str, joined->len), PKT_SURFACE_RAW);
  if (w->leaks->len == 0) /* else the place within a part says more */
    for (guint i = 0; i < raw->len; i++) {
      const PktLeak *leak = raw->pdata[i];
      pkt_verify_leak (w->leaks, leak->part, leak->rule, leak->offset);
    }
}

GPtrArray *
pkt_verify_message (PktVerifier *v, const char *bytes, gsize n)
{
  Walk w = { v, pkt_verify_leaks_new (), 0, 0 };
  g_mime_init ();
  if (n > PKT_VERIFY_MAX_BYTES) {
    pkt_verify_leak (w.leaks, "message", "undecodable", 0);
    return w.leaks;
  }
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (bytes, n);
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
  g_autoptr (GMimeMessage) message = g_mime_parser_construct_message (parser, NULL);
  if (message)
    scan_message (&w, "", message);
  else
    pkt_verify_leak (w.leaks, "message", "undecodable", 0);
  scan_raw (&w, bytes, n);
  return w.leaks;
}
