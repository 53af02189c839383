/* Postfix (facts: log-formats section 2): status lines of the delivery agents, and the lines that
 * tell a queue id's sender, Message-ID and end. The frame of a line is nearly always that of the
 * line before, so it is compared, not parsed. */
#include <stdlib.h>
#include "packet/log/format.h"
#include "packet/log/frame.h"
#include "packet/log/journal.h"
#include "packet/log/postfix-glance.h"
#include "packet/log/postfix-status.h"
#include "packet/log/postfix-words.h"
#include "packet/log/stand-in.h"
#include "packet/log/syslog.h"

typedef struct {
  PktFrames frames;
  char begin[3]; /* of the line before */
  /* A line began with another month, and no time of it was read yet; or the last was the first
   * second of a year, or a leap second before it. */
  gboolean year_open;
  char stamp_text[40]; /* what `last` was read from */
  gsize stamp_n;
  gboolean journald; /* records of several lines were seen */
  int year_index;
  PktStamp last;  /* of the last line that had one */
  PktYears years; /* of those without a year */
  PktJournal *journal;
  PktAttempt brief; /* record of a line that tells little; the rest of it stays clean */
} Postfix;

static gpointer
begin (void)
{
  Postfix *s = g_new0 (Postfix, 1);
  s->journal = pkt_journal_new ();
  return s;
}

static void
end (gpointer state)
{
  Postfix *s = state;
  pkt_journal_free (s->journal);
  g_free (s);
}

static guint
probe (PktSlice line)
{
  PktSyslog s;
  if (pkt_journal_looks_like (line))
    return pkt_slice_find (line, PKT_SLICE ("postfix/")).p ? 90 : 0;
  if (!pkt_syslog_split (line, &s))
    return pkt_postfix_is_fragment (line) ? 80 : 0;
  if (!pkt_postfix_is_tag (s.tag))
    return 0;
  if (pkt_slice_find (s.text, PKT_SLICE ("status=")).p
      || pkt_slice_find (s.text, PKT_SLICE ("queue active")).p)
    return 100;
  return 80;
}

typedef struct {
  Postfix *state;
  PktSlice time, scope, tag; /* tag: whole */
  PktStamp stamp;            /* used when time is empty (journald) */
  PktSlice id;               /* queue id; empty: none */
  guint64 key;               /* of it; 0: not made yet */
  PktSink sink;
  gpointer data;
} Line;

static void
note_stamp (Postfix *s, PktStamp stamp)
{
  pkt_stamp_follow (&s->years, &stamp);
  s->year_open = FALSE;
  if (stamp.kind == PKT_STAMP_YEARLESS) {
    s->year_index = pkt_stamp_year_index (stamp);
    s->year_open = stamp.us - pkt_stamp_years (s->year_index) < PKT_SECOND;
  }
  s->last = stamp;
}

static void
set_frame (Line *l, PktAttempt *a)
{
  Postfix *s = l->state;
  a->size = -1;
  a->queue_scope = l->scope;
  if (l->time.n == 0) {
    a->stamp = l->stamp;
    if (a->stamp.kind != PKT_STAMP_NONE)
      note_stamp (s, a->stamp);
    return;
  }
  if (s->stamp_n == l->time.n && pkt_bytes_same (l->time.p, s->stamp_text, s->stamp_n)) {
    a->stamp = s->last; /* many records share a second */
    return;
  }
  if (pkt_syslog_stamp (l->time, s->year_index, &a->stamp)) {
    note_stamp (s, a->stamp);
    a->stamp = s->last;
    s->stamp_n = l->time.n <= sizeof s->stamp_text ? l->time.n : 0;
    memcpy (s->stamp_text, l->time.p, s->stamp_n);
  }
}

/* A record of what brief holds by now, and the queue id. */
static PktRecordKind
hand_out_brief (Line *l, PktRecordKind kind)
{
  PktAttempt *a = &l->state->brief;
  a->queue_scope = l->scope;
  a->queue_id = l->id;
  a->queue_key = l->key;
  l->sink (kind, a, l->data);
  a->sender = a->queue_id = a->queue_scope = pkt_slice (NULL, 0);
  return kind;
}

static PktRecordKind
hand_out (Line *l, PktRecordKind kind, PktAttempt *a)
{
  a->queue_id = l->id;
  a->queue_key = l->key; /* else the join makes it */
  l->sink (kind, a, l->data);
  return kind;
}

