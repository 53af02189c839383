#include "packet/store/folder.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/hold.h"
#include "packet/store/replace.h"

struct PktFolder {
  GTree *files; /* path -> GBytes */
  char *bad;    /* the first path that was refused */
};

static int
compare_paths (gconstpointer a, gconstpointer b, gpointer data)
{
  (void)data;
  return strcmp (a, b);
}

PktFolder *
pkt_folder_new (void)
{
  PktFolder *f = g_new0 (PktFolder, 1);
  f->files = g_tree_new_full (compare_paths, NULL, g_free, (GDestroyNotify)g_bytes_unref);
  return f;
}

void
pkt_folder_free (PktFolder *f)
{
  g_tree_unref (f->files);
  g_free (f->bad);
  g_free (f);
}

static gboolean
is_name (const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("._-", *p) == NULL)
      return FALSE;
  return name[0] != '\0' && name[0] != '.';
}

gboolean
pkt_folder_is_path (const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", 3);
  guint n = g_strv_length (names);
  return (n == 1 && is_name (names[0])) || (n == 2 && is_name (names[0]) && is_name (names[1]));
}

void
pkt_folder_add (PktFolder *f, const char *path, GBytes *bytes)
{
  if (pkt_folder_is_path (path) && g_tree_lookup (f->files, path) == NULL)
    g_tree_insert (f->files, g_strdup (path), g_bytes_ref (bytes));
  else if (f->bad == NULL)
    f->bad = g_strdup (path);
}

GPtrArray *
pkt_folder_paths (const PktFolder *f)
{
  GPtrArray *paths = g_ptr_array_new ();
  for (GTreeNode *n = g_tree_node_first (f->files); n != NULL; n = g_tree_node_next (n))
    g_ptr_array_add (paths, g_tree_node_key (n));
  return paths;
}

GBytes *
pkt_folder_get (const PktFolder *f, const char *path)
{
  return g_tree_lookup (f->files, path);
}

static gboolean
fail (GError **error, PktErrorCode code, const char *path)
{
  int e = errno;
  g_set_error (error, PKT_ERROR, code, "%s: %s", path, g_strerror (e));
  return FALSE;
}

/* The mode is set again, since the umask took its share of the first. */
static gboolean
make_folder (const char *path)
{
  return (g_mkdir (path, 0700) == 0 || errno == EEXIST) && g_chmod (path, 0700) == 0;
}

static gboolean
sync_folder (const char *path, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0)
    return fail (error, PKT_ERROR_IO, path);
  /* Some file systems know no fsync of folders. */
  gboolean ok = fsync (fd) == 0 || errno == EINVAL;
  if (!ok)
    fail (error, PKT_ERROR_IO, path);
  close (fd);
  return ok;
}

static gboolean
write_file (const char *root, const char *path, GBytes *bytes, GError **error)
{
  g_autofree char *full = g_build_filename (root, path, NULL);
  g_autofree char *parent = g_path_get_dirname (full);
  if (!make_folder (parent))
    return fail (error, PKT_ERROR_IO, parent);
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  return pkt_file_write (full, p, n, 0600, error) && sync_folder (parent, error);
}

static gboolean
write_files (const PktFolder *f, const char *root, GError **error)
{
  for (GTreeNode *n = g_tree_node_first (f->files); n != NULL; n = g_tree_node_next (n))
    if (!write_file (root, g_tree_node_key (n), g_tree_node_value (n), error))
      return FALSE;
  return sync_folder (root, error);
}

static gboolean
check_files (const PktFolder *f, gboolean packet, GError **error)
{
  if (f->bad != NULL) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_BUG, "%s: a path that cannot be in a packet, or twice",
                 f->bad);
    return FALSE;
  }
  if (!packet || g_tree_lookup (f->files, PKT_FOLDER_MANIFEST) != NULL)
    return TRUE;
  g_set_error_literal (error, PKT_ERROR, PKT_ERROR_BUG, "a packet without " PKT_FOLDER_MANIFEST);
  return FALSE;
}

