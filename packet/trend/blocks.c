#include <math.h>
#include "packet/base/text.h"
#include "packet/trend/bucket.h"
#include "packet/trend/table.h"

#define ROWS 6 /* of text, 8 steps each */
#define LEVELS 8
#define MIN_WIDTH 20
#define AXIS_WIDTH 8 /* ">99.9% │" */

static const char *const levels[LEVELS + 1] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

static double
rate_of (const PktSum *s)
{
  gint64 final = pkt_sum_final (s);
  return final > 0 ? (double)s->policy / (double) final : 0;
}

static const PktSum *
side (const PktBuckets *b, guint i, gboolean apple)
{
  const PktBucket *bar = &g_array_index (b->bars, PktBucket, i);
  return apple ? &bar->apple : &bar->other;
}

/* The sum with the highest rate; of a bar without refusals when there is none. */
static const PktSum *
highest (const PktBuckets *b)
{
  const PktSum *top = side (b, 0, TRUE);
  for (guint i = 0; i < 2 * b->bars->len; i++) {
    const PktSum *s = side (b, i / 2, i % 2 == 0);
    top = rate_of (s) > rate_of (top) ? s : top;
  }
  return top;
}

/* What stands in row `row` (0 is the lowest) for one bar: nothing for a gap, a dot for none
 * refused.
 */
static const char *
cell (const PktSum *s, double top, int row, int rows)
{
  if (pkt_sum_final (s) == 0)
    return " ";
  if (s->policy == 0)
    return row == 0 ? "·" : " ";
  int height = (int)ceil (rate_of (s) / top * rows * LEVELS - 1e-9);
  return levels[CLAMP (MAX (height, 1) - row * LEVELS, 0, LEVELS)];
}

static void
add_row (GString *out, const PktBuckets *b, const char *axis, gboolean apple, double top, int row,
         int rows)
{
  g_autofree char *left = pkt_text_pad (axis, AXIS_WIDTH - 2, TRUE);
  g_string_append_printf (out, "%s │", left);
  gsize end = out->len;
  for (guint i = 0; i < b->bars->len; i++) {
    const char *c = cell (side (b, i, apple), top, row, rows);
    g_string_append (out, c);
    end = *c == ' ' ? end : out->len;
  }
  g_string_truncate (out, end);
  g_string_append_c (out, '\n');
}

/* Days with an empty one at both ends, so that each group has the same columns. */
static GArray *
pad_days (const GArray *days, gint64 first, gint64 last)
{
  GArray *padded = g_array_new (FALSE, FALSE, sizeof (PktDay));
  PktDay edge = { .day = first };
  pkt_sum_clear (&edge.apple);
  pkt_sum_clear (&edge.other);
  g_array_append_val (padded, edge);
  g_array_append_vals (padded, days->data, days->len);
  edge.day = last;
  g_array_append_val (padded, edge);
  return padded;
}

char *
pkt_trend_spark (const GArray *days, gint64 first, gint64 last, guint width, double top)
{
  g_autoptr (GArray) padded = pad_days (days, first, last);
  g_autoptr (PktBuckets) b = pkt_buckets_new (padded, width);
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < b->bars->len; i++)
    g_string_append (out, cell (side (b, i, TRUE), MAX (top, 1e-9), 0, 1));
  return g_string_free (out, FALSE);
}

static void
add_dates (GString *out, const PktBuckets *b)
{
  guint n = b->bars->len;
  g_autofree char *from = pkt_buckets_label (b, &g_array_index (b->bars, PktBucket, 0));
  g_autofree char *to = pkt_buckets_label (b, &g_array_index (b->bars, PktBucket, n - 1));
  g_autofree char *margin = g_strnfill (AXIS_WIDTH, ' ');
  g_string_append_printf (out, "%s%s", margin, from);
  if (n > 1) {
    gsize used = strlen (from) + strlen (to);
    g_autofree char *fill = g_strnfill (n > used ? n - used : 1, ' ');
    g_string_append_printf (out, "%s%s", n > used ? fill : " to ", to);
  }
  g_string_append_c (out, '\n');
}

char *
pkt_trend_blocks (const GArray *days, guint width)
{
  GString *out = g_string_new (NULL);
  if (days->len == 0)
    return g_string_free (out, FALSE);
  g_autoptr (PktBuckets) b = pkt_buckets_new (days, MAX (width, MIN_WIDTH) - AXIS_WIDTH);
  const PktSum *most = highest (b);
  double top = rate_of (most);
  g_autofree char *axis = pkt_text_percent (most->policy, pkt_sum_final (most));
  g_string_append_printf (out, "Refused by policy, of final answers; a column is a %s\n",
                          pkt_buckets_word (b));
  for (int row = ROWS - 1; row >= 0; row--) {
    const char *left = row == ROWS - 1 ? axis : row == 0 ? "Apple" : "";
    add_row (out, b, left, TRUE, top, row, ROWS);
  }
  add_row (out, b, "others", FALSE, top, 0, 1);
  add_dates (out, b);
  return g_string_free (out, FALSE);
}
