#include "packet/run/state-files.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/slice.h"
#include "packet/base/sort.h"
#include "packet/log/input.h"
#include "packet/log/part.h"
#include "packet/log/utf16.h"

#define TAIL (64 * 1024)          /* a line that is longer is cut anyway */
#define ALL ((guint64)G_MAXINT64) /* offset of a packed file, which was read whole */

void
state_file_clear (gpointer file)
{
  g_free (((StateFile *)file)->path);
}

/* A file as it lies there now. */
typedef struct {
  struct stat st;
  char head[STATE_HEAD];
  guint32 head_n;
  gboolean plain;
  guint64 end; /* after its last line end; 0 for a packed file, which is read to its end */
} Present;

/* Bytes up to and with the last line end: a line that is still being written is for the next run.
 * FALSE with errno. */
static gboolean
find_last_line_end (int fd, guint64 size, guint64 *end)
{
  g_autofree char *tail = g_malloc (TAIL);
  guint64 from = size > TAIL ? size - TAIL : 0;
  gssize got = pread (fd, tail, (gsize)(size - from), (off_t)from);
  for (gssize i = got; i-- > 0;)
    if (tail[i] == '\n') {
      *end = from + (guint64)i + 1;
      return TRUE;
    }
  *end = from;
  return got >= 0;
}

/* Its first bytes are its first characters, but for a byte order mark. */
static gboolean
is_plain (const Present *p, const char *raw, gsize n)
{
  gsize mark = n >= PKT_UTF8_MARK_BYTES && memcmp (raw, PKT_UTF8_MARK, PKT_UTF8_MARK_BYTES) == 0
                   ? PKT_UTF8_MARK_BYTES
                   : 0;
  gsize both = MIN (p->head_n, n - mark);
  return p->head_n - both <= mark && n - mark == both && memcmp (p->head, raw + mark, both) == 0;
}

/* FALSE with errno. */
static gboolean
look_at (const char *path, Present *p)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return FALSE;
  char raw[STATE_HEAD];
  gssize raw_n = pread (fd, raw, sizeof raw, 0);
  int e = raw_n < 0 ? errno : 0;
  gboolean ok = raw_n >= 0 && fstat (fd, &p->st) == 0 && S_ISREG (p->st.st_mode);
  if (ok) {
    p->head_n = (guint32)pkt_input_head (path, p->head, sizeof p->head);
    p->plain = is_plain (p, raw, (gsize)raw_n);
    p->end = 0;
    ok = !p->plain || find_last_line_end (fd, (guint64)p->st.st_size, &p->end);
    e = ok ? e : errno;
  }
  close (fd);
  errno = e;
  return ok;
}

static guint64
digest (const char *p, guint32 n)
{
  return pkt_slice_hash (pkt_slice (p, n), 0);
}

static gboolean
begins_alike (const StateFile *f, const Present *p)
{
  return f->head_n > 0 && p->head_n >= f->head_n && digest (p->head, f->head_n) == f->head;
}

/* By inode and first bytes; a copy, packed or not, has its first bytes alone. */
static StateFile *
find_file (GArray *files, const Present *p)
{
  StateFile *copy = NULL;
  for (guint i = 0; i < files->len; i++) {
    StateFile *f = &g_array_index (files, StateFile, i);
    if (!begins_alike (f, p))
      continue;
    if (f->inode == (guint64)p->st.st_ino && f->device == (guint64)p->st.st_dev)
      return f;
    copy = f;
  }
  return copy;
}

static gint64
changed_at (const Present *p)
{
  return (gint64)p->st.st_mtim.tv_sec * 1000000000 + p->st.st_mtim.tv_nsec;
}

static gboolean
is_packed (const Present *p)
{
  return p->end == 0 && p->head_n > 0 && !p->plain;
}

/* Names the part of `found` that is new, and remembers it as read. */
static void
take (StateFile *f, const char *base, const char *found, const Present *p, guint64 turn,
      GPtrArray *parts)
{
  gboolean packed = is_packed (p);
  if (!packed && p->end < f->offset) /* cut short */
    f->offset = f->offset == ALL ? p->end : 0;
  if (packed ? f->offset != ALL : p->end > f->offset)
    g_ptr_array_add (parts, pkt_part_name (found, f->offset, p->end));
  g_free (f->path);
  f->path = g_strdup (base);
  f->device = (guint64)p->st.st_dev;
  f->inode = (guint64)p->st.st_ino;
  f->changed = changed_at (p);
  f->offset = packed ? ALL : p->end;
  f->head_n = packed ? p->head_n : (guint32)MIN (p->head_n, p->end);
  f->head = digest (p->head, f->head_n);
  f->turn = turn;
}

static void
take_new (GArray *files, const char *base, const char *found, const Present *p, guint64 turn,
          GPtrArray *parts)
{
  const StateFile none = { .path = NULL };
  if (p->head_n == 0 || (p->plain && p->end == 0)) /* no line yet */
    return;
  g_array_append_val (files, none);
  take (&g_array_index (files, StateFile, files->len - 1), base, found, p, turn, parts);
}

/* Files of the same folder whose names begin with this one's: what a log is called after a
 * rotation. */
static GPtrArray *
siblings_of (const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_path_get_dirname (path), *base = g_path_get_basename (path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name (dir));)
    if (g_str_has_prefix (name, base) && !g_str_equal (name, base))
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, pkt_sort_by_text);
  return names;
}

/* The log that was read for this path last. */
static const StateFile *
previous (const GArray *files, const char *path)
{
  const StateFile *last = NULL;
  for (guint i = 0; i < files->len; i++) {
    const StateFile *f = &g_array_index (files, StateFile, i);
    if (g_str_equal (f->path, path) && (last == NULL || f->changed > last->changed))
      last = f;
  }
  return last;
}

/* The rest of the log that was renamed, and logs that came and went since: those written to later
 * than it was when we last looked. */
static void
catch_up (GArray *files, const char *path, guint64 turn, GPtrArray *parts)
{
  const StateFile *last = previous (files, path);
  if (last == NULL)
    return;
  gint64 since = last->changed;
  g_autoptr (GPtrArray) siblings = siblings_of (path);
  for (guint i = 0; i < siblings->len; i++) {
    const char *found = g_ptr_array_index (siblings, i);
    Present p;
    if (!look_at (found, &p))
      continue;
    StateFile *f = find_file (files, &p);
    if (f)
      take (f, path, found, &p, turn, parts);
    else if (changed_at (&p) > since)
      take_new (files, path, found, &p, turn, parts);
  }
}

gboolean
state_files_know (const GArray *files, const char *path)
{
  return previous (files, path) != NULL;
}

gboolean
state_files_next (GArray *files, const char *path, guint64 turn, GPtrArray *parts, GError **error)
{
  Present p;
  gboolean there = look_at (path, &p);
  if (!there && errno != 0 && errno != ENOENT && errno != ENOTDIR) {
    int e = errno;
    g_set_error (error, PKT_ERROR, PKT_ERROR_IO, "%s: %s", path, g_strerror (e));
    return FALSE;
  }
  StateFile *f = there ? find_file (files, &p) : NULL;
  if (f) {
    take (f, path, path, &p, turn, parts);
    return TRUE;
  }
  catch_up (files, path, turn, parts);
  if (there)
    take_new (files, path, path, &p, turn, parts);
  return TRUE;
}
