#include "packet/request/message-read.h"
#include <string.h>
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/error.h"
#include "packet/base/mime.h"

static void
header_free (gpointer p)
{
  PktReadHeader *h = p;
  g_free (h->name);
  g_free (h->value);
  g_free (h);
}

static void
part_free (gpointer p)
{
  PktReadPart *part = p;
  g_free (part->name);
  g_free (part->type);
  g_bytes_unref (part->bytes);
  g_free (part);
}

void
pkt_message_read_free (PktReadMessage *m)
{
  g_ptr_array_unref (m->headers);
  g_ptr_array_unref (m->parts);
  g_free (m->body);
  g_free (m);
}

const char *
pkt_message_read_header (const PktReadMessage *m, const char *name)
{
  for (guint i = 0; i < m->headers->len; i++) {
    const PktReadHeader *h = m->headers->pdata[i];
    if (g_ascii_strcasecmp (h->name, name) == 0)
      return h->value;
  }
  return NULL;
}

/* GMime adds an empty Content-Type of its own; what stands in the bytes has an offset. */
static void
read_headers (PktReadMessage *m, GMimeObject *object)
{
  GMimeHeaderList *list = object ? g_mime_object_get_header_list (object) : NULL;
  int n = list ? g_mime_header_list_get_count (list) : 0;
  for (int i = 0; i < n && m->headers->len < PKT_READ_MAX_HEADERS; i++) {
    GMimeHeader *h = g_mime_header_list_get_header_at (list, i);
    const char *value = g_mime_header_get_value (h);
    if (g_mime_header_get_offset (h) < 0)
      continue;
    PktReadHeader *header = g_new0 (PktReadHeader, 1);
    header->name = g_utf8_make_valid (g_mime_header_get_name (h), -1);
    header->value = g_utf8_make_valid (value ? value : "", -1);
    g_ptr_array_add (m->headers, header);
  }
}

static GBytes *
decoded (GMimePart *part, gboolean text)
{
  GByteArray *bytes = pkt_mime_content (part);
  if (bytes == NULL)
    return g_bytes_new (NULL, 0);
  guint n = 0;
  for (guint i = 0; text && i < bytes->len; i++)
    if (bytes->data[i] != '\r' || i + 1 == bytes->len || bytes->data[i + 1] != '\n')
      bytes->data[n++] = bytes->data[i];
  if (text)
    g_byte_array_set_size (bytes, n);
  return g_byte_array_free_to_bytes (bytes);
}

static void
read_part (PktReadMessage *m, GMimePart *object)
{
  GMimeContentType *type = g_mime_object_get_content_type (GMIME_OBJECT (object));
  const char *name = g_mime_part_get_filename (object);
  PktReadPart *part = g_new0 (PktReadPart, 1);
  part->type = g_mime_content_type_get_mime_type (type);
  part->text = g_mime_content_type_is_type (type, "text", "*");
  part->bytes = decoded (object, part->text);
  part->name = g_utf8_make_valid (name ? name : "", -1);
  if (m->body == NULL && name == NULL && g_mime_content_type_is_type (type, "text", "plain")) {
    gsize n;
    const char *p = g_bytes_get_data (part->bytes, &n);
    m->body = n ? g_utf8_make_valid (p, (gssize)n) : g_strdup ("");
    part_free (part);
  } else
    g_ptr_array_add (m->parts, part);
}

typedef struct {
  PktReadMessage *message;
  gboolean too_many;
} Walk;

static void
visit (GMimeObject *parent, GMimeObject *part, gpointer data)
{
  (void)parent;
  Walk *w = data;
  w->too_many = w->too_many || w->message->parts->len >= PKT_READ_MAX_PARTS;
  if (GMIME_IS_PART (part) && !w->too_many)
    read_part (w->message, GMIME_PART (part));
}

PktReadMessage *
pkt_message_read (GBytes *bytes, GError **error)
{
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  g_autoptr (GMimeMessage) message = pkt_mime_parse (pkt_slice (p, n));
  g_autoptr (PktReadMessage) m = g_new0 (PktReadMessage, 1);
  m->headers = g_ptr_array_new_with_free_func (header_free);
  m->parts = g_ptr_array_new_with_free_func (part_free);
  Walk w = { m, FALSE };
  read_headers (m, message ? GMIME_OBJECT (message) : NULL);
  if (message && g_mime_message_get_mime_part (message))
    g_mime_message_foreach (message, visit, &w);
  if (m->headers->len == 0 || w.too_many) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s",
                 w.too_many ? "more parts than a request has" : "no header of a mail");
    return NULL;
  }
  if (m->body == NULL)
    m->body = g_strdup ("");
  return g_steal_pointer (&m);
}
