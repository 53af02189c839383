#include "packet/trend/table.h"
#include "packet/base/text.h"
#include "packet/trend/columns.h"

#define COLUMNS 10

typedef char *Row[COLUMNS];

static const char *const heads[COLUMNS] = { "date",          "final", "policy",    "rate",
                                            "95 % interval", "band",  "otherwise", "accepted",
                                            "4xx tries",     "others" };

enum { DATE, INTERVAL = 4, BAND, ACCEPTED = 7, TRIES };
static const char *const brief_heads[COLUMNS] = { [INTERVAL] = "95 %", [TRIES] = "4xx" };
static const guint spare[] = { INTERVAL, ACCEPTED };
static const PktColumns columns = { .n = COLUMNS,
                                    .words = 1u << DATE | 1u << BAND,
                                    .brief = brief_heads,
                                    .spare = spare,
                                    .n_spare = G_N_ELEMENTS (spare) };

static char *
band_text (gint64 millionths)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup (g_ascii_formatd (number, sizeof number, "%g", (double)millionths / 10000.0));
}

const char *
pkt_trend_plain_rules (void)
{
  return "An attempt is one recipient in one delivery try. Delivered and bounced are\n"
         "final; a record read twice counts once. 4xx tries are deferrals; a message\n"
         "given up after deferrals is one bounce, with its last reply.\n"
         "policy: bounced for policy or content (or authentication, where Apple's\n"
         "postmaster can help). rate: policy of final, Apple recipients only.\n"
         "others: the same rate at all other receivers.\n";
}

char *
pkt_trend_rules (const PktBands *bands)
{
  g_autofree char *watch = band_text (bands->watch), *escalate = band_text (bands->escalate);
  return g_strdup_printf (
      "%sBands are operating thresholds, not Apple's: healthy under %s %%, watch\n"
      "%s %% to %s %%, escalate over %s %%. * fewer than %d final: see the interval.\n",
      pkt_trend_plain_rules (), watch, watch, escalate, escalate, PKT_SUM_SMALL);
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
fill_row (Row row, const PktBands *bands, char *name_taken, const PktSum *apple,
          const PktSum *other)
{
  gint64 final = pkt_sum_final (apple);
  row[0] = name_taken;
  row[1] = pkt_text_count (final);
  row[2] = pkt_text_count (apple->policy);
  row[3] = rate_text (apple);
  row[4] = interval_text (apple->policy, final);
  row[5] = g_strdup (final > 0 ? pkt_band_name (pkt_band_of (bands, apple->policy, final)) : "");
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

/* Days or hours between two rows. */
static gint64
gap_before (const PktTrendOptions *o, const PktDay *d, const PktDay *last)
{
  return (d->day - last->day) / (o->hours ? PKT_HOUR : 1) - 1;
}

/* Rows of the table; a gap is a row with its first column only. */
static GArray *
make_rows (const PktTrendOptions *o, const GArray *days)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  g_array_set_clear_func (rows, clear_row);
  Row row;
  for (guint c = 0; c < COLUMNS; c++)
    row[c] = g_strdup (c == 0 && o->hours ? "hour" : heads[c]);
  g_array_append_val (rows, row);
  guint left_out = o->max_rows && days->len > o->max_rows ? days->len - o->max_rows : 0;
  if (left_out) {
    g_autofree char *count = pkt_text_count (left_out);
    Row none = { g_strdup_printf ("  (%s earlier %ss: --csv, --json and --output have them)", count,
                                  o->hours ? "hour" : "day") };
    g_array_append_val (rows, none);
  }
  for (guint i = left_out; i < days->len; i++) {
    const PktDay *d = &g_array_index (days, PktDay, i);
    gint64 gap = i > left_out ? gap_before (o, d, &g_array_index (days, PktDay, i - 1)) : 0;
    if (gap > 0) {
      Row none = { g_strdup_printf ("  (%" G_GINT64_FORMAT " %s%s without mail)", gap,
                                    o->hours ? "hour" : "day", gap == 1 ? "" : "s") };
      g_array_append_val (rows, none);
    }
    fill_row (row, &o->bands, pkt_trend_label (o, d), &d->apple, &d->other);
    g_array_append_val (rows, row);
  }
  PktDay total;
  pkt_sum_total (days, &total);
  fill_row (row, &o->bands, g_strdup ("total"), &total.apple, &total.other);
  g_array_append_val (rows, row);
  return rows;
}

char *
pkt_trend_table (const PktTrendOptions *o, const GArray *spans, guint width)
{
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "Apple, by %s (%s)\n\n", o->hours ? "hour" : "day", o->zone_name);
  if (!o->hours) {
    g_string_truncate (out, 0);
    g_string_append_printf (out, "Apple, by day (days begin at 00:00 %s)\n\n", o->zone_name);
  }
  if (spans->len == 0) {
    g_string_append (out, "No mail in this period.\n");
    return g_string_free (out, FALSE);
  }
  g_autoptr (GArray) rows = make_rows (o, spans);
  pkt_columns_print (out, &columns, rows, width);
  return g_string_free (out, FALSE);
}
