/* A row that is cut many bytes at a time has the fields that it has when read byte by byte. */
#include "packet/log/csv-cut.h"

#define ROWS 200000

static void
compare (PktSlice line, char separator, guint *cut)
{
  PktSlice fields[PKT_CSV_MAX_FIELDS];
  PktCsvCuts cuts;
  g_autoptr (GString) room = g_string_new (NULL);
  int n = pkt_csv_row (line, separator, room, fields);
  if (!pkt_csv_cut (line, separator, &cuts))
    return;
  ++*cut;
  g_assert_cmpint (n, ==, (int)cuts.n);
  for (guint i = 0; i < cuts.n; i++)
    g_assert_true (pkt_slice_equal (fields[i], pkt_csv_cut_field (&cuts, line, i)));
}

/* Pieces that make rows of quoted and plain fields, and, put together at random, broken ones. */
static void
test_random (void)
{
  static const char *const pieces[]
      = { ",",          ",",   ",",   "a",     "b c",
          "\"",         "\",", ",\"", "\",\"", "\"\"",
          ",\"x, y\",", ";",   "\\",  "\xff",  "a field of more than sixteen bytes" };
  GRand *rand = g_rand_new_with_seed (20261121);
  guint cut = 0;
  for (guint i = 0; i < ROWS; i++) {
    g_autoptr (GString) row = g_string_new (NULL);
    const gint32 n = g_rand_int_range (rand, 1, 24);
    for (gint32 k = 0; k < n; k++)
      g_string_append (row, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
    g_autofree char *exact = g_memdup2 (row->str, row->len); /* so that reading past it is seen */
    compare (pkt_slice (exact, row->len), i % 5 ? ',' : ';', &cut);
  }
  g_rand_free (rand);
  g_assert_cmpuint (cut, >, ROWS / 10);
}

/* What PowerMTA writes is cut, at any length of its fields. */
static void
test_usual (void)
{
  for (guint n = 0; n < 200; n++) {
    g_autofree char *filler = g_strnfill (n, 'x');
    g_autofree char *row = g_strdup_printf (
        "d,2026-11-02,%s,\"smtp;250 ok, %s\",,\"\",mx.example.net (192.0.2.7),\"%s\"", filler,
        filler, filler);
    guint cut = 0;
    compare (pkt_slice_str (row), ',', &cut);
    g_assert_cmpuint (cut, ==, 1);
  }
}

static void
test_refused (void)
{
  static const char *const rows[] = { "",         "a,\"b\"\"c\"", "a,\"b", "a,\"b\"c,d",
                                      "a,b\"c,d", "a\"",          "\"" };
  PktCsvCuts cuts;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_false (pkt_csv_cut (pkt_slice_str (rows[i]), ',', &cuts));
  g_autofree char *many = g_strnfill (PKT_CSV_MAX_FIELDS, ',');
  g_assert_false (pkt_csv_cut (pkt_slice_str (many), ',', &cuts));
  g_autofree char *longest = g_strnfill (PKT_CSV_CUT_BYTES, 'x');
  g_assert_false (pkt_csv_cut (pkt_slice (longest, PKT_CSV_CUT_BYTES), ',', &cuts));
  g_assert_true (pkt_csv_cut (pkt_slice (longest, PKT_CSV_CUT_BYTES - 1), ',', &cuts));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/csv/random", test_random);
  g_test_add_func ("/log/csv/usual", test_usual);
  g_test_add_func ("/log/csv/refused", test_refused);
  return g_test_run ();
}
