#include "packet/redact/key.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"

#define KEY_FILE_MAX 4096

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

gboolean
pkt_key_make_folder (const char *folder, GError **error)
{
  /* Only the last two levels are ours to close for others. */
  g_autofree char *parent = g_path_get_dirname (folder);
  if (g_mkdir_with_parents (parent, 0700) == 0 && g_mkdir_with_parents (folder, 0700) == 0
      && g_chmod (parent, 0700) == 0 && g_chmod (folder, 0700) == 0)
    return TRUE;
  g_autofree char *what = g_strdup_printf ("%s: cannot be made: %s", folder, g_strerror (errno));
  return config_error (error, what,
                       "make the folder writable, or set XDG_STATE_HOME to another one");
}

/* Where another build of the case made one meanwhile, its key counts. */
static gboolean
make_key (const char *path, guint8 out[PKT_KEY_BYTES], GError **error)
{
  GError *e = NULL;
  if (getrandom (out, PKT_KEY_BYTES, 0) != PKT_KEY_BYTES)
    return config_error (error, "the system gives no random bytes", "use --key FILE");
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < PKT_KEY_BYTES; i++)
    g_string_append_printf (text, "%02x", out[i]);
  g_string_append_c (text, '\n');
  gboolean ok = pkt_file_create (path, text->str, text->len, 0600, &e);
  g_string_free (text, TRUE);
  if (!ok && g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_clear_error (&e);
    return read_key (path, out, error);
  }
  if (!ok)
    g_propagate_error (error, e);
  return ok;
}

/* The path without symlinks, as far as it is there. Caller frees. */
static char *
resolved (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  char *real = realpath (absolute, NULL);
  if (real) {
    char *copy = g_strdup (real);
    free (real);
    return copy;
  }
  g_autofree char *parent = g_path_get_dirname (absolute), *name = g_path_get_basename (absolute);
  if (g_str_equal (parent, absolute))
    return g_strdup (absolute);
  g_autofree char *above = resolved (parent);
  return g_build_filename (above, name, NULL);
}

static gboolean
lies_in (const char *path, const char *folder)
{
  gsize n = strlen (folder);
  return strncmp (path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0' || n == 1);
}

static gboolean
inside_error (const char *path, GError **error)
{
  g_autofree char *what = g_strdup_printf (
      "%s: the pseudonym key would lie in a packet folder, and leave with it", path);
  return config_error (error, what,
                       "set XDG_STATE_HOME to a folder outside, or use --key FILE from outside");
}

/* A packet folder is known by its manifest. */
static gboolean
outside_packets (const char *path, GError **error)
{
  g_autofree char *real = resolved (path);
  for (char *slash = strrchr (real, '/'); slash && slash != real; slash = strrchr (real, '/')) {
    *slash = '\0';
    g_autofree char *manifest = g_build_filename (real, "packet.json", NULL);
    if (g_file_test (manifest, G_FILE_TEST_EXISTS))
      return inside_error (path, error);
  }
  return TRUE;
}

gboolean
pkt_key_outside (const char *case_name, const char *key_file, const char *output, GError **error)
{
  g_autofree char *folder = pkt_key_folder (case_name, key_file ? NULL : error);
  g_autofree char *packet = resolved (output);
  const char *const places[] = { key_file, folder };
  if (folder == NULL && key_file == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree char *real = places[i] ? resolved (places[i]) : NULL;
    if (real && lies_in (real, packet))
      return inside_error (places[i], error);
  }
  return TRUE;
}

gboolean
pkt_key_load (const char *case_name, const char *key_file, guint8 out[PKT_KEY_BYTES],
              GError **error)
{
  if (key_file)
    return outside_packets (key_file, error) && read_key (key_file, out, error);
  g_autofree char *folder = pkt_key_folder (case_name, error);
  if (folder == NULL)
    return FALSE;
  g_autofree char *path = g_build_filename (folder, "key", NULL);
  if (!outside_packets (path, error))
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    return read_key (path, out, error);
  return pkt_key_make_folder (folder, error) && make_key (path, out, error);
}
