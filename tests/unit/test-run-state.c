#include <glib/gstdio.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/log/input.h"
#include "packet/run/scan.h"
#include "packet/run/state-form.h"

typedef struct {
  char *folder, *log;
  PktState *state;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  (void)data;
  f->folder = g_dir_make_tmp ("postpacket-state-XXXXXX", NULL);
  f->log = g_build_filename (f->folder, "mail.log", NULL);
  f->state = pkt_state_load (f->folder, "", NULL); /* a folder is no state */
  g_assert_null (f->state);
  f->state = pkt_state_load ("/nonexistent", "", NULL);
  g_assert_nonnull (f->state);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  (void)data;
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (f->folder, name, NULL);
    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  pkt_state_free (f->state);
  g_free (f->folder);
  g_free (f->log);
}

static void
append (const char *path, const char *text)
{
  FILE *file = fopen (path, "a");
  g_assert_nonnull (file);
  g_assert_cmpint (fputs (text, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
test_lock (Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *state = g_build_filename (f->folder, "state", NULL),
                  *nowhere = g_build_filename (f->folder, "none", "state", NULL);
  g_autoptr (GError) error = NULL, other = NULL;
  int first = pkt_state_lock (state, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (first, >=, 0);
  g_assert_cmpint (pkt_state_lock (state, 0, &error), ==, -1);
  g_assert_error (error, PKT_ERROR, PKT_ERROR_AGAIN);
  close (first);
  int second = pkt_state_lock (state, 0, NULL);
  g_assert_cmpint (second, >=, 0);
  close (second);
  g_assert_cmpint (pkt_state_lock (nowhere, 0, &other), ==, -1);
  g_assert_error (other, PKT_ERROR, PKT_ERROR_EXISTS);
}

/* What one more run would read, parts after each other. */
static char *
next (Fixture *f)
{
  const char *const paths[] = { f->log, NULL };
  GError *error = NULL;
  g_autoptr (GPtrArray) parts = pkt_state_parts (f->state, paths, &error);
  g_assert_no_error (error);
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < parts->len; i++) {
    char room[4096];
    gsize n = pkt_input_head (g_ptr_array_index (parts, i), room, sizeof room);
    g_string_append_len (out, room, (gssize)n);
  }
  return g_string_free (out, FALSE);
}

static void
assert_next (Fixture *f, const char *want)
{
  g_autofree char *got = next (f);
  g_assert_cmpstr (got, ==, want);
}

static char *
rotated (const Fixture *f, const char *suffix)
{
  return g_strconcat (f->log, suffix, NULL);
}

/* Only what is new, and no line before it is whole. */
static void
test_grows (Fixture *f, gconstpointer data)
{
  (void)data;
  append (f->log, "one\ntwo\nthr");
  assert_next (f, "one\ntwo\n");
  assert_next (f, "");
  append (f->log, "ee\nfour");
  assert_next (f, "three\n");
  append (f->log, "\n");
  assert_next (f, "four\n");
}

static void
test_renamed (Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *first = rotated (f, ".1"), *second = rotated (f, ".2");
  append (f->log, "one\ntwo\n");
  assert_next (f, "one\ntwo\n");
  append (f->log, "three\n");
  g_assert_cmpint (g_rename (f->log, first), ==, 0);
  assert_next (f, "three\n"); /* no new log yet */
  append (f->log, "four\n");
  g_assert_cmpint (g_rename (first, second), ==, 0);
  g_assert_cmpint (g_rename (f->log, first), ==, 0); /* came and went between two runs */
  append (f->log, "five\n");
  assert_next (f, "four\nfive\n");
  assert_next (f, "");
}

static void
test_copied_and_cut (Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *copy = rotated (f, ".1"), *text = NULL;
  append (f->log, "one\ntwo\n");
  assert_next (f, "one\ntwo\n");
  append (f->log, "three\n");
  g_assert_true (g_file_get_contents (f->log, &text, NULL, NULL));
  append (copy, text);
  g_assert_cmpint (truncate (f->log, 0), ==, 0);
  append (f->log, "four\n");
  assert_next (f, "three\nfour\n");
  assert_next (f, "");
}

/* A log that takes the inode of one that is gone. */
static void
test_inode_again (Fixture *f, gconstpointer data)
{
  (void)data;
  append (f->log, "one\ntwo\n");
  assert_next (f, "one\ntwo\n");
  g_assert_cmpint (truncate (f->log, 0), ==, 0);
  append (f->log, "another log, and longer\n");
  assert_next (f, "another log, and longer\n");
}

#define MANY 20000 /* lines: more than the reader has in hand when it tells of its progress */

static void
write_many (const char *path)
{
  g_autoptr (GString) log = g_string_new (NULL);
  for (guint i = 0; i < MANY; i++)
    g_string_append_printf (
        log, "Mar  3 10:00:00 m postfix/smtp[1]: 3172D7%05X: to=<a%u@icloud.com>, relay=mx01.mail.\
icloud.com[17.57.156.30]:25, delay=1, delays=0/0/1/0, dsn=2.0.0, status=sent (250 2.0.0 Ok)\n",
        i, i);
  g_assert_true (g_file_set_contents (path, log->str, (gssize)log->len, NULL));
}

static void
cut_short (const PktProgress *now, gpointer log)
{
  (void)now;
  g_assert_cmpint (truncate (log, 1000), ==, 0);
}

/* Messages that a run counted; 0 where it could not read all. */
static gint64
run_state (Fixture *f, const char *state_path, PktShowProgress progress)
{
  const char *const paths[] = { f->log, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (PktCatalogue) catalogue = pkt_catalogue_new ();
  g_autoptr (PktState) state = pkt_state_load (state_path, "", &error);
  g_assert_no_error (error);
  const PktScanOptions options = { .since = PKT_NO_TIME,
                                   .until = PKT_NO_TIME,
                                   .jobs = 1,
                                   .state = state,
                                   .state_path = state_path,
                                   .progress = progress,
                                   .progress_data = f->log };
  g_autoptr (PktScan) scan = pkt_scan_run (catalogue, paths, &options, &error);
  g_assert_no_error (error);
  gint64 n = 0;
  for (guint i = 0; !scan->partial && i < scan->tally->cells->len; i++)
    n += g_array_index (scan->tally->cells, PktCell, i).count;
  return n;
}

/* logrotate's copytruncate while it is read: what it held comes again, in the copy. */
static void
test_broke_off (Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *state = g_build_filename (f->folder, "state", NULL);
  write_many (f->log);
  g_assert_cmpint (run_state (f, state, cut_short), ==, 0);
  g_assert_false (g_file_test (state, G_FILE_TEST_EXISTS));
  write_many (f->log);
  g_assert_cmpint (run_state (f, state, NULL), ==, MANY);
  g_assert_true (g_file_test (state, G_FILE_TEST_EXISTS));
}

static void
test_no_state (Fixture *f, gconstpointer data)
{
  (void)f;
  (void)data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("no state at all", 15);
  g_assert_null (pkt_state_parse ("x", "", bytes, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
}

/* A cell of a quarter that no clock shows is damage, however it is written. */
static void
test_far_slots (Fixture *f, gconstpointer data)
{
  (void)f, (void)data;
  static const struct {
    const char *slot;
    gboolean sound;
  } cells[] = { { "1950000", TRUE },
                { "-1950000", TRUE },
                { "9223372036854775807", FALSE },
                { "-9223372036854775808", FALSE } };
  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++) {
    g_autofree char *text = g_strdup_printf ("('" STATE_MAGIC "', '', 0, [], [''], [], "
                                             "[(%s, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0)], "
                                             "0, [], [], [], [])",
                                             cells[i].slot);
    g_autoptr (GError) error = NULL;
    g_autoptr (GVariant) v = g_variant_parse (G_VARIANT_TYPE (STATE_TYPE), text, NULL, NULL,
                                              &error);
    g_assert_no_error (error);
    g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (v);
    g_autoptr (PktState) s = pkt_state_parse ("state", "", bytes, NULL);
    g_test_message ("%s", cells[i].slot);
    g_assert_true ((s != NULL) == cells[i].sound);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  static const struct {
    const char *name;
    void (*run) (Fixture *f, gconstpointer data);
  } tests[] = { { "/run/state/grows", test_grows },
                { "/run/state/renamed", test_renamed },
                { "/run/state/copied-and-cut", test_copied_and_cut },
                { "/run/state/inode-again", test_inode_again },
                { "/run/state/broke-off", test_broke_off },
                { "/run/state/lock", test_lock },
                { "/run/state/far-slots", test_far_slots },
                { "/run/state/no-state", test_no_state } };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
