#include "packet/redact/key.h"
#include "packet/base/error.h"
#include "packet/redact/map.h"
#include <glib/gstdio.h>
#include <sys/stat.h>

static void
test_key (void)
{
  g_autofree char *dir = g_dir_make_tmp ("pktXXXXXX", NULL);
  g_autofree char *state = g_build_filename (dir, "state", NULL);
  g_autoptr (GError) error = NULL;
  guint8 a[32], b[32], c[32];
  GStatBuf st;
  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_assert_true (pkt_key_load ("case-1", NULL, a, &error));
  g_assert_true (pkt_key_load ("case-1", NULL, b, &error));
  g_assert_true (pkt_key_load (NULL, NULL, c, &error));
  g_assert_cmpmem (a, 32, b, 32);
  g_assert_cmpint (memcmp (a, c, 32), !=, 0);
  g_autofree char *file = g_build_filename (state, "postpacket", "case-1", "key", NULL);
  g_autofree char *folder = g_path_get_dirname (file);
  g_assert_cmpint (g_stat (file, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (folder, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, 0700);
  g_assert_true (pkt_key_load ("other", file, b, &error));
  g_assert_cmpmem (a, 32, b, 32);
  json_t *map = json_pack ("{s:s}", "[rcpt-k7m2q6xd]", "user@icloud.com");
  g_assert_true (pkt_map_save ("case-1", "0f", map, &error));
  json_decref (map);
  g_autofree char *map_file = g_build_filename (folder, "map.json", NULL);
  g_assert_cmpint (g_stat (map_file, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, 0600);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (file, "short\n", -1, NULL));
  g_assert_false (pkt_key_load ("case-1", NULL, a, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_CONFIG);
  static const char *const made[]
      = { "case-1/key", "case-1/map.json", "case-1", "default/key", "default", ".", "..", "../.." };
  for (gsize i = 0; i < G_N_ELEMENTS (made); i++) {
    g_autofree char *path = g_build_filename (state, "postpacket", made[i], NULL),
                    *plain = g_canonicalize_filename (path, NULL);
    g_assert_cmpint (g_remove (plain), ==, 0);
  }
}

static void
test_key_places (void)
{
  static const struct {
    const char *xdg, *home;
  } cases[] = { { "relative", "/tmp" }, { "/", "/tmp" }, { NULL, "/" }, { NULL, "relative" } };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    guint8 out[32];
    g_unsetenv ("XDG_STATE_HOME");
    if (cases[i].xdg)
      g_setenv ("XDG_STATE_HOME", cases[i].xdg, TRUE);
    g_setenv ("HOME", cases[i].home, TRUE);
    g_assert_false (pkt_key_load ("case-1", NULL, out, &error));
    g_assert_error (error, PKT_ERROR, PKT_ERROR_CONFIG);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/key", test_key);
  g_test_add_func ("/redact/key-places", test_key_places);
  return g_test_run ();
}
