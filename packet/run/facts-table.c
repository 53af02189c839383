#include "packet/base/json.h"
#include "packet/base/sort.h"
#include "packet/run/clients.h"
#include "packet/run/facts.h"
#include "packet/run/variant.h"
#include "packet/trend/sum.h"

#define MAX_DAY_ROWS 5 /* days shown one by one; the rest falls into one row */

static json_t *
row (char *label_taken, const PktSum *s)
{
  json_t *o = json_object ();
  json_object_set_new (o, "label", json_string (label_taken));
  json_object_set_new (o, "final", json_integer (pkt_sum_final (s)));
  json_object_set_new (o, "refused", json_integer (s->policy));
  json_object_set_new (o, "other", json_integer (s->bounced - s->policy));
  json_object_set_new (o, "accepted", json_integer (s->delivered));
  g_free (label_taken);
  return o;
}

/* "18 May", "Mon 18 May". */
static char *
day_text (gint64 day, gboolean weekday)
{
  return pkt_clock_format (day * PKT_DAY, NULL, weekday ? "%a %-d %b" : "%-d %b");
}

/* "20 Apr-15 May", "18-19 May", "18 May". */
static char *
span_text (gint64 from, gint64 to)
{
  g_autofree char *a = day_text (from, FALSE), *b = day_text (to, FALSE);
  if (from == to)
    return g_strdup (a);
  g_autofree char *month_a = pkt_clock_format (from * PKT_DAY, NULL, "%b %Y"),
                  *month_b = pkt_clock_format (to * PKT_DAY, NULL, "%b %Y");
  if (!g_str_equal (month_a, month_b))
    return g_strdup_printf ("%s-%s", a, b);
  g_autofree char *first = pkt_clock_format (from * PKT_DAY, NULL, "%-d");
  return g_strdup_printf ("%s-%s", first, b);
}

/* All refusals of the day went to mailboxes that the case names as its own. */
static gboolean
only_tests (const PktEvidence *e, gint64 day)
{
  gboolean any = FALSE;
  if (!pkt_scan_is_whole (e->scan))
    return FALSE;
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (pkt_clock_day (event->time, NULL) != day || event->outcome > PKT_BOUNCED
        || !pkt_evidence_in_stream (e, event))
      continue;
    if (!pkt_evidence_is_disclosed (e, event->recipient))
      return FALSE;
    any = TRUE;
  }
  return any;
}

static void
sum_days (const PktEvidence *e, int apple, gint64 from, gint64 to, PktSum *out)
{
  pkt_evidence_sum (e, apple, from * PKT_DAY, (to + 1) * PKT_DAY, out);
}

/* The first and the last day before `end` on which the stream had final answers at Apple. FALSE:
 * there is none. */
static gboolean
days_before (const PktEvidence *e, gint64 end, gint64 *out_first, gint64 *out_last)
{
  const PktTally *t = e->scan->tally;
  gboolean any = FALSE;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    const gint64 day = pkt_clock_day (c->key.slot * PKT_SLOT_US, NULL);
    if (day >= end || !c->key.apple
        || (c->key.outcome != PKT_DELIVERED && c->key.outcome != PKT_BOUNCED)
        || !pkt_evidence_has_cell (e, c))
      continue;
    *out_first = any ? MIN (*out_first, day) : day;
    *out_last = any ? MAX (*out_last, day) : day;
    any = TRUE;
  }
  return any;
}

/* The first day from `day` on with anything at Apple; `none` where there is none up to that. One
 * record whose clock is wrong may lie thousands of years behind the others. */
static gint64
next_day (const PktEvidence *e, gint64 day, gint64 none)
{
  const PktTally *t = e->scan->tally;
  gint64 next = none;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    const gint64 of = pkt_clock_day (c->key.slot * PKT_SLOT_US, NULL);
    if (c->key.apple && of >= day && of < next)
      next = of;
  }
  return next;
}

static void
append_day_rows (const PktEvidence *e, json_t *rows, gint64 first, gint64 last)
{
  guint shown = 0;
  for (gint64 day = first; (day = next_day (e, day, last + 1)) <= last; day++) {
    PktSum s;
    gint64 to = shown == MAX_DAY_ROWS - 1 && last > day ? last : day;
    sum_days (e, 1, day, to, &s);
    if (!pkt_sum_traffic (&s))
      continue;
    g_autofree char *text = to > day ? span_text (day, to) : day_text (day, TRUE);
    json_array_append_new (
        rows, row (g_strdup_printf ("iCloud, %s%s", text,
                                    to == day && only_tests (e, day) ? " (tests)" : ""),
                   &s));
    shown++;
    day = to;
  }
}

