/* Archives by libarchive. The one that was read last stays open where it was left, so that files
 * that are asked for in their order are unpacked once. */
#include "packet/log/archive.h"
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"

#define TAR_MAGIC_AT 257
#define MAX_AGAIN                                                                                  \
  (G_GUINT64_CONSTANT (64) << 30) /* bytes unpacked, all readings of it together                   \
                                   */

typedef struct {
  char *path;
  struct stat st;
  GPtrArray *names;   /* char*: of its files, in their order, each once */
  GHashTable *index;  /* name -> place + 1 */
  const char *damage; /* what kept it from being listed to its end */
  /* this reading */
  struct archive *archive;
  struct archive_entry *entry;
  PktFeed *below;          /* of a tar; a zip is read by its path */
  GHashTable *seen;        /* name -> how often */
  guint at;                /* files passed */
  guint64 unpacked, again; /* by this reading; by those before */
  guint8 raw[PKT_FEED_RAW];
} Archive;

/* The archive that nobody reads from at present; NULL or taken. */
static Archive *idle;

static void
end_reading (Archive *a)
{
  g_clear_pointer (&a->archive, archive_read_free);
  if (a->below)
    a->again += a->below->bytes;
  a->again += a->unpacked;
  a->unpacked = 0;
  g_clear_pointer (&a->below, pkt_feed_close);
  g_clear_pointer (&a->seen, g_hash_table_unref);
}

static void
forget (Archive *a)
{
  if (a == NULL)
    return;
  end_reading (a);
  g_clear_pointer (&a->names, g_ptr_array_unref);
  g_clear_pointer (&a->index, g_hash_table_unref);
  g_free (a->path);
  g_free (a);
}

static void
put_back (Archive *a)
{
  Archive *old;
  do
    old = g_atomic_pointer_get (&idle);
  while (!g_atomic_pointer_compare_and_exchange (&idle, old, a));
  forget (old);
}

static Archive *
take_idle (const char *path, const struct stat *st)
{
  Archive *a = g_atomic_pointer_get (&idle);
  if (a == NULL || !g_atomic_pointer_compare_and_exchange (&idle, a, NULL))
    return NULL;
  if (g_str_equal (a->path, path) && a->st.st_ino == st->st_ino && a->st.st_dev == st->st_dev
      && a->st.st_size == st->st_size && a->st.st_mtime == st->st_mtime)
    return a;
  forget (a);
  return NULL;
}

typedef enum { KIND_NONE, KIND_ZIP, KIND_TAR } Kind;

static Kind
kind_of (PktFeed *s)
{
  gsize n;
  const guint8 *head = pkt_feed_peek (s, TAR_MAGIC_AT + 5, &n);
  if (n >= 4 && (memcmp (head, "PK\3\4", 4) == 0 || memcmp (head, "PK\5\6", 4) == 0))
    return KIND_ZIP;
  return n >= TAR_MAGIC_AT + 5 && memcmp (head + TAR_MAGIC_AT, "ustar", 5) == 0 ? KIND_TAR
                                                                                : KIND_NONE;
}

/* A zip, a tar, or packed: all others, mostly mails by the thousand, are told by one short read. */
static gboolean
may_be_archive (int fd)
{
  guint8 head[TAR_MAGIC_AT + 5] = { 0 };
  gssize n = pread (fd, head, sizeof head, 0);
  if (n < 0)
    return TRUE;
  return !g_ascii_isprint (head[0]) || memcmp (head, "PK", 2) == 0 || memcmp (head, "BZh", 3) == 0
         || memcmp (head, "(\xb5/\xfd", 4) == 0 || memcmp (head + TAR_MAGIC_AT, "ustar", 5) == 0;
}

gboolean
pkt_archive_is (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd >= 0 && !may_be_archive (fd)) {
    close (fd);
    return FALSE;
  }
  g_autoptr (PktFeed) s = fd < 0 ? NULL : pkt_unpack (pkt_feed_fd (fd));
  return s && kind_of (s) != KIND_NONE;
}

gboolean
pkt_archive_begins (PktFeed *s)
{
  return kind_of (s) != KIND_NONE;
}

static la_ssize_t
give (struct archive *archive, void *data, const void **out)
{
  Archive *a = data;
  gsize n = pkt_feed_read (a->below, a->raw, sizeof a->raw);
  *out = a->raw;
  if (n == 0 && a->below->problem) {
    archive_set_error (archive, EIO, "%s", a->below->problem);
    return -1;
  }
  return (la_ssize_t)n;
}