/* Sets whether an old packet is there, to be replaced. */
static gboolean
check_output (const char *output, gboolean force, gboolean *out_old, GError **error)
{
  GStatBuf st;
  *out_old = g_lstat (output, &st) == 0;
  if (!*out_old)
    return errno == ENOENT || fail (error, PKT_ERROR_EXISTS, output);
  if (force)
    return pkt_replace_check (output, error);
  g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS,
               "%s: is there already; name another --output, or use --force to replace a packet",
               output);
  return FALSE;
}

/* From here on `made` is at output, and what was there (if anything) is at `made`. */
static gboolean
put_in_place (const char *made, const char *output, gboolean old, GError **error)
{
  if (old)
    return pkt_replace_exchange (made, output, error);
  return g_rename (made, output) == 0 || fail (error, PKT_ERROR_EXISTS, output);
}

/* What was there is looked at again: writing takes its time. */
static gboolean
write_beside (const PktFolder *f, const char *made, const char *output, gboolean force,
              gboolean *out_old, GError **error)
{
  return write_files (f, made, error) && check_output (output, force, out_old, error)
         && put_in_place (made, output, *out_old, error);
}

/* `.NAME.XXXXXX` in the same folder, made; NULL when that cannot be. */
static char *
make_beside (const char *output, const char *parent, GError **error)
{
  g_autofree char *name = g_path_get_basename (output);
  g_autofree char *hidden = g_strdup_printf (".%s.XXXXXX", name);
  g_autofree char *made = g_build_filename (parent, hidden, NULL);
  if (g_mkdtemp_full (made, 0700) != NULL && g_chmod (made, 0700) == 0)
    return g_steal_pointer (&made);
  fail (error, PKT_ERROR_EXISTS, parent);
  g_rmdir (made);
  return NULL;
}

static char *
without_last_slashes (const char *path)
{
  char *p = g_strdup (path);
  for (gsize n = strlen (p); n > 1 && p[n - 1] == '/'; n--)
    p[n - 1] = '\0';
  return p;
}

/* Whoever reads it knows the name that was asked for, and the other is gone by then. */
static void
name_output (GError **error, const char *made, const char *output)
{
  gsize n = strlen (made);
  if (error == NULL || *error == NULL || strncmp ((*error)->message, made, n) != 0
      || strchr (":/", (*error)->message[n]) == NULL)
    return;
  g_autoptr (GError) e = g_steal_pointer (error);
  g_set_error (error, e->domain, e->code, "%s%s", output, e->message + n);
}

static gboolean
make_folder_at (const PktFolder *f, const char *output_as_given, gboolean packet, gboolean force,
                GError **error)
{
  /* "x/" would follow a symlink x. */
  g_autofree char *output = without_last_slashes (output_as_given);
  gboolean old;
  if (!check_files (f, packet, error) || !check_output (output, force, &old, error))
    return FALSE;
  g_autofree char *parent = g_path_get_dirname (output);
  g_autofree char *made = make_beside (output, parent, error);
  if (made == NULL)
    return FALSE;
  if (!write_beside (f, made, output, force, &old, error)) {
    pkt_replace_remove (made);
    name_output (error, made, output);
    return FALSE;
  }
  sync_folder (parent, NULL); /* a parent that may not be read cannot be synced; all is there */
  if (!old || pkt_replace_remove (made))
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_IO,
               "%s: is made, but the old packet could not be removed; remove %s", output, made);
  return FALSE;
}

static gboolean
write_folder (const PktFolder *f, const char *output, gboolean packet, gboolean force,
              GError **error)
{
  pkt_hold_begin ();
  gboolean ok = make_folder_at (f, output, packet, force, error);
  pkt_hold_end ();
  return ok;
}

gboolean
pkt_folder_free_at (const char *output_as_given, gboolean force, GError **error)
{
  g_autofree char *output = without_last_slashes (output_as_given);
  gboolean old;
  return check_output (output, force, &old, error);
}

gboolean
pkt_folder_write (PktFolder *f, const char *output, gboolean force, GError **error)
{
  return write_folder (f, output, TRUE, force, error);
}

gboolean
pkt_folder_write_new (PktFolder *f, const char *output, GError **error)
{
  return write_folder (f, output, FALSE, FALSE, error);
}
