#include "packet/base/text.h"
#include "packet/trend/columns.h"
#include "packet/trend/table.h"

#define PROSE_WIDTH 100 /* of chart and sentences, on a wide screen too */
#define SPARK_WIDTH 24
#define COLUMNS 9
#define NAME_CHARS 40
#define MAX_HITS 5

typedef char *Row[COLUMNS];

static const char *const heads[COLUMNS] = {
  "", "", "final", "policy", "rate", "95 % interval", "others", "first policy reply", "rose"
};

enum { NAME, CHART, INTERVAL = 5, FIRST = 7, ROSE };
static const char *const brief_heads[COLUMNS] = { [INTERVAL] = "95 %", [FIRST] = "first reply" };
static const guint spare[] = { FIRST, CHART, INTERVAL };
static const PktColumns columns = { .n = COLUMNS,
                                    .words = 1u << NAME | 1u << CHART | 1u << FIRST | 1u << ROSE,
                                    .brief = brief_heads,
                                    .spare = spare,
                                    .n_spare = G_N_ELEMENTS (spare),
                                    .without_empty = TRUE };

static void
add_part (GString *out, char *taken)
{
  if (*taken)
    g_string_append_printf (out, "%s%s", out->len ? "\n" : "", taken);
  g_free (taken);
}

/* Lines that are longer go on in the next. */
static char *
wrap_lines (char *taken, guint width)
{
  GString *out = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (taken, "\n", -1);
  for (char **line = lines; *line && (*line[0] || line[1]); line++) {
    g_autofree char *wrapped = pkt_text_wrap (*line, width, "", "");
    g_string_append (out, *line[0] ? wrapped : "\n");
  }
  g_free (taken);
  return g_string_free (out, FALSE);
}

static char *
hits_text (const PktTrend *trend, guint width)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < trend->hits->len && i < MAX_HITS; i++) {
    const PktTrendHit *h = g_ptr_array_index (trend->hits, i);
    g_autofree char *count = pkt_text_count (h->count);
    g_string_append_printf (out, "%s%s %s", i ? ", " : "", h->mark, count);
  }
  if (out->len == 0)
    return g_string_free (out, FALSE);
  g_autofree char *list = g_string_free (out, FALSE);
  g_autofree char *line = g_strdup_printf ("Put off for excessive volume most often: %s.", list);
  return pkt_text_wrap (line, width, "", "");
}

static char *
onset_text (const PktTrend *trend, guint width)
{
  g_autofree char *on = trend->onset.over ? pkt_groups_going_on (trend->groups[PKT_BY_STREAM])
                                          : g_strdup ("");
  char *text = pkt_onset_text (&trend->onset);
  if (*on) {
    g_autofree char *taken = text;
    text = g_strdup_printf ("%sWhat fell is all streams together: refusals go on in %s.\n", taken,
                            on);
  }
  return wrap_lines (text, width);
}

char *
pkt_trend_text (const PktTrend *trend, guint width)
{
  GString *out = g_string_new (NULL);
  const guint prose = MIN (width, PROSE_WIDTH);
  add_part (out, pkt_trend_blocks (trend->days, prose));
  add_part (out, pkt_trend_table (&trend->options, trend->spans, width));
  add_part (out, onset_text (trend, prose));
  if (trend->onset.first != PKT_NO_TIME)
    add_part (out, pkt_contrast_text (&trend->contrast, prose - 2));
  char *habits = pkt_habits_text (&trend->habits), *hits = hits_text (trend, prose);
  add_part (out, g_strconcat (habits, hits, NULL));
  g_free (habits);
  g_free (hits);
  add_part (out, pkt_trend_rules (&trend->options.bands));
  return g_string_free (out, FALSE);
}

/* --- groups --- */

static char *
rate_text (gint64 policy, gint64 final)
{
  if (final <= 0)
    return g_strdup ("");
  g_autofree char *percent = policy == 0 ? g_strdup ("0%") : pkt_text_percent (policy, final);
  return g_strconcat (percent, final < PKT_SUM_SMALL ? "*" : " ", NULL);
}

