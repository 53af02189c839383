#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/store/folder.h"
#include "packet/store/manifest.h"

typedef struct {
  char *dir, *out;
} Place;

static void
set_up (Place *p, gconstpointer data)
{
  (void)data;
  p->dir = g_dir_make_tmp ("folder-XXXXXX", NULL);
  p->out = g_build_filename (p->dir, "case-packet", NULL);
}

static guint
count (const char *dir)
{
  g_autoptr (GDir) d = g_dir_open (dir, 0, NULL);
  g_assert_nonnull (d);
  guint n = 0;
  while (g_dir_read_name (d) != NULL)
    n++;
  return n;
}

static void
remove_all (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK)) {
    g_autoptr (GDir) d = g_dir_open (path, 0, NULL);
    for (const char *name; d != NULL && (name = g_dir_read_name (d)) != NULL;) {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_all (child);
    }
  }
  g_remove (path);
}

static void
tear_down (Place *p, gconstpointer data)
{
  (void)data;
  remove_all (p->dir);
  g_free (p->dir);
  g_free (p->out);
}

static void
add (PktFolder *f, const char *path, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  pkt_folder_add (f, path, bytes);
}

static PktFolder *
example (const char *request)
{
  PktFolder *f = pkt_folder_new ();
  add (f, "request.eml", request);
  add (f, "parts/errors.txt", "550\n");
  add (f, "ticket/ticket.md", "# t\n");
  g_autoptr (json_t) root = json_object ();
  json_object_set_new (root, "files", pkt_manifest_files (f));
  g_autofree char *json = pkt_json_dump (root);
  add (f, "packet.json", json);
  return f;
}

