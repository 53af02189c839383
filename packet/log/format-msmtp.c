/* msmtp's log file or syslog (lab: open/clients): a line for each mail. msmtp has no queue: what is
 * put off is the caller's to try again. */
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

static gboolean
owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("msmtp"));
}

static gboolean
is_own_line (PktSlice text)
{
  return pkt_slice_starts (text, PKT_SLICE ("host="))
         && pkt_slice_find (text, PKT_SLICE (" exitcode=")).p
         && pkt_slice_find (text, PKT_SLICE (" tls=")).p;
}

static guint
probe (PktSlice line)
{
  PktTextLog log;
  PktSyslog f;
  pkt_text_log_begin (&log, NULL);
  gboolean own = pkt_text_log_read (&log, line, &f) != PKT_TEXT_MORE && is_own_line (f.text);
  pkt_text_log_end (&log);
  return own ? 100 : 0;
}

/* KEY='TEXT' where the quote is closed by ` next=` or the line's end: quotes in it became `?`. */
static PktSlice
quoted (PktSlice s, const char *key)
{
  PktSlice at = pkt_slice_find (s, pkt_slice_str (key));
  if (at.p == NULL)
    return at;
  at = pkt_slice_skip (at, strlen (key));
  return pkt_slice_until (at, '\'');
}

static PktStage
stage_of (PktSlice words)
{
  static const struct {
    const char *begin;
    PktStage stage;
  } known[] = { { "envelope from address ", PKT_STAGE_MAIL },
                { "recipient address ", PKT_STAGE_RCPT },
                { "the server did not accept the mail", PKT_STAGE_END_OF_DATA },
                { "the server does not accept mail data", PKT_STAGE_DATA },
                { "cannot connect to ", PKT_STAGE_CONNECT },
                { "command STARTTLS", PKT_STAGE_STARTTLS } };
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (pkt_slice_starts (words, pkt_slice_str (known[i].begin)))
      return known[i].stage;
  return PKT_STAGE_UNKNOWN;
}

/* "a\nb" as msmtp writes line ends: a blank. */
static PktSlice
joined (PktTextReader *r, PktSlice reply)
{
  if (pkt_slice_find (reply, PKT_SLICE ("\\n")).p == NULL)
    return reply;
  g_string_append_len (g_string_truncate (r->buffer, 0), reply.p, (gssize)reply.n);
  g_string_replace (r->buffer, "\\n", " ", 0);
  return pkt_slice (r->buffer->str, r->buffer->len);
}

static void
set_outcome (PktSlice text, PktSlice error, PktAttempt *a)
{
  PktSlice exit_code = pkt_word_after (text, " exitcode=");
  if (pkt_slice_equal (exit_code, PKT_SLICE ("EX_OK"))) {
    a->outcome = PKT_DELIVERED;
    a->stage = PKT_STAGE_END_OF_DATA;
    return;
  }
  a->outcome = a->reply.n && a->reply.p[0] == '5' ? PKT_BOUNCED : PKT_DEFERRED;
  a->stage = stage_of (error);
  if (a->reply.n == 0)
    a->reply = error;
}

/* The whole mail fails with the first recipient who is refused: the others were not tried. */
static PktRecordKind
tell (PktTextReader *r, const PktAttempt *common, PktSlice recipient, PktSlice error,
      gboolean alone)
{
  PktAttempt a = *common;
  a.recipient = recipient;
  if (!alone && a.stage == PKT_STAGE_RCPT && pkt_slice_find (error, recipient).p == NULL) {
    a.outcome = PKT_NOT_ATTEMPTED;
    a.reply_is_remote = FALSE;
  }
  return pkt_text_reader_tell (r, PKT_RECORD_ATTEMPT, &a);
}

/* host=H tls=on auth=off from=S recipients=A,B [mailsize=N] [smtpstatus=N smtpmsg='…']
 * [errormsg='…'] exitcode=EX_OK */
static PktRecordKind
parse_text (PktTextReader *r, PktSlice text)
{
  PktAttempt a = { .size = -1, .smtp = TRUE };
  PktSlice from = pkt_slice_find (text, PKT_SLICE (" from=")),
           to = pkt_slice_find (text, PKT_SLICE (" recipients="));
  if (from.p == NULL || to.p == NULL || to.p < from.p)
    return PKT_RECORD_OTHER;
  PktSlice error = quoted (text, " errormsg='");
  a.sender = pkt_slice (from.p + 6, (gsize)(to.p - from.p - 6));
  a.remote_host = pkt_word_after (text, "host=");
  a.reply = joined (r, quoted (text, " smtpmsg='"));
  a.reply_is_remote = a.reply.n > 0;
  if (!pkt_slice_number (pkt_word_after (text, " mailsize="), &a.size))
    a.size = -1;
  set_outcome (text, error, &a);
  PktRecordKind kind = PKT_RECORD_OTHER;
  PktSlice list = pkt_slice_skip (to, 12);
  gsize n = 0;
  for (const char *next[] = { " mailsize=", " smtpstatus=", " errormsg=", " exitcode=" },
                  **k = next;
       k < next + 4; k++) { /* a quoted local part may hold blanks */
    PktSlice end = pkt_slice_find (list, pkt_slice_str (*k));
    if (end.p && (n == 0 || (gsize)(end.p - list.p) < n))
      n = (gsize)(end.p - list.p);
  }
  list.n = n;
  gboolean alone = memchr (list.p, ',', list.n) == NULL;
  while (list.n) {
    gboolean in_quotes = FALSE;
    for (n = 0; n < list.n && (in_quotes || list.p[n] != ','); n++)
      in_quotes ^= list.p[n] == '"';
    kind = tell (r, &a, pkt_slice (list.p, n), error, alone);
    list = pkt_slice_skip (list, n + 1);
  }
  return kind;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktTextReader *r = state;
  PktSyslog f;
  PktTextKind kind = pkt_text_log_read (&r->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return PKT_RECORD_OTHER;
  if (kind == PKT_TEXT_LINE && !owns_tag (f.tag))
    return PKT_RECORD_FOREIGN;
  r->sink = sink;
  r->data = data;
  r->scope = r->id = pkt_slice (NULL, 0);
  if (!is_own_line (f.text))
    return kind == PKT_TEXT_LINE ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  return parse_text (r, f.text);
}

const PktFormat pkt_format_msmtp = {
  .name = "msmtp",
  .summary = "msmtp: log file or syslog",
  .probe = probe,
  .parse = parse,
  .owns_tag = owns_tag,
  PKT_TEXT_READER,
  .blind = "hold no addresses and no Message-ID; there is no queue, so what is put off counts as "
           "deferred even where nobody tries it again",
};
