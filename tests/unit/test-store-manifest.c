#include <glib.h>
#include <glib/gstdio.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/store/manifest.h"

static void
add (PktFolder *f, const char *path, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  pkt_folder_add (f, path, bytes);
}

static void
test_files (void)
{
  g_autoptr (PktFolder) f = pkt_folder_new ();
  add (f, "request.eml", "abc");
  add (f, "packet.json", "{}");
  add (f, "parts/b.txt", "");
  g_autoptr (json_t) files = pkt_manifest_files (f);
  g_autofree char *line = pkt_json_line (files);
  /* FIPS 180-2 B.1, and the digest of nothing */
  g_assert_cmpstr (line, ==,
                   "[{\"path\": \"parts/b.txt\", \"bytes\": 0, \"sha256\": "
                   "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}, "
                   "{\"path\": \"request.eml\", \"bytes\": 3, \"sha256\": "
                   "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}]");
}

static void
test_digest (void)
{
  g_autofree char *dir = g_dir_make_tmp ("digest-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "log", NULL);
  static const gsize sizes[] = { 0, 1, 256 * 1024, 256 * 1024 + 1, 1000003 };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *text = g_malloc (sizes[i] + 1);
    for (gsize k = 0; k < sizes[i]; k++)
      text[k] = (char)(k * 31);
    g_assert_true (g_file_set_contents (path, text, (gssize)sizes[i], NULL));
    guint64 n = 1;
    g_autoptr (GError) error = NULL;
    g_autofree char *got = pkt_digest_file (path, &n, &error);
    g_assert_no_error (error);
    g_autofree char *want = pkt_file_sha256 (text, sizes[i]);
    g_assert_cmpstr (got, ==, want);
    g_assert_cmpuint (n, ==, sizes[i]);
  }
  g_unlink (path);
  g_autoptr (GError) missing = NULL;
  g_assert_null (pkt_digest_file (path, NULL, &missing));
  g_assert_error (missing, PKT_ERROR, PKT_ERROR_NOINPUT);
  g_autoptr (GError) folder = NULL;
  g_assert_null (pkt_digest_file (dir, NULL, &folder));
  g_assert_error (folder, PKT_ERROR, PKT_ERROR_NOINPUT);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/manifest/files", test_files);
  g_test_add_func ("/store/manifest/digest", test_digest);
  return g_test_run ();
}
