/* What a follow-up tells beside the usual facts: what changed since the mail before, and nothing
 * else; and, for packet.json, the figures that the next mail will go on from. */
#include <string.h>
#include "packet/base/json.h"
#include "packet/run/facts.h"
#include "packet/run/follow-up.h"
#include "packet/trend/exact.h"

#define MAX_ROWS 6         /* of days; the rest falls into one */
#define DIFFERS_BELOW 0.05 /* probability under which two rates differ */

static char *
span_of (gint64 from, gint64 to)
{
  g_autofree char *a = pkt_clock_format (from * PKT_DAY, NULL, "%a %-d"),
                  *b = pkt_clock_format (to * PKT_DAY, NULL, "%a %-d %b"),
                  *month_a = pkt_clock_format (from * PKT_DAY, NULL, "%b"),
                  *month_b = pkt_clock_format (to * PKT_DAY, NULL, "%b");
  if (from == to)
    return g_strdup (b);
  if (g_str_equal (month_a, month_b))
    return g_strdup_printf ("%s to %s", a, b);
  return g_strdup_printf ("%s %s to %s", a, month_a, b);
}

static json_t *
row (const char *label, gint64 final, gint64 refused)
{
  json_t *o = json_object ();
  json_object_set_new (o, "label", pkt_json_string (label));
  json_object_set_new (o, "final", json_integer (final));
  json_object_set_new (o, "refused", json_integer (refused));
  return o;
}

/* What the mail before told: its own period, its own counts. */
static void
add_before (json_t *rows, const PktFollowUp *f)
{
  const json_t *figures = f->earlier->figures;
  gint64 final = pkt_json_number (figures, "final");
  PktStamp from, until;
  const char *a = pkt_json_text (figures, "from"), *b = pkt_json_text (figures, "until");
  if (final <= 0 || a == NULL || b == NULL || !pkt_clock_parse_rfc3339 (pkt_slice_str (a), &from)
      || !pkt_clock_parse_rfc3339 (pkt_slice_str (b), &until))
    return;
  g_autofree char *span = span_of (pkt_clock_day (from.us, NULL), pkt_clock_day (until.us, NULL)),
                  *label = g_strdup_printf ("%s (before)", span);
  json_array_append_new (rows, row (label, final, pkt_json_number (figures, "refused")));
}

/* "Wed 20 May from 09:00": the mail before ended within this day. */
static char *
day_label (const PktEvidence *e, gint64 day)
{
  g_autofree char *text = span_of (day, day);
  if (day != pkt_clock_day (e->from, NULL) || e->from == day * PKT_DAY)
    return g_steal_pointer (&text);
  g_autofree char *from = pkt_clock_format (e->from, NULL, "%H:%M");
  return g_strdup_printf ("%s from %s", text, from);
}

static void
add_days (json_t *rows, const PktEvidence *e)
{
  g_autoptr (GArray) days = pkt_news_days (e, e->from);
  for (guint i = 0; i < days->len; i++) {
    const PktNewsDay *d = &g_array_index (days, PktNewsDay, i);
    guint last = i == MAX_ROWS - 1 ? days->len - 1 : i;
    PktSum sum = d->sum;
    for (guint k = i + 1; k <= last; k++)
      pkt_sum_add (&sum, &g_array_index (days, PktNewsDay, k).sum);
    g_autofree char *label = last > i ? span_of (d->day, g_array_index (days, PktNewsDay, last).day)
                                      : day_label (e, d->day);
    json_array_append_new (rows, row (label, pkt_sum_final (&sum), sum.policy));
    i = last;
  }
}

/* Of a thank-you: days that follow each other stand together, "Wed 3 to Fri 5 Jun". */
static void
add_runs (json_t *rows, const PktEvidence *e)
{
  g_autoptr (GArray) days = pkt_news_days (e, e->from);
  for (guint i = 0, shown = 0; i < days->len; shown++) {
    const PktNewsDay *d = &g_array_index (days, PktNewsDay, i);
    PktSum sum = d->sum;
    guint last = i;
    while (last + 1 < days->len
           && (shown + 1 == MAX_ROWS
               || g_array_index (days, PktNewsDay, last + 1).day
                      == g_array_index (days, PktNewsDay, last).day + 1))
      pkt_sum_add (&sum, &g_array_index (days, PktNewsDay, ++last).sum);
    g_autofree char *label = span_of (d->day, g_array_index (days, PktNewsDay, last).day);
    json_array_append_new (rows, row (label, pkt_sum_final (&sum), sum.policy));
    i = last + 1;
  }
}

