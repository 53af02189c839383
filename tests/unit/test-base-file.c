/* Files, errors, and JSON texts. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/clock.h"
#include "packet/base/data.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"

static char *folder;

static void
test_write_read (void)
{
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (GError) error = NULL;
  static const char bytes[] = "one\0two";
  g_assert_true (pkt_file_write (path, bytes, sizeof bytes - 1, 0600, &error));
  g_assert_no_error (error);
  GStatBuf st;
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  gsize n;
  g_autofree char *got = pkt_file_read (path, 7, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (got, n, bytes, sizeof bytes - 1);
  g_assert_cmpint (got[n], ==, '\0');
  g_assert_null (pkt_file_read (path, 6, &n, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  g_clear_error (&error);
  g_assert_true (pkt_file_write (path, "new", 3, 0644, &error)); /* in place of the old one */
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0644);
  g_assert_cmpint (st.st_size, ==, 3);
  g_unlink (path);
}

static void
test_not_there (void)
{
  g_autofree char *path = g_build_filename (folder, "no", "such", NULL);
  g_autoptr (GError) error = NULL;
  gsize n;
  g_assert_null (pkt_file_read (path, 10, &n, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_NOINPUT);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
  g_assert_null (pkt_file_read (folder, 10, &n, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_NOINPUT);
  g_clear_error (&error);
  g_assert_false (pkt_file_write (path, "x", 1, 0600, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_EXISTS);
}

/* A failed write leaves neither the new file nor a temporary one. */
static void
test_no_leftovers (void)
{
  g_autofree char *path = g_build_filename (folder, "taken", NULL),
                  *inside = g_build_filename (path, "file", NULL);
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (inside, "x", 1, NULL));
  g_assert_false (pkt_file_write (path, "x", 1, 0600, &error)); /* a folder of that name */
  g_assert_error (error, PKT_ERROR, PKT_ERROR_IO);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "taken");
  g_assert_null (g_dir_read_name (dir));
  g_unlink (inside);
  g_rmdir (path);
}

/* As root a rename would make a file of /dev/null. */
static void
test_special (void)
{
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL),
                  *link = g_build_filename (folder, "link", NULL);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (symlink ("pipe", link), ==, 0);
  const char *const paths[] = { pipe, link };
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) error = NULL;
    GStatBuf st;
    g_assert_false (pkt_file_write (paths[i], "x", 1, 0600, &error));
    g_assert_error (error, PKT_ERROR, PKT_ERROR_EXISTS);
    g_assert_cmpint (g_stat (paths[i], &st), ==, 0);
    g_assert_true (S_ISFIFO (st.st_mode));
  }
  g_unlink (link);
  g_unlink (pipe);
}

