#include "packet/run/count.h"
#include "packet/log/stand-in.h"
#include "packet/run/count-apple.h"
#include "packet/run/count-event.h"
#include "packet/run/count-key.h"

static void
count_other (PktCountSource *s, const PktAttempt *a)
{
  PktCounter *c = s->counter;
  PktCellKey key;
  if (pkt_count_is_told_of_other (s, a)) {
    s->source->duplicates++;
    return;
  }
  memset (&key, 0, sizeof key);
  key.outcome = (guint8)a->outcome;
  if (a->outcome == PKT_BOUNCED) {
    const guint16 sort = pkt_reply_sort (a->reply);
    key.category = sort & G_MAXUINT8;
    key.policy = (guint8)(sort >> 8);
  }
  if (c->options->streams_of_others)
    pkt_count_name_sender (c, a, pkt_count_local_ip (c, a, NULL), &key);
  pkt_tally_build_count (
      c->tally, key, a->stamp,
      a->fingerprint ? a->fingerprint
                     : pkt_attempt_fingerprint (a->recipient, pkt_attempt_queue_key (a), a->stamp));
}

static void
note_times (PktCountSource *s, PktStamp stamp, gint64 last_us, guint n)
{
  s->source->attempts += n;
  PktStamp *first = &s->first[stamp.kind], *last = &s->last[stamp.kind];
  if (first->kind == PKT_STAMP_NONE || stamp.us < first->us)
    *first = stamp;
  if (last->kind == PKT_STAMP_NONE || last_us > last->us)
    *last = (PktStamp){ last_us, stamp.kind };
}

static void
note_time (PktCountSource *s, PktStamp stamp)
{
  note_times (s, stamp, stamp.us, 1);
}

static void
on_gave_up (const PktAttempt *last, gboolean apple, gpointer data)
{
  PktCountSource *s = data;
  PktAttempt a = *last;
  pkt_join_fill (s->join, &a);
  note_time (s, a.stamp);
  if (apple)
    pkt_count_apple (s, &a, TRUE);
  else
    count_other (s, &a);
}

/* A short one that counts as the reply does, where there is one. */
static PktSlice
stand_in (PktSlice reply)
{
  static guint16 sorts[PKT_STAND_INS];
  static gsize known;
  if (g_once_init_enter (&known)) {
    for (guint i = 0; i < PKT_STAND_INS; i++)
      sorts[i] = pkt_reply_sort (pkt_stand_in (i));
    g_once_init_leave (&known, 1);
  }
  const guint16 sort = pkt_reply_sort (reply);
  for (guint i = 0; i < PKT_STAND_INS; i++)
    if (sorts[i] == sort)
      return pkt_stand_in (i);
  return reply;
}

/* Should another receiver's recipient be given up, that is all that counts of the last try. */
static void
put_off_other (PktCountSource *s, const PktAttempt *a)
{
  const PktAttempt brief = { .stamp = a->stamp,
                             .outcome = a->outcome,
                             .smtp = a->smtp,
                             .recipient = a->recipient,
                             .reply = stand_in (a->reply),
                             .queue_key = pkt_attempt_queue_key (a),
                             .size = -1 };
  const PktScanOptions *o = s->counter->options;
  const gboolean whole = o->streams_of_others || o->state || s->counter->others;
  pkt_join_put_off (s->join, a, FALSE, whole ? NULL : &brief);
}

/* The same of one that was told so by a glance. */
static void
on_put_off (PktCountSource *s, const PktAttempt *brief)
{
  if (s->counter->options->apple_only)
    return;
  note_time (s, brief->stamp);
  count_other (s, brief);
  if (s->join)
    pkt_join_put_off (s->join, brief, FALSE, brief);
}

static void
follow_queue (PktCountSource *s, const PktAttempt *a, gboolean apple)
{
  if (s->join == NULL)
    return;
  if (a->outcome != PKT_DEFERRED && a->outcome != PKT_NOT_ATTEMPTED) {
    if (a->outcome != PKT_HOST_ERROR)
      pkt_join_settle (s->join, a);
  } else if (apple)
    pkt_join_put_off (s->join, a, TRUE, NULL);
  else
    put_off_other (s, a);
}

