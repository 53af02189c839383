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
#include "packet/run/ahead.h"
#include "packet/run/early.h"
#include "packet/run/scan.h"
#include "packet/run/source.h"

#define MAX_DEPTH 32
#define NAMES_CHUNK 16384 /* bytes */

typedef struct {
  GPtrArray *files;
  PktEarly *early; /* may be NULL */
  guint threads;
  GHashTable *walked; /* folders of this operand: links may lead back to one */
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
add_found (Found *f, char *taken, gboolean bounce)
{
  if (!bounce && add_file (f, taken, NULL))
    g_free (taken);
  else
    g_ptr_array_add (f->files, taken);
}

/* What lies in a folder. */
typedef struct {
  guint64 order;    /* the name's first eight bytes: hardly ever must the rest be compared */
  const char *name; /* in a chunk of all */
  gboolean regular; /* the folder tells so, it need not be asked for */
} Child;

static int
compare_children (gconstpointer x, gconstpointer y)
{
  const Child *a = x, *b = y;
  if (a->order != b->order)
    return a->order < b->order ? -1 : 1;
  return strcmp (a->name, b->name);
}

static Child
child_of (const struct dirent *d, GStringChunk *names)
{
  guint64 order = 0;
  memcpy (&order, d->d_name, strnlen (d->d_name, sizeof order));
  return (Child){ GUINT64_FROM_BE (order), g_string_chunk_insert (names, d->d_name),
                  d->d_type == DT_REG };
}

static char *
path_of (PktSlice prefix, const char *name)
{
  const gsize n = strlen (name);
  char *path = g_malloc (prefix.n + n + 1);
  memcpy (path, prefix.p, prefix.n);
  memcpy (path + prefix.n, name, n + 1);
  return path;
}

/* A Maildir's folders begin with a dot: .Bounces/cur */
static gboolean
is_maildir (const char *path)
{
  g_autofree char *cur = g_build_filename (path, "cur", NULL);
  g_autofree char *new = g_build_filename (path, "new", NULL);
  return g_file_test (cur, G_FILE_TEST_IS_DIR) && g_file_test (new, G_FILE_TEST_IS_DIR);
}

/* What was made of logs is none: review.html shows a session, ticket.json answers, and both would
 * be counted again. */
static gboolean
is_packet (const char *path)
{
  static const char *const parts[] = { "packet.json", "privacy-report.txt", "ticket" };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *part = g_build_filename (path, parts[i], NULL);
    if (!g_file_test (part, G_FILE_TEST_EXISTS))
      return FALSE;
  }
  return TRUE;
}

/* Where init writes it, beside the logs. */
static gboolean
is_case (const char *folder, const char *name)
{
  char head[512];
  if (strcmp (name, "case.json") != 0)
    return FALSE;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  const gsize n = pkt_source_head (path, head, sizeof head);
  return pkt_slice_find (pkt_slice (head, n), PKT_SLICE ("\"case\"")).p != NULL;
}

static gboolean
is_wanted (const char *folder, gboolean maildir, const char *name)
{
  if (*name == '.') {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    return strcmp (name, ".") != 0 && strcmp (name, "..") != 0 && is_maildir (path);
  }
  if (is_case (folder, name))
    return FALSE;
  return !maildir || strcmp (name, "tmp") != 0; /* mails that are still being written */
}

static guint
hash_place (gconstpointer p)
{
  const struct stat *st = p;
  return (guint)(st->st_ino ^ st->st_dev << 16);
}

static gboolean
same_place (gconstpointer x, gconstpointer y)
{
  const struct stat *a = x, *b = y;
  return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

/* Two links to folders above would be walked in every order, for as long as names last. */
static gboolean
is_walked (Found *f, int folder)
{
  struct stat st;
  return fstat (folder, &st) == 0 && !g_hash_table_add (f->walked, g_memdup2 (&st, sizeof st));
}

/* In the order of their names; Child. None of a folder that was walked before. */
static GArray *
children_of (Found *f, const char *path, GStringChunk *names, GError **error)
{
  DIR *dir = opendir (path);
  if (dir == NULL) {
    int e = errno;
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: %s", path, g_strerror (e));
    return NULL;
  }
  gboolean maildir = is_maildir (path), again = is_walked (f, dirfd (dir));
  GArray *children = g_array_new (FALSE, FALSE, sizeof (Child));
  errno = 0;
  for (struct dirent *d; !again && (d = readdir (dir)); errno = 0)
    if (is_wanted (path, maildir, d->d_name)) {
      const Child child = child_of (d, names);
      g_array_append_val (children, child);
    }
  int e = again ? 0 : errno; /* the end has none */
  closedir (dir);
  if (e != 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_IO,
                 "%s: %s; what is in it is not known in full, so read it again", path,
                 g_strerror (e));
    g_array_unref (children);
    return NULL;
  }
  g_array_sort (children, compare_children);
  return children;
}

