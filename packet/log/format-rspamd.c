/* rspamd beside Postfix (facts: log-formats section 16): its summary of a mail names queue id and
 * Message-ID, and no delivery.
 *   rspamd_task_write_log: id: <a1@news.example.com>, qid: <4bXk2T5r3Zz1k>, ip: 192.0.2.9, …
 */
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

static const PktSlice summary = PKT_SLICE ("rspamd_task_write_log: ");

static gboolean
owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("rspamd"));
}

/* "2026-04-14 10:00:06 #123(normal) <a1b2c3>; task; …": its own log has no tag. */
static gboolean
owns_line (PktSlice line)
{
  PktStamp ignored;
  PktSlice s = pkt_wrap_skip_name (line);
  s = pkt_slice_skip (s, pkt_text_stamp (s, 0, &ignored));
  if (!pkt_take (&s, " #"))
    return FALSE;
  gsize n = 0;
  while (n < s.n && g_ascii_isdigit (s.p[n]))
    n++;
  return n > 0 && n < s.n && s.p[n] == '(';
}

/* Most are: only the summary names a mail. */
static gboolean
is_dull (PktSlice line)
{
  return pkt_slice_find (line, summary).p == NULL;
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  gboolean mine = owns_line (line) || (pkt_syslog_split (line, &f) && owns_tag (f.tag));
  return !mine                              ? 0
         : pkt_slice_find (line, summary).p ? 10
                                            : 5; /* Postfix in the same file is asked first */
}

/* "id: <…>" among what is told; "<undef>" where the mail has none. */
static PktSlice
value_of (PktSlice text, const char *key)
{
  PktSlice at = pkt_slice_find (text, pkt_slice_str (key));
  PktSlice value = pkt_slice_until (pkt_slice_skip (at, strlen (key)), '>');
  return pkt_slice_equal (value, PKT_SLICE ("undef")) ? pkt_slice (NULL, 0) : value;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktTextReader *r = state;
  PktSyslog f;
  PktTextKind kind = pkt_text_log_read (&r->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return PKT_RECORD_OTHER;
  gboolean mine = (kind == PKT_TEXT_LINE && owns_tag (f.tag)) || owns_line (line);
  PktSlice text = pkt_slice_find (kind == PKT_TEXT_LINE ? f.text : line, summary);
  if (!mine || text.p == NULL)
    return mine ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  PktAttempt a = { .size = -1, .message_id = value_of (text, ": id: <") };
  r->sink = sink;
  r->data = data;
  r->scope = pkt_slice (NULL, 0); /* it may run on another host, or in another container */
  r->id = value_of (text, ", qid: <");
  if (a.message_id.n == 0 || r->id.n == 0)
    return PKT_RECORD_OTHER;
  return pkt_text_reader_tell (r, PKT_RECORD_MESSAGE_ID, &a);
}

const PktFormat pkt_format_rspamd = {
  .name = "rspamd",
  .summary = "rspamd: the Message-IDs of Postfix's queue ids, beside Postfix's log",
  .probe = probe,
  .parse = parse,
  PKT_TEXT_READER,
  .owns_tag = owns_tag,
  .owns_line = owns_line,
  .is_dull = is_dull,
  .blind = "tell of no delivery; read Postfix's log too",
};