static guint
names_in_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Where one of several cannot be written none is there, and what was there stays. */
static void
test_set (void)
{
  g_autofree char *old = g_build_filename (folder, "a", NULL),
                  *fresh = g_build_filename (folder, "b", NULL),
                  *taken = g_build_filename (folder, "c", NULL),
                  *nowhere = g_build_filename (folder, "no", "such", NULL), *text = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (old, "old", -1, NULL));
  PktFileOut files[] = { { old, pkt_slice_str ("new") },
                         { fresh, pkt_slice_str ("b") },
                         { nowhere, pkt_slice_str ("c") } };
  g_assert_false (pkt_file_write_set (files, 3, 0600, TRUE, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_cmpuint (names_in_folder (), ==, 1);
  g_assert_true (g_file_get_contents (old, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  /* Found out at the last moment: a folder has the name. */
  g_assert_cmpint (g_mkdir (taken, 0700), ==, 0);
  files[2].path = taken;
  g_assert_false (pkt_file_write_set (files, 3, 0600, TRUE, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_IO);
  g_assert_nonnull (strstr (error->message, taken));
  g_clear_error (&error);
  g_assert_cmpuint (names_in_folder (), ==, 2);
  g_rmdir (taken);
  g_assert_true (pkt_file_write_set (files, 3, 0600, TRUE, NULL));
  g_assert_cmpuint (names_in_folder (), ==, 3);
  /* Somebody else was there first: what was put before it is taken back. */
  g_unlink (old);
  g_unlink (fresh);
  g_assert_false (pkt_file_write_set (files, 3, 0600, FALSE, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_EXISTS);
  g_assert_cmpuint (names_in_folder (), ==, 1);
  g_unlink (taken);
  g_assert_true (pkt_file_write_set (files, 3, 0600, FALSE, NULL));
  g_assert_cmpuint (names_in_folder (), ==, 3);
  g_unlink (old);
  g_unlink (fresh);
  g_unlink (taken);
}

static const struct {
  int domain; /* 0 file, 1 gio, 2 ours */
  int code;
  PktErrorCode expected;
} errors[] = {
  { 0, G_FILE_ERROR_NOENT, PKT_ERROR_NOINPUT },   { 0, G_FILE_ERROR_NOTDIR, PKT_ERROR_NOINPUT },
  { 0, G_FILE_ERROR_EXIST, PKT_ERROR_EXISTS },    { 0, G_FILE_ERROR_ACCES, PKT_ERROR_IO },
  { 1, G_IO_ERROR_NOT_FOUND, PKT_ERROR_NOINPUT }, { 1, G_IO_ERROR_FAILED, PKT_ERROR_IO },
  { 2, PKT_ERROR_SEAL, PKT_ERROR_SEAL },
};

static void
test_errors (void)
{
  const GQuark domains[] = { G_FILE_ERROR, G_IO_ERROR, PKT_ERROR };
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++) {
    GError *raw = g_error_new_literal (domains[errors[i].domain], errors[i].code, "it failed");
    g_autoptr (GError) e = pkt_error_from (raw, "some/path");
    g_assert_error (e, PKT_ERROR, (int)errors[i].expected);
    g_assert_cmpstr (e->message, ==, errors[i].domain == 2 ? "it failed" : "some/path: it failed");
  }
  GError *raw = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_ACCES, "a: no");
  g_autoptr (GError) e = pkt_error_from (raw, "a"); /* named already */
  g_assert_cmpstr (e->message, ==, "a: no");
}

static void
test_json (void)
{
  g_autoptr (json_t) o = json_object ();
  json_object_set_new (o, "z", pkt_json_slice (PKT_SLICE ("caf\xe9")));
  json_object_set_new (o, "a", pkt_json_slice (pkt_slice (NULL, 0)));
  json_object_set_new (o, "empty", pkt_json_slice (PKT_SLICE ("")));
  json_object_set_new (o, "none", pkt_json_string (NULL));
  json_object_set_new (o, "time", pkt_json_time (1500 * 1000));
  json_object_set_new (o, "never", pkt_json_time (PKT_NO_TIME));
  g_autofree char *line = pkt_json_line (o), *text = pkt_json_dump (o);
  g_assert_cmpstr (line, ==,
                   "{\"z\": \"caf\xef\xbf\xbd\", \"a\": null, \"empty\": \"\", \"none\": null, "
                   "\"time\": \"1970-01-01T00:00:01.500Z\", \"never\": null}");
  g_assert_true (g_str_has_prefix (text, "{\n  \"z\": "));
  g_assert_true (g_str_has_suffix (text, "\n}\n"));
}

static void
test_data (void)
{
  PktSlice s = pkt_data ("replies.json");
  g_assert_cmpuint (s.n, >, 100);
  g_assert_cmpint (s.p[s.n], ==, '\0');
  g_autofree char *sum = pkt_file_sha256 ("abc", 3); /* FIPS 180-2, B.1 */
  g_assert_cmpstr (sum, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static const struct {
  const char *path;
  GTestFunc run;
} tests[] = {
  { "/base/file/write-read", test_write_read },
  { "/base/file/not-there", test_not_there },
  { "/base/file/no-leftovers", test_no_leftovers },
  { "/base/file/set", test_set },
  { "/base/file/special", test_special },
  { "/base/error", test_errors },
  { "/base/json", test_json },
  { "/base/data", test_data },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("file-XXXXXX", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].run);
  int status = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return status;
}
