#include <glib/gstdio.h>
#include <unistd.h>
#include <zlib.h>
#include "packet/base/error.h"
#include "packet/log/reader.h"

static char *folder;

static char *
put (const char *name, const char *bytes, gsize n)
{
  char *path = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_set_contents (path, bytes, (gssize)n, NULL));
  return path;
}

static GByteArray *
zip (const char *bytes, gsize n)
{
  GByteArray *out = g_byte_array_sized_new (1024);
  g_byte_array_set_size (out, (guint)n + 1024);
  z_stream z = { 0 };
  g_assert_cmpint (deflateInit2 (&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  z.next_in = (Bytef *)(gpointer)bytes;
  z.avail_in = (uInt)n;
  z.next_out = out->data;
  z.avail_out = out->len;
  g_assert_cmpint (deflate (&z, Z_FINISH), ==, Z_STREAM_END);
  g_byte_array_set_size (out, (guint)z.total_out);
  deflateEnd (&z);
  return out;
}

/* All lines, each in <>; `problem` as the reader says it. */
static char *
read_all (const char *path, PktReaderStats *stats)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PktReader) r = pkt_reader_open (path, 1, &error);
  g_assert_no_error (error);
  GString *out = g_string_new (NULL);
  for (PktSlice line; pkt_reader_next (r, &line);) {
    g_string_append_c (out, '<');
    g_string_append_len (out, line.p, (gssize)line.n);
    g_string_append_c (out, '>');
  }
  PktSlice line;
  g_assert_false (pkt_reader_next (r, &line)); /* the end stays the end */
  *stats = *pkt_reader_stats (r);
  return g_string_free (out, FALSE);
}

static const struct {
  const char *name, *bytes, *lines;
  guint64 n;
} plain[] = {
  { "two", "a\nbc\n", "<a><bc>", 2 },      { "no-lf", "a\nbc", "<a><bc>", 2 },
  { "crlf", "a\r\nbc\r\n", "<a><bc>", 2 }, { "cr-inside", "a\rb\n", "<a\rb>", 1 },
  { "blank", "\n\na\n", "<><><a>", 3 },    { "one-byte", "x", "<x>", 1 },
  { "only-cr", "\r\n", "<>", 1 },          { "empty", "", "", 0 },
};

static void
test_plain (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  gsize n = strlen (plain[i].bytes);
  PktReaderStats s;
  g_autofree char *path = put ("log", plain[i].bytes, n), *got = read_all (path, &s);
  g_assert_cmpstr (got, ==, plain[i].lines);
  g_assert_cmpuint (s.lines, ==, plain[i].n);
  g_assert_cmpuint (s.bytes, ==, n);
  g_assert_cmpuint (s.raw_bytes, ==, n);
  g_assert_cmpuint (s.size, ==, n);
  g_assert_null (s.problem);
  g_autoptr (GByteArray) packed = zip (plain[i].bytes, n);
  g_autofree char *gz = put ("log.gz", (char *)packed->data, packed->len),
                  *again = read_all (gz, &s);
  g_assert_cmpstr (again, ==, plain[i].lines);
  g_assert_cmpuint (s.bytes, ==, n);
  g_assert_cmpuint (s.raw_bytes, ==, packed->len);
  g_assert_null (s.problem);
}

/* Lines about as long as the limits: cut there, and the next line is whole again. */
static void
test_long_lines (void)
{
  static const gsize lengths[]
      = { PKT_MAX_LINE - 1,        PKT_MAX_LINE,        PKT_MAX_LINE + 1,
          PKT_BLOCK_BYTES - 1,     PKT_BLOCK_BYTES,     PKT_BLOCK_BYTES + 1,
          2 * PKT_BLOCK_BYTES - 1, 2 * PKT_BLOCK_BYTES, 3 * PKT_BLOCK_BYTES + 7 };
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autoptr (GString) bytes = g_string_new ("first\n");
    for (gsize k = 0; k < lengths[i]; k++)
      g_string_append_c (bytes, 'x');
    g_string_append (bytes, "\nlast\n");
    g_autofree char *path = put ("long", bytes->str, bytes->len);
    g_autoptr (PktReader) r = pkt_reader_open (path, 1, NULL);
    PktSlice line;
    g_assert_true (pkt_reader_next (r, &line) && pkt_slice_equal (line, PKT_SLICE ("first")));
    g_assert_true (pkt_reader_next (r, &line));
    g_assert_cmpuint (line.n, ==, MIN (lengths[i], PKT_MAX_LINE));
    g_assert_true (pkt_reader_next (r, &line) && pkt_slice_equal (line, PKT_SLICE ("last")));
    g_assert_false (pkt_reader_next (r, &line));
    g_assert_cmpuint (pkt_reader_stats (r)->lines, ==, 3);
    g_assert_cmpuint (pkt_reader_stats (r)->long_lines, ==, lengths[i] > PKT_MAX_LINE);
  }
}

