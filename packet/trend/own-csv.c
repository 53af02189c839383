#include "packet/trend/trend.h"

#define N_GROUPS 7

static const char *const groups[N_GROUPS] = { "policy",    "content",    "auth",   "blocklist",
                                              "recipient", "connection", "unknown" };

/* Quoted where RFC 4180 wants it; what a spreadsheet would take for a formula gets an apostrophe.
 */
static void
add_text (GString *out, const char *text)
{
  gboolean formula = *text && strchr ("=+-@\t\r", *text) != NULL;
  gboolean quote = strpbrk (text, ",\"\r\n") != NULL;
  g_string_append (out, quote ? "\"" : "");
  g_string_append (out, formula ? "'" : "");
  for (const char *p = text; *p; p++) {
    if (*p == '"')
      g_string_append_c (out, '"');
    g_string_append_c (out, *p);
  }
  g_string_append (out, quote ? "\"" : "");
}

static void
add_number (GString *out, gint64 n)
{
  g_string_append_printf (out, ",%" G_GINT64_FORMAT, n);
}

static void
add_part (GString *out, double part)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf (out, ",%s", g_ascii_formatd (number, sizeof number, "%.6f", part));
}

/* rate, low, high; empty where nothing was final. */
static void
add_rate (GString *out, gint64 policy, gint64 final)
{
  double lo, hi;
  if (final <= 0) {
    g_string_append (out, ",,,");
    return;
  }
  pkt_wilson (policy, final, &lo, &hi);
  add_part (out, (double)policy / (double) final);
  add_part (out, lo);
  add_part (out, hi);
}

static gint64
group_count (const PktSum *s, const char *group)
{
  gint64 n = 0;
  for (guint c = 0; c < PKT_N_CATEGORIES; c++)
    if (g_str_equal (pkt_category_group ((PktCategory)c), group))
      n += s->by_category[c];
  return n;
}

/* final: what the rate is of. */
static void
add_row (GString *out, const PktTrendOptions *o, const PktDay *d, gint64 final, const char *name)
{
  const PktSum *a = &d->apple;
  gint64 other = pkt_sum_final (&d->other);
  g_autofree char *label = pkt_trend_label (o, d);
  g_string_append (out, label);
  if (name) {
    g_string_append_c (out, ',');
    add_text (out, name);
  }
  const gint64 counts[] = { final, a->delivered, a->bounced, a->policy, a->deferred };
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    add_number (out, counts[i]);
  add_rate (out, a->policy, final);
  g_string_append_printf (out, ",%s", pkt_band_name (pkt_band_of (&o->bands, a->policy, final)));
  for (guint g = 0; g < N_GROUPS; g++)
    add_number (out, group_count (a, groups[g]));
  add_number (out, other);
  add_number (out, d->other.policy);
  add_rate (out, d->other.policy, other);
  g_string_append (out, "\r\n");
}

static void
add_head (GString *out, const PktTrendOptions *o, PktBy by)
{
  g_string_append (out, o->hours ? "hour" : "date");
  if (by != PKT_N_BY) {
    g_autofree char *column = g_strdelimit (g_strdup (pkt_by_name (by)), "-", '_');
    g_string_append_printf (out, ",%s", column);
  }
  g_string_append (out, ",final,delivered,bounced,policy,deferred_tries,rate,low,high,band");
  for (guint g = 0; g < N_GROUPS; g++)
    g_string_append_printf (out, ",bounced_%s", groups[g]);
  g_string_append (out, ",other_final,other_policy,other_rate,other_low,other_high\r\n");
}

static void
add_comments (GString *out, const PktTrendOptions *o)
{
  g_autofree char *rules = pkt_trend_rules (&o->bands);
  g_auto (GStrv) lines = g_strsplit (rules, "\n", -1);
  g_string_append_printf (out, "# Days begin at 00:00 %s. rate, low and high are parts of one.\r\n",
                          o->zone_name);
  for (char **l = lines; *l && **l; l++)
    g_string_append_printf (out, "# %s\r\n", *l);
}

/* Of a tag: all final answers of the same day or hour. */
static gint64
final_of (const PktTrend *trend, PktBy by, const PktDay *d)
{
  if (by != PKT_BY_TAG)
    return pkt_sum_final (&d->apple);
  guint from = 0, to = trend->spans->len;
  while (from < to) {
    guint middle = (from + to) / 2;
    const PktDay *each = &g_array_index (trend->spans, PktDay, middle);
    if (each->day == d->day)
      return pkt_sum_final (&each->apple);
    if (each->day < d->day)
      from = middle + 1;
    else
      to = middle;
  }
  return 0;
}

char *
pkt_trend_own_csv (const PktTrend *trend, PktBy by, gboolean comments)
{
  const PktTrendOptions *o = &trend->options;
  GString *out = g_string_new (NULL);
  if (comments)
    add_comments (out, o);
  add_head (out, o, by);
  for (guint i = 0; by == PKT_N_BY && i < trend->spans->len; i++) {
    const PktDay *d = &g_array_index (trend->spans, PktDay, i);
    add_row (out, o, d, pkt_sum_final (&d->apple), NULL);
  }
  for (guint k = 0; by != PKT_N_BY && k < trend->groups[by]->list->len; k++) {
    const PktGroup *g = g_ptr_array_index (trend->groups[by]->list, k);
    for (guint i = 0; i < g->spans->len; i++) {
      const PktDay *d = &g_array_index (g->spans, PktDay, i);
      add_row (out, o, d, final_of (trend, by, d), g->name);
    }
  }
  return g_string_free (out, FALSE);
}