static gboolean add_folder (Found *f, const char *path, int depth, GError **error);

/* What the folder does not tell to be a file. What may not be looked into, or at, is listed itself:
 * it is told of when its turn comes, and all others are read. */
static void
add_unknown (Found *f, char *taken, int depth)
{
  g_autofree char *path = taken;
  struct stat st;
  if (stat (path, &st) != 0) {
    if (errno != ENOENT && errno != ELOOP) /* a link to nothing */
      g_ptr_array_add (f->files, g_steal_pointer (&path));
    return;
  }
  if (S_ISDIR (st.st_mode) && depth < MAX_DEPTH && !is_packet (path)
      && !add_folder (f, path, depth + 1, NULL))
    g_ptr_array_add (f->files, g_steal_pointer (&path));
  if (S_ISREG (st.st_mode)) {
    gboolean bounce = f->early && pkt_early_take_file (f->early, path);
    add_found (f, g_steal_pointer (&path), bounce);
  }
}

/* A bounce that may be read before its turn? */
static gboolean
take_early (Found *f, PktAhead *ahead, const char *path)
{
  guint64 bytes = 0;
  const PktSlice begin = pkt_ahead_next (ahead, &bytes);
  if (bytes == begin.n)
    return pkt_early_take (f->early, path, begin);
  return pkt_early_take_begin (f->early, path, begin, bytes)
         || pkt_early_take (f->early, path, pkt_ahead_rest (ahead));
}

static void
add_children (Found *f, const char *path, const GArray *children, PktAhead *ahead, int depth)
{
  g_autofree char *one = g_build_filename (path, "x", NULL);
  const PktSlice prefix = pkt_slice (one, strlen (one) - 1);
  for (guint i = 0; i < children->len && f->files->len < PKT_SCAN_MAX_FILES; i++) {
    const Child *child = &g_array_index (children, Child, i);
    char *taken = path_of (prefix, child->name);
    if (child->regular)
      add_found (f, taken, ahead && take_early (f, ahead, taken));
    else
      add_unknown (f, taken, depth);
  }
}

static gboolean
add_folder (Found *f, const char *path, int depth, GError **error)
{
  g_autoptr (GStringChunk) names = g_string_chunk_new (NAMES_CHUNK);
  g_autoptr (GArray) children = children_of (f, path, names, error);
  if (children == NULL)
    return FALSE;
  g_autoptr (GPtrArray) regular = g_ptr_array_new ();
  for (guint i = 0; i < children->len; i++)
    if (g_array_index (children, Child, i).regular)
      g_ptr_array_add (regular, (gpointer)g_array_index (children, Child, i).name);
  int folder = f->early && regular->len ? open (path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
  PktAhead *ahead = folder < 0 ? NULL
                               : pkt_ahead_new (folder, (const char *const *)regular->pdata,
                                                regular->len, f->threads);
  add_children (f, path, children, ahead, depth);
  g_clear_pointer (&ahead, pkt_ahead_free);
  if (folder >= 0)
    close (folder);
  return TRUE;
}

static gboolean
add_glob (Found *f, const char *pattern)
{
  glob_t found = { 0 };
  if (strpbrk (pattern, "*?[") == NULL || glob (pattern, 0, NULL, &found) != 0)
    return FALSE;
  for (gsize i = 0; i < found.gl_pathc; i++) {
    char *taken = g_strdup (found.gl_pathv[i]);
    add_found (f, taken, f->early && pkt_early_take_file (f->early, taken));
  }
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
  if (S_ISDIR (st.st_mode) && is_packet (path)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: it is a packet, which is made of logs; name the logs", path);
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
pkt_scan_expand_early (const char *const *paths, PktEarly *early, guint threads, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) walked = g_hash_table_new_full (hash_place, same_place, g_free, NULL);
  Found f = { files, early, threads, walked };
  for (gsize i = 0; paths[i]; i++) {
    g_hash_table_remove_all (walked);
    if (!add_path (&f, paths[i], paths[1] == NULL, error))
      return NULL;
  }
  return g_steal_pointer (&files);
}

GPtrArray *
pkt_scan_expand (const char *const *paths, GError **error)
{
  return pkt_scan_expand_early (paths, NULL, 1, error);
}
