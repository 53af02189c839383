#include "packet/run/record.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/sort.h"
#include "packet/redact/key.h"
#include "packet/run/parts.h"
#include "packet/store/folder.h"

#define MAX_OTHERS 2000 /* packets looked at */

static char *
record_path (const char *case_name, const char *id, GError **error)
{
  g_autofree char *folder = pkt_key_folder (case_name, error);
  g_autofree char *name = g_strdup_printf ("packet-%s.json", id);
  return folder ? g_build_filename (folder, name, NULL) : NULL;
}

static json_t *
sample_files (const PktInputs *in)
{
  g_autoptr (GPtrArray) shown = pkt_parts_samples (in->samples);
  json_t *list = json_array ();
  for (guint i = 0; i < shown->len; i++) {
    const PktSample *s = g_ptr_array_index (shown, i);
    g_autofree char *whole = g_canonicalize_filename (s->path, NULL);
    json_array_append_new (list, pkt_json_string (whole));
  }
  return list;
}

gboolean
pkt_record_save (const char *id, const PktInputs *in, const PktBuildOptions *o, const char *output,
                 GError **error)
{
  g_autofree char *path = record_path (in->the_case->name, id, error);
  g_autofree char *packet = g_canonicalize_filename (output, NULL),
                  *the_case = g_canonicalize_filename (o->case_path, NULL),
                  *folder = g_get_current_dir ();
  g_autoptr (json_t) record = json_object ();
  json_t *argv = json_array ();
  for (gsize i = 0; o->argv && o->argv[i]; i++)
    json_array_append_new (argv, pkt_json_string (o->argv[i]));
  json_object_set_new (record, "version", json_integer (1));
  json_object_set_new (record, "packet", pkt_json_string (packet));
  json_object_set_new (record, "case", pkt_json_string (the_case));
  json_object_set_new (record, "folder", pkt_json_string (folder));
  json_object_set_new (record, "argv", argv);
  json_object_set (record, "inputs", in->files);
  json_object_set_new (record, "samples", sample_files (in));
  g_autofree char *text = pkt_json_dump (record);
  return path && pkt_file_write (path, text, strlen (text), 0600, error);
}

/* An id names a file, so it is what packet_id () makes and nothing else. */
static gboolean
is_id (const char *id)
{
  return id && *id && id[strspn (id, "0123456789abcdef")] == '\0';
}

json_t *
pkt_record_load (const json_t *manifest, GError **error)
{
  const char *id = pkt_json_text (manifest, "id"), *name = pkt_json_text (manifest, "case");
  g_autofree char *path = is_id (id) ? record_path (name ? name : "", id, error) : NULL;
  gsize n = 0;
  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS)) {
    if (error && *error == NULL)
      g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                   "packet %s: this machine and user did not build it, so its inputs are not known "
                   "here; build it again",
                   is_id (id) ? id : "without an id");
    return NULL;
  }
  g_autofree char *text = pkt_file_read (path, PKT_RECORD_MAX, &n, error);
  json_t *record = text ? json_loadb (text, n, 0, NULL) : NULL;
  if (text && !json_is_array (json_object_get (record, "inputs"))) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s: is damaged; build the case again", path);
    g_clear_pointer (&record, json_decref);
  }
  return record;
}

static void
add_other (GPtrArray *list, const char *self, const char *path)
{
  g_autofree char *manifest = g_build_filename (path, PKT_FOLDER_MANIFEST, NULL);
  if (list->len < MAX_OTHERS && !g_str_equal (path, self)
      && g_file_test (manifest, G_FILE_TEST_IS_REGULAR)
      && !g_ptr_array_find_with_equal_func (list, path, g_str_equal, NULL))
    g_ptr_array_add (list, g_strdup (path));
}

static void
add_siblings (GPtrArray *list, const char *self)
{
  g_autofree char *parent = g_path_get_dirname (self);
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (parent, name, NULL);
    add_other (list, self, path);
  }
}

static void
add_recorded (GPtrArray *list, const char *self, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    if (!g_str_has_prefix (name, "packet-") || !g_str_has_suffix (name, ".json"))
      continue;
    g_autofree char *path = g_build_filename (folder, name, NULL);
    gsize n = 0;
    g_autofree char *text = pkt_file_read (path, PKT_RECORD_MAX, &n, NULL);
    g_autoptr (json_t) record = text ? json_loadb (text, n, 0, NULL) : NULL;
    const char *packet = pkt_json_text (record, "packet");
    if (packet)
      add_other (list, self, packet);
  }
}

GPtrArray *
pkt_record_others (const char *packet)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *self = g_canonicalize_filename (packet, NULL),
                  *any = pkt_key_folder (NULL, NULL), *all = any ? g_path_get_dirname (any) : NULL;
  g_autoptr (GDir) dir = all ? g_dir_open (all, 0, NULL) : NULL;
  add_siblings (list, self);
  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    g_autofree char *folder = g_build_filename (all, name, NULL);
    add_recorded (list, self, folder);
  }
  g_ptr_array_sort (list, pkt_sort_by_text);
  g_ptr_array_add (list, NULL);
  return list;
}
