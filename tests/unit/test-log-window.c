/* Large files, whose bytes are looked at where they lie: the lines must be those of the same bytes
 * packed, which nobody can look at so. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>
#include <zlib.h>
#include "packet/log/feed.h"
#include "packet/log/reader.h"

#define MIB (1024 * 1024)
#define SIZE (7 * MIB + 12345) /* windows, and a rest that is read */

static char *folder;

static char *
put (const char *name, const GString *bytes)
{
  char *path = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_set_contents (path, bytes->str, (gssize)bytes->len, NULL));
  return path;
}

static char *
put_packed (const char *name, const GString *bytes)
{
  char *path = g_build_filename (folder, name, NULL);
  gzFile f = gzopen (path, "wb1");
  g_assert_cmpint (gzwrite (f, bytes->str, (unsigned)bytes->len), ==, (int)bytes->len);
  g_assert_cmpint (gzclose (f), ==, Z_OK);
  return path;
}

typedef struct {
  guint64 hash;
  guint64 lines, long_lines, bytes, raw_bytes;
} Seen;

static void
add (Seen *s, const PktReader *r, PktSlice line)
{
  s->hash = pkt_slice_hash (line, s->hash) * 31 + pkt_reader_stats (r)->lines;
}

static Seen
read_all (const char *path, guint jobs)
{
  Seen s = { 0 };
  g_autoptr (PktReader) r = pkt_reader_open (path, jobs, NULL);
  g_assert_nonnull (r);
  for (PktSlice line; pkt_reader_next (r, &line);)
    add (&s, r, line);
  const PktReaderStats *stats = pkt_reader_stats (r);
  g_assert_null (stats->problem);
  s.lines = stats->lines;
  s.long_lines = stats->long_lines;
  s.bytes = stats->bytes;
  s.raw_bytes = stats->raw_bytes;
  return s;
}

static void
append_line (GString *to, guint i, gsize n, const char *of)
{
  g_string_append_printf (to, "{\"line\":%u,\"text\":\"", i);
  for (gsize begin = to->len; to->len - begin < n;)
    g_string_append (to, of);
  g_string_append (to, "\"}\n");
}

/* Lines of all lengths; longest: of one, in the middle. */
static GString *
make_log (const char *first, const char *of, gsize longest)
{
  GString *log = g_string_new (first);
  guint i = 0;
  for (gboolean had = longest == 0; log->len < SIZE; i++) {
    const gboolean now = !had && log->len > SIZE / 2;
    append_line (log, i, now ? longest : i * 7919u % 700, of);
    had = had || now;
  }
  return log;
}

/* Parts of a file that are not in memory; to 0: none. */
static const struct {
  off_t from, to;
} holes[] = { { 0, 0 }, { 0, MIB }, { 0, 3 * MIB }, { 2 * MIB, 4 * MIB }, { 5 * MIB, 6 * MIB } };

static const struct {
  const char *name, *first, *of;
  gsize longest; /* of one line, bytes */
} logs[] = {
  { "text", "a log\n", "word ", 0 },
  { "text-longer", "a log\n", "word ", 60 * 1024 },    /* the longest that is not cut */
  { "text-too-long", "a log\n", "word ", 100 * 1024 }, /* cut */
  { "text-too-much", "a log\n", "word ", 600 * 1024 }, /* fills blocks */
  { "json", "", "word ", 0 },
  { "json-longer", "", "word ", 15 * 1024 },
  { "json-broken", "", "word\",\"word\":\"", 100 * 1024 }, /* line ends are put in */
  { "crlf", "a log\r\n", "word\r", 0 },
};

static gboolean
is_mapped (const char *path)
{
  g_autofree char *maps = NULL;
  return g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL) && strstr (maps, path);
}

/* What lies between is in memory no more, where the file system lets go of it. */
static void
evict (const char *path, off_t from, off_t to)
{
  const int fd = g_open (path, O_RDONLY, 0);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fdatasync (fd), ==, 0);
  g_assert_cmpint (posix_fadvise (fd, from, to - from, POSIX_FADV_DONTNEED), ==, 0);
  g_assert_cmpint (close (fd), ==, 0);
}

static void
test_same (gconstpointer data)
{
  const gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) log = make_log (logs[i].first, logs[i].of, logs[i].longest);
  g_autofree char *plain = put ("plain", log), *packed = put_packed ("packed.gz", log);
  const Seen want = read_all (packed, 1);
  g_assert_cmpuint (want.lines, >, 1000);
  for (guint k = 0; k < 2 * G_N_ELEMENTS (holes); k++) {
    if (holes[k / 2].to)
      evict (plain, holes[k / 2].from, holes[k / 2].to);
    const Seen got = read_all (plain, k % 2 ? 4 : 1);
    g_assert_cmpuint (got.hash, ==, want.hash);
    g_assert_cmpuint (got.lines, ==, want.lines);
    g_assert_cmpuint (got.long_lines, ==, want.long_lines);
    g_assert_cmpuint (got.bytes, ==, want.bytes);
    g_assert_cmpuint (got.raw_bytes, ==, log->len);
  }
}

/* Is a file that is in memory looked at where it lies? */
static gboolean
is_seen_whole (const char *path)
{
  read_all (path, 1);
  g_autoptr (PktReader) r = pkt_reader_open (path, 1, NULL);
  PktSlice line;
  return pkt_reader_next (r, &line) && is_mapped (path);
}

