#include "packet/trend/chart.h"
#include <glib/gstdio.h>
#include <unistd.h>
#include "packet/trend/onset.h"
#include "tests/unit/trend-cube.h"

#define APRIL_20 (G_GINT64_CONSTANT (1776643200) * PKT_SECOND)

/* Pictures: so many days, recipients a day, refused from day `rise` to before `fall`, days left
 * out. */
static const struct {
  const char *name;
  int days;
  gint64 n;
  int rise, fall;
  double share;
  int gap_from, gap_to;
  const char *stream;
  gboolean as_in_life; /* days differ, and bounces of other kinds */
} pictures[] = {
  { "empty", 0, 0, 0, 0, 0, 0, 0, NULL, FALSE },
  { "one day", 1, 18412, 0, 1, 0.38, 0, 0, "newsletter", FALSE },
  { "nine of nine", 1, 9, 0, 1, 1, 0, 0, NULL, FALSE },
  { "seven days", 7, 15, 5, 7, 0.3, 3, 4, NULL, FALSE },
  { "twenty days", 20, 9999999, 15, 18, 0.4, 5, 7, "newsletter", FALSE },
  { "spike", 20, 2000000, 11, 12, 0.0000005, 0, 0, NULL, FALSE },
  { "120 days", 120, 1000, 80, 99, 0.2, 10, 30, NULL, FALSE },
  { "three years", 1095, 1000, 900, 960, 0.3, 500, 560, NULL, FALSE },
  { "twenty years", 7300, 10, 7000, 7300, 0.3, 500, 560, NULL, FALSE },
  { "long words", 20, 100, 15, 20, 0.3, 0, 0,
    "a very long name of a stream that goes on and on, "
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW "
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW\n\x1b[31m\xff\xfe and ends with no UTF-8",
    FALSE },
  { "sample 1 day", 1, 18412, 0, 1, 0.38, 0, 0, "news.example.com", TRUE },
  { "sample 20 days", 20, 18412, 13, 16, 0.38, 4, 5, "news.example.com", TRUE },
  { "sample 3 years", 1095, 4000, 900, 930, 0.3, 500, 560, "news.example.com", TRUE },
  { "sample 1 of 2000000", 20, 2000000, 11, 12, 0.0000005, 0, 0, NULL, FALSE },
};

/* A weekend is quiet, no day is like the other, and some mailboxes are always gone. */
static void
add_day (PktTally *t, gint64 at, int day, gint64 n, gint64 refused)
{
  CubeRandom r = { G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) * (guint64)(day + 1) };
  double size = (0.8 + 0.4 * cube_uniform (&r)) * (day % 7 >= 5 ? 0.008 : 1);
  gint64 final = (gint64)((double)n * size), policy = (gint64)((double)refused * size);
  gint64 content = policy / 8 + cube_binomial (&r, final, 0.0008),
         gone = cube_binomial (&r, final, 0.012), auth = cube_binomial (&r, final, 0.002),
         unknown = cube_binomial (&r, final, 0.003);
  policy -= policy / 8;
  cube_add (t, at, TRUE, PKT_BOUNCED, PKT_CAT_POLICY, policy);
  cube_add (t, at, TRUE, PKT_BOUNCED, PKT_CAT_CONTENT, content);
  cube_add (t, at, TRUE, PKT_BOUNCED, PKT_CAT_DMARC, auth);
  cube_add (t, at, TRUE, PKT_BOUNCED, PKT_CAT_MAILBOX_UNKNOWN, gone);
  cube_add (t, at, TRUE, PKT_BOUNCED, PKT_CAT_UNKNOWN, unknown);
  cube_add (t, at, TRUE, PKT_DELIVERED, PKT_CAT_UNKNOWN,
            final - policy - content - gone - auth - unknown);
  cube_add (t, at, FALSE, PKT_BOUNCED, PKT_CAT_POLICY, cube_binomial (&r, 9 * final, 0.002));
  cube_add (t, at, FALSE, PKT_DELIVERED, PKT_CAT_UNKNOWN, 9 * final);
}

