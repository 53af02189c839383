/* Postfix (facts: log-formats section 2). The frame of a line is nearly always that of the line
 * before, so it is compared, not parsed; what stands in it is postfix-text.c's. */
#include "packet/log/postfix-glance.h"
#include "packet/log/postfix-text.h"
#include "packet/log/stand-in.h"

static gpointer
begin (void)
{
  PktPostfix *s = g_new0 (PktPostfix, 1);
  s->journal = pkt_journal_new ();
  return s;
}

static void
end (gpointer state)
{
  PktPostfix *s = state;
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
    return pkt_postfix_untagged (line, &s).n ? 75 : 0;
  if (pkt_slice_find (s.text, PKT_SLICE ("status=")).p
      || pkt_slice_find (s.text, PKT_SLICE ("queue active")).p)
    return 100;
  return 80;
}

static PktRecordKind
parse_framed (PktPostfixLine *l, const PktSyslog *f)
{
  PktSlice text = f->text, name = pkt_postfix_last_part (f->tag);
  l->tag = f->tag;
  l->id = pkt_postfix_take_id (&text);
  PktPostfixDaemon daemon = pkt_slice_equal (f->tag, PKT_SLICE ("postfix"))
                                ? pkt_postfix_daemon_of_text (f->text)
                                : pkt_postfix_daemon (name);
  if (daemon == PKT_DAEMON_NONE && !pkt_postfix_is_tag (f->tag)) /* "postfix/extra[7]" */
    return PKT_RECORD_FOREIGN;
  return pkt_postfix_parse_text (l, daemon, text);
}

/* A new month may be a new year; no record is needed to see it, nor a line of ours. The line is one
 * without what stands before it; one that begins with a digit has its year, or no time. */
static void
watch_month (PktPostfix *s, PktSlice line)
{
  PktStamp stamp;
  if (line.n < 3 || g_ascii_isdigit (line.p[0]) || memcmp (line.p, s->begin, 3) == 0)
    return;
  memcpy (s->begin, line.p, 3);
  s->stamp_n = 0;
  s->year_open = TRUE;
  if (pkt_syslog_stamp (line, s->year_index, &stamp))
    pkt_postfix_note_stamp (s, stamp);
}

static PktRecordKind
parse_journal (PktPostfix *s, PktSlice line, PktPostfixLine *l)
{
  const gboolean whole = pkt_journal_is_whole (s->journal, line);
  PktSyslog f;
  switch (pkt_journal_line (s->journal, line, &f, &l->stamp)) {
  case PKT_JOURNAL_RECORD:
    s->journald = TRUE;
    l->scope = f.host;
    if (pkt_postfix_is_tag (f.tag))
      return parse_framed (l, &f);
    return whole ? PKT_RECORD_FOREIGN : PKT_RECORD_OTHER;
  case PKT_JOURNAL_MORE:
    s->journald = TRUE;
    return whole ? PKT_RECORD_FOREIGN : PKT_RECORD_OTHER;
  case PKT_JOURNAL_NO:
    break;
  }
  return PKT_RECORD_UNKNOWN;
}

/* Without a time: it tells what happened, not when. */
static PktRecordKind
parse_fragment (PktPostfixLine *l, PktSlice line)
{
  if (!pkt_postfix_is_fragment (line))
    return PKT_RECORD_UNKNOWN;
  l->id = pkt_postfix_take_id (&line);
  return pkt_slice_starts (line, PKT_SLICE ("from=<"))
             ? PKT_RECORD_OTHER
             : pkt_postfix_parse_text (l, PKT_DAEMON_SMTP, line);
}

static PktRecordKind
parse_untagged (PktPostfixLine *l, PktSlice line, const PktSyslog *f)
{
  PktSlice text = pkt_postfix_untagged (line, f);
  const PktPostfixDaemon told = pkt_postfix_daemon_of_text (text);
  if (text.n == 0)
    return PKT_RECORD_FOREIGN;
  l->time = f->time;
  l->scope = f->host;
  l->id = pkt_postfix_take_id (&text);
  return pkt_postfix_parse_text (
      l, pkt_slice_starts (text, PKT_SLICE ("host ")) ? PKT_DAEMON_SMTP : told, text);
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktPostfix *s = state;
  PktPostfixLine l = { .state = s, .sink = sink, .data = data };
  PktSyslog f = { 0 };
  gboolean skip = FALSE;
  const PktSlice inner = pkt_frames_is_bare (&s->frames, line) ? line : pkt_wrap_skip (line);
  watch_month (s, inner);
  if (pkt_journal_busy (s->journal) /* bytes of somebody's message may look like a line */
      || (inner.p != line.p && pkt_journal_looks_like (line))) {
    PktRecordKind kind = parse_journal (s, line, &l);
    if (kind != PKT_RECORD_UNKNOWN)
      return kind;
  }
  const PktFrame *frame = pkt_frames_match (&s->frames, inner, &f, &skip);
  if (frame) {
    if (skip)
      return PKT_RECORD_OTHER;
    l.time = f.time;
    l.scope = pkt_frame_scope (frame, inner.p);
    return parse_framed (&l, &f);
  }
  if (pkt_journal_looks_like (line))
    return parse_journal (s, line, &l);
  if (!pkt_syslog_split_inner (inner, &f))
    return parse_fragment (&l, line);
  if (!pkt_postfix_is_tag (f.tag))
    return parse_untagged (&l, inner, &f);
  pkt_frames_learn (&s->frames, inner, &f);
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
  const PktPostfix *s = state;
  return s->years.last.kind == PKT_STAMP_YEARLESS ? s->years.last : s->last;
}