static void
test_long_last_line (void)
{
  g_autofree char *bytes = g_strnfill (2 * PKT_BLOCK_BYTES + 5, 'y');
  PktReaderStats s;
  g_autofree char *path = put ("long", bytes, 2 * PKT_BLOCK_BYTES + 5), *got = read_all (path, &s);
  g_assert_cmpuint (strlen (got), ==, PKT_MAX_LINE + 2);
  g_assert_cmpuint (s.lines, ==, 1);
  g_assert_cmpuint (s.long_lines, ==, 1);
}

static void
test_members (void)
{
  g_autoptr (GByteArray) one = zip ("a\nb", 3), two = zip ("c\nd\n", 4);
  g_byte_array_append (one, two->data, two->len);
  PktReaderStats s;
  g_autofree char *path = put ("log.gz", (char *)one->data, one->len), *got = read_all (path, &s);
  g_assert_cmpstr (got, ==, "<a><bc><d>");
  g_assert_null (s.problem);
}

/* A list that is one line of 400 KB is broken where a record begins, whatever its texts hold, and
 * one of figures behind a comma, packed or not. */
static const struct {
  const char *between, *element, *begins;
} lists[] = {
  { ",", "{\"a\":\"some text\",\"n\":17}", "{\"a\"" },
  { ", ", "{\"a\": \"some text\", \"n\": 17}", "{\"a\"" },
  { ",", "{\"a\":\"x},{y\",\"b\":\"\\\"},{\\\"\",\"c\":\"\\\\\"}", "{\"a\"" },
  { ",", "{\"a\":{\"b\":1},\"c\":[\"},\",\"{\"]}", "{\"a\"" },
  { ",", "1234567", "1234567" },
};

static void
check_broken (const char *path, const GString *text, const char *begins)
{
  g_autoptr (PktReader) r = pkt_reader_open (path, 1, NULL);
  g_autoptr (GString) whole = g_string_new (NULL);
  guint n = 0;
  for (PktSlice line; pkt_reader_next (r, &line); n++) {
    if (n > 0)
      g_assert_true (pkt_slice_starts (line, pkt_slice_str (begins)));
    g_assert_cmpuint (line.n, <=, PKT_MAX_LINE);
    g_string_append_len (whole, line.p, (gssize)line.n);
  }
  g_assert_cmpuint (n, >=, text->len / PKT_MAX_LINE);
  g_assert_true (g_string_equal (whole, text));
}

static void
test_json_line (gconstpointer data)
{
  const gsize i = GPOINTER_TO_SIZE (data);
  for (gsize shift = 0; shift < 70; shift += 23) { /* bytes are looked at 64 at a time */
    g_autoptr (GString) text = g_string_new ("[");
    g_string_append_printf (text, "%*s", (int)shift, "");
    while (text->len < 400 * 1024)
      g_string_append_printf (text, "%s%s", text->len > 1 + shift ? lists[i].between : "",
                              lists[i].element);
    g_string_append_c (text, ']');
    g_autofree char *path = put ("list.json", text->str, text->len);
    check_broken (path, text, lists[i].begins);
    g_autoptr (GByteArray) packed = zip (text->str, text->len);
    g_autofree char *gz = put ("list.json.gz", (char *)packed->data, packed->len);
    check_broken (gz, text, lists[i].begins);
  }
}