static json_t *
rows_of (const PktEvidence *e)
{
  json_t *rows = json_array ();
  gboolean resolved = e->follow_up->kind == PKT_FOLLOW_UP_RESOLVED;
  if (!pkt_evidence_has_deliveries (e) || !(resolved || e->follow_up->fresh))
    return rows;
  if (resolved) {
    add_runs (rows, e);
    return rows;
  }
  add_before (rows, e->follow_up);
  add_days (rows, e);
  return rows;
}

/* Are there fewer refusals in number, too, where the rate fell, and more where it rose? */
static gboolean
counts_agree (const PktEvidence *e, const char *moved)
{
  const gint64 before = pkt_json_number (e->follow_up->earlier->figures, "refused");
  return g_strcmp0 (moved, "lower") == 0 ? e->refused < before : e->refused > before;
}

/* "lower", "higher", "same"; null where one side is not known. */
static json_t *
moved (const PktEvidence *e)
{
  const json_t *figures = e->follow_up->earlier->figures;
  gint64 k = pkt_json_number (figures, "refused"), n = pkt_json_number (figures, "final"),
         now_k = e->refused, now_n;
  PktSum sum;
  pkt_news_sum (e, e->from, &sum);
  now_n = pkt_sum_final (&sum);
  if (n <= 0 || now_n <= 0 || k > n || !pkt_evidence_has_deliveries (e))
    return json_null ();
  if (pkt_exact_fisher (k, n, now_k, now_n) >= DIFFERS_BELOW)
    return json_string ("same");
  return json_string (now_k * n < k * now_n ? "lower" : "higher");
}

static json_t *
answers_of (const json_t *errors)
{
  static const char *const keys[] = { "short", "reply", "first", "last", "count" };
  json_t *out = json_array ();
  for (gsize i = 0; i < json_array_size (errors); i++) {
    const json_t *group = json_array_get (errors, i);
    if (!json_is_true (json_object_get (group, "leads")))
      continue;
    json_t *o = json_object ();
    for (gsize k = 0; k < G_N_ELEMENTS (keys); k++)
      json_object_set (o, keys[k], json_object_get (group, keys[k]));
    json_array_append_new (out, o);
  }
  return out;
}

static gboolean
has_text (const json_t *list, const char *text)
{
  for (gsize i = 0; i < json_array_size (list); i++)
    if (g_strcmp0 (json_string_value (json_array_get (list, i)), text) == 0)
      return TRUE;
  return FALSE;
}

/* Sending IPs that are refused now and were not named before. */
static json_t *
new_ips (const PktEvidence *e)
{
  const json_t *before = json_object_get (e->follow_up->earlier->figures, "ips");
  json_t *out = json_array ();
  for (guint i = 0; i < e->ips->len; i++)
    if (!has_text (before, e->ips->pdata[i]))
      json_array_append_new (out, json_string (e->ips->pdata[i]));
  return out;
}

/* Of those that sent the stream's mail one was not there before, or one that was named sends no
 * more. */
static gboolean
ips_changed (const PktEvidence *e)
{
  const json_t *named = json_object_get (e->follow_up->earlier->figures, "ips");
  g_autoptr (GHashTable) before = g_hash_table_new (g_str_hash, g_str_equal),
                         since = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer name;
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->local_ip && event->outcome <= PKT_BOUNCED && pkt_evidence_in_stream (e, event))
      g_hash_table_add (event->time < e->follow_up->since ? before : since,
                        (gpointer)event->local_ip);
  }
  for (g_hash_table_iter_init (&iter, since); g_hash_table_iter_next (&iter, &name, NULL);)
    if (!g_hash_table_contains (before, name) && !has_text (named, name))
      return TRUE;
  for (gsize k = 0; g_hash_table_size (since) && k < json_array_size (named); k++) {
    const char *ip = json_string_value (json_array_get (named, k));
    if (ip && !g_hash_table_contains (since, ip))
      return TRUE;
  }
  return FALSE;
}

static json_t *
texts_json (GStrv texts)
{
  json_t *a = json_array ();
  for (gsize i = 0; texts[i]; i++)
    json_array_append_new (a, pkt_json_string (texts[i]));
  return a;
}

static json_t *
stated_json (const PktEvidence *e)
{
  const PktCase *c = e->the_case;
  const json_t *figures = e->follow_up->earlier->figures;
  json_t *o = json_object ();
  json_object_set_new (o, "found", texts_json (c->follow_up.found));
  json_object_set_new (o, "question", pkt_json_string (c->follow_up.question));
  json_object_set_new (o, "plan", pkt_json_string (c->follow_up.plan));
  json_object_set_new (
      o, "remediation",
      pkt_news_dated (c->incident.remediation, json_object_get (figures, "remediation")));
  json_object_set_new (o, "changes",
                       pkt_news_dated (c->incident.changes, json_object_get (figures, "changes")));
  return o;
}

static json_t *
span_json (gint64 from, gint64 to)
{
  return json_pack ("[o, o]", pkt_facts_time (from), pkt_facts_time (to));
}