/* Bytes that are not in memory are read, and those behind them are looked at where they lie. */
static void
test_hole (gconstpointer data)
{
  const gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) log = make_log (logs[i].first, logs[i].of, 0);
  g_autofree char *path = put ("plain", log);
  gboolean seen[4] = { FALSE }; /* each 2 MiB of it, in the middle */
  read_all (path, 1);
  evict (path, 0, 2 * MIB); /* of a later one the system has read enough ahead, mostly */
  g_autoptr (PktReader) r = pkt_reader_open (path, 1, NULL);
  gsize at = 0;
  for (PktSlice line; pkt_reader_next (r, &line); at += line.n + 1)
    if (at / MIB % 2 == 1 && at % MIB < 4096)
      seen[at / (2 * MIB)] = is_mapped (path);
  if (seen[0] || !is_seen_whole (path)) {
    g_test_skip ("this file system does not tell what is in memory, or lets go of nothing");
    return;
  }
  g_assert_true (seen[1]);
  g_assert_true (seen[2]);
  g_assert_false (seen[3]); /* not a whole window */
}

/* A log that is too small for a window, or is not in memory. */
static void
test_cut_small (void)
{
  char room[100];
  g_autofree char *path = g_build_filename (folder, "small.log", NULL),
                  *text = g_strnfill (1000, '\n');
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  for (gsize left = 0; left <= 1000; left += 500) {
    g_autoptr (PktFeed) feed = pkt_feed_fd (g_open (path, O_RDWR, 0));
    g_assert_cmpuint (pkt_feed_read (feed, room, sizeof room), ==, sizeof room);
    g_assert_cmpint (truncate (path, (off_t)left), ==, 0);
    while (pkt_feed_read (feed, room, sizeof room))
      ;
    g_assert_cmpstr (feed->problem, ==, left < 1000 ? PKT_FEED_CUT : NULL);
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  }
  g_unlink (path);
}

/* Cut while its first window is open, as logrotate's copytruncate does: what is left is told as it
 * stands there, and the user hears of it. */
static void
test_cut (gconstpointer data)
{
  const guint jobs = GPOINTER_TO_UINT (data);
  g_autoptr (GString) log = make_log ("a log\n", "word ", 0);
  g_autofree char *path = put ("plain", log);
  g_autoptr (PktReader) r = pkt_reader_open (path, jobs, NULL);
  gsize at = 0;
  PktSlice line;
  g_assert_true (pkt_reader_next (r, &line));
  at += line.n + 1;
  if (!is_mapped (path)) {
    g_test_skip ("this file system does not tell what is in memory, so nothing is mapped");
    return;
  }
  g_assert_cmpint (truncate (path, MIB), ==, 0);
  gboolean whole = TRUE;
  while (pkt_reader_next (r, &line)) {
    if (at + line.n < MIB)
      g_assert_cmpmem (log->str + at, line.n, line.p, line.n);
    whole = whole && at + line.n < log->len && memcmp (log->str + at, line.p, line.n) == 0;
    at += line.n + 1;
  }
  g_assert_cmpuint (at, >, MIB);
  if (whole && at >= log->len) {
    g_test_skip ("threads had read all of it before it was cut");
    return;
  }
  g_assert_cmpstr (pkt_reader_stats (r)->problem, ==, "became shorter while it was read");
}

/* A signal that is not a window's goes where it went before. */
static void
test_others_signals (void)
{
  if (g_test_subprocess ()) {
    g_autoptr (GString) log = make_log ("a log\n", "word ", 0);
    g_autofree char *path = put ("plain", log);
    read_all (path, 1);
    g_unlink (path);
    g_rmdir (folder);
    raise (SIGBUS);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
}

/* No window outlives its reader. */
static void
test_given_back (void)
{
  g_autoptr (GString) log = make_log ("a log\n", "word ", 0);
  g_autofree char *path = put ("plain", log);
  for (guint i = 0; i < PKT_WINDOWS * 2; i++) {
    g_autoptr (PktReader) r = pkt_reader_open (path, 1, NULL);
    PktSlice line;
    g_assert_true (pkt_reader_next (r, &line));
    g_assert_true (pkt_slice_equal (line, PKT_SLICE ("a log")));
  }
  g_assert_false (is_mapped (path));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("POSTPACKET_READ", "map", FALSE); /* whatever this processor is quicker at */
  folder = g_dir_make_tmp ("window-XXXXXX", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (logs); i++) {
    g_autofree char *path = g_strconcat ("/log/window/same/", logs[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_same);
  }
  g_test_add_data_func ("/log/window/hole", GSIZE_TO_POINTER (0), test_hole);
  g_test_add_data_func ("/log/window/hole-json", GSIZE_TO_POINTER (4), test_hole);
  g_test_add_func ("/log/window/cut-small", test_cut_small);
  g_test_add_data_func ("/log/window/cut", GUINT_TO_POINTER (1), test_cut);
  g_test_add_data_func ("/log/window/cut-threads", GUINT_TO_POINTER (3), test_cut);
  g_test_add_func ("/log/window/others-signals", test_others_signals);
  g_test_add_func ("/log/window/given-back", test_given_back);
  int status = g_test_run ();
  static const char *const names[] = { "plain", "packed.gz" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (folder);
  return status;
}