static PktTally *
cube_of (gsize i)
{
  PktTally *t = cube_new ();
  for (int d = 0; d < pictures[i].days; d++) {
    if (d >= pictures[i].gap_from && d < pictures[i].gap_to)
      continue;
    gint64 at = APRIL_20 + d * PKT_DAY + 14 * PKT_HOUR, refused = 0;
    if (d >= pictures[i].rise && d < pictures[i].fall)
      refused = MAX (1, (gint64)((double)pictures[i].n * pictures[i].share));
    if (pictures[i].as_in_life) {
      add_day (t, at, d, pictures[i].n, refused);
      continue;
    }
    cube_add (t, at, TRUE, PKT_BOUNCED, PKT_CAT_POLICY, refused);
    cube_add (t, at, TRUE, PKT_DELIVERED, PKT_CAT_UNKNOWN, pictures[i].n - refused);
    cube_add (t, at, FALSE, PKT_DELIVERED, PKT_CAT_UNKNOWN, 3 * pictures[i].n);
  }
  return t;
}

static const PktBands bands = { 2000, 10000 };

static const PktChartMark events[] = {
  { APRIL_20 + 11 * PKT_DAY, "new template" },
  { APRIL_20 + 12 * PKT_DAY, "import of 40,000 addresses from the fair, all with consent" },
  { APRIL_20 + 12 * PKT_DAY, "new sending IP" },
  { APRIL_20 + 13 * PKT_DAY, "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW" },
  { APRIL_20 + 19 * PKT_DAY, "asked Apple" },
  { APRIL_20 + 900 * PKT_DAY, "far away" },
  { APRIL_20, "one more than there is room for" },
};

static PktChartLabels
labels_of (gsize i, const PktOnset *o, gboolean own)
{
  PktChartLabels l = { .stream = pictures[i].stream,
                       .zone_name = "UTC",
                       .onset = o->rose_at,
                       .or_earlier = o->log_begins_inside,
                       .relief = o->relief,
                       .newest = o->last };
  if (own) {
    l.bands = &bands;
    l.marks = events;
    l.n_marks = g_str_has_prefix (pictures[i].name, "sample ") ? 1 : G_N_ELEMENTS (events);
  }
  return l;
}

static GBytes *
draw (gsize i, gboolean own, PktChartFormat format, char **alt)
{
  g_autoptr (PktTally) t = cube_of (i);
  PktSumFilter f = PKT_SUM_APPLE;
  PktOnset o;
  GError *error = NULL;
  pkt_onset_find (t, &f, &o);
  g_autoptr (GArray) days = pkt_sum_days (t, &f, NULL);
  const PktChartLabels labels = labels_of (i, &o, own);
  GBytes *bytes = pkt_trend_chart (days, &labels, format, &error);
  g_assert_no_error (error);
  *alt = pkt_trend_alt (days, &labels);
  return bytes;
}