static void
write_ok (const char *out, const char *request, gboolean force)
{
  g_autoptr (PktFolder) f = example (request);
  g_autoptr (GError) error = NULL;
  gboolean ok = pkt_folder_write (f, out, force, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
}

/* Fails, says `word`, and leaves what was there. */
static void
write_fails (Place *p, const char *out, gboolean force, PktErrorCode code, const char *word)
{
  guint before = count (p->dir);
  g_autoptr (PktFolder) f = example ("new\n");
  g_autoptr (GError) error = NULL;
  g_assert_false (pkt_folder_write (f, out, force, &error));
  g_assert_error (error, PKT_ERROR, (int)code);
  if (strstr (error->message, word) == NULL)
    g_error ("\"%s\" is not in \"%s\"", word, error->message);
  g_assert_cmpuint (count (p->dir), ==, before);
}

static void
expect_file (const Place *p, const char *name, const char *want)
{
  g_autofree char *path = g_build_filename (p->out, name, NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, want);
}

static void
expect_mode (const Place *p, const char *name, int mode)
{
  g_autofree char *path = g_build_filename (p->out, name, NULL);
  GStatBuf st;
  g_assert_cmpint (g_lstat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, mode);
}

static void
put (const Place *p, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (p->out, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_write (Place *p, gconstpointer data)
{
  mode_t saved = umask ((mode_t)GPOINTER_TO_UINT (data));
  write_ok (p->out, "old\n", FALSE);
  umask (saved);
  expect_file (p, "request.eml", "old\n");
  expect_file (p, "parts/errors.txt", "550\n");
  expect_mode (p, "", 0700);
  expect_mode (p, "parts", 0700);
  expect_mode (p, "ticket", 0700);
  expect_mode (p, "parts/errors.txt", 0600);
  expect_mode (p, "packet.json", 0600);
  g_assert_cmpuint (count (p->dir), ==, 1);
  g_assert_cmpuint (count (p->out), ==, 4);
}

static void
test_exists (Place *p, gconstpointer data)
{
  (void)data;
  write_ok (p->out, "old\n", FALSE);
  write_fails (p, p->out, FALSE, PKT_ERROR_EXISTS, "--force");
  expect_file (p, "request.eml", "old\n");
  g_autofree char *file = g_build_filename (p->dir, "a-file", NULL);
  g_assert_true (g_file_set_contents (file, "mine", -1, NULL));
  write_fails (p, file, FALSE, PKT_ERROR_EXISTS, "--force");
  write_fails (p, file, TRUE, PKT_ERROR_EXISTS, "no folder");
}

static void
test_force (Place *p, gconstpointer data)
{
  (void)data;
  write_ok (p->out, "old\n", TRUE);
  write_ok (p->out, "new\n", TRUE);
  expect_file (p, "request.eml", "new\n");
  g_autofree char *slash = g_strconcat (p->out, "//", NULL);
  write_ok (slash, "newer\n", TRUE);
  expect_file (p, "request.eml", "newer\n");
  g_assert_cmpuint (count (p->dir), ==, 1);
}

static void
test_foreign (Place *p, gconstpointer data)
{
  (void)data;
  static const char *const names[] = { "notes.txt", "parts/mine.txt", ".hidden" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    write_ok (p->out, "old\n", TRUE);
    put (p, names[i], "mine");
    write_fails (p, p->out, TRUE, PKT_ERROR_EXISTS, names[i]);
    expect_file (p, names[i], "mine");
    expect_file (p, "request.eml", "old\n");
    g_autofree char *path = g_build_filename (p->out, names[i], NULL);
    g_unlink (path);
  }
  g_autofree char *folder = g_build_filename (p->out, "empty", NULL);
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  write_fails (p, p->out, TRUE, PKT_ERROR_EXISTS, "empty");
  g_rmdir (folder);
  /* A listed name that is no file any more. */
  g_autofree char *request = g_build_filename (p->out, "request.eml", NULL);
  g_unlink (request);
  g_assert_cmpint (symlink ("/etc/passwd", request), ==, 0);
  write_fails (p, p->out, TRUE, PKT_ERROR_EXISTS, "request.eml");
}

static void
test_no_packet (Place *p, gconstpointer data)
{
  (void)data;
  g_assert_cmpint (g_mkdir (p->out, 0755), ==, 0);
  write_fails (p, p->out, TRUE, PKT_ERROR_EXISTS, "no packet of ours");
  static const char *const manifests[] = { "", "[]", "{\"files\": 1}",
                                           "{\"name\": \"another program's\"}", "{\"files\": [" };
  for (gsize i = 0; i < G_N_ELEMENTS (manifests); i++) {
    put (p, "packet.json", manifests[i]);
    write_fails (p, p->out, TRUE, PKT_ERROR_EXISTS, "no packet of ours");
  }
  /* A list that points elsewhere lets nothing elsewhere be touched. */
  g_autofree char *outside = g_build_filename (p->dir, "outside", NULL);
  g_assert_true (g_file_set_contents (outside, "mine", -1, NULL));
  put (p, "packet.json", "{\"files\": [{\"path\": \"../outside\"}, {\"path\": 1}, 2]}");
  write_ok (p->out, "new\n", TRUE);
  g_assert_true (g_file_test (outside, G_FILE_TEST_IS_REGULAR));
}

static void
test_symlink (Place *p, gconstpointer data)
{
  (void)data;
  write_ok (p->out, "old\n", FALSE);
  g_autofree char *link = g_build_filename (p->dir, "link", NULL);
  g_autofree char *link_slash = g_strconcat (link, "/", NULL);
  g_assert_cmpint (symlink (p->out, link), ==, 0);
  write_fails (p, link, TRUE, PKT_ERROR_EXISTS, "symlink");
  write_fails (p, link_slash, TRUE, PKT_ERROR_EXISTS, "symlink");
  write_fails (p, link, FALSE, PKT_ERROR_EXISTS, "--output");
  g_unlink (link);
  g_assert_cmpint (symlink ("nowhere", link), ==, 0);
  write_fails (p, link, TRUE, PKT_ERROR_EXISTS, "symlink");
  expect_file (p, "request.eml", "old\n");
}

static void
test_no_parent (Place *p, gconstpointer data)
{
  (void)data;
  g_autofree char *missing = g_build_filename (p->dir, "missing", "packet", NULL);
  write_fails (p, missing, FALSE, PKT_ERROR_EXISTS, "missing");
  g_autofree char *file = g_build_filename (p->dir, "file", NULL);
  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_autofree char *below = g_build_filename (file, "packet", NULL);
  write_fails (p, below, FALSE, PKT_ERROR_EXISTS, "file");
}

static void
test_read_only_parent (Place *p, gconstpointer data)
{
  (void)data;
  uid_t user = geteuid ();
  g_assert_cmpint (g_chmod (p->dir, 0555), ==, 0);
  if (user == 0 && seteuid (65534) != 0) {
    g_test_skip ("root may write everywhere here");
    return;
  }
  write_fails (p, p->out, FALSE, PKT_ERROR_EXISTS, "ermission");
  g_assert_cmpint (seteuid (user), ==, 0);
  g_assert_cmpint (g_chmod (p->dir, 0700), ==, 0);
}

/* A file that may not grow stands for a full disk. */
static void
test_full_disk (Place *p, gconstpointer data)
{
  (void)data;
  write_ok (p->out, "old\n", FALSE);
  struct rlimit saved, small;
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &saved), ==, 0);
  small = saved;
  small.rlim_cur = 3;
  void (*handler) (int) = signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_autofree char *other = g_build_filename (p->dir, "other", NULL);
  g_autoptr (PktFolder) f = example ("new\n");
  g_autoptr (GError) a = NULL, b = NULL;
  gboolean made = pkt_folder_write (f, other, FALSE, &a);
  gboolean replaced = pkt_folder_write (f, p->out, TRUE, &b);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &saved), ==, 0);
  signal (SIGXFSZ, handler);
  g_assert_false (made);
  g_assert_false (replaced);
  g_assert_error (a, PKT_ERROR, PKT_ERROR_IO);
  g_assert_error (b, PKT_ERROR, PKT_ERROR_IO);
  g_assert_cmpuint (count (p->dir), ==, 1);
  expect_file (p, "request.eml", "old\n");
}

