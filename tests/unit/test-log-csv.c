/* A row that is cut many bytes at a time has the fields that it has when read byte by byte. */
#include "packet/log/csv-cut.h"
#include "packet/log/csv-index.h"

#define ROWS 200000
#define PIECES 20000

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

/* The fields of a line, by its ends; FALSE: it leaves one open. */
static gboolean
compare_line (const char *p, PktSlice line, const guint16 *ends, const guint16 *last_end, guint *n)
{
  PktSlice fields[PKT_CSV_MAX_FIELDS];
  g_autoptr (GString) room = g_string_new (NULL);
  guint16 from = (guint16)(line.p - p), limit = (guint16)(from + line.n);
  const int fields_n = pkt_csv_row (line, ',', room, fields);
  g_assert_cmpint (fields_n, !=, PKT_CSV_BROKEN);
  for (*n = 0; ends < last_end && *ends <= limit; ends++, ++*n) {
    PktSlice field = pkt_slice (p + from, (gsize)(*ends - from));
    if (field.n && field.p[0] == '"')
      field = pkt_slice (field.p + 1, field.n - 2);
    if (fields_n > 0 && !(field.n && memchr (field.p, '"', field.n)))
      g_assert_true (pkt_slice_equal (field, fields[*n]));
    from = (guint16)(*ends + 1);
  }
  if (fields_n > 0)
    g_assert_cmpint (fields_n, ==, (int)*n);
  return fields_n != PKT_CSV_OPEN;
}

/* Lines up to the first one that is not good, or leaves a field open. */
static guint
compare_piece (const char *p, gsize n, PktCsvIndex *index, PktCsvIndex *lines)
{
  gsize from = 0;
  guint at = 1, fields = 0, i = 0;
  gboolean closed = TRUE;
  pkt_csv_index (p, n, ',', index);
  pkt_csv_lines (p, n, ',', lines);
  for (; closed && i < index->n_lines && index->lines[i] < index->good; i++) {
    const char *lf = memchr (p + from, '\n', n - from);
    g_assert_true (lf == p + index->lines[i]);
    closed = compare_line (p, pkt_slice (p + from, (gsize)(lf - p) - from), index->ends + at,
                           index->ends + index->n_ends, &fields);
    g_assert_cmpint (closed, ==, index->ends[at + fields - 1] == index->lines[i]);
    g_assert_cmpint (closed, ==, index->lines[i] < lines->good);
    g_assert_cmpint (index->lines[i], ==, lines->lines[i]);
    at += fields;
    from = index->lines[i] + 1u;
  }
  return i;
}

static void
test_pieces (void)
{
  static const char *const pieces[]
      = { ",",     ",",      ",",          "a",
          "b c",   "\"x\",", ",\"y\"",     ",\"x, y\",",
          "\"\"",  "\n",     "\n",         ",\"z\"\n",
          ",\n\"", "\"",     ",\"\"\"\",", "a field of more than sixteen bytes" };
  GRand *rand = g_rand_new_with_seed (20261122);
  g_autofree PktCsvIndex *index = g_new (PktCsvIndex, 1), *lines = g_new (PktCsvIndex, 1);
  guint good = 0;
  for (guint i = 0; i < ROWS / 4; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    const gint32 n = g_rand_int_range (rand, 1, 200),
                 most = (gint32)G_N_ELEMENTS (pieces) - (i % 3 ? 3 : 0);
    for (gint32 k = 0; k < n; k++)
      g_string_append (text, pieces[g_rand_int_range (rand, 0, most)]);
    g_autofree char *exact = g_memdup2 (text->str, text->len);
    good += compare_piece (exact, MIN (text->len, PKT_CSV_INDEX_BYTES), index, lines);
  }
  g_rand_free (rand);
  g_assert_cmpuint (good, >, ROWS / 10);
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

/* Pieces whose rows are all well-formed, some of them damaged: what is found by the bytes beside
 * the quotes is what is found by counting them. */
static void
test_fits (void)
{
  static const char *const fields[] = { "",      "a",        "b c",   "\"\"",
                                        "\"x\"", "\"x, y\"", "<1@a>", "\"200, Ok, z\"",
                                        "2026",  "\"a b\"" };
  g_autofree PktCsvIndex *whole = g_new (PktCsvIndex, 1), *fit = g_new (PktCsvIndex, 1);
  GRand *rand = g_rand_new_with_seed (20261122);
  guint fitting = 0;
  for (guint i = 0; i < PIECES; i++) {
    g_autoptr (GString) piece = g_string_new (NULL);
    const gsize n = (gsize)g_rand_int_range (rand, 1, i % 4 ? 1500 : PKT_CSV_INDEX_BYTES);
    while (piece->len < n) {
      g_string_append (piece, fields[g_rand_int_range (rand, 0, G_N_ELEMENTS (fields))]);
      g_string_append_c (piece, g_rand_int_range (rand, 0, 7) ? ',' : '\n');
    }
    if (i % 3 == 0)
      piece->str[g_rand_int_range (rand, 0, (gint32)n)] = "\",\nx"[g_rand_int_range (rand, 0, 4)];
    piece->str[n - 1] = '\n';
    g_autofree char *exact = g_memdup2 (piece->str, n);
    pkt_csv_index (exact, n, ',', whole);
    if (pkt_csv_index_fits (exact, n, ',', fit)) {
      fitting++;
      g_assert_cmpuint (whole->good, ==, n);
      g_assert_cmpmem (fit->ends, fit->n_ends * sizeof *fit->ends, whole->ends,
                       whole->n_ends * sizeof *whole->ends);
      g_assert_cmpuint (fit->n_lines, ==, whole->n_lines);
      g_assert_true (pkt_csv_lines_fit (exact, n, ',', fit));
      g_assert_cmpmem (fit->lines, fit->n_lines * sizeof *fit->lines, whole->lines,
                       whole->n_lines * sizeof *whole->lines);
    } else
      g_assert_false (pkt_csv_lines_fit (exact, n, ',', fit));
  }
  g_rand_free (rand);
  g_assert_cmpuint (fitting, >, PIECES / 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/csv/index", test_pieces);
  g_test_add_func ("/log/csv/fits", test_fits);
  g_test_add_func ("/log/csv/random", test_random);
  g_test_add_func ("/log/csv/usual", test_usual);
  g_test_add_func ("/log/csv/refused", test_refused);
  return g_test_run ();
}
