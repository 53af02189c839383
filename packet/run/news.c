#include <string.h>
#include "packet/base/json.h"
#include "packet/run/follow-up.h"

static gboolean
is_final (const PktEvent *event)
{
  return event->outcome == PKT_DELIVERED || event->outcome == PKT_BOUNCED;
}

static void
take (PktSum *s, const PktEvent *event)
{
  gboolean bounced = event->outcome == PKT_BOUNCED;
  s->delivered += event->outcome == PKT_DELIVERED;
  s->deferred += event->outcome == PKT_DEFERRED;
  s->bounced += bounced;
  s->policy += bounced && event->policy;
  if (bounced)
    s->by_category[event->category]++;
  s->first = s->first == PKT_NO_TIME ? event->time : MIN (s->first, event->time);
  s->last = s->last == PKT_NO_TIME ? event->time : MAX (s->last, event->time);
}

GArray *
pkt_news_days (const PktEvidence *e, gint64 from)
{
  GArray *days = g_array_new (FALSE, TRUE, sizeof (PktNewsDay));
  for (guint i = 0; i < e->scan->events->len; i++) { /* sorted by time */
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->time < from || !is_final (event) || !pkt_evidence_in_stream (e, event))
      continue;
    gint64 day = pkt_clock_day (event->time, NULL);
    if (days->len == 0 || g_array_index (days, PktNewsDay, days->len - 1).day != day) {
      PktNewsDay fresh = { .day = day };
      pkt_sum_clear (&fresh.sum);
      g_array_append_val (days, fresh);
    }
    take (&g_array_index (days, PktNewsDay, days->len - 1).sum, event);
  }
  return days;
}

void
pkt_news_sum (const PktEvidence *e, gint64 from, PktSum *out)
{
  pkt_sum_clear (out);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->time >= from && event->outcome <= PKT_BOUNCED && pkt_evidence_in_stream (e, event))
      take (out, event);
  }
}

void
pkt_news_recipients (const PktEvidence *e, gint64 from, guint *out_refused, guint *out_suppressed)
{
  g_autoptr (GHashTable) refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->time >= from && event->outcome == PKT_BOUNCED && event->policy && event->recipient
        && pkt_evidence_in_stream (e, event))
      g_hash_table_add (refused, g_ascii_strdown (event->recipient, -1));
  }
  *out_refused = g_hash_table_size (refused);
  *out_suppressed = 0;
  for (guint i = 0; e->suppression && i < e->suppression->addresses->len; i++) {
    g_autofree char *address = g_ascii_strdown (e->suppression->addresses->pdata[i], -1);
    *out_suppressed += g_hash_table_remove (refused, address);
  }
}

static gboolean
stands_in (const json_t *list, const PktDated *d)
{
  for (gsize i = 0; i < json_array_size (list); i++) {
    const json_t *o = json_array_get (list, i);
    if (g_strcmp0 (pkt_json_text (o, "date"), d->date) == 0
        && g_strcmp0 (pkt_json_text (o, "what"), d->what) == 0)
      return TRUE;
  }
  return FALSE;
}

json_t *
pkt_news_dated (const GPtrArray *now, const json_t *before)
{
  json_t *list = json_array ();
  for (guint i = 0; i < now->len; i++) {
    const PktDated *d = g_ptr_array_index (now, i);
    if (!stands_in (before, d))
      json_array_append_new (list, json_pack ("{s:s, s:s}", "date", d->date, "what", d->what));
  }
  return list;
}
