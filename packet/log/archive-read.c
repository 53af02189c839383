/* One reading of an archive by libarchive, from its beginning forward. */
#include "packet/log/archive-read.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "packet/base/archive.h"
#include "packet/log/archive-form.h"

/* FALSE when that many more bytes from archives within the file are taken for a bomb: of all that
 * lie in it together, and all readings of them. */
static gboolean
charge (const PktArchive *a, guint64 n)
{
  static GMutex lock;
  static GHashTable *sums; /* device and inode -> bytes */
  gint64 key = (gint64)(((guint64)a->st.st_dev << 40) ^ (guint64)a->st.st_ino);
  g_mutex_lock (&lock);
  if (sums == NULL)
    sums = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  guint64 *sum = g_hash_table_lookup (sums, &key);
  if (sum == NULL) {
    sum = g_new0 (guint64, 1);
    g_hash_table_insert (sums, g_memdup2 (&key, sizeof key), sum);
  }
  *sum += n;
  gboolean bomb = pkt_unpack_is_bomb ((guint64)a->st.st_size, *sum);
  g_mutex_unlock (&lock);
  return !bomb;
}

void
pkt_archive_end (PktArchive *a)
{
  g_clear_pointer (&a->archive, archive_read_free);
  if (a->below)
    a->again += a->below->bytes;
  a->again += a->unpacked;
  a->unpacked = 0;
  g_clear_pointer (&a->below, pkt_feed_close);
  g_clear_pointer (&a->seen, g_hash_table_unref);
}

static la_ssize_t
give (struct archive *archive, void *data, const void **out)
{
  PktArchive *a = data;
  gsize n = pkt_feed_read (a->below, a->raw, sizeof a->raw);
  *out = a->raw;
  if (a->depth > 1 && !charge (a, n))
    a->below->problem = a->damage = PKT_UNPACK_BOMB;
  if ((n == 0 || a->depth > 1) && a->below->problem) {
    archive_set_error (archive, EIO, "%s", a->below->problem);
    return -1;
  }
  return (la_ssize_t)n;
}

/* Takes the stream; TRUE when libarchive does too. */
static gboolean
read_below (PktArchive *a, PktFeed *s)
{
  a->below = pkt_unpack (s);
  a->streamed = pkt_archive_form (a->below) == PKT_FORM_ZIP;
  archive_read_support_format_tar (a->archive);
  archive_read_support_format_zip_streamable (a->archive);
  return archive_read_open (a->archive, a, NULL, give, NULL) == ARCHIVE_OK;
}

static void
begin_reading (PktArchive *a)
{
  pkt_archive_end (a);
  a->at = 0;
  a->entry = NULL;
  a->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  a->archive = archive_read_new ();
}

gboolean
pkt_archive_start_feed (PktArchive *a, PktFeed *feed)
{
  begin_reading (a);
  return read_below (a, feed);
}

/* A zip has its table at the end, so libarchive reads it by its path. */
gboolean
pkt_archive_start (PktArchive *a)
{
  PktMember member;
  begin_reading (a);
  if (a->depth > 1) {
    PktFeed *s = pkt_archive_open (a->path, &member, NULL);
    return s && read_below (a, s);
  }
  const char *path = pkt_archive_real_path (a->path);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return FALSE;
  PktFeed *s = pkt_feed_fd (fd);
  if (pkt_archive_form (s) != PKT_FORM_ZIP)
    return read_below (a, s);
  pkt_feed_close (s);
  archive_read_support_format_zip (a->archive);
  return archive_read_open_filename (a->archive, path, PKT_FEED_RAW) == ARCHIVE_OK;
}

/* Its place among those of that name is part of a name that comes again. Freed by the caller. */
static char *
name_of (PktArchive *a)
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

/* Reads what is left of a zip's file in a stream, which libarchive would unpack without a bound to
 * find its end. FALSE: that is too much. */
static gboolean
drain (PktArchive *a)
{
  char room[16 * 1024];
  for (la_ssize_t got; (got = archive_read_data (a->archive, room, sizeof room)) > 0;) {
    a->unpacked += (guint64)got;
    if (charge (a, (guint64)got))
      continue;
    a->damage = PKT_UNPACK_BOMB;
    return FALSE;
  }
  return TRUE;
}

char *
pkt_archive_next (PktArchive *a)
{
  for (;;) {
    if (a->streamed && a->entry && !drain (a))
      return NULL;
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

gsize
pkt_archive_read (PktArchive *a, PktFeed *s, void *p, gsize n)
{
  la_ssize_t got = archive_read_data (a->archive, p, n);
  gboolean is_last = a->at == a->files;
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
  else if (a->streamed && got > 0 && !charge (a, (guint64)got))
    s->problem = PKT_UNPACK_BOMB;
  return got > 0 ? (gsize)got : 0;
}
