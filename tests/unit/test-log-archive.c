/* Packed logs and archives: each way of packing gives the same lines; what is cut or made to burst
 * is read as far as it goes, and said. */
#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <unistd.h>
#include <zstd.h>
#include "packet/base/error.h"
#include "packet/log/archive.h"
#include "packet/log/gunzip.h"
#include "packet/log/input.h"
#include "packet/log/reader.h"

static char *folder;

static char *
put (const char *name, const char *bytes, gsize n)
{
  char *path = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_set_contents (path, bytes, (gssize)n, NULL));
  return path;
}

typedef struct {
  int (*filter) (struct archive *);
  int (*format) (struct archive *);
} Packing;

typedef struct {
  const char *name, *text;
  gsize n;
} Item;

/* With format raw, the one item alone. */
static GByteArray *
pack (const Packing *how, const Item *items, gsize n)
{
  gsize room = 1024 * 1024, used = 0;
  for (gsize i = 0; i < n; i++)
    room += items[i].n;
  GByteArray *out = g_byte_array_sized_new ((guint)room);
  g_byte_array_set_size (out, (guint)room);
  struct archive *a = archive_write_new ();
  if (how->filter)
    g_assert_cmpint (how->filter (a), ==, ARCHIVE_OK);
  g_assert_cmpint (how->format (a), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_open_memory (a, out->data, room, &used), ==, ARCHIVE_OK);
  for (gsize i = 0; i < n; i++) {
    struct archive_entry *e = archive_entry_new ();
    archive_entry_set_pathname (e, items[i].name);
    archive_entry_set_size (e, (la_int64_t)items[i].n);
    archive_entry_set_mtime (e, 1779112841, 0);
    archive_entry_set_filetype (e, g_str_has_suffix (items[i].name, "/") ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm (e, 0600);
    g_assert_cmpint (archive_write_header (a, e), ==, ARCHIVE_OK);
    if (items[i].n)
      g_assert_cmpint (archive_write_data (a, items[i].text, items[i].n), ==,
                       (la_ssize_t)items[i].n);
    archive_entry_free (e);
  }
  g_assert_cmpint (archive_write_close (a), ==, ARCHIVE_OK);
  archive_write_free (a);
  g_byte_array_set_size (out, (guint)used);
  return out;
}

/* Lines in <>; the error's text where it cannot be opened. */
static char *
lines_of (const char *path, PktReaderStats *stats)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PktReader) r = pkt_reader_open (path, 1, &error);
  GString *out = g_string_new (NULL);
  memset (stats, 0, sizeof *stats);
  if (r == NULL) {
    g_string_append (out, error->message);
    return g_string_free (out, FALSE);
  }
  for (PktSlice line; pkt_reader_next (r, &line);)
    g_string_append_printf (out, "<%.*s>", (int)line.n, line.p);
  *stats = *pkt_reader_stats (r);
  return g_string_free (out, FALSE);
}

static const struct {
  const char *name;
  Packing how;
} packed[] = {
  { "gzip", { archive_write_add_filter_gzip, archive_write_set_format_raw } },
  { "bzip2", { archive_write_add_filter_bzip2, archive_write_set_format_raw } },
  { "xz", { archive_write_add_filter_xz, archive_write_set_format_raw } },
  { "zstd", { archive_write_add_filter_zstd, archive_write_set_format_raw } },
}, archives[] = {
  { "zip", { NULL, archive_write_set_format_zip } },
  { "tar", { NULL, archive_write_set_format_ustar } },
  { "pax", { NULL, archive_write_set_format_pax } },
  { "tgz", { archive_write_add_filter_gzip, archive_write_set_format_ustar } },
  { "txz", { archive_write_add_filter_xz, archive_write_set_format_gnutar } },
  { "tbz", { archive_write_add_filter_bzip2, archive_write_set_format_ustar } },
  { "tzst", { archive_write_add_filter_zstd, archive_write_set_format_pax } },
};

