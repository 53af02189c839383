/* Folders whose listing breaks off: what was not seen is not taken for what is not there. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/run/scan.h"
#include "packet/store/folder.h"

static int names_left = -1; /* until it breaks off; below 0: it does not */

static void *
next_name (const char *function, DIR *dir)
{
  void *(*real) (DIR *) = (void *(*)(DIR *))dlsym (RTLD_NEXT, function);
  if (names_left == 0) {
    errno = EIO;
    return NULL;
  }
  names_left -= names_left > 0;
  return real (dir);
}

/* In the place of the C library's, for GLib too. Where files of more than 2 GiB must be asked for,
 * readdir() already is readdir64() by name. */
#if defined __GLIBC__ && defined _FILE_OFFSET_BITS
#define READDIR "readdir64"
#else
#define READDIR "readdir"
#endif
struct dirent *readdir (DIR *dir);
struct dirent *
readdir (DIR *dir)
{
  return next_name (READDIR, dir);
}

#if defined __GLIBC__ && !defined _FILE_OFFSET_BITS
struct dirent64 *readdir64 (DIR *dir);
struct dirent64 *
readdir64 (DIR *dir)
{
  return next_name ("readdir64", dir);
}
#endif

static char *
folder_of_two (void)
{
  char *folder = g_dir_make_tmp ("folders-XXXXXX", NULL);
  for (int i = 0; i < 2; i++) {
    g_autofree char *path = g_strdup_printf ("%s/%d.log", folder, i);
    g_assert_true (g_file_set_contents (path, "a line\n", -1, NULL));
  }
  return folder;
}

static void
remove_two (char *taken)
{
  g_autofree char *folder = taken;
  for (int i = 0; i < 2; i++) {
    g_autofree char *path = g_strdup_printf ("%s/%d.log", folder, i);
    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_logs (void)
{
  char *folder = folder_of_two ();
  const char *const sources[] = { folder, NULL };
  for (names_left = 0; names_left < 4;) { /* ".", ".." and two logs */
    int at = names_left;
    g_autoptr (GError) error = NULL;
    g_assert_null (pkt_scan_expand (sources, &error));
    g_assert_error (error, PKT_ERROR, PKT_ERROR_IO);
    g_assert_nonnull (strstr (error->message, folder));
    names_left = at + 1;
  }
  names_left = -1;
  g_autoptr (GPtrArray) files = pkt_scan_expand (sources, NULL);
  g_assert_cmpuint (files->len, ==, 2);
  remove_two (folder);
}

/* A link to a log that may not be looked at: it is no log that is not there. */
static void
test_closed (void)
{
  char *folder = folder_of_two ();
  g_autofree char *closed = g_build_filename (folder, "closed", NULL),
                  *link = g_build_filename (folder, "link", NULL),
                  *gone = g_build_filename (folder, "gone", NULL);
  const char *const sources[] = { folder, NULL };
  uid_t user = geteuid ();
  g_assert_cmpint (g_mkdir (closed, 0), ==, 0);
  g_assert_cmpint (symlink ("closed/log", link), ==, 0);
  g_assert_cmpint (symlink ("nothing", gone), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
  if (user != 0 || seteuid (65534) == 0) {
    g_autoptr (GPtrArray) files = pkt_scan_expand (sources, NULL);
    g_assert_cmpint (seteuid (user), ==, 0);
    g_assert_cmpuint (files->len, ==, 4); /* two logs, the folder, the link */
    g_assert_true (g_ptr_array_find_with_equal_func (files, link, g_str_equal, NULL));
  } else
    g_test_skip ("root may look everywhere here");
  g_unlink (link);
  g_unlink (gone);
  g_rmdir (closed);
  remove_two (folder);
}

/* What a person put into a packet's folder is not lost, because it was not seen. */
static void
test_foreign (void)
{
  g_autofree char *place = g_dir_make_tmp ("folders-XXXXXX", NULL),
                  *packet = g_build_filename (place, "packet", NULL),
                  *note = g_build_filename (packet, "note", NULL),
                  *manifest = g_build_filename (packet, PKT_FOLDER_MANIFEST, NULL);
  g_assert_cmpint (g_mkdir (packet, 0700), ==, 0);
  g_assert_true (g_file_set_contents (note, "mine\n", -1, NULL));
  g_assert_true (g_file_set_contents (manifest, "{\"files\": []}", -1, NULL));
  g_autoptr (GError) error = NULL;
  names_left = 0;
  gboolean may = pkt_folder_free_at (packet, TRUE, &error);
  names_left = -1;
  g_assert_false (may);
  g_assert_error (error, PKT_ERROR, PKT_ERROR_EXISTS);
  const char *const all[] = { note, manifest, packet, place };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    g_assert_cmpint (g_remove (all[i]), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/folders/logs", test_logs);
  g_test_add_func ("/run/folders/closed", test_closed);
  g_test_add_func ("/run/folders/foreign", test_foreign);
  return g_test_run ();
}
