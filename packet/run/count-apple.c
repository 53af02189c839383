#include "packet/run/count-apple.h"
#include "packet/run/count-event.h"
#include "packet/run/count-key.h"
#include "packet/run/hits.h"

static PktSeenKind
kind_of (const PktCountSource *s)
{
  return s->session ? PKT_SEEN_SESSION : s->from_mail ? PKT_SEEN_BOUNCE : PKT_SEEN_LOG;
}

gboolean
pkt_count_is_duplicate (PktCountSource *s, const PktAttempt *a)
{
  pkt_seen_format (s->counter->seen, s->source->format);
  return pkt_seen_before (s->counter->seen, kind_of (s), a);
}

gboolean
pkt_count_is_told_of_other (PktCountSource *s, const PktAttempt *a)
{
  return s->counter->others && (a->outcome == PKT_BOUNCED || a->outcome == PKT_DEFERRED)
         && pkt_seen_other_before (s->counter->others, kind_of (s), a);
}

/* Nearly all have the domain of the one before. */
static guint16
class_of_domain (PktCounter *c, PktSlice recipient)
{
  const char *class = pkt_relay_domain_class (pkt_slice_domain (recipient));
  if (class != c->rcpt_class) {
    c->rcpt_name = pkt_tally_build_name (c->tally, pkt_slice_str (class));
    c->rcpt_class = class;
  }
  return c->rcpt_name;
}

static PktCellKey
apple_key (PktCounter *c, const PktAttempt *a, const PktVerdict *v, PktSlice local_ip)
{
  PktCellKey key;
  memset (&key, 0, sizeof key);
  key.apple = 1;
  key.outcome = (guint8)a->outcome;
  key.category = a->outcome == PKT_DELIVERED ? PKT_CAT_UNKNOWN : (guint8)v->category;
  key.policy = a->outcome == PKT_BOUNCED && pkt_verdict_is_policy (v);
  key.reply = pkt_replies_kind (c->replies, a, v);
  if (a->recipient.n)
    key.rcpt_domain = class_of_domain (c, a->recipient);
  pkt_count_name_sender (c, a, local_ip, &key);
  return key;
}

static void
add_apple (PktCountSource *s, const PktCellKey *key, PktStamp stamp)
{
  PktCounter *c = s->counter;
  pkt_tally_build_count (c->tally, *key, stamp, 0);
  s->source->apple++;
  if (s->source->format && s->source->format != c->format) {
    c->format = s->source->format;
    g_hash_table_add (c->formats, (gpointer)c->format);
  }
}

/* The one that has waited longest. */
static void
settle_accepted (PktCountSource *s)
{
  const PktAccepted *a = pkt_accepted_take (&s->accepted);
  if (pkt_seen_digest_before (s->counter->seen, a->digest))
    s->source->duplicates++;
  else
    add_apple (s, &a->key, a->stamp);
}

/* FALSE: more is asked of it than whether it was told before, and it was not counted. */
static gboolean
accept_later (PktCountSource *s, const PktAttempt *a)
{
  PktCounter *c = s->counter;
  PktVerdict v = { 0 };
  guint64 digest;
  if (c->options->keep_events || !pkt_seen_is_by_digest (c->seen, kind_of (s), a, &digest))
    return FALSE;
  pkt_replies_read (c->replies, a, &v);
  if (pkt_accepted_is_full (&s->accepted))
    settle_accepted (s);
  *pkt_accepted_add (&s->accepted)
      = (PktAccepted){ digest, a->stamp, apple_key (c, a, &v, pkt_count_local_ip (c, a, &v)) };
  return TRUE;
}

void
pkt_count_apple (PktCountSource *s, const PktAttempt *a, gboolean gave_up)
{
  PktCounter *c = s->counter;
  PktVerdict v = { 0 };
  if (accept_later (s, a))
    return;
  if ((gave_up && pkt_seen_given_up_before (c->seen, a)) || pkt_count_is_duplicate (s, a)) {
    s->source->duplicates++;
    return;
  }
  pkt_replies_read (c->replies, a, &v);
  if (c->hits && v.rule && g_str_equal (v.rule->id, PKT_HITS_RULE))
    pkt_hits_note (c->hits, a->recipient);
  const PktSlice local_ip = pkt_count_local_ip (c, a, &v);
  const PktCellKey key = apple_key (c, a, &v, local_ip);
  add_apple (s, &key, a->stamp);
  if (c->options->keep_events)
    pkt_count_keep_event (s, a, &v, local_ip, gave_up);
}

void
pkt_count_end_apple (PktCountSource *s)
{
  while (!pkt_accepted_is_empty (&s->accepted))
    settle_accepted (s);
}