static char *
interval_text (gint64 policy, gint64 final)
{
  double lo, hi;
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  if (final <= 0)
    return g_strdup ("");
  pkt_wilson (policy, final, &lo, &hi);
  g_ascii_formatd (low, sizeof low, "%.2f", 100 * lo);
  g_ascii_formatd (high, sizeof high, "%.2f", 100 * hi);
  return g_strdup_printf ("%s-%s%%", low, high);
}

static char *
minute_text (gint64 us)
{
  return us == PKT_NO_TIME ? g_strdup ("") : pkt_clock_format (us, NULL, "%Y-%m-%d %H:%MZ");
}

static double
top_rate (const PktGroups *groups)
{
  double top = 0;
  for (guint i = 0; i < groups->list->len; i++) {
    const PktGroup *g = g_ptr_array_index (groups->list, i);
    for (guint d = 0; d < g->days->len; d++) {
      const PktSum *s = &g_array_index (g->days, PktDay, d).apple;
      gint64 final = pkt_sum_final (s);
      top = MAX (top, final > 0 ? (double)s->policy / (double) final : 0);
    }
  }
  return top;
}

/* Of a tag the days hold nothing but its replies: no rate, so no chart. */
static void
fill_group (Row row, const PktTrend *trend, const PktGroups *groups, const PktGroup *g, double top)
{
  guint n = trend->days->len;
  gboolean tag = groups->by == PKT_BY_TAG;
  row[0] = pkt_text_quote (pkt_slice_str (g->name), NAME_CHARS);
  row[1] = tag || n == 0
               ? g_strdup ("")
               : pkt_trend_spark (g->days, g_array_index (trend->days, PktDay, 0).day,
                                  g_array_index (trend->days, PktDay, n - 1).day, SPARK_WIDTH, top);
  row[2] = pkt_text_count (tag ? g->apple.bounced : g->final);
  row[3] = tag ? pkt_text_count (g->apple.deferred) : pkt_text_count (g->apple.policy);
  row[4] = rate_text (tag ? g->apple.bounced : g->apple.policy, g->final);
  row[5] = interval_text (tag ? g->apple.bounced : g->apple.policy, g->final);
  row[6] = rate_text (g->other.policy, pkt_sum_final (&g->other));
  row[7] = minute_text (g->onset.first);
  row[8] = minute_text (g->onset.rose_at);
}

static void
clear_row (gpointer row)
{
  for (guint c = 0; c < COLUMNS; c++)
    g_free (((char **)row)[c]);
}

static GArray *
group_rows (const PktTrend *trend, const PktGroups *groups)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  gboolean tag = groups->by == PKT_BY_TAG;
  double top = top_rate (groups);
  Row row;
  g_array_set_clear_func (rows, clear_row);
  for (guint c = 0; c < COLUMNS; c++)
    row[c] = g_strdup (c == 0          ? pkt_by_words (groups->by)
                       : c == 2 && tag ? "bounced"
                       : c == 3 && tag ? "4xx tries"
                                       : heads[c]);
  g_array_append_val (rows, row);
  for (guint i = 0; i < groups->list->len; i++) {
    fill_group (row, trend, groups, g_ptr_array_index (groups->list, i), top);
    g_array_append_val (rows, row);
  }
  return rows;
}

char *
pkt_trend_group_text (const PktTrend *trend, PktBy by, guint width)
{
  const PktGroups *groups = trend->groups[by];
  const guint prose = MIN (width, PROSE_WIDTH);
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "Apple, by %s", pkt_by_words (by));
  if (trend->days->len > 0) {
    g_autofree char *from = pkt_clock_day_text (g_array_index (trend->days, PktDay, 0).day),
                    *to = pkt_clock_day_text (
                        g_array_index (trend->days, PktDay, trend->days->len - 1).day);
    g_string_append_printf (out, ", %s to %s %s", from, to, trend->options.zone_name);
  }
  g_string_append (out, "\n\n");
  if (groups->list->len == 0)
    g_string_append (out, "No mail in this period.\n");
  else {
    g_autoptr (GArray) rows = group_rows (trend, groups);
    pkt_columns_print (out, &columns, rows, width);
  }
  if (groups->left_out)
    g_string_append_printf (out, "and %u more\n", groups->left_out);
  add_part (out, onset_text (trend, prose));
  add_part (out, pkt_contrast_text (&trend->contrast, prose - 2));
  add_part (out, pkt_trend_rules (&trend->options.bands));
  return g_string_free (out, FALSE);
}
