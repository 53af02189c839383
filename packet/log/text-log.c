#include "packet/log/text-log.h"

#define TAI64N_BYTES 25 /* "@" and 24 hex digits */
/* multilog's label of 1970: 2^62 + 10 (facts: log-formats 5). */
#define TAI64N_EPOCH G_GUINT64_CONSTANT (0x400000000000000a)

void
pkt_text_log_begin (PktTextLog *t, const char *needle)
{
  memset (t, 0, sizeof *t);
  t->journal = pkt_journal_new ();
  pkt_journal_only (t->journal, needle);
}

void
pkt_text_log_end (PktTextLog *t)
{
  pkt_journal_free (t->journal);
}

/* "@40000000419f13a508f3214c". */
static gsize
parse_tai64n (PktSlice s, PktStamp *out)
{
  guint64 label = 0, nano = 0;
  if (s.n < TAI64N_BYTES)
    return 0;
  for (gsize i = 1; i < TAI64N_BYTES; i++) {
    int digit = g_ascii_xdigit_value (s.p[i]);
    if (digit < 0)
      return 0;
    if (i <= 16)
      label = label << 4 | (guint64)digit;
    else
      nano = nano << 4 | (guint64)digit;
  }
  if (label < TAI64N_EPOCH || label - TAI64N_EPOCH > G_MAXUINT32 || nano >= 1000000000)
    return 0;
  out->us = (gint64)(label - TAI64N_EPOCH) * PKT_SECOND + (gint64)nano / 1000;
  out->kind = PKT_STAMP_UTC;
  return TAI64N_BYTES;
}

/* " +0100" behind a time without a zone. */
static gsize
add_zone (PktSlice s, PktStamp *stamp)
{
  gint64 n;
  if (s.n < 6 || s.p[0] != ' ' || (s.p[1] != '+' && s.p[1] != '-')
      || !pkt_slice_number (pkt_slice (s.p + 2, 4), &n) || n / 100 > 23 || n % 100 > 59
      || (s.n > 6 && s.p[6] != ' '))
    return 0;
  gint64 offset = (n / 100 * 60 + n % 100) * PKT_MINUTE;
  stamp->us -= s.p[1] == '-' ? -offset : offset;
  stamp->kind = PKT_STAMP_UTC;
  return 6;
}

gsize
pkt_text_stamp (PktSlice s, int year_index, PktStamp *out)
{
  if (s.n && s.p[0] == '@')
    return parse_tai64n (s, out);
  gsize n = pkt_syslog_stamp (s, year_index, out);
  if (n && out->kind == PKT_STAMP_LOCAL)
    n += add_zone (pkt_slice_skip (s, n), out);
  if (n && pkt_slice_starts (pkt_slice_skip (s, n), PKT_SLICE (": "))) /* `pm2 --time` */
    n++;
  return n;
}

gboolean
pkt_text_line_stamp (PktSlice line, PktStamp *out)
{
  PktSyslog frame;
  const PktSlice time = pkt_syslog_split (line, &frame) ? frame.time : pkt_wrap_skip_name (line);
  return pkt_text_stamp (time, 0, out) > 0;
}

static void
note_stamp (PktTextLog *t, PktStamp *stamp)
{
  pkt_stamp_follow (&t->years, stamp);
  if (stamp->kind == PKT_STAMP_YEARLESS)
    t->year_index = pkt_stamp_year_index (*stamp);
  t->last = *stamp;
}

static PktStamp
stamp_of (PktTextLog *t, PktSlice time)
{
  PktStamp stamp = { 0, PKT_STAMP_NONE };
  if (pkt_text_stamp (time, t->year_index, &stamp) == 0)
    return (PktStamp){ 0, PKT_STAMP_NONE };
  note_stamp (t, &stamp);
  return stamp;
}

PktStamp
pkt_text_log_stamp (PktTextLog *t)
{
  if (t->time.n)
    return stamp_of (t, t->time);
  if (t->stamp.kind != PKT_STAMP_NONE)
    note_stamp (t, &t->stamp);
  return t->stamp;
}

PktStamp
pkt_text_log_last (const PktTextLog *t)
{
  return t->years.last.kind == PKT_STAMP_YEARLESS ? t->years.last : t->last;
}

void
pkt_text_log_follow (PktTextLog *t, PktStamp seen)
{
  if (seen.kind != PKT_STAMP_YEARLESS
      || (t->years.last.kind == PKT_STAMP_YEARLESS && t->years.last.us >= seen.us))
    return;
  t->years.last = seen;
  t->year_index = pkt_stamp_year_index (seen);
}

/* A new month may be a new year; no record is needed to see it. */
static void
watch_month (PktTextLog *t)
{
  if (t->time.n < 3 || g_ascii_isdigit (t->time.p[0]) || t->time.p[0] == '@'
      || memcmp (t->time.p, t->month, 3) == 0)
    return;
  memcpy (t->month, t->time.p, 3);
  pkt_text_log_stamp (t);
}

/* FALSE: the line is none of journald's, which ends a record that it stands in. */
static gboolean
read_journal (PktTextLog *t, PktSlice line, PktSyslog *out, PktTextKind *kind)
{
  const PktJournalResult got = pkt_journal_line (t->journal, line, out, &t->stamp);
  *kind = got == PKT_JOURNAL_RECORD ? PKT_TEXT_LINE : PKT_TEXT_MORE;
  return got != PKT_JOURNAL_NO;
}

PktSlice
pkt_text_log_bare (PktTextLog *t, PktSlice line)
{
  PktStamp ignored;
  PktSlice s = pkt_wrap_skip_name (line);
  gsize n = pkt_text_stamp (s, 0, &ignored);
  t->time = pkt_slice (s.p, n);
  t->stamp = (PktStamp){ 0, PKT_STAMP_NONE };
  watch_month (t);
  s = pkt_slice_skip_blanks (pkt_slice_skip (s, n));
  return n ? pkt_wrap_skip_stream (s) : s;
}

PktSlice
pkt_text_log_own (PktTextLog *t, PktSlice text)
{
  PktStamp own;
  const gboolean begins = text.n > 19 && text.p[4] == '-' && g_ascii_isdigit (text.p[0]);
  const gsize n = begins ? pkt_text_stamp (text, 0, &own) : 0;
  if (n == 0)
    return text;
  const gboolean yearless = t->time.n && !g_ascii_isdigit (t->time.p[0]);
  if (own.kind == PKT_STAMP_UTC || yearless)
    t->time = pkt_slice (text.p, n);
  return pkt_slice_skip_blanks (pkt_slice_skip (text, n));
}

PktTextKind
pkt_text_log_read (PktTextLog *t, PktSlice line, PktSyslog *out)
{
  memset (out, 0, sizeof *out);
  t->time = pkt_slice (NULL, 0);
  t->stamp = (PktStamp){ 0, PKT_STAMP_NONE };
  PktTextKind kind;
  if ((pkt_journal_busy (t->journal) || pkt_journal_looks_like (line))
      && read_journal (t, line, out, &kind))
    return kind;
  if (pkt_syslog_split (line, out)) {
    t->time = out->time;
    watch_month (t);
    return PKT_TEXT_LINE;
  }
  memset (out, 0, sizeof *out);
  out->text = pkt_text_log_bare (t, line);
  out->time = t->time;
  return PKT_TEXT_BARE;
}
