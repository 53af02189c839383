#define PKT_WITH_GMIME
#include "packet/bounce/attached.h"
#include "packet/base/autoptr.h"
#include "packet/bounce/dsn.h"
#include "packet/bounce/parts.h"

#define MAX_BOUNDARIES (2 * PKT_ATTACHED_MAX) /* most attached bounces have one */

typedef struct {
  PktAttachedSink sink;
  gpointer data;
  guint n;
} Walk;

static gboolean
is_named_mail (GMimePart *part)
{
  const char *name = g_mime_part_get_filename (part);
  g_autofree char *lower = name ? g_ascii_strdown (name, -1) : NULL;
  return lower && g_str_has_suffix (lower, ".eml");
}

/* Some programs encode message/rfc822, which is then a part like others. */
static gboolean
is_mail (GMimeObject *object)
{
  GMimeContentType *type = g_mime_object_get_content_type (object);
  return GMIME_IS_MESSAGE_PART (object) || g_mime_content_type_is_type (type, "message", "rfc822")
         || g_mime_content_type_is_type (type, "message", "global")
         || (GMIME_IS_PART (object) && is_named_mail (GMIME_PART (object)));
}

static gboolean
write_mail (GMimeObject *object, GMimeStream *stream)
{
  if (GMIME_IS_MESSAGE_PART (object)) {
    GMimeMessage *message = g_mime_message_part_get_message (GMIME_MESSAGE_PART (object));
    return message && g_mime_object_write_to_stream (GMIME_OBJECT (message), NULL, stream) >= 0;
  }
  GMimeDataWrapper *content = GMIME_IS_PART (object) ? g_mime_part_get_content (GMIME_PART (object))
                                                     : NULL;
  return content && g_mime_data_wrapper_write_to_stream (content, stream) >= 0;
}

static void
hand_out (Walk *w, GMimeObject *object)
{
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new ();
  if (!write_mail (object, stream))
    return;
  const GByteArray *bytes = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (stream));
  if (bytes->len == 0 || bytes->len > PKT_ATTACHED_MAX_BYTES)
    return;
  w->n++;
  w->sink (pkt_slice ((const char *)bytes->data, bytes->len), w->data);
}

static void
walk (Walk *w, GMimeObject *object, guint depth)
{
  if (!object || w->n == PKT_ATTACHED_MAX)
    return;
  if (is_mail (object)) {
    hand_out (w, object);
    return;
  }
  if (!GMIME_IS_MULTIPART (object) || depth == PKT_DSN_MAX_DEPTH)
    return;
  GMimeMultipart *multipart = GMIME_MULTIPART (object);
  const int n = MIN (g_mime_multipart_get_count (multipart), PKT_ATTACHED_MAX);
  for (int i = 0; i < n; i++)
    walk (w, g_mime_multipart_get_part (multipart, i), depth + 1);
}

/* Most mails are not worth GMime's time. */
static gboolean
may_have_attached (PktSlice mail)
{
  static const PktSlice marks[] = { PKT_SLICE ("essage/rfc822"), PKT_SLICE ("essage/global"),
                                    PKT_SLICE ("ESSAGE/RFC822"), PKT_SLICE (".eml"),
                                    PKT_SLICE (".EML") };
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (pkt_slice_find (mail, marks[i]).p)
      return TRUE;
  return FALSE;
}

guint
pkt_bounce_attached (PktSlice mail, PktAttachedSink sink, gpointer data)
{
  g_autoptr (GMimeMessage) message = NULL;
  Walk w = { sink, data, 0 };
  if (may_have_attached (mail) && pkt_bounce_message (mail, MAX_BOUNDARIES, &message) && message)
    walk (&w, g_mime_message_get_mime_part (message), 0);
  return w.n;
}