/* Once, twice in one file (appended to), and cut anywhere. */
static void
test_packed (gconstpointer data)
{
  gsize k = GPOINTER_TO_SIZE (data);
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = 0; i < 3000; i++)
    g_string_append_printf (text, "line %d of some log\n", i * 7919 % 3001);
  const Item item = { "log", text->str, text->len };
  g_autoptr (GByteArray) bytes = pack (&packed[k].how, &item, 1);
  PktReaderStats s, plain;
  g_autofree char *log = put ("log", text->str, text->len), *want = lines_of (log, &plain),
                  *path = put ("packed", (char *)bytes->data, bytes->len),
                  *got = lines_of (path, &s);
  g_assert_cmpstr (got, ==, want);
  g_assert_cmpuint (s.bytes, ==, text->len);
  g_assert_cmpuint (s.raw_bytes, ==, bytes->len);
  g_assert_null (s.problem);
  for (guint n = 20; n < bytes->len; n += bytes->len / 31 + 1) {
    g_autofree char *cut = put ("cut", (char *)bytes->data, n), *part = lines_of (cut, &s);
    g_assert_nonnull (s.problem);
    g_assert_cmpuint (s.bytes, <=, text->len);
    g_autofree char *head = g_strndup (part, strlen (part) ? strlen (part) - 1 : 0);
    g_assert_true (g_str_has_prefix (want, head));
  }
  g_byte_array_append (bytes, bytes->data, bytes->len);
  g_autofree char *twice = put ("twice", (char *)bytes->data, bytes->len),
                  *both = lines_of (twice, &s), *wanted = g_strconcat (want, want, NULL);
  g_assert_cmpstr (both, ==, wanted);
  g_assert_null (s.problem);
}

static const Item items[] = {
  { "logs/", NULL, 0 },
  { "logs/maillog.1", "one\ntwo\n", 8 },
  { "logs/empty", "", 0 },
  { "logs/.hidden", "no\n", 3 },
  { "__MACOSX/maillog", "no\n", 3 },
  { "logs/maillog", "three\n", 6 },
  { "logs/maillog", "four\n", 5 },
};

static void
test_archive (gconstpointer data)
{
  gsize k = GPOINTER_TO_SIZE (data);
  g_autoptr (GByteArray) bytes = pack (&archives[k].how, items, G_N_ELEMENTS (items));
  g_autofree char *path = put ("archive", (char *)bytes->data, bytes->len),
                  *inside = g_build_filename (path, "logs/nothing", NULL);
  static const char *const want[] = { "logs/maillog.1", "logs/maillog", "logs/maillog (2)" };
  static const char *const text[] = { "<one><two>", "<three>", "<four>", NULL };
  g_autoptr (GError) error = NULL;
  PktReaderStats s;
  g_assert_true (pkt_archive_is (path));
  g_autoptr (GPtrArray) list = pkt_archive_list (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, G_N_ELEMENTS (want));
  for (guint i = 0; i < 2 * list->len; i++) { /* forward, and backward */
    guint at = i < list->len ? i : 2 * list->len - 1 - i;
    const char *each = g_ptr_array_index (list, at);
    g_autofree char *got = lines_of (each, &s), *outer = pkt_archive_outer (each);
    g_assert_true (g_str_has_suffix (each, want[at]));
    g_assert_cmpstr (outer, ==, path);
    g_assert_cmpstr (got, ==, text[at]);
    g_assert_null (s.problem);
    g_assert_cmpint (s.mtime, ==, 1779112841);
  }
  g_assert_null (pkt_reader_open (inside, 1, &error));
  g_assert_error (error, PKT_ERROR, PKT_ERROR_NOINPUT);
  for (guint n = 30; n < bytes->len; n += bytes->len / 97 + 1) { /* cut: no crash, no end of time */
    g_autofree char *cut = put ("cut", (char *)bytes->data, n);
    g_autoptr (GPtrArray) part = pkt_archive_is (cut) ? pkt_archive_list (cut, NULL) : NULL;
    gboolean said = part == NULL;
    guint whole = 0;
    for (guint i = 0; part && i < part->len; i++) {
      g_autofree char *got = lines_of (g_ptr_array_index (part, i), &s);
      g_assert_true (s.problem || *got == '\0' || g_strv_contains (text, got));
      said = said || s.problem;
      whole += *got != '\0' && !s.problem;
    }
    if (archives[k].how.filter || k == 0)
      g_assert_true (said || whole == G_N_ELEMENTS (want));
  }
}

/* Packed logs inside an archive. */
static void
test_nested (void)
{
  const Item log = { "log", "a\nb\n", 4 };
  g_autoptr (GByteArray) gz = pack (&packed[0].how, &log, 1);
  const Item inner = { "maillog.gz", (char *)gz->data, gz->len };
  for (gsize k = 0; k < G_N_ELEMENTS (archives); k++) {
    PktReaderStats s;
    g_autoptr (GByteArray) bytes = pack (&archives[k].how, &inner, 1);
    g_autofree char *path = put ("nested", (char *)bytes->data, bytes->len),
                    *each = g_build_filename (path, "maillog.gz", NULL), *got = lines_of (each, &s);
    g_assert_cmpstr (got, ==, "<a><b>");
  }
}

