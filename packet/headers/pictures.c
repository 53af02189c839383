#include "packet/headers/pictures.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"

static gsize
bytes_kept (GHashTable *pictures)
{
  GHashTableIter i;
  gpointer bytes;
  gsize sum = 0;
  g_hash_table_iter_init (&i, pictures);
  while (g_hash_table_iter_next (&i, NULL, &bytes))
    sum += g_bytes_get_size (bytes);
  return sum;
}

/* The first of a name counts. */
static void
keep (PktSample *s, const char *name, GBytes *bytes)
{
  if (name && *name && !g_hash_table_contains (s->pictures, name))
    g_hash_table_insert (s->pictures, g_strdup (name), g_bytes_ref (bytes));
}

static GBytes *
decoded (GMimePart *part)
{
  GMimeDataWrapper *content = g_mime_part_get_content (part);
  if (content == NULL)
    return NULL;
  g_autoptr (GMimeStream) memory = g_mime_stream_mem_new ();
  g_mime_data_wrapper_write_to_stream (content, memory);
  GByteArray *bytes = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (memory));
  return g_bytes_new (bytes->data, bytes->len);
}

void
pkt_pictures_take (PktSample *s, struct _GMimePart *part)
{
  GMimeContentType *type = g_mime_object_get_content_type (GMIME_OBJECT (part));
  const char *id = g_mime_object_get_content_id (GMIME_OBJECT (part));
  const char *location = g_mime_part_get_content_location (part);
  /* some programs call a picture application/octet-stream */
  if ((id == NULL && location == NULL) || g_mime_content_type_is_type (type, "text", "*")
      || g_hash_table_size (s->pictures) >= PKT_PICTURES_MAX)
    return;
  g_autoptr (GBytes) bytes = decoded (part);
  if (bytes == NULL || g_bytes_get_size (bytes) > PKT_PICTURES_MAX_BYTES - bytes_kept (s->pictures))
    return;
  keep (s, id, bytes);
  keep (s, location, bytes);
}
