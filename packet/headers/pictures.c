#include "packet/headers/pictures.h"
#include "packet/base/mime.h"

/* Each once, though it has two names. */
static gsize
bytes_kept (GHashTable *pictures)
{
  g_autoptr (GHashTable) met = g_hash_table_new (NULL, NULL);
  GHashTableIter i;
  gpointer bytes;
  gsize sum = 0;
  g_hash_table_iter_init (&i, pictures);
  while (g_hash_table_iter_next (&i, NULL, &bytes))
    sum += g_hash_table_add (met, bytes) ? g_bytes_get_size (bytes) : 0;
  return sum;
}

/* The first of a name counts. */
static void
keep (PktSample *s, const char *name, GBytes *bytes)
{
  if (name && *name && !g_hash_table_contains (s->pictures, name))
    g_hash_table_insert (s->pictures, g_strdup (name), g_bytes_ref (bytes));
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
  GByteArray *content = pkt_mime_content (part);
  g_autoptr (GBytes) bytes = content ? g_byte_array_free_to_bytes (content) : NULL;
  if (bytes == NULL || g_bytes_get_size (bytes) > PKT_PICTURES_MAX_BYTES - bytes_kept (s->pictures))
    return;
  keep (s, id, bytes);
  keep (s, location, bytes);
}
