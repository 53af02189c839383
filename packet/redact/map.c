#include "packet/redact/map.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/sort.h"
#include "packet/redact/key.h"

#define MAP_FILE_MAX (256 * 1024 * 1024)

static json_t *
sorted_copy (const json_t *object)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;
  json_t *value, *copy = json_object ();
  json_object_foreach ((json_t *)object, name, value) g_ptr_array_add (names, (gpointer)name);
  g_ptr_array_sort (names, pkt_sort_by_text);
  for (guint i = 0; i < names->len; i++)
    json_object_set (copy, names->pdata[i], json_object_get (object, names->pdata[i]));
  return copy;
}

static gboolean
counts_in_packet (const char *mark)
{
  return g_str_has_prefix (mark, "[custom-") || g_str_has_prefix (mark, "[client-");
}

/* Two builds of a case at once: each adds to what the other wrote. A descriptor to close; -1 where
 * the file system knows no such lock. */
static int
lock (const char *folder)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  while (fd >= 0 && flock (fd, LOCK_EX) != 0 && errno == EINTR)
    continue;
  return fd;
}

static gboolean
add_to_map (const char *folder, const char *packet_id, const json_t *map, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "map.json", NULL);
  gsize n = 0;
  g_autofree char *old_text = pkt_file_read (path, MAP_FILE_MAX, &n, NULL);
  g_autoptr (json_t) all = old_text ? json_loadb (old_text, n, 0, NULL) : NULL;
  if (!json_is_object (all)) {
    g_clear_pointer (&all, json_decref);
    all = json_object ();
  }
  const char *mark;
  json_t *value;
  json_object_foreach ((json_t *)map, mark, value)
  {
    g_autofree char *key = counts_in_packet (mark) ? g_strdup_printf ("%s %s", packet_id, mark)
                                                   : g_strdup (mark);
    json_object_set (all, key, value);
  }
  g_autoptr (json_t) sorted = sorted_copy (all);
  g_autofree char *text = pkt_json_dump (sorted);
  return pkt_file_write (path, text, strlen (text), 0600, error);
}

char *
pkt_map_folder (const char *case_name, GError **error)
{
  g_autofree char *folder = pkt_key_folder (case_name, NULL);
  if (folder == NULL)
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_CONFIG,
                         "there is no home folder for the map of the pseudonyms; set "
                         "XDG_STATE_HOME or HOME to an absolute folder of yours");
  return folder && pkt_key_make_folder (folder, error) ? g_steal_pointer (&folder) : NULL;
}

gboolean
pkt_map_save (const char *case_name, const char *packet_id, const json_t *map, GError **error)
{
  g_autofree char *folder = pkt_map_folder (case_name, error);
  if (folder == NULL)
    return FALSE;
  int locked = lock (folder);
  gboolean ok = add_to_map (folder, packet_id, map, error);
  if (locked >= 0)
    close (locked);
  return ok;
}

/* All marks, and those that count in a packet only when they are this one's. */
static json_t *
of_packet (const json_t *all, const char *packet_id)
{
  json_t *map = json_object (), *value;
  const char *key;
  gsize n = strlen (packet_id);
  json_object_foreach ((json_t *)all, key, value)
  {
    gboolean ours = n && strncmp (key, packet_id, n) == 0 && key[n] == ' ';
    if (json_is_string (value) && (ours || (key[0] == '[' && !counts_in_packet (key))))
      json_object_set (map, ours ? key + n + 1 : key, value);
  }
  return map;
}

json_t *
pkt_map_load (const char *case_name, const char *packet_id, GError **error)
{
  g_autofree char *folder = pkt_key_folder (case_name, error);
  if (folder == NULL)
    return NULL;
  g_autofree char *path = g_build_filename (folder, "map.json", NULL);
  gsize n = 0;
  g_autofree char *text = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: there is no map of this case here; the machine and user that built the "
                 "packet have it",
                 path);
    return NULL;
  }
  text = pkt_file_read (path, MAP_FILE_MAX, &n, error);
  g_autoptr (json_t) all = text ? json_loadb (text, n, 0, NULL) : NULL;
  if (text && !json_is_object (all))
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is damaged; build the case again to write it anew", path);
  return json_is_object (all) ? of_packet (all, packet_id) : NULL;
}