static guint32
number_at (const guint8 *p)
{
  return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

/* Size, and no chunk that could hold words or a time (PNG specification, 11.3). */
static void
check_chunks (const guint8 *p, gsize n, guint32 height)
{
  static const char *const allowed[] = { "IHDR", "PLTE", "IDAT", "IEND", "bKGD", "pHYs", NULL };
  g_assert_cmpuint (n, >, 33);
  g_assert_cmpmem (p, 8, "\x89PNG\r\n\x1a\n", 8);
  g_assert_cmpuint (number_at (p + 16), ==, PKT_CHART_WIDTH);
  g_assert_cmpuint (number_at (p + 20), ==, height);
  gsize at = 8;
  while (at + 12 <= n) {
    g_autofree char *type = g_strndup ((const char *)p + at + 4, 4);
    g_assert_true (g_strv_contains (allowed, type));
    at += 12 + number_at (p + at);
  }
  g_assert_cmpuint (at, ==, n);
}

/* The pictures of samples/trend, made anew: POSTPACKET_PICTURES=samples/trend. */
static void
keep_sample (gsize i, gboolean own, const char *suffix, const char *bytes, gsize n)
{
  const char *folder = g_getenv ("POSTPACKET_PICTURES");
  if (folder == NULL || !g_str_has_prefix (pictures[i].name, "sample "))
    return;
  g_autofree char *name = g_strdup_printf ("%s%s.%s", pictures[i].name + strlen ("sample "),
                                           own ? "-own" : "", suffix);
  g_autofree char *path = g_build_filename (folder, g_strdelimit (name, " ", '-'), NULL);
  g_assert_true (g_file_set_contents (path, bytes, (gssize)n, NULL));
}

static void
test_picture (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data) / 2, n;
  gboolean own = GPOINTER_TO_SIZE (data) % 2;
  static const PktChartFormat formats[] = { PKT_CHART_PNG, PKT_CHART_SVG, PKT_CHART_PDF };
  static const char *const begins[] = { "\x89PNG", "<?xml", "%PDF-" }, *const suffixes[]
                                                                       = { "png", "svg", "pdf" };
  for (gsize k = 0; k < G_N_ELEMENTS (formats); k++) {
    g_autofree char *alt = NULL, *again_alt = NULL;
    g_autoptr (GBytes) bytes = draw (i, own, formats[k], &alt);
    g_autoptr (GBytes) again = draw (i, own, formats[k], &again_alt);
    const guint8 *p = g_bytes_get_data (bytes, &n);
    g_test_message ("%s: %" G_GSIZE_FORMAT " bytes; %s", pictures[i].name, n, alt);
    g_assert_true (g_bytes_equal (bytes, again));
    g_assert_cmpmem (p, strlen (begins[k]), begins[k], strlen (begins[k]));
    g_assert_true (g_utf8_validate (alt, -1, NULL));
    if (own || k == 0)
      keep_sample (i, own, suffixes[k], (const char *)p, n);
    if (k == 0)
      keep_sample (i, own, "txt", alt, strlen (alt));
    if (formats[k] != PKT_CHART_PNG)
      continue;
    g_assert_cmpuint (n, <=, PKT_CHART_MAX_BYTES);
    check_chunks (p, n, own ? PKT_CHART_OWN_HEIGHT : PKT_CHART_HEIGHT);
  }
}

/* --- layout --- */

static gboolean
meet (const PktChartBox *a, const PktChartBox *b)
{
  return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

/* No text lies on another or leaves the picture; none is cut but for the sender's long words. */
static void
check_layout (gsize i, gboolean own)
{
  g_autoptr (PktTally) t = cube_of (i);
  PktSumFilter f = PKT_SUM_APPLE;
  PktOnset o;
  pkt_onset_find (t, &f, &o);
  g_autoptr (GArray) days = pkt_sum_days (t, &f, NULL);
  const PktChartLabels labels = labels_of (i, &o, own);
  g_autoptr (GArray) boxes = pkt_trend_layout (days, &labels);
  int height = own ? PKT_CHART_OWN_HEIGHT : PKT_CHART_HEIGHT;
  guint cut = 0;
  for (guint k = 0; k < boxes->len; k++) {
    const PktChartBox *a = &g_array_index (boxes, PktChartBox, k);
    cut += a->cut;
    if (a->x < 0 || a->y < 0 || a->x + a->w > PKT_CHART_WIDTH || a->y + a->h > height)
      g_error ("%s, own %d: text %u at %d,%d is %d wide and %d high", pictures[i].name, own, k,
               a->x, a->y, a->w, a->h);
    for (guint m = 0; m < k; m++)
      if (meet (a, &g_array_index (boxes, PktChartBox, m)))
        g_error ("%s, own %d: text %u at %d,%d lies on text %u", pictures[i].name, own, k, a->x,
                 a->y, m);
  }
  guint long_words = (pictures[i].stream && strlen (pictures[i].stream) > 100) + (own ? 2 : 0);
  g_assert_cmpuint (cut, <=, long_words);
  g_assert_cmpuint (boxes->len, >, days->len ? 15 : 5);
}

static void
test_layout (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++)
    for (gboolean own = FALSE; own <= TRUE; own++)
      check_layout (i, own);
}

