#include "packet/run/input-list.h"
#include <string.h>
#include "packet/base/file.h"
#include "packet/base/json.h"

static GPtrArray *
rows_of (GHashTable *folders, const json_t *file)
{
  g_autofree char *folder = g_path_get_dirname (pkt_json_text (file, "file"));
  GPtrArray *rows = g_hash_table_lookup (folders, folder);
  if (rows == NULL) {
    rows = g_ptr_array_new ();
    g_hash_table_insert (folders, g_steal_pointer (&folder), rows);
  }
  return rows;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (pkt_json_text (*(json_t *const *)a, "path"),
                 pkt_json_text (*(json_t *const *)b, "path"));
}

static json_t *
one_row (const json_t *file)
{
  return json_pack ("{s:O, s:O, s:O}", "path", json_object_get (file, "path"), "bytes",
                    json_object_get (file, "bytes"), "sha256", json_object_get (file, "sha256"));
}

static json_t *
folder_row (GPtrArray *as_read)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_copy (as_read, NULL, NULL);
  g_autofree char *folder = g_path_get_dirname (pkt_json_text (rows->pdata[0], "file")),
                  *name = g_path_get_basename (folder);
  GString *sums = g_string_new (NULL);
  json_int_t bytes = 0;
  g_ptr_array_sort (rows, compare_names);
  for (guint i = 0; i < rows->len; i++) {
    bytes += pkt_json_number (rows->pdata[i], "bytes");
    g_string_append_printf (sums, "%s  %s\n", pkt_json_text (rows->pdata[i], "sha256"),
                            pkt_json_text (rows->pdata[i], "path"));
  }
  g_autofree char *digest = pkt_file_sha256 (sums->str, sums->len);
  json_t *row = json_pack ("{s:o, s:I, s:I, s:s}", "path", pkt_json_string (name), "files",
                           (json_int_t)rows->len, "bytes", bytes, "sha256", digest);
  g_string_free (sums, TRUE);
  return row;
}

json_t *
pkt_input_list (const json_t *files)
{
  g_autoptr (GHashTable) folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                          (GDestroyNotify)g_ptr_array_unref);
  json_t *list = json_array (), *file;
  gsize i;
  json_array_foreach (files, i, file) g_ptr_array_add (rows_of (folders, file), file);
  json_array_foreach (files, i, file)
  {
    GPtrArray *rows = rows_of (folders, file);
    if (rows->len <= PKT_INPUTS_APART)
      json_array_append_new (list, one_row (file));
    else if (rows->pdata[0] == file)
      json_array_append_new (list, folder_row (rows));
  }
  return list;
}