/* Zeros pack to a few KiB: the end is said before they fill the day. */
static void
test_bomb (void)
{
  const gsize piece = 16 * 1024 * 1024;
  g_autofree char *zeros = g_malloc0 (piece);
  g_autoptr (GByteArray) one = g_byte_array_new (), all = g_byte_array_new ();
  g_byte_array_set_size (one, (guint)ZSTD_compressBound (piece));
  gsize n = ZSTD_compress (one->data, one->len, zeros, piece, 1);
  for (guint64 total = 0; total < 3 * PKT_UNPACK_FLOOR; total += piece)
    g_byte_array_append (all, one->data, (guint)n);
  PktReaderStats s;
  g_autofree char *path = put ("bomb", (char *)all->data, all->len);
  g_free (lines_of (path, &s));
  g_assert_cmpstr (s.problem, ==, PKT_UNPACK_BOMB);
  g_assert_cmpuint (s.bytes, <, 2 * PKT_UNPACK_FLOOR);
}

static const struct {
  const char *bytes;
  gsize n;
  const char *text;
} wide[] = {
  { "\xff\xfe"
    "a\0\n\0b\0",
    8, "<a><b>" },
  { "\xfe\xff\0a\0\n\0b", 8, "<a><b>" },
  { "a\0b\0\n\0c\0", 8, "<ab><c>" },
  { "\xff\xfe\xe4\0\x3d\xd8\x00\xde", 8, "<\xc3\xa4\xf0\x9f\x98\x80>" },
  { "\xff\xfe\x3d\xd8"
    "a\0",
    6,
    "<\xef\xbf\xbd"
    "a>" },
  { "\xff\xfe\x00\xde"
    "a\0x",
    7,
    "<\xef\xbf\xbd"
    "a\xef\xbf\xbd>" },
  { "\xff\xfe", 2, "" },
};

static void
test_utf16 (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wide); i++) {
    PktReaderStats s;
    g_autofree char *path = put ("wide", wide[i].bytes, wide[i].n), *got = lines_of (path, &s);
    g_assert_cmpstr (got, ==, wide[i].text);
  }
}

/* A header with every field of RFC 1952 section 2.3 (extra, name, comment, checksum), as rotated
 * and indexed copies have it, twice in a row, and cut at each byte. */
static void
test_gunzip_cut (void)
{
  static const guint8 member[] = {
    0x1f, 0x8b, 0x08, 0x1e, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x05, 0x00, 0x41, 0x50, 0x01, 0x00,
    0x78, 0x6d, 0x61, 0x69, 0x6c, 0x2e, 0x6c, 0x6f, 0x67, 0x00, 0x61, 0x20, 0x72, 0x65, 0x6d, 0x61,
    0x72, 0x6b, 0x00, 0x2c, 0x79, 0x4b, 0x54, 0xc8, 0xc9, 0xcc, 0x4b, 0x55, 0xc8, 0x4f, 0x53, 0x48,
    0x54, 0xc8, 0xc9, 0x4f, 0xe7, 0x02, 0x00, 0x25, 0xdc, 0x3c, 0xd3, 0x10, 0x00, 0x00, 0x00,
  };
  for (gsize step = 1; step <= sizeof member; step++) {
    PktGunzip *g = pkt_gunzip_new ();
    guint8 text[64], *out = text;
    gsize room = sizeof text;
    for (int copy = 0; copy < 2; copy++) {
      PktGunzipState state = PKT_GUNZIP_MORE;
      for (gsize at = 0; at < sizeof member; at += step) {
        const guint8 *in = member + at;
        gsize n = MIN (step, sizeof member - at);
        while (n && state == PKT_GUNZIP_MORE)
          state = pkt_gunzip_step (g, &in, &n, &out, &room);
      }
      g_assert_cmpint (state, ==, PKT_GUNZIP_END);
    }
    g_assert_cmpmem (text, sizeof text - room, "a line of a log\na line of a log\n", 32);
    pkt_gunzip_free (g);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("postpacket-XXXXXX", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (packed); i++) {
    g_autofree char *path = g_strconcat ("/log/packed/", packed[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_packed);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (archives); i++) {
    g_autofree char *path = g_strconcat ("/log/archive/", archives[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_archive);
  }
  g_test_add_func ("/log/archive/nested", test_nested);
  g_test_add_func ("/log/packed/bomb", test_bomb);
  g_test_add_func ("/log/gunzip/cut", test_gunzip_cut);
  g_test_add_func ("/log/utf16", test_utf16);
  int status = g_test_run ();
  g_autofree char *remove = g_strconcat ("rm -rf ", folder, NULL);
  return system (remove) == 0 ? status : 1;
}