/* Lines of smtp(8), also of error(8) and retry(8). */
static PktRecordKind
parse_delivery_agent (Line *l, PktPostfixDaemon daemon, PktSlice text)
{
  PktAttempt a = { 0 };
  gboolean starts_conn = l->id.n == 0 && pkt_slice_starts (text, PKT_SLICE ("connect to "));
  if (l->id.n == 0 && !starts_conn)
    return PKT_RECORD_OTHER;
  a.smtp = daemon != PKT_DAEMON_LOCAL;
  if (pkt_slice_starts (text, PKT_SLICE ("to=<"))) {
    if (!pkt_postfix_status (text, &a))
      return PKT_RECORD_OTHER;
    /* error(8) and retry(8) contact nobody: what they defer was put off, what they bounce is local
     * policy. */
    if (daemon == PKT_DAEMON_ERROR && a.outcome == PKT_BOUNCED)
      a.smtp = FALSE;
    else if (daemon != PKT_DAEMON_SMTP && a.outcome == PKT_DEFERRED)
      a.outcome = PKT_NOT_ATTEMPTED;
  } else if (daemon == PKT_DAEMON_SMTP
             && (starts_conn || pkt_slice_starts (text, PKT_SLICE ("host "))
                 || pkt_slice_starts (text, PKT_SLICE ("lost connection with "))
                 || pkt_slice_starts (text, PKT_SLICE ("conversation with ")))) {
    a.outcome = PKT_HOST_ERROR;
    pkt_postfix_reason (text, &a);
    a.outcome = PKT_HOST_ERROR;
  } else
    return PKT_RECORD_OTHER;
  set_frame (l, &a);
  if (a.stamp.kind == PKT_STAMP_NONE && l->time.n) /* "Mar 33 25:00:08" */
    return PKT_RECORD_UNKNOWN;
  pkt_postfix_read_transport (l->tag, &a);
  return hand_out (l, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
parse_qmgr (Line *l, PktSlice text)
{
  if (l->id.n == 0)
    return PKT_RECORD_OTHER;
  if (pkt_slice_equal (text, PKT_SLICE ("removed")))
    return hand_out_brief (l, PKT_RECORD_REMOVED);
  if (pkt_slice_starts (text, PKT_SLICE ("to=<")))
    return parse_delivery_agent (l, PKT_DAEMON_ERROR, text);
  if (!pkt_slice_starts (text, PKT_SLICE ("from=<")))
    return PKT_RECORD_OTHER;
  text = pkt_slice_skip (text, 6);
  PktSlice at = text;
  PktAttempt *brief = &l->state->brief;
  if (pkt_postfix_address (&at, PKT_SLICE (">, size="), &brief->sender)) {
    if (!pkt_slice_number (pkt_slice_until (at, ','), &brief->size))
      brief->size = -1;
    return hand_out_brief (l, PKT_RECORD_ARRIVAL);
  }
  PktAttempt a = { 0 };
  if (pkt_postfix_address (&text, PKT_SLICE (">, status="), &a.sender)
      && (pkt_slice_starts (text, PKT_SLICE ("expired"))
          || pkt_slice_starts (text, PKT_SLICE ("force-expired")))) {
    set_frame (l, &a);
    return a.stamp.kind == PKT_STAMP_NONE ? PKT_RECORD_UNKNOWN
                                          : hand_out (l, PKT_RECORD_EXPIRED, &a);
  }
  return PKT_RECORD_OTHER;
}

static PktRecordKind
parse_cleanup (Line *l, PktSlice text)
{
  PktAttempt a = { 0 };
  gboolean resent = pkt_slice_starts (text, PKT_SLICE ("resent-"));
  text = pkt_slice_skip (text, resent ? 7 : 0);
  if (l->id.n == 0 || !pkt_slice_starts (text, PKT_SLICE ("message-id=")))
    return PKT_RECORD_OTHER;
  text = pkt_slice_trim (pkt_slice_skip (text, 11));
  if (text.n >= 2 && text.p[0] == '<' && text.p[text.n - 1] == '>')
    text = pkt_slice (text.p + 1, text.n - 2);
  a.message_id = text;
  a.queue_scope = l->scope;
  return hand_out (l, resent ? PKT_RECORD_RESENT_ID : PKT_RECORD_MESSAGE_ID, &a);
}

/* text: behind the queue id, where there is one. */
static PktRecordKind
parse_text (Line *l, PktPostfixDaemon daemon, PktSlice text)
{
  switch (daemon) {
  case PKT_DAEMON_SMTP:
  case PKT_DAEMON_ERROR:
  case PKT_DAEMON_LOCAL:
    return parse_delivery_agent (l, daemon, text);
  case PKT_DAEMON_QMGR:
    return parse_qmgr (l, text);
  case PKT_DAEMON_CLEANUP:
    return parse_cleanup (l, text);
  case PKT_DAEMON_NONE:
    break;
  }
  return PKT_RECORD_OTHER;
}

static PktRecordKind
parse_framed (Line *l, const PktSyslog *f)
{
  PktSlice text = f->text, name = pkt_postfix_last_part (f->tag);
  l->tag = f->tag;
  l->id = pkt_postfix_take_id (&text);
  PktPostfixDaemon daemon = pkt_postfix_daemon (name);
  if (name.n == 0 && l->id.n
      && pkt_slice_equal (f->tag, PKT_SLICE ("postfix"))) /* RFC 5424: told by the text */
    daemon = pkt_slice_starts (text, PKT_SLICE ("to=<"))          ? PKT_DAEMON_SMTP
             : pkt_slice_starts (text, PKT_SLICE ("message-id=")) ? PKT_DAEMON_CLEANUP
                                                                  : PKT_DAEMON_QMGR;
  if (daemon == PKT_DAEMON_NONE && !pkt_postfix_is_tag (f->tag)) /* "postfix/extra[7]" */
    return PKT_RECORD_FOREIGN;
  return parse_text (l, daemon, text);
}

/* A new month may be a new year; no record is needed to see it, nor a line of ours. */
static void
watch_month (Postfix *s, PktSlice line)
{
  PktStamp stamp;
  if (line.n < 3 || memcmp (line.p, s->begin, 3) == 0)
    return;
  memcpy (s->begin, line.p, 3);
  s->stamp_n = 0;
  s->year_open = TRUE;
  if (!g_ascii_isdigit (line.p[0]) && pkt_syslog_stamp (line, s->year_index, &stamp))
    note_stamp (s, stamp);
}

static PktRecordKind
parse_journal (Postfix *s, PktSlice line, Line *l)
{
  PktSyslog f;
  switch (pkt_journal_line (s->journal, line, &f, &l->stamp)) {
  case PKT_JOURNAL_RECORD:
    s->journald = TRUE;
    l->scope = f.host;
    return pkt_postfix_is_tag (f.tag) ? parse_framed (l, &f) : PKT_RECORD_OTHER;
  case PKT_JOURNAL_MORE:
    s->journald = TRUE;
    return PKT_RECORD_OTHER;
  case PKT_JOURNAL_NO:
    break;
  }
  return PKT_RECORD_UNKNOWN;
}

/* Without a time: it tells what happened, not when. */
static PktRecordKind
parse_fragment (Line *l, PktSlice line)
{
  if (!pkt_postfix_is_fragment (line))
    return PKT_RECORD_UNKNOWN;
  l->id = pkt_postfix_take_id (&line);
  return pkt_slice_starts (line, PKT_SLICE ("from=<")) ? PKT_RECORD_OTHER
                                                       : parse_text (l, PKT_DAEMON_SMTP, line);
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  Postfix *s = state;
  Line l = { .state = s, .sink = sink, .data = data };
  PktSyslog f = { 0 };
  gboolean skip = FALSE;
  watch_month (s, line);
  if (pkt_journal_busy (s->journal)) { /* bytes of somebody's message may look like a line */
    PktRecordKind kind = parse_journal (s, line, &l);
    if (kind != PKT_RECORD_UNKNOWN)
      return kind;
  }
  const PktFrame *frame = pkt_frames_match (&s->frames, line, &f, &skip);
  if (frame) {
    if (skip)
      return PKT_RECORD_OTHER;
    l.time = f.time;
    l.scope = pkt_slice (f.host.p, frame->n - 1);
    return parse_framed (&l, &f);
  }
  if (pkt_journal_looks_like (line))
    return parse_journal (s, line, &l);
  if (!pkt_syslog_split (line, &f))
    return parse_fragment (&l, line);
  if (!pkt_postfix_is_tag (f.tag))
    return PKT_RECORD_FOREIGN;
  pkt_frames_learn (&s->frames, line, &f);
  PktSlice first = pkt_slice_until (f.tag, '/');
  l.time = f.time;
  l.scope = f.host.n && f.host.p < f.tag.p
                ? pkt_slice (f.host.p, (gsize)(first.p + first.n - f.host.p))
                : first;
  return parse_framed (&l, &f);
}

static PktStamp
last_stamp (gpointer state)
{
  const Postfix *s = state;
  return s->years.last.kind == PKT_STAMP_YEARLESS ? s->years.last : s->last;
}

static void
follow (gpointer state, PktStamp seen)
{
  Postfix *s = state;
  if (seen.kind != PKT_STAMP_YEARLESS
      || (s->years.last.kind == PKT_STAMP_YEARLESS && s->years.last.us >= seen.us))
    return;
  s->years.last = seen;
  s->year_index = pkt_stamp_year_index (seen);
}

static gboolean
can_glance (gpointer state)
{
  return !((Postfix *)state)->journald;
}

static gboolean
passes (gpointer state, gint64 *years)
{
  const Postfix *s = state;
  *years = pkt_stamp_years (s->year_index);
  return !s->year_open && !pkt_journal_busy (s->journal);
}

static void
passed (gpointer state, PktStamp last)
{
  Postfix *s = state;
  note_stamp (s, last);
  s->stamp_n = 0;
}

/* Of a line that was told by a glance. */
static PktStamp
take_stamp (Postfix *s, const PktGlance *seen)
{
  PktStamp stamp = { seen->us, (PktStampKind)seen->stamp_kind };
  if (stamp.kind == PKT_STAMP_YEARLESS)
    stamp.us += pkt_stamp_years (s->year_index);
  passed (s, stamp); /* the next line of another second reads its own */
  return s->last;
}

static PktRecordKind
hand_out_put_off (Postfix *s, PktSlice line, const PktGlance *seen, PktSink sink, gpointer data)
{
  const PktAttempt a = { .stamp = take_stamp (s, seen),
                         .outcome = PKT_DEFERRED,
                         .smtp = TRUE,
                         .recipient = pkt_slice (line.p + seen->text_at, seen->tag_n),
                         .reply = pkt_stand_in (seen->daemon),
                         .queue_key = seen->key,
                         .fingerprint = seen->fingerprint,
                         .size = -1 };
  sink (PKT_RECORD_PUT_OFF, &a, data);
  return PKT_RECORD_PUT_OFF;
}

static PktRecordKind
hand_out_elsewhere (Postfix *s, const PktGlance *seen, PktSink sink, gpointer data)
{
  PktAttempt *a = &s->brief;
  a->stamp = take_stamp (s, seen);
  a->queue_key = seen->key;
  a->fingerprint = seen->fingerprint;
  sink (PKT_RECORD_ELSEWHERE, a, data);
  a->stamp = (PktStamp){ 0 };
  a->fingerprint = 0;
  return PKT_RECORD_ELSEWHERE;
}

static PktRecordKind
parse_known (gpointer state, PktSlice line, const PktGlance *seen, PktSink sink, gpointer data)
{
  Postfix *s = state;
  if (pkt_journal_busy (s->journal))
    return parse (state, line, sink, data);
  Line l = { .state = s, .sink = sink, .data = data, .key = seen->key };
  if (seen->kind == PKT_GLANCE_PUT_OFF)
    return hand_out_put_off (s, line, seen, sink, data);
  if (seen->kind == PKT_GLANCE_WHOLE)
    hand_out_brief (&l, PKT_RECORD_REMOVED);
  if (seen->kind == PKT_GLANCE_ELSEWHERE || seen->kind == PKT_GLANCE_WHOLE)
    return hand_out_elsewhere (s, seen, sink, data);
  if (seen->kind == PKT_GLANCE_REMOVED)
    return hand_out_brief (&l, PKT_RECORD_REMOVED);
  if (seen->kind == PKT_GLANCE_ARRIVAL) {
    s->brief.sender = pkt_slice (line.p + seen->text_at, seen->tag_n);
    s->brief.size = seen->us;
    return hand_out_brief (&l, PKT_RECORD_ARRIVAL);
  }
  l.time = pkt_slice (line.p, seen->time_n);
  l.scope = pkt_slice (line.p + seen->time_n + 1, seen->scope_n);
  l.tag = pkt_slice (l.scope.p + seen->host_n + 1, seen->tag_n);
  l.id = pkt_slice (seen->id_n ? line.p + seen->text_at : NULL, seen->id_n);
  PktSlice text = pkt_slice_skip (line, seen->text_at + (seen->id_n ? seen->id_n + 2u : 0));
  return parse_text (&l, (PktPostfixDaemon)seen->daemon, text);
}

const PktFormat pkt_format_postfix = {
  .name = "postfix",
  .summary = "Postfix: syslog, maillog_file, RFC 3339 and 5424, journalctl short, JSON and export, "
             "docker compose",
  .probe = probe,
  .begin = begin,
  .parse = parse,
  .last_stamp = last_stamp,
  .end = end,
  .glancer = &pkt_postfix_glancer,
  .parse_known = parse_known,
  .can_glance = can_glance,
  .passes = passes,
  .passed = passed,
  .owns_tag = pkt_postfix_is_tag,
  .follow = follow,
};
