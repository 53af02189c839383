/* Operands to files: folders, globs, standard input. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/log/archive.h"
#include "packet/log/part.h"
#include "packet/run/early.h"
#include "packet/run/scan.h"

#define MAX_DEPTH 32

typedef struct {
  GPtrArray *files;
  PktEarly *early; /* may be NULL */
} Found;

/* A file, or the files of an archive. */
static gboolean
add_file (Found *f, const char *path, GError **error)
{
  if (!pkt_archive_is (path)) {
    g_ptr_array_add (f->files, g_strdup (path));
    return TRUE;
  }
  g_autoptr (GPtrArray) members = pkt_archive_list (path, error);
  if (members == NULL)
    return FALSE;
  g_ptr_array_extend_and_steal (f->files, g_steal_pointer (&members));
  return TRUE;
}

/* One archive that cannot be read keeps no other file of the folder from being read. */
static void
add_found (Found *f, const char *path, int folder)
{
  gboolean bounce = f->early && pkt_early_take (f->early, path, folder);
  if (bounce || !add_file (f, path, NULL))
    g_ptr_array_add (f->files, g_strdup (path));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* A Maildir's folders begin with a dot: .Bounces/cur */
static gboolean
is_maildir (const char *path)
{
  g_autofree char *cur = g_build_filename (path, "cur", NULL);
  g_autofree char *new = g_build_filename (path, "new", NULL);
  return g_file_test (cur, G_FILE_TEST_IS_DIR) && g_file_test (new, G_FILE_TEST_IS_DIR);
}

static gboolean
is_wanted (const char *folder, gboolean maildir, const char *name)
{
  if (*name == '.') {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    return strcmp (name, ".") != 0 && strcmp (name, "..") != 0 && is_maildir (path);
  }
  return !maildir || strcmp (name, "tmp") != 0; /* mails that are still being written */
}

/* Files without asking for each: the folder tells what they are. */
static GPtrArray *
names_in (const char *path, GHashTable *regular, GError **error)
{
  DIR *dir = opendir (path);
  if (dir == NULL) {
    int e = errno;
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: %s", path, g_strerror (e));
    return NULL;
  }
  gboolean maildir = is_maildir (path);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (struct dirent *d; (d = readdir (dir));)
    if (is_wanted (path, maildir, d->d_name)) {
      g_ptr_array_add (names, g_build_filename (path, d->d_name, NULL));
      if (d->d_type == DT_REG)
        g_hash_table_add (regular, names->pdata[names->len - 1]);
    }
  closedir (dir);
  g_ptr_array_sort (names, compare_names);
  return names;
}

static gboolean add_folder (Found *f, const char *path, int depth, GError **error);

static gboolean
add_child (Found *f, const char *child, gboolean regular, int folder, int depth, GError **error)
{
  struct stat st;
  if (regular)
    add_found (f, child, folder);
  else if (stat (child, &st) != 0)
    return TRUE;
  else if (S_ISREG (st.st_mode))
    add_found (f, child, folder);
  else if (S_ISDIR (st.st_mode) && depth < MAX_DEPTH)
    return add_folder (f, child, depth + 1, error);
  return TRUE;
}

static gboolean
add_folder (Found *f, const char *path, int depth, GError **error)
{
  g_autoptr (GHashTable) regular = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) names = names_in (path, regular, error);
  if (names == NULL)
    return FALSE;
  int folder = open (path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  gboolean ok = TRUE;
  for (guint i = 0; i < names->len && ok && f->files->len < PKT_SCAN_MAX_FILES; i++) {
    const char *child = g_ptr_array_index (names, i);
    ok = add_child (f, child, g_hash_table_contains (regular, child),
                    folder < 0 ? AT_FDCWD : folder, depth, error);
  }
  if (folder >= 0)
    close (folder);
  return ok;
}

static gboolean
add_glob (Found *f, const char *pattern)
{
  glob_t found = { 0 };
  if (strpbrk (pattern, "*?[") == NULL || glob (pattern, 0, NULL, &found) != 0)
    return FALSE;
  for (gsize i = 0; i < found.gl_pathc; i++)
    add_found (f, found.gl_pathv[i], AT_FDCWD);
  globfree (&found);
  return TRUE;
}

static gboolean
add_path (Found *f, const char *path, gboolean only, GError **error)
{
  struct stat st;
  GPtrArray *files = f->files;
  guint before = files->len;
  if (strcmp (path, "-") == 0) {
    gboolean archive;
    if (!pkt_archive_stdin (&archive, error))
      return FALSE;
    if (archive)
      return add_file (f, path, error);
    g_ptr_array_add (files, g_strdup (path));
    return TRUE;
  }
  if (stat (path, &st) != 0) {
    guint64 from, to;
    g_autofree char *whole = NULL;
    if (pkt_part_split (path, &whole, &from, &to) && g_file_test (whole, G_FILE_TEST_EXISTS)) {
      g_ptr_array_add (files, g_strdup (path));
      return TRUE;
    }
    g_autofree char *outer = pkt_archive_outer (path); /* logs.zip/maillog, as we name it */
    if (outer) {
      g_ptr_array_add (files, g_strdup (path));
      return TRUE;
    }
    if (add_glob (f, path))
      return TRUE;
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: there is no such file or folder", path);
    return FALSE;
  }
  if (S_ISDIR (st.st_mode)) {
    if (!add_folder (f, path, 0, error))
      return FALSE;
    if (files->len > before)
      return TRUE;
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: the folder holds no files; name the logs' folder", path);
    return FALSE;
  }
  if (S_ISREG (st.st_mode) && st.st_size == 0 && only) { /* just rotated: the others say more */
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: the file is empty", path);
    return FALSE;
  }
  if (S_ISREG (st.st_mode))
    return add_file (f, path, error);
  g_ptr_array_add (files, g_strdup (path));
  return TRUE;
}

GPtrArray *
pkt_scan_expand_early (const char *const *paths, PktEarly *early, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  Found f = { files, early };
  for (gsize i = 0; paths[i]; i++)
    if (!add_path (&f, paths[i], paths[1] == NULL, error))
      return NULL;
  return g_steal_pointer (&files);
}

GPtrArray *
pkt_scan_expand (const char *const *paths, GError **error)
{
  return pkt_scan_expand_early (paths, NULL, error);
}
