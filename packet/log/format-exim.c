/* Exim's mainlog (facts: log-formats section 3), as a file or through syslog. Fields behind an
 * address stand in a fixed order, free text only at the end, so a line is read from its front. */
#include "packet/log/exim-glance.h"
#include "packet/log/exim-records.h"
#include "packet/log/stand-in.h"

static gpointer
begin (void)
{
  PktEximReader *s = g_new0 (PktEximReader, 1);
  pkt_text_log_begin (&s->log, "exim");
  s->own = s->memory = pkt_memory_new ();
  s->reply = g_string_new (NULL);
  pkt_exim_clock_start (&s->clock);
  pkt_exim_parts_start (&s->parts);
  return s;
}

static void
end (gpointer state)
{
  PktEximReader *s = state;
  pkt_text_log_end (&s->log);
  pkt_memory_free (s->own);
  g_string_free (s->reply, TRUE);
  pkt_exim_parts_clear (&s->parts);
  g_free (s);
}

static void
share (gpointer state, PktMemory *memory)
{
  ((PktEximReader *)state)->memory = memory;
}

static guint
score (PktSlice text)
{
  PktEximLine l;
  if (!pkt_exim_line (text, &l))
    return 0;
  return l.kind == PKT_EXIM_OTHER ? 60 : 100;
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  PktStamp ignored;
  if (pkt_journal_looks_like (line))
    return pkt_slice_find (line, PKT_SLICE ("\"exim")).p
                   || pkt_slice_find (line, PKT_SLICE ("=exim")).p
               ? 90
               : 0;
  if (pkt_syslog_split (line, &f) && pkt_exim_owns_tag (f.tag))
    return 80;
  PktSlice s = pkt_wrap_skip_name (line);
  gsize n = s.n > 19 && s.p[10] == ' ' ? pkt_text_stamp (s, 0, &ignored) : 0;
  return n ? score (pkt_slice_skip (s, n + 1)) : 0;
}

static PktRecordKind
parse_text (PktEximReader *s, PktSlice text)
{
  PktEximLine l;
  return pkt_exim_line (text, &l) ? pkt_exim_record (s, &l) : PKT_RECORD_UNKNOWN;
}

/* Through syslog the text may begin with Exim's own date, which has the year. */
static PktRecordKind
parse_syslog (PktEximReader *s, PktSyslog *f)
{
  PktStamp ignored;
  gboolean complete = TRUE;
  if (pkt_exim_parts_join (&s->parts, f->pid, &f->text, &complete) && !complete)
    return PKT_RECORD_OTHER;
  gsize n = f->text.n > 19 && f->text.p[4] == '-' ? pkt_text_stamp (f->text, 0, &ignored) : 0;
  if (n) {
    s->log.time = pkt_slice (f->text.p, n);
    f->text = pkt_slice_skip (f->text, n + 1);
  }
  PktRecordKind kind = parse_text (s, f->text);
  return kind == PKT_RECORD_UNKNOWN ? PKT_RECORD_OTHER : kind;
}

