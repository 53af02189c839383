#include "packet/trend/table.h"
#include "packet/base/text.h"

#define COLUMNS 10

typedef char *Row[COLUMNS];

static const char *const heads[COLUMNS] = { "date",          "final", "policy",    "rate",
                                            "95 % interval", "band",  "other 5xx", "accepted",
                                            "4xx tries",     "others" };

const char *
pkt_trend_rules (void)
{
  return "An attempt is one recipient in one delivery try. Delivered and bounced are\n"
         "final; a record read twice counts once. 4xx tries are deferrals; a message\n"
         "given up after deferrals is one bounce, with its last reply.\n"
         "policy: bounced for policy or content (or authentication, where Apple's\n"
         "postmaster can help). rate: policy of final, Apple recipients only.\n"
         "others: the same rate at all other receivers.\n"
         "Bands are operating thresholds, not Apple's: healthy under 0.2 %, watch\n"
         "0.2 % to 1 %, escalate over 1 %. * fewer than 200 final: see the interval.\n";
}

static char *
interval_text (gint64 policy, gint64 final)
{
  double lo, hi;
  if (final <= 0 || final >= PKT_SUM_SMALL)
    return g_strdup ("");
  pkt_wilson (policy, final, &lo, &hi);
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (low, sizeof low, "%.1f", 100 * lo);
  g_ascii_formatd (high, sizeof high, "%.1f", 100 * hi);
  return g_strdup_printf ("%s-%s%%", low, high);
}

static char *
rate_text (const PktSum *s)
{
  gint64 final = pkt_sum_final (s);
  if (final <= 0)
    return g_strdup ("");
  g_autofree char *percent = s->policy == 0 ? g_strdup ("0%") : pkt_text_percent (s->policy, final);
  return g_strconcat (percent, final < PKT_SUM_SMALL ? "*" : " ", NULL);
}

static void
fill_row (Row row, char *name_taken, const PktSum *apple, const PktSum *other)
{
  gint64 final = pkt_sum_final (apple);
  row[0] = name_taken;
  row[1] = pkt_text_count (final);
  row[2] = pkt_text_count (apple->policy);
  row[3] = rate_text (apple);
  row[4] = interval_text (apple->policy, final);
  row[5] = g_strdup (final > 0 ? pkt_band (apple->policy, final) : "");
  row[6] = pkt_text_count (apple->bounced - apple->policy);
  row[7] = pkt_text_count (apple->delivered);
  row[8] = pkt_text_count (apple->deferred);
  row[9] = rate_text (other);
}

static void
clear_row (gpointer row)
{
  for (guint c = 0; c < COLUMNS; c++)
    g_free (((char **)row)[c]);
}

/* Rows of the table; a gap is a row with its first column only. */
static GArray *
make_rows (const GArray *days)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  g_array_set_clear_func (rows, clear_row);
  Row row;
  for (guint c = 0; c < COLUMNS; c++)
    row[c] = g_strdup (heads[c]);
  g_array_append_val (rows, row);
  for (guint i = 0; i < days->len; i++) {
    const PktDay *d = &g_array_index (days, PktDay, i);
    gint64 gap = i > 0 ? d->day - g_array_index (days, PktDay, i - 1).day - 1 : 0;
    if (gap > 0) {
      Row none = { g_strdup_printf ("  (%" G_GINT64_FORMAT " %s without mail)", gap,
                                    gap == 1 ? "day" : "days") };
      g_array_append_val (rows, none);
    }
    fill_row (row, pkt_clock_day_text (d->day), &d->apple, &d->other);
    g_array_append_val (rows, row);
  }
  PktDay total;
  pkt_sum_total (days, &total);
  fill_row (row, g_strdup ("total"), &total.apple, &total.other);
  g_array_append_val (rows, row);
  return rows;
}

static void
measure (const GArray *rows, gsize widths[COLUMNS])
{
  for (guint r = 0; r < rows->len; r++) {
    char *const *row = g_array_index (rows, Row, r);
    for (guint c = 0; c < COLUMNS && row[1] != NULL; c++)
      widths[c] = MAX (widths[c], pkt_text_width (row[c]));
  }
}

static void
print_row (GString *out, char *const *row, const gsize widths[COLUMNS])
{
  gsize start = out->len;
  if (row[1] == NULL) {
    g_string_append (out, row[0]);
  } else {
    for (guint c = 0; c < COLUMNS; c++) {
      gboolean words = c == 0 || c == 5;
      g_autofree char *cell = pkt_text_pad (row[c], widths[c], !words);
      g_string_append_printf (out, "%s%s", c == 0 ? "" : "  ", cell);
    }
  }
  while (out->len > start && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

char *
pkt_trend_table (const GArray *days, const char *zone_name, const PktOnset *onset)
{
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "Apple, by day (days begin at 00:00 %s)\n\n", zone_name);
  if (days->len == 0)
    g_string_append (out, "No mail in this period.\n");
  g_autoptr (GArray) rows = make_rows (days);
  gsize widths[COLUMNS] = { 0 };
  measure (rows, widths);
  for (guint r = 0; r < rows->len && days->len > 0; r++)
    print_row (out, g_array_index (rows, Row, r), widths);
  if (onset) {
    g_autofree char *text = pkt_onset_text (onset);
    g_string_append_printf (out, "%s%s", *text ? "\n" : "", text);
  }
  g_string_append_printf (out, "\n%s", pkt_trend_rules ());
  return g_string_free (out, FALSE);
}
