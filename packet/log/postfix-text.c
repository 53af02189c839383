/* Status lines of Postfix's delivery agents, and the lines that tell a queue id's sender,
 * Message-ID and end (log-formats 2). */
#include "packet/log/postfix-text.h"
#include "packet/log/postfix-status.h"
#include "packet/log/syslog.h"

void
pkt_postfix_note_stamp (PktPostfix *s, PktStamp stamp)
{
  pkt_stamp_follow (&s->years, &stamp);
  if (stamp.kind == PKT_STAMP_YEARLESS) {
    s->year_index = pkt_stamp_year_index (stamp);
    s->year_open = stamp.us - pkt_stamp_years (s->year_index) < PKT_SECOND;
  }
  s->last = stamp;
}

static void
set_frame (PktPostfixLine *l, PktAttempt *a)
{
  PktPostfix *s = l->state;
  a->size = -1;
  a->queue_scope = l->scope;
  if (l->time.n == 0) {
    a->stamp = l->stamp;
    if (a->stamp.kind != PKT_STAMP_NONE)
      pkt_postfix_note_stamp (s, a->stamp);
    return;
  }
  if (s->stamp_n == l->time.n && pkt_bytes_same (l->time.p, s->stamp_text, s->stamp_n)) {
    a->stamp = s->last; /* many records share a second */
    return;
  }
  if (pkt_syslog_stamp (l->time, s->year_index, &a->stamp)) {
    pkt_postfix_note_stamp (s, a->stamp);
    a->stamp = s->last;
    s->stamp_n = l->time.n <= sizeof s->stamp_text ? l->time.n : 0;
    memcpy (s->stamp_text, l->time.p, s->stamp_n);
  }
}

PktRecordKind
pkt_postfix_hand_out_brief (PktPostfixLine *l, PktRecordKind kind)
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
hand_out (PktPostfixLine *l, PktRecordKind kind, PktAttempt *a)
{
  a->queue_id = l->id;
  a->queue_key = l->key; /* else the join makes it */
  l->sink (kind, a, l->data);
  return kind;
}

/* "to=&lt;a@icloud.com&gt;, relay=…" copied from a page, or wrapped by a mail client: whoever reads
 * the log is told that something is wrong with it. */
static PktRecordKind
no_status (PktSlice text)
{
  if (!pkt_slice_starts (text, PKT_SLICE ("to=")))
    return PKT_RECORD_OTHER;
  const gboolean probe = pkt_slice_starts (text, PKT_SLICE ("to=<"))
                         && pkt_slice_find (text, PKT_SLICE ("status=")).p;
  return probe ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN; /* "status=deliverable" is of none */
}

/* Lines of smtp(8), also of error(8) and retry(8). */
static PktRecordKind
parse_delivery_agent (PktPostfixLine *l, PktPostfixDaemon daemon, PktSlice text)
{
  PktAttempt a = { 0 };
  gboolean starts_conn = l->id.n == 0 && pkt_slice_starts (text, PKT_SLICE ("connect to "));
  if (l->id.n == 0 && !starts_conn)
    return PKT_RECORD_OTHER;
  a.smtp = daemon != PKT_DAEMON_LOCAL;
  if (pkt_slice_starts (text, PKT_SLICE ("to=<"))) {
    if (!pkt_postfix_status (text, &a))
      return no_status (text);
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
    return no_status (text);
  set_frame (l, &a);
  if (a.stamp.kind == PKT_STAMP_NONE && l->time.n) /* "Mar 33 25:00:08" */
    return PKT_RECORD_UNKNOWN;
  pkt_postfix_read_transport (l->tag, &a);
  return hand_out (l, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
parse_qmgr (PktPostfixLine *l, PktSlice text)
{
  if (l->id.n == 0)
    return PKT_RECORD_OTHER;
  if (pkt_slice_equal (text, PKT_SLICE ("removed")))
    return pkt_postfix_hand_out_brief (l, PKT_RECORD_REMOVED);
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
    return pkt_postfix_hand_out_brief (l, PKT_RECORD_ARRIVAL);
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
parse_cleanup (PktPostfixLine *l, PktSlice text)
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

PktRecordKind
pkt_postfix_parse_text (PktPostfixLine *l, PktPostfixDaemon daemon, PktSlice text)
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