static PktRecordKind
parse_plain (PktEximReader *s, PktSlice line)
{
  s->log.time = s->scope = pkt_slice (NULL, 0);
  s->log.stamp = s->clock.now.stamp;
  return parse_text (s, pkt_slice_skip (line, s->clock.front));
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktEximReader *s = state;
  PktSyslog f;
  s->sink = sink;
  s->data = data;
  PktRecordKind plain = !pkt_journal_busy (s->log.journal) && pkt_exim_is_plain (&s->clock, line)
                            ? parse_plain (s, line)
                            : PKT_RECORD_UNKNOWN;
  if (plain != PKT_RECORD_UNKNOWN)
    return plain;
  const gboolean whole = pkt_journal_is_whole (s->log.journal, line);
  PktTextKind kind = pkt_text_log_read (&s->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return whole ? PKT_RECORD_FOREIGN : PKT_RECORD_OTHER;
  s->scope = f.host;
  if (kind == PKT_TEXT_LINE && pkt_exim_owns_tag (f.tag))
    return parse_syslog (s, &f);
  s->scope = pkt_slice (NULL, 0);
  PktSlice text = kind == PKT_TEXT_LINE ? pkt_text_log_bare (&s->log, line) : f.text;
  gboolean exim = s->log.time.n && s->log.time.n >= 19 && s->log.time.p[10] == ' ';
  PktRecordKind got = exim ? parse_text (s, text) : PKT_RECORD_UNKNOWN;
  if (got == PKT_RECORD_UNKNOWN && kind == PKT_TEXT_LINE)
    return PKT_RECORD_FOREIGN;
  return got == PKT_RECORD_UNKNOWN && exim ? PKT_RECORD_OTHER : got;
}

static PktRecordKind
known_arrival (PktEximReader *s, PktSlice line, const PktGlance *seen)
{
  PktAttempt *a = &s->brief;
  a->sender = pkt_slice (line.p + seen->text_at, seen->tag_n);
  a->size = seen->us;
  a->queue_key = seen->key;
  a->message_id = pkt_exim_get_id (line, seen->fingerprint);
  s->sink (PKT_RECORD_RECEIVED, a, s->data);
  a->sender = a->message_id = pkt_slice (NULL, 0);
  return PKT_RECORD_RECEIVED;
}

static PktRecordKind
known_removal (PktEximReader *s, const PktGlance *seen)
{
  pkt_memory_drop_key (s->memory, seen->key);
  s->brief.queue_key = seen->key;
  s->sink (PKT_RECORD_REMOVED, &s->brief, s->data);
  return PKT_RECORD_REMOVED;
}

static PktStamp
known_stamp (PktEximReader *s, const PktGlance *seen)
{
  s->log.time = pkt_slice (NULL, 0);
  s->log.stamp = (PktStamp){ seen->us, (PktStampKind)seen->stamp_kind };
  if (s->log.stamp.kind == PKT_STAMP_YEARLESS)
    s->log.stamp.us += pkt_stamp_years (s->log.year_index);
  return pkt_text_log_stamp (&s->log);
}

static PktRecordKind
known_deferral (PktEximReader *s, PktSlice line, const PktGlance *seen)
{
  const PktAttempt a = pkt_stand_in_record (seen, line, known_stamp (s, seen));
  pkt_exim_note_result (s, seen->key);
  s->sink (PKT_RECORD_PUT_OFF, &a, s->data);
  return PKT_RECORD_PUT_OFF;
}

static PktRecordKind
known_delivery (PktEximReader *s, const PktGlance *seen)
{
  PktAttempt *a = &s->brief;
  a->stamp = known_stamp (s, seen);
  if (seen->kind != PKT_GLANCE_WHOLE)
    pkt_exim_note_result (s, seen->key);
  if (seen->kind == PKT_GLANCE_KNOWN) /* no hop over SMTP */
    return PKT_RECORD_OTHER;
  a->queue_key = seen->key;
  a->fingerprint = seen->fingerprint;
  s->sink (PKT_RECORD_ELSEWHERE, a, s->data);
  return PKT_RECORD_ELSEWHERE;
}

/* What the glance told of a plain line. Others of its message were left out, so that it is not read
 * once more where a block of journald's has no end. */
static PktRecordKind
parse_known (gpointer state, PktSlice line, const PktGlance *seen, PktSink sink, gpointer data)
{
  PktEximReader *s = state;
  if (pkt_journal_busy (s->log.journal) && !pkt_journal_leave (s->log.journal))
    return parse (state, line, sink, data);
  s->sink = sink;
  s->data = data;
  if (seen->kind == PKT_GLANCE_RECEIVED)
    return known_arrival (s, line, seen);
  if (seen->kind == PKT_GLANCE_REMOVED)
    return known_removal (s, seen);
  if (seen->kind == PKT_GLANCE_PUT_OFF)
    return known_deferral (s, line, seen);
  if (seen->kind == PKT_GLANCE_WHOLE)
    known_removal (s, seen);
  return known_delivery (s, seen);
}

static gboolean
passes (gpointer state, gint64 *years)
{
  const PktEximReader *s = state;
  *years = 0; /* Exim writes it; where syslog's stamp has none, each line has to be told of */
  return !pkt_journal_busy (s->log.journal) && s->log.years.last.kind != PKT_STAMP_YEARLESS;
}

static gboolean
remembers (gpointer state, guint64 key)
{
  const PktEximReader *s = state;
  return key ? pkt_memory_find_key (s->memory, key) != NULL : !pkt_memory_is_empty (s->memory);
}

static void
passed (gpointer state, PktStamp last)
{
  PktEximReader *s = state;
  s->log.time = pkt_slice (NULL, 0);
  s->log.stamp = last;
  pkt_text_log_stamp (&s->log);
}

static PktStamp
last_stamp (gpointer state)
{
  return pkt_text_log_last (&((PktEximReader *)state)->log);
}

static void
follow (gpointer state, PktStamp last)
{
  pkt_text_log_follow (&((PktEximReader *)state)->log, last);
}

const PktFormat pkt_format_exim = {
  .name = "exim",
  .summary = "Exim: mainlog as a file or through syslog, any log_selector",
  .probe = probe,
  .begin = begin,
  .parse = parse,
  .last_stamp = last_stamp,
  .end = end,
  .owns_tag = pkt_exim_owns_tag,
  .share = share,
  .follow = follow,
  .glancer = &pkt_exim_glancer,
  .parse_known = parse_known,
  .passes = passes,
  .remembers = remembers,
  .passed = passed,
  .blind = "tell the sending IP only with log_selector +incoming_interface and the zone only with "
           "log_timezone",
};
