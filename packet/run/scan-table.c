/* What a scan found, for a person at three in the morning: the totals, what Apple answered, to
 * whom, by day. */
#include "packet/apple/reply.h"
#include "packet/base/text.h"
#include "packet/run/scan-report.h"
#include "packet/trend/group.h"

#define MAX_ROWS 12
#define BEFORE_TEXT 53     /* columns in front of a reply's text */
#define LEGEND_COLUMNS 106 /* at the most: a line is read to its end */

/* Columns of text, aligned: numbers right, words left. */
typedef struct {
  GString *out;
  const guint8 *widths; /* of each column */
  const char *align;    /* 'l' or 'r' each */
} Table;

static void
row (const Table *t, const char *const *cells)
{
  for (gsize i = 0; t->align[i]; i++) {
    g_autofree char *cell = pkt_text_pad (cells[i] ? cells[i] : "", t->widths[i],
                                          t->align[i] == 'r');
    g_string_append_printf (t->out, "  %s", cell);
  }
  while (t->out->len && t->out->str[t->out->len - 1] == ' ')
    g_string_truncate (t->out, t->out->len - 1);
  g_string_append_c (t->out, '\n');
}

static void
total_row (const Table *t, const char *name, const PktSum *s)
{
  g_autofree char *delivered = pkt_text_count (s->delivered),
                  *deferred = pkt_text_count (s->deferred), *bounced = pkt_text_count (s->bounced),
                  *policy = pkt_text_count (s->policy),
                  *rate = pkt_text_percent (s->delivered ? s->policy : 0, pkt_sum_final (s));
  row (t, (const char *const[]){ name, delivered, bounced, policy, rate, deferred });
}

static const guint8 total_widths[] = { 16, 11, 9, 9, 7, 9 };
static const char *const total_heads[]
    = { "", "delivered", "bounced", "policy", "rate", "deferred" };

static void
append_totals (GString *out, const PktScan *scan)
{
  const PktTally *t = scan->tally;
  const Table table = { out, total_widths, "lrrrrr" };
  PktSum apple, other;
  PktSumFilter others = PKT_SUM_APPLE;
  others.apple = 0;
  pkt_sum (t, &PKT_SUM_APPLE, &apple);
  pkt_sum (t, &others, &other);
  row (&table, total_heads);
  total_row (&table, "Apple", &apple);
  if (!scan->apple_only)
    total_row (&table, "all others", &other);
}

static char *
cut (const char *text, glong columns)
{
  if (g_utf8_strlen (text, -1) <= columns)
    return g_strdup (text);
  g_autofree char *head = g_utf8_substring (text, 0, columns - 1);
  return g_strconcat (head, "…", NULL);
}

/* Kinds of replies that look the same on the screen: what differs stands behind the cut. */
typedef struct {
  gint64 bounced, rest, last;
  const char *group; /* static */
  char *text;
} Shown;

static void
shown_free (gpointer p)
{
  g_free (((Shown *)p)->text);
  g_free (p);
}

static int
compare_shown (gconstpointer x, gconstpointer y)
{
  const Shown *a = *(Shown *const *)x, *b = *(Shown *const *)y;
  if (a->bounced != b->bounced)
    return a->bounced > b->bounced ? -1 : 1;
  if (a->rest != b->rest)
    return a->rest > b->rest ? -1 : 1;
  return strcmp (a->text, b->text);
}

static guint
hash_shown (gconstpointer p)
{
  return g_str_hash (((const Shown *)p)->text);
}

static gboolean
look_alike (gconstpointer x, gconstpointer y)
{
  const Shown *a = x, *b = y;
  return g_str_equal (a->text, b->text) && g_str_equal (a->group, b->group);
}

static void
add_shown (GPtrArray *list, GHashTable *set, const PktReplySum *r, guint columns)
{
  g_autofree char *whole = g_strdup (r->kind->text ? r->kind->text : "");
  pkt_reply_lift_txn (whole);
  g_autofree char *text = cut (whole, columns);
  const Shown key = { .group = pkt_category_group (r->kind->category), .text = text };
  Shown *at = g_hash_table_lookup (set, &key);
  if (at == NULL) {
    at = g_memdup2 (&key, sizeof key);
    at->text = g_steal_pointer (&text);
    at->last = r->last;
    g_ptr_array_add (list, at);
    g_hash_table_add (set, at);
  }
  at->bounced += r->bounced;
  at->rest += r->deferred + r->host_error;
  at->last = MAX (at->last, r->last);
}

