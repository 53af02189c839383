/* Slices, texts for people, and the set of digests. */
#include "packet/base/digest-set.h"
#include "packet/base/encoded-words.h"
#include "packet/base/row-set.h"
#include "packet/base/near.h"
#include "packet/base/slice.h"
#include "packet/base/text.h"

static const char *
near_of (const char *word)
{
  static const char *const known[] = { "scan", "send", "snapshot", "suppressed", "apple-only" };
  PktNear near = { .word = word };
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    pkt_near_offer (&near, known[i]);
  return near.best;
}

static void
test_near (void)
{
  g_assert_cmpstr (near_of ("scna"), ==, "scan");
  g_assert_cmpstr (near_of ("Scan"), ==, "scan");
  g_assert_cmpstr (near_of ("sendd"), ==, "send");
  g_assert_cmpstr (near_of ("supressd"), ==, "suppressed");
  g_assert_cmpstr (near_of ("aple-only"), ==, "apple-only");
  g_assert_null (near_of (""));
  g_assert_null (near_of ("slam"));
  g_assert_null (near_of ("trend"));
  g_autofree char *most = g_strnfill (40, 's'), *over = g_strnfill (41, 's');
  g_assert_null (near_of (most));
  g_assert_null (near_of (over));
}

static void
test_find (void)
{
  PktSlice s = PKT_SLICE ("one two one");
  g_assert_cmpuint (pkt_slice_find (s, PKT_SLICE ("one")).n, ==, s.n);
  g_assert_cmpuint (pkt_slice_find (s, PKT_SLICE (" one")).n, ==, 4);
  g_assert_null (pkt_slice_find (s, PKT_SLICE ("three")).p);
  g_assert_null (pkt_slice_find (pkt_slice (NULL, 0), PKT_SLICE ("x")).p);
  g_assert_null (pkt_slice_find (PKT_SLICE ("x"), PKT_SLICE ("xy")).p);
  g_assert_cmpuint (pkt_slice_until (s, ' ').n, ==, 3);
  g_assert_cmpuint (pkt_slice_until (s, '!').n, ==, s.n);
  g_assert_cmpuint (pkt_slice_until (pkt_slice (NULL, 0), '!').n, ==, 0);
  g_assert_cmpuint (pkt_slice_until_any (s, "! w").n, ==, 3);
  g_assert_cmpuint (pkt_slice_until_any (s, "").n, ==, s.n);
  g_assert_cmpuint (pkt_slice_until_any (pkt_slice (NULL, 0), "!").n, ==, 0);
  g_assert_cmpuint (pkt_slice_skip (s, 99).n, ==, 0);
  g_assert_true (pkt_slice_equal (pkt_slice_trim (PKT_SLICE ("\t a b\r\n")), PKT_SLICE ("a b")));
  g_assert_cmpuint (pkt_slice_trim (PKT_SLICE (" \n")).n, ==, 0);
  g_assert_cmpuint (pkt_slice_trim (PKT_SLICE ("\0 ")).n, ==, 1);
}

/* Short needles, at every place, against the C library's search. */
static void
test_find_anywhere (void)
{
  GRand *rand = g_rand_new_with_seed (20261121);
  for (guint i = 0; i < 50000; i++) {
    char text[240], needle[100];
    gsize n = (gsize)g_rand_int_range (rand, 0, sizeof text),
          m = (gsize)g_rand_int_range (rand, 1, g_rand_boolean (rand) ? 5 : sizeof needle);
    for (gsize k = 0; k < n; k++)
      text[k] = "ab."[g_rand_int_range (rand, 0, 3)];
    for (gsize k = 0; k < m; k++)
      needle[k] = "ab."[g_rand_int_range (rand, 0, 3)];
    if (m < n && g_rand_boolean (rand))
      memcpy (text + g_rand_int_range (rand, 0, (gint32)(n - m)), needle, m);
    g_autofree char *exact = g_memdup2 (text, MAX (n, 1)); /* so that reading past it is seen */
    const char *expected = memmem (exact, n, needle, m);
    PktSlice found = pkt_slice_find (pkt_slice (exact, n), pkt_slice (needle, m));
    g_assert_true (found.p == expected);
    g_assert_cmpuint (found.n, ==, expected ? n - (gsize)(expected - exact) : 0);
  }
  g_rand_free (rand);
}

typedef struct {
  guint32 key, count;
} Row;

