#include "packet/request/message.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/clock.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/text.h"
#include "packet/request/message-check.h"

#define MAX_TEXT_LINE 76 /* RFC 2045 6.7 (5); 7bit text keeps to it too */
#define MAX_HEADER_LINE 78
#define HASH_DIGITS 32

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeFormatOptions, g_mime_format_options_free)

static char *
hash (const char *purpose, const char *seed)
{
  g_autofree char *text = g_strconcat (purpose, "\n", seed, NULL);
  char *hex = pkt_file_sha256 (text, strlen (text));
  hex[HASH_DIGITS] = '\0';
  return hex;
}

char *
pkt_message_id_new (const char *seed, const char *domain)
{
  g_autofree char *left = hash ("message-id", seed);
  return g_strdup_printf ("%s@%s", left, domain);
}

/* CRLF to LF: line ends are set once, by GMime, for the whole message. */
static char *
with_lf (PktSlice text, gsize *out_n)
{
  char *out = g_malloc (text.n + 1);
  gsize n = 0;
  for (gsize i = 0; i < text.n; i++)
    if (text.p[i] != '\r' || i + 1 == text.n || text.p[i + 1] != '\n')
      out[n++] = text.p[i];
  out[n] = '\0';
  *out_n = n;
  return out;
}

/* TRUE when mail software may change the line on its way, or take it for something of its own:
 * "From " (mbox), a lone dot (SMTP), blanks at the end, "--=_" (our boundary). */
static gboolean
is_fragile (PktSlice line)
{
  if (line.n > MAX_TEXT_LINE || pkt_slice_starts (line, PKT_SLICE ("From "))
      || pkt_slice_starts (line, PKT_SLICE ("--=_")) || pkt_slice_equal (line, PKT_SLICE (".")))
    return TRUE;
  for (gsize i = 0; i < line.n; i++)
    if ((guchar)line.p[i] >= 0x7f || ((guchar)line.p[i] < ' ' && line.p[i] != '\t'))
      return TRUE;
  return line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t');
}

static gboolean
needs_encoding (PktSlice text)
{
  while (text.n > 0) {
    PktSlice line = pkt_slice_until (text, '\n');
    if (is_fragile (line))
      return TRUE;
    text = pkt_slice_skip (text, line.n + 1);
  }
  return FALSE;
}

static gboolean
is_ascii (PktSlice text)
{
  for (gsize i = 0; i < text.n; i++)
    if ((guchar)text.p[i] >= 0x80)
      return FALSE;
  return TRUE;
}

/* GMime leaves "From " and a lone dot at the start of a line as they are. */
static void
append_armoured (GString *out, PktSlice line)
{
  gboolean from = pkt_slice_starts (line, PKT_SLICE ("From "));
  if (!from && !pkt_slice_equal (line, PKT_SLICE (".")))
    g_string_append_len (out, line.p, (gssize)line.n);
  else {
    g_string_append (out, from ? "=46" : "=2E");
    if (line.n + 2 > MAX_TEXT_LINE) { /* the two new bytes find room on a line of their own */
      g_string_append (out, "rom=\n");
      line = pkt_slice_skip (line, 3);
    }
    line = pkt_slice_skip (line, 1);
    g_string_append_len (out, line.p, (gssize)line.n);
  }
}