/* Rows of it, the most frequent first. */
static GPtrArray *
shown_replies (const PktTally *t, guint columns)
{
  g_autoptr (GPtrArray) replies = pkt_scan_replies (t);
  GPtrArray *list = g_ptr_array_new_with_free_func (shown_free);
  g_autoptr (GHashTable) set = g_hash_table_new (hash_shown, look_alike);
  for (guint i = 0; i < replies->len; i++)
    add_shown (list, set, g_ptr_array_index (replies, i), columns);
  g_ptr_array_sort (list, compare_shown);
  return list;
}

static void
append_replies (GString *out, const PktTally *t, guint columns)
{
  const guint8 widths[] = { 8, 8, 11, 16, (guint8)columns };
  const Table table = { out, widths, "rrlll" };
  g_autoptr (GPtrArray) list = shown_replies (t, columns);
  if (list->len == 0)
    return;
  g_string_append (out, "\nWhat Apple answered\n");
  row (&table, (const char *const[]){ "bounced", "other", "category", "last (UTC)", "reply" });
  for (guint i = 0; i < list->len && i < MAX_ROWS; i++) {
    const Shown *r = g_ptr_array_index (list, i);
    g_autofree char *bounced = pkt_text_count (r->bounced), *rest = pkt_text_count (r->rest),
                    *last = pkt_clock_format (r->last, NULL, "%Y-%m-%d %H:%M");
    row (&table, (const char *const[]){ bounced, rest, r->group, last, r->text });
  }
  if (list->len > MAX_ROWS)
    g_string_append_printf (out, "  and %u more kinds of replies, see --json\n",
                            list->len - MAX_ROWS);
}

static void
append_days (GString *out, const PktTally *t, const char *zone_name, GTimeZone *zone)
{
  const Table table = { out, total_widths, "lrrrrr" };
  g_autoptr (GArray) days = pkt_sum_days (t, &PKT_SUM_ALL, zone);
  g_string_append_printf (out, "\nApple by day (%s)\n", zone_name);
  row (&table, total_heads);
  guint from = days->len > MAX_ROWS ? days->len - MAX_ROWS : 0;
  if (from)
    g_string_append_printf (out, "  … %u earlier days, see --json\n", from);
  for (guint i = from; i < days->len; i++) {
    const PktDay *d = &g_array_index (days, PktDay, i);
    g_autofree char *date = pkt_clock_day_text (d->day);
    total_row (&table, date, &d->apple);
  }
}

static void
append_onset (GString *out, const PktTally *t)
{
  PktOnset o;
  pkt_scan_onset (t, &o);
  if (!o.found)
    return;
  g_autofree char *at = pkt_clock_format (o.rose_at, NULL, "%Y-%m-%d %H:%M"),
                  *rate = pkt_text_percent (o.after_policy, o.after_final),
                  *before = pkt_text_percent (o.before_policy, o.before_final);
  g_string_append_printf (
      out, "\nRefusals by policy rose at %s UTC: from %s to %s%s\n", at, *before ? before : "none",
      rate, o.log_begins_inside ? "; what was counted begins there, so it may be earlier" : "");
  if (!o.over)
    return;
  g_autoptr (PktGroups) streams = pkt_groups_new (t, &PKT_SUM_APPLE, PKT_BY_STREAM, FALSE, NULL);
  g_autofree char *on = pkt_groups_going_on (streams);
  if (*on)
    g_string_append_printf (out, "and go on in %s\n", on);
  else {
    g_autofree char *relief = pkt_clock_format (o.relief, NULL, "%Y-%m-%d %H:%M");
    g_string_append_printf (out, "and fell again by %s UTC\n", relief);
  }
}

char *
pkt_scan_table (const PktScan *scan, const char *zone_name, GTimeZone *zone, guint columns)
{
  static const char legend[] = "Counted: one recipient in one delivery try. Delivered and bounced "
                               "are final, deferred counts "
                               "tries; mail given up after deferrals adds one bounced. policy: "
                               "refused by policy or content; "
                               "rate: of the final ones.";
  GString *out = g_string_new (NULL);
  guint64 lines = 0;
  for (guint i = 0; i < scan->sources->len; i++)
    lines += ((const PktScanSource *)g_ptr_array_index (scan->sources, i))->lines;
  g_autofree char *count = pkt_text_count ((gint64)lines);
  g_string_append_printf (out, "%u %s, %s lines\n\n", scan->sources->len,
                          scan->sources->len == 1 ? "source" : "sources", count);
  append_totals (out, scan);
  append_onset (out, scan->tally);
  append_replies (out, scan->tally, MAX (columns, PKT_SCAN_LEAST_COLUMNS) - BEFORE_TEXT);
  append_days (out, scan->tally, zone_name, zone);
  g_autofree char *counted = pkt_text_wrap (legend, MIN (columns, LEGEND_COLUMNS), "", "");
  g_string_append_printf (out, "\n%s", counted);
  return g_string_free (out, FALSE);
}