static void
on_apple (PktCountSource *s, const PktAttempt *record)
{
  PktAttempt a = *record;
  if (s->join)
    pkt_join_fill (s->join, &a);
  pkt_count_apple (s, &a, FALSE);
  follow_queue (s, &a, TRUE);
}

static void
on_other (PktCountSource *s, const PktAttempt *record)
{
  if (s->join && (s->counter->options->streams_of_others || s->counter->others)) {
    PktAttempt a = *record;
    pkt_join_fill (s->join, &a);
    count_other (s, &a);
  } else
    count_other (s, record);
  follow_queue (s, record, FALSE);
}

/* Cut out of a log, or printed by a container: it says what happened and belongs to no day. */
static void
on_undated (PktCountSource *s, const PktAttempt *record)
{
  PktCounter *c = s->counter;
  PktAttempt a = *record;
  PktVerdict v = { 0 };
  if (s->join)
    pkt_join_fill (s->join, &a);
  if (pkt_count_is_duplicate (s, &a))
    return;
  s->source->undated++;
  if (!c->options->keep_undated)
    return;
  pkt_replies_read (c->replies, &a, &v);
  pkt_count_keep_event (s, &a, &v, pkt_count_local_ip (c, &a, &v), FALSE);
}

static void
on_attempt (PktCountSource *s, const PktAttempt *record)
{
  if (!record->smtp)
    return;
  PktRelayVerdict whose = pkt_relay_judge (s->counter->relay, record->recipient,
                                           record->remote_host, record->remote_ip);
  if (whose == PKT_RELAY_HOP || whose == PKT_RELAY_RELAYED
      || (whose == PKT_RELAY_OTHER && record->outcome == PKT_HOST_ERROR)) {
    if (whose == PKT_RELAY_RELAYED && record->outcome == PKT_DELIVERED) {
      pkt_tally_build_relayed (s->counter->tally);
      s->relays = TRUE;
    }
    return;
  }
  if (whose == PKT_RELAY_OTHER && s->counter->options->apple_only)
    return;
  if (record->stamp.kind == PKT_STAMP_NONE) {
    if (whose == PKT_RELAY_APPLE)
      on_undated (s, record);
    return;
  }
  note_time (s, record->stamp);
  if (whose == PKT_RELAY_APPLE)
    on_apple (s, record);
  else
    on_other (s, record);
}

static void
end_run (PktCountSource *s)
{
  PktTallyRun *run = &s->others;
  PktCellKey key;
  if (run->count == 0)
    return;
  memset (&key, 0, sizeof key);
  key.outcome = PKT_DELIVERED;
  const PktStamp first = { run->first, run->kind };
  const PktTallySum sum = { first, run->last, run->count, run->fingerprint };
  note_times (s, first, run->last, run->count);
  pkt_tally_build_add (s->counter->tally, key, &sum);
  *run = (PktTallyRun){ 0 };
}

void
pkt_count_start_run (PktCountSource *s, PktStamp stamp)
{
  end_run (s);
  s->others = pkt_tally_run_start (s->counter->tally, stamp);
}

G_STATIC_ASSERT (PKT_GLANCE_SLOT == PKT_SLOT_US);

/* Runs of accepted mail follow one another all the time, with a line of Apple's between them.
 * FALSE: something parts their records. */
static gboolean
add_to_others (PktCountSource *s, const PktGlance *run)
{
  const PktStamp first = { run->us, (PktStampKind)run->stamp_kind },
                 last = { run->last_us, first.kind };
  PktTallyRun *others = &s->others;
  if (!pkt_tally_run_takes (others, first))
    pkt_count_start_run (s, first);
  if (!pkt_tally_run_takes (others, first) || !pkt_tally_run_takes (others, last))
    return FALSE;
  others->first = MIN (others->first, run->us);
  others->last = MAX (others->last, run->last_us);
  others->count += run->records;
  others->fingerprint += run->fingerprint;
  return TRUE;
}