static GString *
quoted_printable (PktSlice text)
{
  GMimeEncoding state;
  g_mime_encoding_init_encode (&state, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  g_autofree char *buffer = g_malloc (g_mime_encoding_outlen (&state, text.n));
  PktSlice left = { buffer, g_mime_encoding_flush (&state, text.p, text.n, buffer) };
  GString *out = g_string_sized_new (left.n);
  while (left.n > 0) {
    PktSlice line = pkt_slice_until (left, '\n');
    append_armoured (out, line);
    if (line.n < left.n)
      g_string_append_c (out, '\n');
    left = pkt_slice_skip (left, line.n + 1);
  }
  return out;
}

/* The content is given as it stands in the message, so GMime has no encoding left to choose. */
static void
set_content (GMimePart *part, const char *bytes, gsize n, GMimeContentEncoding is,
             GMimeContentEncoding shall)
{
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (bytes, n);
  GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream (stream, is);
  g_mime_part_set_content (part, content);
  g_object_unref (content);
  g_mime_part_set_content_encoding (part, shall);
}

/* `subtype` is "plain" or "csv". */
static GMimeObject *
text_part (const char *subtype, PktSlice bytes)
{
  GMimePart *part = g_mime_part_new_with_type ("text", subtype);
  PktSlice text;
  g_autofree char *lf = with_lf (bytes, &text.n);
  text.p = lf;
  g_mime_object_set_content_type_parameter (GMIME_OBJECT (part), "charset",
                                            is_ascii (text) ? "us-ascii" : "utf-8");
  if (!needs_encoding (text)) {
    set_content (part, text.p, text.n, GMIME_CONTENT_ENCODING_7BIT, GMIME_CONTENT_ENCODING_7BIT);
    return GMIME_OBJECT (part);
  }
  GString *encoded = quoted_printable (text);
  set_content (part, encoded->str, encoded->len, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
               GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  g_string_free (encoded, TRUE);
  return GMIME_OBJECT (part);
}

static GMimeObject *
attachment (const PktPublicPart *part)
{
  PktSlice bytes = pkt_public_part_bytes (part);
  const char *type = pkt_public_part_type (part);
  GMimeObject *object;
  if (g_str_equal (type, "image/png")) {
    object = GMIME_OBJECT (g_mime_part_new_with_type ("image", "png"));
    set_content (GMIME_PART (object), bytes.p, bytes.n, GMIME_CONTENT_ENCODING_BINARY,
                 GMIME_CONTENT_ENCODING_BASE64);
  } else
    object = text_part (g_str_equal (type, "text/csv") ? "csv" : "plain", bytes);
  g_mime_object_set_disposition (object, GMIME_DISPOSITION_ATTACHMENT);
  g_mime_part_set_filename (GMIME_PART (object), pkt_public_part_name (part));
  return object;
}

static GMimeObject *
mixed (const PktMessage *m)
{
  GMimeMultipart *multipart = g_mime_multipart_new_with_subtype ("mixed");
  /* "=_" cannot occur in quoted-printable or base64 (RFC 2045 6.7). */
  g_autofree char *digits = hash ("boundary", m->boundary_seed);
  g_autofree char *boundary = g_strconcat ("=_", digits, NULL);
  g_mime_multipart_set_boundary (multipart, boundary);
  g_autoptr (GMimeObject) body = text_part ("plain", pkt_slice_str (m->body));
  g_mime_multipart_add (multipart, body);
  for (guint i = 0; m->parts != NULL && i < m->parts->len; i++) {
    g_autoptr (GMimeObject) part = attachment (g_ptr_array_index (m->parts, i));
    g_mime_multipart_add (multipart, part);
  }
  return GMIME_OBJECT (multipart);
}

static void
add_address (InternetAddressList *list, const char *name, const char *address)
{
  g_autofree char *n = name != NULL ? g_strstrip (g_strdup (name)) : NULL;
  g_autofree char *a = g_strstrip (g_strdup (address));
  InternetAddress *mailbox = internet_address_mailbox_new (n != NULL && *n != '\0' ? n : NULL, a);
  internet_address_set_charset (mailbox, "utf-8"); /* else GMime guesses one */
  internet_address_list_add (list, mailbox);
  g_object_unref (mailbox);
}

static void
set_ids (GMimeMessage *message, const char *header, const char *ids)
{
  g_autofree char *value = pkt_message_ids (ids);
  if (value != NULL)
    g_mime_object_set_header (GMIME_OBJECT (message), header, value, "utf-8");
}

/* GMime encodes long ASCII words, where a long domain name can just stand on a line of its own. */
static void
set_subject (GMimeMessage *message, const char *subject)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (subject));
  g_mime_message_set_subject (message, trimmed, "utf-8");
  if (!g_str_is_ascii (trimmed))
    return;
  g_autofree char *folded = pkt_text_wrap (trimmed, MAX_HEADER_LINE, "Subject: ", " ");
  GMimeHeaderList *list = g_mime_object_get_header_list (GMIME_OBJECT (message));
  g_mime_header_set_raw_value (g_mime_header_list_get_header (list, "Subject"),
                               folded + strlen ("Subject:"));
}

static void
set_headers (GMimeMessage *message, const PktMessage *m)
{
  add_address (g_mime_message_get_from (message), m->from_name, m->from_address);
  add_address (g_mime_message_get_to (message), NULL, m->to_address);
  set_subject (message, m->subject);
  if (m->draft)
    g_mime_object_set_header (GMIME_OBJECT (message), "X-Unsent", "1", NULL);
  else {
    g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (m->date / PKT_SECOND);
    g_mime_message_set_date (message, time);
    set_ids (message, "Message-ID", m->message_id);
  }
  set_ids (message, "In-Reply-To", m->in_reply_to);
  set_ids (message, "References", m->references);
}

static GBytes *
to_bytes (GMimeMessage *message)
{
  g_autoptr (GMimeFormatOptions) format = g_mime_format_options_new ();
  g_mime_format_options_set_newline_format (format, GMIME_NEWLINE_FORMAT_DOS);
  GByteArray *bytes = g_byte_array_new ();
  GMimeStream *stream = g_mime_stream_mem_new ();
  g_mime_stream_mem_set_byte_array (GMIME_STREAM_MEM (stream), bytes);
  g_mime_object_write_to_stream (GMIME_OBJECT (message), format, stream);
  g_object_unref (stream);
  return g_byte_array_free_to_bytes (bytes);
}

GBytes *
pkt_message_render (const PktMessage *m, GError **error)
{
  if (!pkt_message_check (m, error))
    return NULL;
  g_autoptr (GMimeMessage) message = g_mime_message_new (FALSE);
  set_headers (message, m);
  g_autoptr (GMimeObject) content = mixed (m);
  g_mime_message_set_mime_part (message, content);
  g_autoptr (GBytes) bytes = to_bytes (message);
  if (g_bytes_get_size (bytes) <= PKT_MESSAGE_MAX_BYTES)
    return g_steal_pointer (&bytes);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "the message has %" G_GSIZE_FORMAT
               " bytes, over 10 MB; use a smaller picture or a shorter period",
               g_bytes_get_size (bytes));
  return NULL;
}