/* Days of the trend, which is the stream's alone. */
static json_t *
trend_span (const PktEvidence *e)
{
  gint64 first = PKT_NO_TIME, last = PKT_NO_TIME;
  for (guint i = 0; i < e->scan->tally->cells->len; i++) {
    const PktCell *c = &g_array_index (e->scan->tally->cells, PktCell, i);
    if (!pkt_evidence_has_cell (e, c))
      continue;
    first = first == PKT_NO_TIME ? c->first : MIN (first, c->first);
    last = MAX (last, c->last);
  }
  return span_json (first, last);
}

json_t *
pkt_facts_follow_up (const PktEvidence *e, const json_t *errors)
{
  const PktFollowUp *f = e->follow_up;
  g_autoptr (json_t) now = answers_of (errors);
  json_t *o = json_object (), *before = json_object_get (f->earlier->figures, "answers");
  PktSum sum;
  pkt_news_sum (e, e->from, &sum);
  const char *kind = f->earlier->answer ? pkt_json_text (f->earlier->answer, "kind") : NULL;
  json_object_set_new (o, "kind", json_string (pkt_follow_up_word (f)));
  json_object_set_new (o, "sent", pkt_facts_time (f->sent));
  json_object_set_new (o, "sent_stated", json_boolean (f->sent_stated));
  json_object_set_new (o, "answered", pkt_facts_time (pkt_earlier_answered (f->earlier)));
  json_object_set_new (o, "resend", json_boolean (g_strcmp0 (kind, "changed") == 0));
  json_object_set_new (o, "rows", rows_of (e));
  json_object_set_new (o, "moved", moved (e));
  json_object_set_new (o, "counts_agree",
                       json_boolean (counts_agree (e, pkt_json_text (o, "moved"))));
  pkt_facts_answers (o, e, now, before);
  json_object_set (o, "told", before ? before : json_null ());
  json_object_set_new (o, "new_ips", new_ips (e));
  json_object_set_new (o, "ips_changed", json_boolean (ips_changed (e)));
  json_object_set_new (o, "relief", pkt_facts_time (f->relief));
  json_object_set_new (o, "stray", json_integer (f->stray));
  json_object_set_new (o, "last_refusal", pkt_facts_time (f->last_refusal));
  json_object_set_new (o, "fresh", json_boolean (f->fresh));
  json_object_set_new (o, "errors_span", span_json (sum.first, sum.last));
  json_object_set_new (o, "trend_span", trend_span (e));
  json_object_set_new (o, "stated", stated_json (e));
  return o;
}

/* When Apple took our mail again, where the evidence shows it. */
static gint64
relief_of (const PktEvidence *e)
{
  if (e->follow_up && e->follow_up->kind == PKT_FOLLOW_UP_RESOLVED)
    return e->follow_up->relief;
  return e->onset.found && e->onset.over && e->onset.last >= e->started ? e->onset.relief
                                                                        : PKT_NO_TIME;
}

json_t *
pkt_figures_json (const PktEvidence *e, const json_t *facts)
{
  json_t *o = json_object (), *ips = json_array (), *ip;
  const json_t *stated = json_object_get (facts, "stated");
  guint refused, suppressed;
  gsize i;
  PktSum sum;
  pkt_evidence_sum_since (e, e->from, &sum);
  pkt_news_recipients (e, e->from, &refused, &suppressed);
  json_array_foreach (json_object_get (facts, "ips"), i, ip)
      json_array_append (ips, json_object_get (ip, "ip"));
  json_object_set (o, "stream", json_object_get (stated, "stream"));
  json_object_set (o, "started", json_object_get (facts, "started"));
  json_object_set (o, "or_earlier", json_object_get (facts, "or_earlier"));
  json_object_set (o, "latest", json_object_get (facts, "latest"));
  json_object_set_new (o, "from", pkt_facts_time (e->follow_up ? sum.first : e->from));
  json_object_set_new (o, "until", pkt_facts_time (e->scan->tally->last));
  json_object_set_new (o, "final",
                       pkt_evidence_has_deliveries (e) ? json_integer (pkt_sum_final (&sum))
                                                       : json_null ());
  json_object_set_new (o, "refused", json_integer (sum.policy));
  json_object_set_new (o, "refused_recipients", json_integer (refused));
  json_object_set_new (o, "suppressed", e->suppression ? json_integer (suppressed) : json_null ());
  json_object_set_new (o, "relief", pkt_facts_time (relief_of (e)));
  json_object_set_new (o, "ips", ips);
  json_object_set_new (o, "answers", answers_of (json_object_get (facts, "errors")));
  json_object_set (o, "remediation", json_object_get (stated, "remediation"));
  json_object_set (o, "changes", json_object_get (stated, "changes"));
  return o;
}