/* Fonts of which only these are there, and where they may lie. */
static const char *const font_sets[][3] = {
  { "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", NULL },
  { "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", NULL },
  { "DejaVuSansMono.ttf", NULL, NULL },
  { "DejaVuSerif-Bold.ttf", NULL, NULL },
  { "LiberationMono-Regular.ttf", NULL, NULL },
};
static const char *const font_folders[] = {
  "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/truetype/liberation",
  "/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/liberation-sans", "/usr/share/fonts/TTF"
};

static gboolean
link_font (const char *name, const char *folder)
{
  const char *more = g_getenv ("POSTPACKET_FONTS");
  g_autofree char *to = g_build_filename (folder, name, NULL);
  for (gsize i = 0; i <= G_N_ELEMENTS (font_folders); i++) {
    const char *from = i < G_N_ELEMENTS (font_folders) ? font_folders[i] : more;
    g_autofree char *path = g_build_filename (from ? from : "/nonexistent", name, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return symlink (path, to) == 0;
  }
  return FALSE;
}

/* The subprocess sees these fonts and no others. */
static void
test_fonts (gconstpointer data)
{
  const char *const *fonts = font_sets[GPOINTER_TO_SIZE (data)];
  g_autofree char *top = g_dir_make_tmp ("postpacket-fonts-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (top, "fonts", NULL),
                  *cache = g_build_filename (top, "cache", NULL),
                  *conf = g_build_filename (top, "fonts.conf", NULL);
  g_autofree char *text = g_strdup_printf ("<?xml version=\"1.0\"?>\n<fontconfig><dir>%s</dir>"
                                           "<cachedir>%s</cachedir></fontconfig>\n",
                                           folder, cache);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (conf, text, -1, NULL));
  gboolean there = TRUE;
  for (gsize i = 0; fonts[i]; i++)
    there = there && link_font (fonts[i], folder);
  if (!there)
    g_test_skip (fonts[0]);
  else {
    g_setenv ("FONTCONFIG_FILE", conf, TRUE);
    g_test_trap_subprocess ("/trend/chart/layout", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed ();
    g_unsetenv ("FONTCONFIG_FILE");
  }
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", top);
  g_assert_true (g_spawn_command_line_sync (remove, NULL, NULL, NULL, NULL));
}

static void
test_alt (void)
{
  g_autofree char *alt = NULL;
  g_autoptr (GBytes) png = draw (4, FALSE, PKT_CHART_PNG, &alt); /* twenty days */
  g_assert_nonnull (png);
  g_assert_cmpstr (alt, ==,
                   "2026-05-05 to 2026-05-07, refused by policy of final answers: iCloud Mail "
                   "11,999,997 of 29,999,997 (40.0%); all other receivers 0 of 89,999,991. Latest "
                   "refusal 2026-05-07 14:00:00 UTC. Refusals fell 2026-05-08 14:00:00 UTC.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (pictures); i++) {
    g_autofree char *path = g_strdup_printf ("/trend/chart/%s/%s", i % 2 ? "own" : "apple",
                                             pictures[i / 2].name);
    g_strdelimit (path, " ", '-');
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_picture);
  }
  g_test_add_func ("/trend/chart/layout", test_layout);
  for (gsize i = 0; i < G_N_ELEMENTS (font_sets); i++) {
    g_autofree char *path = g_strconcat ("/trend/chart/fonts/", font_sets[i][0], NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_fonts);
  }
  g_test_add_func ("/trend/chart/alt", test_alt);
  return g_test_run ();
}