static void
follow (gpointer state, PktStamp seen)
{
  PktPostfix *s = state;
  if (seen.kind != PKT_STAMP_YEARLESS
      || (s->years.last.kind == PKT_STAMP_YEARLESS && s->years.last.us >= seen.us))
    return;
  s->years.last = seen;
  s->year_index = pkt_stamp_year_index (seen);
}

static gboolean
can_glance (gpointer state)
{
  return !((PktPostfix *)state)->journald;
}

static gboolean
passes (gpointer state, gint64 *years)
{
  const PktPostfix *s = state;
  *years = pkt_stamp_years (s->year_index);
  const gboolean open = s->year_open && s->years.last.kind == PKT_STAMP_YEARLESS;
  return !open && !pkt_journal_busy (s->journal);
}

static void
passed (gpointer state, PktStamp last)
{
  PktPostfix *s = state;
  pkt_postfix_note_stamp (s, last);
  s->stamp_n = 0;
}

/* Of a line that was told by a glance. */
static PktStamp
take_stamp (PktPostfix *s, const PktGlance *seen)
{
  PktStamp stamp = { seen->us, (PktStampKind)seen->stamp_kind };
  if (stamp.kind == PKT_STAMP_YEARLESS)
    stamp.us += pkt_stamp_years (s->year_index);
  passed (s, stamp); /* the next line of another second reads its own */
  return s->last;
}

static PktRecordKind
hand_out_put_off (PktPostfix *s, PktSlice line, const PktGlance *seen, PktSink sink, gpointer data)
{
  const PktAttempt a = pkt_stand_in_record (seen, line, take_stamp (s, seen));
  sink (PKT_RECORD_PUT_OFF, &a, data);
  return PKT_RECORD_PUT_OFF;
}

static PktRecordKind
hand_out_elsewhere (PktPostfix *s, const PktGlance *seen, PktSink sink, gpointer data)
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
  PktPostfix *s = state;
  if (pkt_journal_busy (s->journal))
    return parse (state, line, sink, data);
  if (seen->kind == PKT_GLANCE_SIDE)
    return PKT_RECORD_FOREIGN;
  PktPostfixLine l = { .state = s, .sink = sink, .data = data, .key = seen->key };
  if (seen->kind == PKT_GLANCE_PUT_OFF)
    return hand_out_put_off (s, line, seen, sink, data);
  if (seen->kind == PKT_GLANCE_WHOLE)
    pkt_postfix_hand_out_brief (&l, PKT_RECORD_REMOVED);
  if (seen->kind == PKT_GLANCE_ELSEWHERE || seen->kind == PKT_GLANCE_WHOLE)
    return hand_out_elsewhere (s, seen, sink, data);
  if (seen->kind == PKT_GLANCE_REMOVED)
    return pkt_postfix_hand_out_brief (&l, PKT_RECORD_REMOVED);
  if (seen->kind == PKT_GLANCE_ARRIVAL) {
    s->brief.sender = pkt_slice (line.p + seen->text_at, seen->tag_n);
    s->brief.size = seen->us;
    return pkt_postfix_hand_out_brief (&l, PKT_RECORD_ARRIVAL);
  }
  l.time = pkt_slice (line.p + seen->time_at, seen->time_n);
  l.scope = pkt_slice (line.p + seen->scope_at, seen->scope_n);
  l.tag = pkt_slice (line.p + seen->tag_at, seen->tag_n);
  l.id = pkt_slice (seen->id_n ? line.p + seen->text_at : NULL, seen->id_n);
  PktSlice text = pkt_slice_skip (line, seen->text_at + (seen->id_n ? seen->id_n + 2u : 0));
  return pkt_postfix_parse_text (&l, (PktPostfixDaemon)seen->daemon, text);
}

const PktFormat pkt_format_postfix = {
  .name = "postfix",
  .summary = "Postfix: syslog, maillog_file, RFC 3339 and 5424, journalctl short, JSON and export, "
             "docker compose, CRI",
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