/* Rows counted twice over: by a set, and in a plain array. */
static void
test_row_set (void)
{
  static guint32 counts[5000];
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261121);
  PktRowSet *s = pkt_row_set_new (sizeof (Row), sizeof (guint32));
  for (guint round = 0; round < 2; round++) {
    memset (counts, 0, sizeof counts);
    for (guint i = 0; i < 20000; i++) {
      gboolean is_new;
      Row row = { (guint32)g_rand_int_range (rand, 0, round ? 5 : G_N_ELEMENTS (counts)), 0 };
      Row *found = pkt_row_set_at (s, pkt_row_set_add (s, &row, &is_new));
      g_assert_cmpint (is_new, ==, counts[row.key] == 0);
      g_assert_cmpuint (found->count, ==, counts[row.key]);
      found->count = ++counts[row.key];
    }
    if (round == 0)
      pkt_row_set_empty (s);
  }
  g_assert_cmpuint (pkt_row_set_size (s), ==, 5);
  g_autoptr (GArray) rows = pkt_row_set_take (s);
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpuint (g_array_index (rows, Row, i).count, ==,
                      counts[g_array_index (rows, Row, i).key]);
}

static void
test_case (void)
{
  g_assert_true (pkt_slice_equal_nocase (PKT_SLICE ("iCloud.COM"), PKT_SLICE ("icloud.com")));
  g_assert_false (pkt_slice_equal_nocase (PKT_SLICE ("icloud.co"), PKT_SLICE ("icloud.com")));
  g_assert_false (pkt_slice_equal_nocase (PKT_SLICE ("["), PKT_SLICE ("{"))); /* 0x20 apart */
  g_assert_false (pkt_slice_equal_nocase (PKT_SLICE ("\xc4"), PKT_SLICE ("\xe4")));
  g_assert_true (
      pkt_slice_ends_nocase (PKT_SLICE ("MX.Mail.iCloud.com"), PKT_SLICE (".mail.icloud.com")));
  g_assert_false (pkt_slice_ends_nocase (PKT_SLICE ("com"), PKT_SLICE (".com")));
}

static void
test_domain (void)
{
  g_assert_true (pkt_slice_equal (pkt_slice_domain (PKT_SLICE ("a@b@c.d")), PKT_SLICE ("c.d")));
  g_assert_true (
      pkt_slice_equal (pkt_slice_domain (PKT_SLICE ("\"x@y\"@mac.com")), PKT_SLICE ("mac.com")));
  g_assert_cmpuint (pkt_slice_domain (PKT_SLICE ("nobody")).n, ==, 0);
  g_assert_cmpuint (pkt_slice_domain (PKT_SLICE ("a@")).n, ==, 0);
  g_assert_cmpuint (pkt_slice_domain (pkt_slice (NULL, 0)).n, ==, 0);
}

static void
test_number (void)
{
  gint64 n;
  g_assert_true (pkt_slice_number (PKT_SLICE ("0"), &n) && n == 0);
  g_assert_true (pkt_slice_number (PKT_SLICE ("999999999999999999"), &n)
                 && n == G_GINT64_CONSTANT (999999999999999999));
  static const char *const none[] = { "", "1234567890123456789", "-1", "+1", " 1", "1a", "1.5" };
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_false (pkt_slice_number (pkt_slice_str (none[i]), &n));
}

static void
test_utf8 (void)
{
  g_autofree char *good = pkt_slice_utf8 (PKT_SLICE ("caf\xc3\xa9")),
                  *bad = pkt_slice_utf8 (PKT_SLICE ("caf\xe9!")),
                  *absent = pkt_slice_utf8 (pkt_slice (NULL, 0)),
                  *empty = pkt_slice_utf8 (PKT_SLICE (""));
  g_assert_cmpstr (good, ==, "caf\xc3\xa9");
  g_assert_cmpstr (bad, ==, "caf\xef\xbf\xbd!");
  g_assert_null (absent);
  g_assert_cmpstr (empty, ==, "");
}

static void
test_hash (void)
{
  g_assert_cmpuint (pkt_slice_hash (PKT_SLICE ("abc"), 0), ==,
                    pkt_slice_hash (PKT_SLICE ("abc"), 0));
  g_assert_cmpuint (pkt_slice_hash (PKT_SLICE ("abc"), 0), !=,
                    pkt_slice_hash (PKT_SLICE ("abc"), 1));
  g_assert_cmpuint (pkt_slice_hash (PKT_SLICE ("abcdefgh"), 0), !=,
                    pkt_slice_hash (PKT_SLICE ("abcdefgh\0"), 0));
}