/* Several threads hand out what one does; lines of all lengths, so that blocks end anywhere. */
static void
test_jobs (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; text->len < 6 * 1024 * 1024; i++) {
    g_string_append_printf (text, "%u ", i);
    for (guint k = 0; k < i * 7919 % 400; k++)
      g_string_append_c (text, (char)('a' + k % 26));
    g_string_append_c (text, '\n');
  }
  g_autofree char *path = put ("log", text->str, text->len);
  static const guint jobs[] = { 1, 2, 3, 7 };
  for (gsize j = 0; j < G_N_ELEMENTS (jobs); j++) {
    g_autoptr (PktReader) r = pkt_reader_open (path, jobs[j], NULL);
    PktSlice rest = pkt_slice (text->str, text->len), line;
    guint64 n = 0;
    for (; pkt_reader_next (r, &line); n++) {
      PktSlice wanted = pkt_slice_until (rest, '\n');
      g_assert_true (pkt_slice_equal (line, wanted));
      g_assert_cmpuint (pkt_reader_stats (r)->lines, ==, n + 1);
      rest = pkt_slice_skip (rest, wanted.n + 1);
    }
    g_assert_cmpuint (rest.n, ==, 0);
    g_assert_cmpuint (pkt_reader_stats (r)->bytes, ==, text->len);
  }
  g_autoptr (PktReader) left = pkt_reader_open (path, 4, NULL); /* freed in the middle of it */
  PktSlice line;
  g_assert_true (pkt_reader_next (left, &line));
}

/* A block of very short lines is split in steps. */
static void
test_short_lines (void)
{
  g_autofree char *bytes = g_strnfill (3 * PKT_BLOCK_BYTES + 1, '\n');
  PktReaderStats s;
  g_autofree char *path = put ("log", bytes, 3 * PKT_BLOCK_BYTES + 1), *got = read_all (path, &s);
  g_assert_cmpuint (s.lines, ==, 3 * PKT_BLOCK_BYTES + 1);
  g_assert_cmpuint (strlen (got), ==, 2 * s.lines);
}

/* Wherever it is cut, the lines before the cut are read and the rest is a problem. */
static void
test_cut (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = 0; i < 2000; i++)
    g_string_append_printf (text, "line %d of some log\n", i * 7919 % 2003);
  g_autoptr (GByteArray) packed = zip (text->str, text->len);
  for (guint n = 30; n < packed->len; n += packed->len / 23) {
    PktReaderStats s;
    g_autofree char *path = put ("cut.gz", (char *)packed->data, n), *got = read_all (path, &s);
    g_assert_cmpstr (s.problem, ==, "gzip data ends early");
    g_assert_true (g_str_has_prefix (got, "<line 0 of some log>") || s.bytes < 20);
    g_assert_cmpuint (s.raw_bytes, ==, n);
    g_assert_cmpuint (s.bytes, <, text->len);
  }
}

static void
test_damaged (void)
{
  g_autofree char *text = g_strnfill (5000, 'z');
  g_autoptr (GByteArray) packed = zip (text, 5000);
  packed->data[packed->len - 6] ^= 0xff; /* the checksum */
  PktReaderStats s;
  g_autofree char *path = put ("bad.gz", (char *)packed->data, packed->len),
                  *got = read_all (path, &s);
  g_assert_cmpstr (s.problem, ==, "gzip data is damaged");
  g_assert_cmpuint (strlen (got), ==, 5002); /* the line itself is whole */
}

static void
test_refused (void)
{
  g_autofree char *missing = g_build_filename (folder, "missing", NULL);
  const char *const paths[] = { missing, folder };
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (pkt_reader_open (paths[i], 1, &error));
    g_assert_error (error, PKT_ERROR, PKT_ERROR_NOINPUT);
    g_assert_nonnull (strstr (error->message, paths[i]));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("reader-XXXXXX", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++) {
    g_autofree char *path = g_strconcat ("/log/reader/", plain[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_plain);
  }
  g_test_add_func ("/log/reader-long-lines", test_long_lines);
  g_test_add_func ("/log/reader-long-last-line", test_long_last_line);
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autofree char *path = g_strdup_printf ("/log/reader-json-line-%" G_GSIZE_FORMAT, i);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_json_line);
  }
  g_test_add_func ("/log/reader-jobs", test_jobs);
  g_test_add_func ("/log/reader-short-lines", test_short_lines);
  g_test_add_func ("/log/reader-gzip-members", test_members);
  g_test_add_func ("/log/reader-gzip-cut", test_cut);
  g_test_add_func ("/log/reader-gzip-damaged", test_damaged);
  g_test_add_func ("/log/reader-refused", test_refused);
  int status = g_test_run ();
  static const char *const names[] = { "log",    "log.gz",    "long",        "cut.gz",
                                       "bad.gz", "list.json", "list.json.gz" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (folder);
  return status;
}