/* A zip has its table at the end, so libarchive reads it by its path. */
static gboolean
start_reading (Archive *a)
{
  end_reading (a);
  int fd = open (a->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return FALSE;
  PktFeed *s = pkt_feed_fd (fd);
  a->at = 0;
  a->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  a->archive = archive_read_new ();
  if (kind_of (s) == KIND_ZIP) {
    pkt_feed_close (s);
    archive_read_support_format_zip (a->archive);
    return archive_read_open_filename (a->archive, a->path, PKT_FEED_RAW) == ARCHIVE_OK;
  }
  a->below = pkt_unpack (s);
  archive_read_support_format_tar (a->archive);
  archive_read_support_format_zip_streamable (a->archive);
  return archive_read_open (a->archive, a, NULL, give, NULL) == ARCHIVE_OK;
}

/* Its place among those of that name is part of a name that comes again. Freed by the caller. */
static char *
name_of (Archive *a)
{
  const char *raw = archive_entry_pathname (a->entry);
  if (raw == NULL)
    raw = archive_entry_pathname_utf8 (a->entry);
  g_autofree char *name = g_utf8_make_valid (raw ? raw : "file", -1);
  char *begin = name;
  while (*begin == '/' || g_str_has_prefix (begin, "./"))
    begin++;
  guint times = GPOINTER_TO_UINT (g_hash_table_lookup (a->seen, begin)) + 1;
  g_hash_table_replace (a->seen, g_strdup (begin), GUINT_TO_POINTER (times));
  return times == 1 ? g_strdup (begin) : g_strdup_printf ("%s (%u)", begin, times);
}

static gboolean
is_log_like (struct archive_entry *e, const char *name)
{
  const char *base = strrchr (name, '/');
  return archive_entry_filetype (e) == AE_IFREG && archive_entry_hardlink (e) == NULL
         && *name != '\0' && *(base ? base + 1 : name) != '.'
         && !g_str_has_prefix (name, "__MACOSX/")
         && (!archive_entry_size_is_set (e) || archive_entry_size (e) > 0);
}

/* The next file; NULL at the end. Freed by the caller. */
static char *
next_file (Archive *a)
{
  for (;;) {
    int rc = archive_read_next_header (a->archive, &a->entry);
    if (rc == ARCHIVE_RETRY)
      continue;
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) {
      if (rc != ARCHIVE_EOF)
        a->damage = a->below && a->below->problem ? a->below->problem
                                                  : "the archive is damaged or ends early";
      return NULL;
    }
    char *name = name_of (a);
    if (is_log_like (a->entry, name)) {
      a->at++;
      return name;
    }
    g_free (name);
  }
}

static Archive *
archive_new (const char *path, const struct stat *st)
{
  Archive *a = g_new0 (Archive, 1);
  a->path = g_strdup (path);
  a->st = *st;
  a->names = g_ptr_array_new_with_free_func (g_free);
  a->index = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean ok = start_reading (a);
  for (char *name; ok && a->names->len < PKT_ARCHIVE_MAX_FILES && (name = next_file (a));) {
    g_ptr_array_add (a->names, name);
    g_hash_table_insert (a->index, name, GUINT_TO_POINTER (a->names->len));
  }
  if (!ok)
    a->damage = "the archive is damaged";
  else if (a->names->len == PKT_ARCHIVE_MAX_FILES)
    a->damage = "the archive holds more files than are read";
  end_reading (a);
  return a;
}

static Archive *
take (const char *path)
{
  struct stat st;
  if (stat (path, &st) != 0)
    return NULL;
  Archive *a = take_idle (path, &st);
  return a ? a : archive_new (path, &st);
}

GPtrArray *
pkt_archive_list (const char *path, GError **error)
{
  Archive *a = take (path);
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
    if (stat (outer, &st) != 0)
      continue;
    if (S_ISREG (st.st_mode))
      return outer;
    break;
  }
  g_free (outer);
  return NULL;
}

typedef struct {
  PktFeed base;
  Archive *archive;
} File;

static gsize
read_member (PktFeed *s, void *p, gsize n)
{
  Archive *a = ((File *)s)->archive;
  la_ssize_t got = archive_read_data (a->archive, p, n);
  gboolean is_last = a->at == a->names->len;
  if (got > 0)
    a->unpacked += (guint64)got;
  if (got < 0)
    s->problem = archive_entry_is_encrypted (a->entry) ? "it is encrypted: unpack it first"
                 : a->below && a->below->problem       ? a->below->problem
                                                       : "the archive is damaged or ends early";
  else if (got == 0 && is_last && a->damage)
    s->problem = a->damage;
  else if (!a->below && pkt_unpack_is_bomb ((guint64)a->st.st_size, a->unpacked))
    s->problem = PKT_UNPACK_BOMB;
  return got > 0 ? (gsize)got : 0;
}

static void
close_member (PktFeed *s)
{
  put_back (((File *)s)->archive);
  g_free (s);
}

/* Reads on to the file with that number, counted from 1. */
static gboolean
go_to (Archive *a, guint wanted)
{
  if (wanted == 0 || a->again > MAX_AGAIN)
    return FALSE;
  if ((a->archive == NULL || a->at >= wanted) && !start_reading (a))
    return FALSE;
  while (a->at < wanted) {
    g_autofree char *name = next_file (a);
    if (name == NULL)
      return FALSE;
  }
  return TRUE;
}

PktFeed *
pkt_archive_open (const char *path, PktMember *out, GError **error)
{
  g_autofree char *outer = pkt_archive_outer (path);
  Archive *a = outer ? take (outer) : NULL;
  const char *name = outer ? path + strlen (outer) : path;
  while (*name == '/')
    name++;
  guint wanted = a ? GPOINTER_TO_UINT (g_hash_table_lookup (a->index, name)) : 0;
  if (a == NULL || !go_to (a, wanted)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: %s", path,
                 wanted ? "the archive cannot be read to there: unpack it first"
                        : "there is no such file or folder");
    if (a)
      put_back (a);
    return NULL;
  }
  out->mtime = archive_entry_mtime_is_set (a->entry) ? archive_entry_mtime (a->entry) : 0;
  out->size = archive_entry_size_is_set (a->entry) ? (guint64)archive_entry_size (a->entry) : 0;
  File *f = g_new0 (File, 1);
  f->base.read = read_member;
  f->base.close = close_member;
  f->archive = a;
  return &f->base;
}