static void
test_bad_paths (Place *p, gconstpointer data)
{
  (void)data;
  static const char *const paths[] = { "",    "/etc/passwd",   "../x",       "a/../b", "a/b/c",
                                       ".x",  "parts/.x",      "a//b",       "parts/", "a\nb",
                                       "a b", "r\xc3\xa9.txt", "packet.json" };
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (PktFolder) f = example ("x");
    add (f, paths[i], "y");
    g_autoptr (GError) error = NULL;
    g_assert_false (pkt_folder_write (f, p->out, FALSE, &error));
    g_assert_error (error, PKT_ERROR, PKT_ERROR_BUG);
  }
  g_autoptr (PktFolder) none = pkt_folder_new ();
  g_autoptr (GError) error = NULL;
  g_assert_false (pkt_folder_write (none, p->out, FALSE, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_BUG);
  /* A file where a folder is needed. */
  g_autoptr (PktFolder) both = example ("x");
  add (both, "parts", "y");
  g_clear_error (&error);
  g_assert_false (pkt_folder_write (both, p->out, FALSE, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (count (p->dir), ==, 0);
}

static const struct {
  const char *name;
  void (*test) (Place *p, gconstpointer data);
  guint data;
} tests[] = {
  { "write", test_write, 0022 },
  { "write-umask-0777", test_write, 0777 },
  { "write-umask-0000", test_write, 0000 },
  { "exists", test_exists, 0 },
  { "force", test_force, 0 },
  { "foreign", test_foreign, 0 },
  { "no-packet", test_no_packet, 0 },
  { "symlink", test_symlink, 0 },
  { "no-parent", test_no_parent, 0 },
  { "read-only-parent", test_read_only_parent, 0 },
  { "full-disk", test_full_disk, 0 },
  { "bad-paths", test_bad_paths, 0 },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strconcat ("/store/folder/", tests[i].name, NULL);
    g_test_add (path, Place, GUINT_TO_POINTER (tests[i].data), set_up, tests[i].test, tear_down);
  }
  return g_test_run ();
}