static void
add_tries (const PktEvidence *e, json_t *rows, gint64 from, gint64 to)
{
  PktTries t = pkt_variant_count (e, from * PKT_DAY, (to + 1) * PKT_DAY);
  g_autofree char *text = from == to ? day_text (from, TRUE) : span_text (from, to);
  if (t.tries)
    json_array_append_new (rows, json_pack ("{s:o, s:I, s:I, s:I}", "label",
                                            json_sprintf ("iCloud, %s", text), "tries",
                                            (json_int_t)t.tries, "failed", (json_int_t)t.failed,
                                            "accepted", (json_int_t)t.accepted));
}

/* Of deferrals and failed connections: what came before in one row, then day by day. */
static json_t *
tries_rows (const PktEvidence *e)
{
  json_t *rows = json_array ();
  gint64 first = pkt_clock_day (e->started, NULL),
         last = pkt_clock_day (e->scan->tally->last, NULL),
         begin = pkt_clock_day (e->scan->tally->first, NULL);
  if (begin < first)
    add_tries (e, rows, begin, first - 1);
  for (gint64 day = first; (day = next_day (e, day, last + 1)) <= last; day++) {
    gboolean rest = json_array_size (rows) >= MAX_DAY_ROWS && day < last;
    add_tries (e, rows, day, rest ? last : day);
    if (rest)
      break;
  }
  return rows;
}

/* Of the start, or of the logs where these begin later than the case says it did. */
static gint64
first_day (const PktEvidence *e)
{
  return pkt_clock_day (MAX (e->started, e->scan->tally->first), NULL);
}

json_t *
pkt_facts_rows (const PktEvidence *e)
{
  if (e->started != PKT_NO_TIME && pkt_variant_counts_tries (e->variant))
    return tries_rows (e);
  json_t *rows = json_array ();
  if (e->started == PKT_NO_TIME || !pkt_evidence_has_deliveries (e))
    return rows;
  gint64 first = first_day (e), last = pkt_clock_day (e->scan->tally->last, NULL), from, to;
  PktSum s;
  if (days_before (e, first, &from, &to)) {
    sum_days (e, 1, from, to, &s);
    g_autofree char *text = span_text (from, to);
    json_array_append_new (rows, row (g_strdup_printf ("iCloud, %s", text), &s));
  }
  append_day_rows (e, rows, first, last);
  sum_days (e, 0, first, last, &s);
  g_autofree char *text = span_text (first, last);
  if (pkt_sum_final (&s))
    json_array_append_new (rows, row (g_strdup_printf ("all others, %s", text), &s));
  return rows;
}

/* Distinct names (of IPs or streams) of Apple's final answers outside the stream since `day`; none
 * where some of them have none that is known. */
static GPtrArray *
names_of_rest (const PktEvidence *e, gint64 day, gboolean streams)
{
  gboolean unknown = FALSE;
  PktTally *t = pkt_evidence_part (e, FALSE);
  GPtrArray *names = g_ptr_array_new ();
  g_autofree gboolean *met = g_new0 (gboolean, t->names->len);
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    const guint16 id = streams ? c->key.stream : c->key.local_ip;
    const char *name = pkt_tally_name (t, id);
    if (!c->key.apple || c->key.slot * PKT_SLOT_US < day * PKT_DAY
        || (c->key.outcome != PKT_DELIVERED && c->key.outcome != PKT_BOUNCED) || met[id]
        || (!streams && pkt_evidence_ip_is_ours (e, name)))
      continue;
    met[id] = TRUE;
    unknown = unknown || *name == '\0';
    g_ptr_array_add (names, (gpointer)name);
  }
  if (unknown)
    g_ptr_array_set_size (names, 0);
  pkt_evidence_part_free (t);
  return names;
}

static gboolean
all_among (const GPtrArray *names, GPtrArray *others)
{
  for (guint i = 0; i < names->len; i++)
    if (!g_ptr_array_find_with_equal_func (others, g_ptr_array_index (names, i), g_str_equal, NULL))
      return FALSE;
  return TRUE;
}

/* A domain that the case names as one of its own streams; others' domains are not told, and of a
 * platform's streams some are another client's. */
static const PktStream *
stream_of_case (const PktEvidence *e, const char *domain)
{
  for (guint i = 0; i < e->the_case->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (e->the_case->streams, i);
    if (pkt_clients_is_other (e->the_case, e->stream, s))
      continue;
    if (g_strv_contains ((const char *const *)s->return_path_domain, domain)
        || g_strv_contains ((const char *const *)s->from_domain, domain))
      return s;
  }
  return NULL;
}

/* The stream of the case that all of the other traffic to Apple belongs to; NULL: several, or none.
 */
