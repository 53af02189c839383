/* Archives by libarchive. Those that were read last stay open where they were left, so that files
 * that are asked for in their order are unpacked once. */
#include "packet/log/archive.h"
#include <string.h>
#include "packet/base/archive.h"
#include "packet/base/error.h"
#include "packet/log/archive-form.h"
#include "packet/log/archive-read.h"

/* Bytes unpacked, all readings of an archive together. */
#define MAX_AGAIN (G_GUINT64_CONSTANT (64) << 30)

/* Archives that nobody reads from at present, the one that was put back last at the end. */
#define MAX_IDLE 4
static GMutex idle_lock;
static PktArchive *idle[MAX_IDLE];
static guint n_idle;

static void
forget (PktArchive *a)
{
  if (a == NULL)
    return;
  pkt_archive_end (a);
  g_clear_pointer (&a->names, g_ptr_array_unref);
  g_clear_pointer (&a->index, g_hash_table_unref);
  g_free (a->path);
  g_free (a);
}

static PktArchive *
remove_idle (guint i)
{
  PktArchive *a = idle[i];
  n_idle--;
  memmove (idle + i, idle + i + 1, (n_idle - i) * sizeof *idle);
  return a;
}

/* What is forgotten may put back the archive that it lies in, so not while it is locked. */
static void
put_back (PktArchive *a)
{
  g_mutex_lock (&idle_lock);
  PktArchive *oldest = n_idle == MAX_IDLE ? remove_idle (0) : NULL;
  idle[n_idle++] = a;
  g_mutex_unlock (&idle_lock);
  forget (oldest);
}

static PktArchive *
take_idle (const char *path, const struct stat *st)
{
  PktArchive *a = NULL;
  g_mutex_lock (&idle_lock);
  for (guint i = 0; i < n_idle && a == NULL; i++)
    if (g_str_equal (idle[i]->path, path))
      a = remove_idle (i);
  g_mutex_unlock (&idle_lock);
  if (a && a->st.st_ino == st->st_ino && a->st.st_dev == st->st_dev && a->st.st_size == st->st_size
      && a->st.st_mtime == st->st_mtime)
    return a;
  forget (a);
  return NULL;
}

typedef struct {
  PktFeed base;
  PktArchive *archive;
  const char *problem;
} File;

static PktFeed *open_current (PktArchive *a, gboolean owned);
static PktArchive *archive_new (const char *path, const struct stat *st, guint depth,
                                PktFeed *feed);

/* Names of the files of an archive in it, which is the file that is due; FALSE when it is none. */
static gboolean
add_nested (PktArchive *a, const char *name)
{
  g_autofree char *path = g_build_filename (a->path, name, NULL);
  PktFeed *s = pkt_unpack (open_current (a, FALSE));
  if (pkt_archive_form (s) == PKT_FORM_NONE) {
    pkt_feed_close (s);
    return FALSE;
  }
  PktArchive *inner = archive_new (path, &a->st, a->depth + 1, s);
  gboolean found = inner->names->len > 0;
  for (guint i = 0; i < inner->names->len && a->names->len < PKT_ARCHIVE_MAX_FILES; i++)
    g_ptr_array_add (a->names, g_build_filename (name, g_ptr_array_index (inner->names, i), NULL));
  forget (inner);
  return found;
}

static void
list (PktArchive *a)
{
  for (char *name; a->names->len < PKT_ARCHIVE_MAX_FILES && (name = pkt_archive_next (a));) {
    g_hash_table_insert (a->index, g_strdup (name), GUINT_TO_POINTER (a->at));
    a->files = a->at;
    if (a->depth < PKT_ARCHIVE_MAX_DEPTH && pkt_archive_names_one (name) && add_nested (a, name))
      g_free (name);
    else
      g_ptr_array_add (a->names, name);
  }
}

/* Takes the feed, that of an archive which another one is listed for; NULL: its path is opened. */
static PktArchive *
archive_new (const char *path, const struct stat *st, guint depth, PktFeed *feed)
{
  PktArchive *a = g_new0 (PktArchive, 1);
  a->path = g_strdup (path);
  a->st = *st;
  a->depth = depth;
  a->names = g_ptr_array_new_with_free_func (g_free);
  a->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean ok = feed ? pkt_archive_start_feed (a, feed) : pkt_archive_start (a);
  if (ok)
    list (a);
  if (!ok)
    a->damage = "the archive is damaged";
  else if (a->names->len == PKT_ARCHIVE_MAX_FILES)
    a->damage = "the archive holds more files than are read";
  pkt_archive_end (a);
  return a;
}

static PktArchive *
take (const char *path, const struct stat *st, guint depth)
{
  PktArchive *a = take_idle (path, st);
  return a ? a : archive_new (path, st, depth, NULL);
}

/* The file itself; NULL when it is not there. */
static PktArchive *
take_file (const char *path, struct stat *st)
{
  return stat (pkt_archive_real_path (path), st) == 0 ? take (path, st, 1) : NULL;
}