static const struct {
  const char *in;
  gsize max;
  const char *out;
} quotes[] = {
  { "plain", 10, "plain" },
  { "abcdef", 3, "abc…" },
  { "abc", 3, "abc" },
  { "a\x1b[31mred\x07", 20, "a?[31mred?" },
  { "two\nlines\ttab", 20, "two?lines?tab" },
  { "caf\xe9", 20, "caf\xef\xbf\xbd" },
  { "éééé", 2, "éé…" },
  { "a\xe2\x80\xae"
    "b",
    20, "a?b" }, /* U+202E turns the rest of a line around */
  { "\xc2\x9b"
    "31m",
    20, "?31m" }, /* C1 */
  { "", 5, "" },
};

static void
test_quote (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (quotes); i++) {
    g_autofree char *got = pkt_text_quote (pkt_slice_str (quotes[i].in), quotes[i].max);
    g_assert_cmpstr (got, ==, quotes[i].out);
  }
  g_autofree char *absent = pkt_text_quote (pkt_slice (NULL, 0), 5);
  g_assert_cmpstr (absent, ==, "");
}

static void
test_count (void)
{
  static const struct {
    gint64 n;
    const char *text;
  } rows[] = { { 0, "0" },          { 999, "999" },  { 1000, "1,000" }, { 1234567, "1,234,567" },
               { -1000, "-1,000" }, { -999, "-999" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *got = pkt_text_count (rows[i].n);
    g_assert_cmpstr (got, ==, rows[i].text);
  }
}

static void
test_percent (void)
{
  static const struct {
    gint64 part, whole;
    const char *text;
  } rows[] = {
    { 7046, 18412, "38.3%" },  { 29, 366214, "0.01%" },  { 0, 5, "" },       { 5, 0, "" },
    { 5, 5, "100.0%" },        { 1, 1000000, "<0.01%" }, { 1, 10, "10.0%" }, { 1, 1000, "0.1%" },
    { 9999, 10000, ">99.9%" }, { 94, 100000, "0.09%" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *got = pkt_text_percent (rows[i].part, rows[i].whole);
    g_assert_cmpstr (got, ==, rows[i].text);
  }
}

static void
test_layout (void)
{
  g_assert_cmpuint (pkt_text_width ("abc"), ==, 3);
  g_assert_cmpuint (pkt_text_width ("日本"), ==, 4);
  g_assert_cmpuint (pkt_text_width ("a\xf0\0bcdef"), ==, 2); /* cut within a letter */
  g_assert_cmpuint (pkt_text_width ("\xff\x80z"), ==, 3);
  g_assert_cmpuint (pkt_text_width ("e\xcc\x81"), ==, 1); /* combining accent */
  g_autofree char *right = pkt_text_pad ("日本", 6, TRUE), *left = pkt_text_pad ("ab", 4, FALSE),
                  *full = pkt_text_pad ("abcdef", 4, FALSE);
  g_assert_cmpstr (right, ==, "  日本");
  g_assert_cmpstr (left, ==, "ab  ");
  g_assert_cmpstr (full, ==, "abcdef");
  g_autofree char *wrapped = pkt_text_wrap ("one two  three\nfour", 9, "- ", "  "),
                  *word = pkt_text_wrap ("a https://www.example.com/very-long b", 10, "", ""),
                  *none = pkt_text_wrap (" ", 10, "- ", "");
  g_autofree char *together = pkt_text_wrap ("mail to @me.com and to *@me.com", 12, "", "");
  g_assert_cmpstr (together, ==,
                   "mail\nto @me.com\nand\nto *@me.com\n"); /* not "to" before a "@" */
  g_assert_cmpstr (wrapped, ==, "- one two\n  three\n  four\n");
  g_assert_cmpstr (word, ==, "a\nhttps://www.example.com/very-long\nb\n");
  g_assert_cmpstr (none, ==, "- \n");
}

static void
test_digests (void)
{
  g_autoptr (PktDigestSet) s = pkt_digest_set_new ();
  const guint n = 100000;
  for (guint i = 0; i < n; i++)
    g_assert_true (pkt_digest_set_add (s, i * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + 2));
  for (guint i = 0; i < n; i += 7)
    g_assert_false (pkt_digest_set_add (s, i * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + 2));
  g_assert_cmpuint (pkt_digest_set_size (s), ==, n);
  g_assert_false (pkt_digest_set_has (s, 12345));
  g_assert_false (pkt_digest_set_has (s, 0));
  g_assert_true (pkt_digest_set_add (s, 0));
  g_assert_true (pkt_digest_set_has (s, 0));
  g_assert_false (pkt_digest_set_add (s, 0));
}

static const struct {
  const char *path;
  GTestFunc run;
} tests[] = {
  { "/base/slice/find", test_find },      { "/base/slice/find-anywhere", test_find_anywhere },
  { "/base/row-set", test_row_set },      { "/base/slice/case", test_case },
  { "/base/slice/domain", test_domain },  { "/base/slice/number", test_number },
  { "/base/slice/utf8", test_utf8 },      { "/base/slice/hash", test_hash },
  { "/base/text/quote", test_quote },     { "/base/text/count", test_count },
  { "/base/text/percent", test_percent }, { "/base/text/layout", test_layout },
  { "/base/digest-set", test_digests },
};

static void
test_mask (void)
{
  static const struct {
    const char *text, *masked;
  } rows[] = { { "to=<a.b+c@icloud.com>, x", "to=<…@icloud.com>, x" },
               { "<\"a b\"@me.com> and c=d@x", "<…@me.com> and …@x" },
               { "@40000000419f13a5 d 1", "@40000000419f13a5 d 1" },
               { "j\xc3\xbcrgen@icloud.com", "…@icloud.com" },
               { "no address", "no address" },
               { "?e=jo.q%40icloud.com&r", "…@icloud.com&r" },
               { "\"jo\\u0040icloud.com\" <jo&#64;me.com>", "\"…@icloud.com\" <…@me.com>" },
               { "jo=40icloud.com jo\xef\xbc\xa0me.com", "…@icloud.com …@me.com" },
               { "delay=40, delays=40.0/0.1, 100%400", "delay=40, delays=40.0/0.1, 100%400" },
               { "\"@x", "…@x" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *got = pkt_text_mask_addresses (rows[i].text);
    g_assert_cmpstr (got, ==, rows[i].masked);
  }
}

static void
test_encoded_words (void)
{
  static const struct {
    const char *value, *joined, *decoded;
  } rows[] = {
    { "a =?utf-8?B?SmFuYQ==?=\n =?utf-8?B?IFF1aWxs?= <a@example.com>",
      "a =?utf-8?B?SmFuYSBRdWlsbA==?= <a@example.com>", "a Jana Quill <a@example.com>" },
    { "=?utf-8?B?S8M=?= =?utf-8?B?tg==?=", "=?utf-8?B?S8O2?=", "K\xc3\xb6" }, /* within a letter */
    { "=?utf-8?b?SmF?= =?utf-8?b?uYQ?=", "=?utf-8?B?SmFuYQ==?=", "Jana" },    /* within four */
    { "=?iso-8859-1*de?Q?K=F6_?==?utf-8?Q?=C3=B6?=", "=?utf-8?B?S8O2IMO2?=", "K\xc3\xb6 \xc3\xb6" },
    { "=?iso-2022-jp?B?GyRCOzNFRBsoQg==?= =?iso-2022-jp?B?GyRCMlY7UhsoQg==?=",
      "=?utf-8?B?5bGx55Sw6Iqx5a2Q?=", "\xe5\xb1\xb1\xe7\x94\xb0\xe8\x8a\xb1\xe5\xad\x90" },
    { "=?utf-8?B?w7xhYQ?= =?utf-8?B?IMO8?=", "=?utf-8?B?w7xhYSDDvA==?=", /* no padding */
      "\xc3\xbc"
      "aa \xc3\xbc" },
    { "=?us-ascii?Q?K=C3=B6?=", "=?utf-8?B?S8O2?=", "K\xc3\xb6" },
    { "=?x-none?Q?=FF?= b", "=?x-none?Q?=FF?= b", "\xff b" },
    { "=?utf-8?X?a?= =? =?a?b", "=?utf-8?X?a?= =? =?a?b", "=?utf-8?X?a?= =? =?a?b" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *joined = pkt_encoded_words_join (rows[i].value);
    g_autoptr (GString) decoded = g_string_new (NULL);
    PktSlice in = pkt_slice_str (rows[i].value);
    for (gsize k = 0, n; k < in.n; k += MAX (n, 1)) {
      n = pkt_encoded_words_at (in, k, decoded);
      if (n == 0)
        g_string_append_c (decoded, in.p[k]);
    }
    g_assert_cmpstr (joined, ==, rows[i].joined);
    g_assert_cmpstr (decoded->str, ==, rows[i].decoded);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].run);
  g_test_add_func ("/text/near", test_near);
  g_test_add_func ("/text/mask", test_mask);
  g_test_add_func ("/text/encoded-words", test_encoded_words);
  return g_test_run ();
}
