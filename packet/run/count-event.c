#include "packet/run/count-event.h"

#define DISORDER (5 * PKT_MINUTE) /* lines of one log are out of order by less */

void
pkt_count_date_events (PktCountSource *s, const PktStampRule *rule)
{
  g_autoptr (GPtrArray) events = pkt_event_store_marked (s->counter->store);
  gint64 newest = PKT_NO_TIME, slot = G_MININT64, again = 0; /* the zone is asked once a slot */
  for (guint i = 0; i < events->len; i++) {
    PktEvent *e = g_ptr_array_index (events, i);
    e->time = pkt_stamp_resolve (e->stamp, rule);
    e->year_inferred = e->stamp.kind == PKT_STAMP_YEARLESS;
    if (e->time / PKT_SLOT_US != slot) {
      slot = e->time / PKT_SLOT_US;
      again = pkt_clock_again (e->time, rule->zone);
    }
    gboolean twice = again && e->stamp.kind != PKT_STAMP_UTC && e->time != PKT_NO_TIME;
    if (twice && newest != PKT_NO_TIME && e->time < newest - DISORDER)
      e->time += again;
    s->source->hour_twice += twice;
    newest = MAX (newest, e->time);
  }
}

void
pkt_count_keep_event (PktCountSource *s, const PktAttempt *a, const PktVerdict *v,
                      PktSlice local_ip, gboolean gave_up)
{
  PktEventPool *pool = pkt_event_store_room (s->counter->store, a->outcome);
  if (pool == NULL)
    return;
  PktSlice rp_domain = pkt_slice_domain (a->sender);
  PktEvent *e = pkt_event_pool_add (pool);
  e->stamp = a->stamp;
  e->outcome = a->outcome;
  e->stage = a->stage;
  e->category = v->category;
  e->rule = v->rule;
  e->policy = a->outcome == PKT_BOUNCED && pkt_verdict_is_policy (v);
  e->gave_up = gave_up;
  e->code = v->code;
  e->size = a->size;
  e->recipient = pkt_event_pool_string (pool, a->recipient, FALSE);
  e->sender = a->sender.p && a->sender.n == 0 ? "" : pkt_event_pool_string (pool, a->sender, FALSE);
  e->from_domain = pkt_event_pool_string (pool, a->from_domain, TRUE);
  e->return_path_domain = pkt_event_pool_string (pool, rp_domain, TRUE);
  e->remote_host = pkt_event_pool_string (pool, a->remote_host, TRUE);
  e->remote_ip = pkt_event_pool_string (pool, a->remote_ip, TRUE);
  e->local_ip = pkt_event_pool_string (pool, local_ip, TRUE);
  e->helo = pkt_event_pool_string (pool, a->helo, TRUE);
  e->enhanced = pkt_event_pool_string (pool, v->enhanced, TRUE);
  e->tag = pkt_event_pool_string (pool, v->tag, TRUE);
  e->txn_id = pkt_event_pool_string (pool, v->txn_id, FALSE);
  e->remote_queue_id = pkt_event_pool_string (pool, v->remote_queue_id, FALSE);
  e->reply = pkt_event_pool_string (pool, a->reply, TRUE);
  e->queue_id = pkt_event_pool_string (pool, a->queue_id, FALSE);
  e->message_id = pkt_event_pool_string (pool, a->message_id, FALSE);
  e->campaign = pkt_event_pool_string (pool, a->campaign, TRUE);
  e->platform_id = pkt_event_pool_string (pool, a->platform_id, FALSE);
  e->label = pkt_event_pool_string (pool, a->label, TRUE);
  e->addressed = pkt_event_pool_string (pool, a->addressed, FALSE);
  e->session = pkt_event_pool_keep (pool, s->session);
  e->format = s->source->format;
  e->file = s->source->path;
  e->source = s->index;
  e->line = s->line;
}
