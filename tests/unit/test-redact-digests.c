#include "packet/redact/digests.h"
#include "packet/redact/sums.h"

/* A value that looks like a hash: splitmix64. */
static guint64
value_of (guint64 i)
{
  guint64 z = (i + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ z >> 31;
}

static void
test_set (void)
{
  PktDigests d = { 0 };
  guint64 out = 0;
  g_assert_false (pkt_digests_find (&d, 1, 64, NULL));
  for (guint64 i = 0; i < 200000; i++)
    g_assert_true (pkt_digests_add (&d, value_of (i)));
  for (guint64 i = 0; i < 200000; i++) {
    g_assert_false (pkt_digests_add (&d, value_of (i)));
    g_assert_true (pkt_digests_find (&d, value_of (i), 64, NULL));
    g_assert_true (pkt_digests_find (&d, value_of (i) >> 16 << 16, 48, &out));
    g_assert_cmpuint (out >> 16, ==, value_of (i) >> 16);
    g_assert_false (pkt_digests_find (&d, value_of (i + 200000), 64, NULL));
  }
  g_assert_cmpuint (d.used, ==, 200000);
  g_assert_cmpuint (d.size * 3, <=, d.used * 5); /* 13 bytes a value at the most */
  pkt_digests_clear (&d);
}

/* Values that crowd at one end, and the two that mean something in the table itself. */
static void
test_crowded (void)
{
  PktDigests d = { 0 };
  for (guint64 i = 0; i < 3000; i++) {
    g_assert_true (pkt_digests_add (&d, G_MAXUINT64 - i));
    g_assert_true (pkt_digests_add (&d, i + 1));
  }
  g_assert_false (pkt_digests_add (&d, 0)); /* kept as 1 */
  for (guint64 i = 0; i < 3000; i++) {
    g_assert_true (pkt_digests_find (&d, G_MAXUINT64 - i, 64, NULL));
    g_assert_true (pkt_digests_find (&d, i + 1, 64, NULL));
  }
  g_assert_false (pkt_digests_find (&d, G_MAXUINT64 - 3000, 64, NULL));
  g_assert_false (pkt_digests_find (&d, 3001, 64, NULL));
  pkt_digests_clear (&d);
}

/* What `printf 'jane@icloud.com' | md5sum` and the like print. */
static void
test_sums (void)
{
  PktSums *s = pkt_sums_new ();
  static const GChecksumType types[PKT_SUMS] = { G_CHECKSUM_MD5, G_CHECKSUM_SHA1, G_CHECKSUM_SHA256,
                                                 G_CHECKSUM_SHA512 };
  for (guint round = 0; round < 2; round++) {
    guint64 sums[PKT_SUMS];
    const char *text = round ? "" : "jane@icloud.com";
    pkt_sums_of (s, pkt_slice_str (text), sums);
    for (guint i = 0; i < PKT_SUMS; i++) {
      g_autofree char *want = g_compute_checksum_for_string (types[i], text, -1);
      g_autofree char *have = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", sums[i]);
      want[16] = '\0';
      g_assert_cmpstr (have, ==, want);
    }
  }
  pkt_sums_free (s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/digests/set", test_set);
  g_test_add_func ("/redact/digests/crowded", test_crowded);
  g_test_add_func ("/redact/digests/sums", test_sums);
  return g_test_run ();
}
