#include "packet/run/as-read.h"
#include <sys/stat.h>
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/log/archive.h"
#include "packet/log/part.h"
#include "packet/store/manifest.h"
#include "packet/store/seal.h"

/* A log that was rotated is whole, but not where the case says. */
static gboolean
lies_there (const json_t *row)
{
  guint64 bytes = (guint64)pkt_json_number (row, "bytes"), got = 0;
  g_autofree char *digest = pkt_digest_first (pkt_json_text (row, "file"), bytes, &got, NULL);
  return got == bytes && g_strcmp0 (digest, pkt_json_text (row, "sha256")) == 0;
}

gboolean
pkt_as_read_check (const json_t *rows, GError **error)
{
  gsize i;
  json_t *row;
  json_array_foreach ((json_t *)rows, i, row)
  {
    g_autofree char *fault = pkt_seal_input_fault (row);
    if (fault == NULL && lies_there (row))
      continue;
    if (fault == NULL)
      fault = g_strdup_printf ("%s was rotated away", pkt_json_text (row, "file"));
    g_set_error (error, PKT_ERROR, PKT_ERROR_SEAL,
                 "%s, so the text cannot be held against it; build the packet again", fault);
    return FALSE;
  }
  return TRUE;
}

GHashTable *
pkt_as_read_index (const json_t *rows)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);
  gsize i;
  json_t *row;
  json_array_foreach ((json_t *)rows, i, row)
  {
    const char *file = pkt_json_text (row, "file");
    if (file && !g_hash_table_contains (index, file))
      g_hash_table_insert (index, (gpointer)file, row);
  }
  return index;
}

json_t *
pkt_as_read_row (GHashTable *index, const char *path)
{
  g_autofree char *outer = g_file_test (path, G_FILE_TEST_EXISTS) ? NULL : pkt_archive_outer (path),
                  *whole = g_canonicalize_filename (outer ? outer : path, NULL);
  return g_hash_table_lookup (index, whole);
}

gboolean
pkt_as_read_paths (const json_t *rows, GPtrArray **paths, GError **error)
{
  g_autoptr (GPtrArray) files = pkt_scan_expand ((const char *const *)(*paths)->pdata, error);
  if (files == NULL)
    return FALSE;
  g_autoptr (GHashTable) index = pkt_as_read_index (rows);
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < files->len; i++) {
    const char *path = files->pdata[i];
    const json_t *row = pkt_as_read_row (index, path);
    guint64 bytes = (guint64)pkt_json_number (row, "bytes");
    struct stat st;
    if (row == NULL)
      continue;
    gboolean grew = stat (path, &st) == 0 && (guint64)st.st_size > bytes;
    g_ptr_array_add (list, grew ? pkt_part_name (path, 0, bytes) : g_strdup (path));
  }
  g_ptr_array_add (list, NULL);
  g_ptr_array_unref (*paths);
  *paths = list;
  return TRUE;
}