static const char *
name_of_rest (const PktEvidence *e, gint64 day)
{
  const PktStream *one = NULL;
  PktTally *rest = pkt_evidence_part (e, FALSE);
  gboolean several = FALSE;
  for (guint i = 0; i < rest->cells->len && !several; i++) {
    const PktCell *c = &g_array_index (rest->cells, PktCell, i);
    if (!c->key.apple || c->key.slot * PKT_SLOT_US < day * PKT_DAY)
      continue;
    const PktStream *s = pkt_evidence_stream_of (e, c);
    several = s == NULL || s == e->stream || pkt_clients_is_other (e->the_case, e->stream, s)
              || (one && one != s);
    one = s;
  }
  pkt_evidence_part_free (rest);
  return one && !several ? one->name : NULL;
}

/* "the same IPs", or "198.51.100.20, orders.example.com": what sets the other stream apart. NULL
 * where nothing is known. */
static char *
where_of_rest (const PktEvidence *e, gint64 day)
{
  g_autoptr (GPtrArray) ips = names_of_rest (e, day, FALSE), names = names_of_rest (e, day, TRUE);
  GString *s = g_string_new (NULL);
  if (ips->len && all_among (ips, e->ips) && all_among (e->ips, ips))
    g_string_append (s, ips->len == 1 ? "the same IP" : "the same IPs");
  else if (ips->len)
    g_string_append (s, g_ptr_array_index (ips, 0));
  if (ips->len > 1 && !g_str_has_prefix (s->str, "the"))
    g_string_append_printf (s, " and %u more", ips->len - 1);
  if (names->len == 1 && stream_of_case (e, g_ptr_array_index (names, 0)))
    g_string_append_printf (s, "%s%s", s->len ? ", " : "",
                            (const char *)g_ptr_array_index (names, 0));
  return g_string_free (s, s->len == 0);
}

json_t *
pkt_facts_other_stream (const PktEvidence *e)
{
  PktSum s;
  if (e->started == PKT_NO_TIME || !e->narrowed || !pkt_evidence_has_deliveries (e))
    return json_null ();
  gint64 first = first_day (e), last = pkt_clock_day (e->scan->tally->last, NULL);
  pkt_evidence_sum_rest (e, 1, first * PKT_DAY, (last + 1) * PKT_DAY, &s);
  if (pkt_sum_final (&s) == 0)
    return json_null ();
  g_autofree char *text = span_text (first, last), *where = where_of_rest (e, first);
  json_t *o = json_object ();
  json_object_set_new (o, "period", json_string (text));
  json_object_set_new (o, "where", pkt_json_string (where));
  json_object_set_new (o, "name", pkt_json_string (name_of_rest (e, first)));
  json_object_set_new (o, "final", json_integer (pkt_sum_final (&s)));
  json_object_set_new (o, "refused", json_integer (s.policy));
  return o;
}

/* Sending IPs of the stream at Apple since `day` that the request does not list, as nothing of what
 * leads was refused there, and their final answers. */
static GPtrArray *
clean_ips (const PktEvidence *e, gint64 day, gint64 *out_final, gint64 *out_refused)
{
  const PktTally *t = e->scan->tally;
  GPtrArray *names = g_ptr_array_new ();
  *out_final = *out_refused = 0;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    const char *ip = pkt_tally_name (t, c->key.local_ip);
    if (!c->key.apple || c->key.slot * PKT_SLOT_US < day * PKT_DAY
        || (c->key.outcome != PKT_DELIVERED && c->key.outcome != PKT_BOUNCED)
        || !g_hostname_is_ip_address (ip) || !pkt_evidence_has_cell (e, c)
        || g_ptr_array_find_with_equal_func (e->ips, ip, g_str_equal, NULL))
      continue;
    *out_final += c->count;
    *out_refused += c->key.outcome == PKT_BOUNCED && c->key.policy ? c->count : 0;
    if (!g_ptr_array_find (names, ip, NULL))
      g_ptr_array_add (names, (gpointer)ip);
  }
  g_ptr_array_sort (names, pkt_sort_by_text);
  return names;
}

json_t *
pkt_facts_other_ips (const PktEvidence *e)
{
  if (e->started == PKT_NO_TIME || pkt_variant_counts_tries (e->variant)
      || !pkt_evidence_has_deliveries (e))
    return json_null ();
  gint64 first = first_day (e), last = pkt_clock_day (e->scan->tally->last, NULL), final, refused;
  g_autoptr (GPtrArray) ips = clean_ips (e, first, &final, &refused);
  if (ips->len == 0)
    return json_null ();
  json_t *list = json_array ();
  for (guint i = 0; i < ips->len; i++)
    json_array_append_new (list, json_string (g_ptr_array_index (ips, i)));
  g_autofree char *text = span_text (first, last);
  return json_pack ("{s:s, s:o, s:I, s:I}", "period", text, "ips", list, "final",
                    (json_int_t) final, "refused", (json_int_t)refused);
}