GPtrArray *
pkt_archive_list (const char *path, GError **error)
{
  struct stat st;
  PktArchive *a = take_file (path, &st);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; a && i < a->names->len; i++)
    g_ptr_array_add (paths, g_build_filename (path, g_ptr_array_index (a->names, i), NULL));
  if (paths->len == 0) {
    gboolean damaged = a == NULL || a->damage;
    g_set_error (error, PKT_ERROR, damaged ? PKT_ERROR_DATA : PKT_ERROR_NOINPUT, "%s: %s", path,
                 a == NULL   ? "cannot be opened"
                 : a->damage ? a->damage
                             : "the archive holds no files");
    g_clear_pointer (&paths, g_ptr_array_unref);
  }
  if (a)
    put_back (a);
  return paths;
}

char *
pkt_archive_outer (const char *path)
{
  char *outer = g_strdup (path);
  struct stat st;
  for (char *slash; (slash = strrchr (outer, '/')) && slash > outer;) {
    *slash = '\0';
    if (stat (pkt_archive_real_path (outer), &st) != 0)
      continue;
    if (S_ISREG (st.st_mode))
      return outer;
    break;
  }
  g_free (outer);
  return NULL;
}

static gsize
read_member (PktFeed *s, void *p, gsize n)
{
  return pkt_archive_read (((File *)s)->archive, s, p, n);
}

static void
close_member (PktFeed *s)
{
  put_back (((File *)s)->archive);
  g_free (s);
}

static void
leave_member (PktFeed *s)
{
  g_free (s);
}

/* The file that is due. Owned: with its end the archive is nobody's. */
static PktFeed *
open_current (PktArchive *a, gboolean owned)
{
  File *f = g_new0 (File, 1);
  f->base.read = read_member;
  f->base.close = owned ? close_member : leave_member;
  f->archive = a;
  return &f->base;
}

/* Reads on to the file with that number, counted from 1. */
static gboolean
go_to (PktArchive *a, guint wanted)
{
  if (wanted == 0 || a->again > MAX_AGAIN)
    return FALSE;
  if ((a->archive == NULL || a->at >= wanted) && !pkt_archive_start (a))
    return FALSE;
  while (a->at < wanted) {
    g_autofree char *name = pkt_archive_next (a);
    if (name == NULL)
      return FALSE;
  }
  return TRUE;
}

/* Of "may.tar/maillog" the part that is a file of the archive, "may.tar"; NULL. Caller frees. */
static char *
container_of (const PktArchive *a, const char *name)
{
  for (const char *slash = name; (slash = strchr (slash, '/')); slash++) {
    char *part = g_strndup (name, (gsize)(slash - name));
    if (g_hash_table_contains (a->index, part))
      return part;
    g_free (part);
  }
  return NULL;
}

/* Goes into archives within it as far as the name leads. Taken by the caller; *name is what is left
 * of it. */
static PktArchive *
descend (PktArchive *a, const struct stat *st, const char **name)
{
  while (!g_hash_table_contains (a->index, *name) && a->depth < PKT_ARCHIVE_MAX_DEPTH) {
    g_autofree char *part = container_of (a, *name);
    if (part == NULL)
      break;
    g_autofree char *path = g_build_filename (a->path, part, NULL);
    guint depth = a->depth + 1;
    *name += strlen (part) + 1;
    put_back (a);
    a = take (path, st, depth);
  }
  return a;
}

/* An archive in another one, which was listed, and cannot be read now. */
static gsize
read_nothing (PktFeed *s, void *p, gsize n)
{
  (void)p;
  (void)n;
  s->problem = ((File *)s)->problem;
  return 0;
}

static PktFeed *
open_damaged (const char *problem)
{
  File *f = g_new0 (File, 1);
  f->base.read = read_nothing;
  f->base.close = leave_member;
  f->problem = problem;
  return &f->base;
}

PktFeed *
pkt_archive_open (const char *path, PktMember *out, GError **error)
{
  struct stat st;
  g_autofree char *outer = pkt_archive_outer (path);
  PktArchive *a = outer ? take_file (outer, &st) : NULL;
  const char *name = outer ? path + strlen (outer) : path;
  while (*name == '/')
    name++;
  if (a)
    a = descend (a, &st, &name);
  guint wanted = a ? GPOINTER_TO_UINT (g_hash_table_lookup (a->index, name)) : 0;
  if (a == NULL || !go_to (a, wanted)) {
    const char *damage = a && a->depth > 1 ? a->damage : NULL;
    if (damage) {
      put_back (a);
      *out = (PktMember){ 0 };
      return open_damaged (damage);
    }
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: %s", path,
                 wanted ? "the archive cannot be read to there: unpack it first"
                        : "there is no such file or folder");
    if (a)
      put_back (a);
    return NULL;
  }
  out->mtime = archive_entry_mtime_is_set (a->entry) ? archive_entry_mtime (a->entry) : 0;
  out->size = archive_entry_size_is_set (a->entry) ? (guint64)archive_entry_size (a->entry) : 0;
  return open_current (a, TRUE);
}
