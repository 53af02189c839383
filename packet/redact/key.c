#include "packet/redact/key.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"

#define KEY_FILE_MAX 4096
#define MAP_FILE_MAX (256 * 1024 * 1024)

static gboolean
config_error (GError **error, const char *what, const char *advice)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_CONFIG, "%s; %s", what, advice);
  return FALSE;
}

static gboolean
usable_folder (const char *path)
{
  if (path == NULL || path[0] != '/')
    return FALSE;
  return path[strspn (path, "/")] != '\0';
}

/* XDG Base Directory: a relative XDG_STATE_HOME is to be taken as absent; a key must not land in a
 * surprising place, so it is an error here. */
static char *
state_home (GError **error)
{
  static const char advice[]
      = "set XDG_STATE_HOME or HOME to an absolute folder of yours, or use --key FILE";
  const char *xdg = g_getenv ("XDG_STATE_HOME");
  if (xdg && *xdg) {
    if (usable_folder (xdg))
      return g_strdup (xdg);
    config_error (error, "XDG_STATE_HOME is no absolute folder for the pseudonym key", advice);
    return NULL;
  }
  const char *home = g_getenv ("HOME");
  if (home == NULL || *home == '\0') {
    const struct passwd *pw = getpwuid (getuid ());
    home = pw ? pw->pw_dir : NULL;
  }
  if (usable_folder (home))
    return g_build_filename (home, ".local", "state", NULL);
  config_error (error, "there is no home folder for the pseudonym key", advice);
  return NULL;
}

static gboolean
plain_name (const char *name)
{
  gsize n = strlen (name);
  if (n == 0 || n > 64 || name[0] == '.')
    return FALSE;
  for (const char *p = name; *p; p++)
    if (!g_ascii_isalnum (*p) && !strchr ("._-", *p))
      return FALSE;
  return TRUE;
}

char *
pkt_key_folder (const char *case_name, GError **error)
{
  const char *name = case_name && *case_name ? case_name : "default";
  if (!plain_name (name)) {
    config_error (error, "the case name cannot name a folder",
                  "use letters, digits, '.', '_' and '-', at most 64");
    return NULL;
  }
  g_autofree char *state = state_home (error);
  return state ? g_build_filename (state, "postpacket", name, NULL) : NULL;
}

static gboolean
parse_key (PktSlice text, guint8 out[PKT_KEY_BYTES])
{
  text = pkt_slice_trim (text);
  if (text.n != 2 * PKT_KEY_BYTES)
    return FALSE;
  for (gsize i = 0; i < PKT_KEY_BYTES; i++) {
    int high = g_ascii_xdigit_value (text.p[2 * i]), low = g_ascii_xdigit_value (text.p[2 * i + 1]);
    if (high < 0 || low < 0)
      return FALSE;
    out[i] = (guint8)(high << 4 | low);
  }
  return TRUE;
}

static gboolean
read_key (const char *path, guint8 out[PKT_KEY_BYTES], GError **error)
{
  gsize n = 0;
  GError *e = NULL;
  g_autofree char *text = pkt_file_read (path, KEY_FILE_MAX, &n, &e);
  if (text && parse_key (pkt_slice (text, n), out))
    return TRUE;
  g_autofree char *what = e ? g_strdup_printf ("the pseudonym key cannot be read: %s", e->message)
                            : g_strdup_printf ("%s: a pseudonym key is 64 hex digits, this is not",
                                               path);
  g_clear_error (&e);
  return config_error (error, what, "give another one by --key FILE, or restore it from a backup");
}

static gboolean
make_folder (const char *folder, GError **error)
{
  /* Only the last two levels are ours to close for others. */
  g_autofree char *parent = g_path_get_dirname (folder);
  if (g_mkdir_with_parents (parent, 0700) == 0 && g_mkdir_with_parents (folder, 0700) == 0
      && g_chmod (parent, 0700) == 0 && g_chmod (folder, 0700) == 0)
    return TRUE;
  g_autofree char *what = g_strdup_printf ("%s: cannot be made: %s", folder, g_strerror (errno));
  return config_error (error, what, "make the folder writable, or use --key FILE");
}

static gboolean
make_key (const char *path, guint8 out[PKT_KEY_BYTES], GError **error)
{
  if (getrandom (out, PKT_KEY_BYTES, 0) != PKT_KEY_BYTES)
    return config_error (error, "the system gives no random bytes", "use --key FILE");
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < PKT_KEY_BYTES; i++)
    g_string_append_printf (text, "%02x", out[i]);
  g_string_append_c (text, '\n');
  gboolean ok = pkt_file_write (path, text->str, text->len, 0600, error);
  g_string_free (text, TRUE);
  return ok;
}

gboolean
pkt_key_load (const char *case_name, const char *key_file, guint8 out[PKT_KEY_BYTES],
              GError **error)
{
  if (key_file)
    return read_key (key_file, out, error);
  g_autofree char *folder = pkt_key_folder (case_name, error);
  if (folder == NULL)
    return FALSE;
  g_autofree char *path = g_build_filename (folder, "key", NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    return read_key (path, out, error);
  return make_folder (folder, error) && make_key (path, out, error);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static json_t *
sorted_copy (const json_t *object)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;
  json_t *value, *copy = json_object ();
  json_object_foreach ((json_t *)object, name, value) g_ptr_array_add (names, (gpointer)name);
  g_ptr_array_sort (names, by_name);
  for (guint i = 0; i < names->len; i++)
    json_object_set (copy, names->pdata[i], json_object_get (object, names->pdata[i]));
  return copy;
}

gboolean
pkt_map_save (const char *case_name, const json_t *map, GError **error)
{
  g_autofree char *folder = pkt_key_folder (case_name, error);
  if (folder == NULL || !make_folder (folder, error))
    return FALSE;
  g_autofree char *path = g_build_filename (folder, "map.json", NULL);
  gsize n = 0;
  g_autofree char *old_text = pkt_file_read (path, MAP_FILE_MAX, &n, NULL);
  g_autoptr (json_t) all = old_text ? json_loadb (old_text, n, 0, NULL) : NULL;
  if (!json_is_object (all)) {
    g_clear_pointer (&all, json_decref);
    all = json_object ();
  }
  json_object_update (all, (json_t *)map);
  g_autoptr (json_t) sorted = sorted_copy (all);
  g_autofree char *text = pkt_json_dump (sorted);
  return pkt_file_write (path, text, strlen (text), 0600, error);
}