gboolean
pkt_count_run (PktCountSource *s, const PktGlance *run)
{
  const PktStamp first = { run->us, (PktStampKind)run->stamp_kind };
  PktCellKey key;
  if (run->records == 0 || s->counter->options->apple_only)
    return TRUE;
  if (run->outcome == PKT_DELIVERED && run->sort == 0 && add_to_others (s, run))
    return TRUE;
  memset (&key, 0, sizeof key);
  key.outcome = run->outcome;
  key.category = run->sort & G_MAXUINT8;
  key.policy = (guint8)(run->sort >> 8);
  const PktTallySum sum = { first, run->last_us, run->records, run->fingerprint };
  if (!pkt_tally_build_add (s->counter->tally, key, &sum))
    return FALSE;
  note_times (s, first, run->last_us, run->records);
  return TRUE;
}

/* A recipient who is said to be given up is, even where the log begins after his last deferral. */
static void
on_expired (PktCountSource *s, const PktAttempt *record)
{
  if (s->join && pkt_join_expire (s->join, record, on_gave_up, s))
    return;
  if (record->recipient.n == 0)
    return;
  if (pkt_seen_given_up_before (s->counter->seen, record)) {
    s->source->duplicates++;
    return;
  }
  PktAttempt a = *record;
  a.outcome = PKT_BOUNCED;
  on_attempt (s, &a);
}

void
pkt_count_record (PktRecordKind kind, const PktAttempt *record, gpointer count_source)
{
  PktCountSource *s = count_source;
  if (kind == PKT_RECORD_ELSEWHERE) {
    if (!s->counter->options->apple_only)
      pkt_count_elsewhere (s, record->stamp, record->fingerprint);
  } else if (kind == PKT_RECORD_ATTEMPT)
    on_attempt (s, record);
  else if (kind == PKT_RECORD_PUT_OFF)
    on_put_off (s, record);
  else if (kind == PKT_RECORD_EXPIRED)
    on_expired (s, record);
  else
    pkt_join_note (s->join, kind, record);
}

void
pkt_count_settle (PktRecordKind kind, const PktAttempt *record, gpointer count_source)
{
  const PktCountSource *s = count_source;
  if (kind == PKT_RECORD_ATTEMPT && s->join)
    pkt_join_settle (s->join, record);
}

/* A log that hands Apple's mail to a relay, and none to Apple, hands it the others' too: that the
 * relay took it says nothing of them. A part of a log that grows cannot tell. */
static gboolean
is_relays_client (const PktCountSource *s)
{
  return s->relays && s->source->apple + s->source->duplicates == 0
         && s->counter->options->state == NULL;
}

void
pkt_count_end_source (PktCountSource *s, const PktStampRule *rule)
{
  end_run (s);
  s->source->zone_needed = s->last[PKT_STAMP_LOCAL].kind != PKT_STAMP_NONE
                           || s->last[PKT_STAMP_YEARLESS].kind != PKT_STAMP_NONE;
  pkt_count_end_apple (s);
  pkt_count_date_events (s, rule);
  for (guint kind = PKT_STAMP_UTC; kind < PKT_N_STAMPS; kind++) {
    gint64 first = pkt_stamp_resolve (s->first[kind], rule),
           last = pkt_stamp_resolve (s->last[kind], rule);
    if (first == PKT_NO_TIME)
      continue;
    s->source->first = s->source->first == PKT_NO_TIME ? first : MIN (s->source->first, first);
    s->source->last = MAX (s->source->last, last);
  }
  pkt_tally_build_end_source (s->counter->tally, rule,
                              is_relays_client (s) ? NULL : pkt_seen_is_copy, s->counter->seen);
  pkt_seen_end_source (s->counter->seen, rule);
  if (s->counter->others)
    pkt_seen_end_source (s->counter->others, rule);
}
