/* nullmailer-send's messages (lab: open/nullmailer): one message after the other, told by lines
 * that name no id. */
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

enum { TOLD = 1, REFUSED = 2 };

static gboolean
owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("nullmailer"))
         || pkt_slice_equal (tag, PKT_SLICE ("nullmailer-send"));
}

/* The lines of svlogd and cron have no tag, so words must do. */
static gboolean
is_own_line (PktSlice text)
{
  static const char *const begins[]
      = { "Starting delivery", "smtp: Succeeded: ", "smtp: Failed: ",    "Sending failed: ",
          "Sent file.",        "Rescanning queue.", "Delivery complete", "Trigger pulled." };
  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++)
    if (pkt_slice_starts (text, pkt_slice_str (begins[i])))
      return TRUE;
  return FALSE;
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  PktStamp ignored;
  if (pkt_syslog_split (line, &f) && owns_tag (f.tag))
    return 100;
  PktSlice s = pkt_wrap_skip_name (line);
  gsize n = pkt_text_stamp (s, 0, &ignored);
  return n && n < s.n && is_own_line (pkt_slice_skip (s, n + 1)) ? 90 : 0;
}

/* The message that is being sent: of a host there is one at a time. */
static PktRemembered *
current (PktTextReader *r)
{
  return pkt_memory_take (r->memory, r->scope, PKT_SLICE ("current"));
}

static PktRecordKind
start (PktTextReader *r, PktSlice s)
{
  PktSlice file = pkt_slice_find (s, PKT_SLICE (" file: "));
  if (file.p == NULL) /* "Starting delivery, 48 message(s) in queue." */
    return PKT_RECORD_OTHER;
  pkt_memory_drop (r->memory, r->scope, PKT_SLICE ("current"));
  PktRemembered *m = current (r);
  pkt_remember (m, &m->host, pkt_word_after (s, "host: "));
  pkt_remember (m, &m->other, pkt_slice_trim (pkt_slice_skip (file, 7)));
  return PKT_RECORD_OTHER;
}

/* From: <s> to: <a>, <b>: local parts are not quoted, "<angle<x>158@me.com>". */
static PktRecordKind
addresses (PktTextReader *r, PktSlice s)
{
  PktRemembered *m = current (r);
  PktSlice to = pkt_slice_find (s, PKT_SLICE ("> to: <"));
  if (to.p == NULL)
    return PKT_RECORD_OTHER;
  pkt_remember (m, &m->sender, pkt_slice (s.p, (gsize)(to.p - s.p)));
  PktSlice rest = pkt_slice_skip (to, 7);
  if (rest.n && rest.p[rest.n - 1] == '>')
    rest.n--;
  while (rest.n) {
    PktSlice next = pkt_slice_find (rest, PKT_SLICE (">, <"));
    gsize n = next.p ? (gsize)(next.p - rest.p) : rest.n;
    pkt_remember_recipient (m, pkt_slice (rest.p, n));
    rest = pkt_slice_skip (rest, n + 4);
  }
  return PKT_RECORD_OTHER;
}

/* A message is given up with the first recipient who is refused: the others were not offered. */
static gboolean
reply_is_anothers (const PktRemembered *m, PktSlice reply, guint i)
{
  if (pkt_slice_find (reply, pkt_slice_str (g_ptr_array_index (m->recipients, i))).p)
    return FALSE;
  for (guint k = 0; k < m->recipients->len; k++)
    if (pkt_slice_find (reply, pkt_slice_str (g_ptr_array_index (m->recipients, k))).p)
      return TRUE;
  return FALSE;
}

/* One try of the whole message; a file is its queue id. */
static PktRecordKind
tell_all (PktTextReader *r, PktRecordKind kind, PktOutcome outcome)
{
  PktRemembered *m = current (r);
  PktAttempt a = { .size = -1, .smtp = TRUE, .outcome = outcome };
  r->id = pkt_slice_str (m->other);
  a.sender = pkt_slice_str (m->sender);
  a.message_id = pkt_slice_str (m->message_id);
  a.remote_host = pkt_slice_str (m->host);
  a.reply = pkt_slice_str (m->reply);
  a.reply_is_remote = pkt_is_reply (a.reply);
  if (outcome == PKT_DELIVERED)
    a.stage = PKT_STAGE_END_OF_DATA;
  PktRecordKind told = PKT_RECORD_OTHER;
  if (m->recipients == NULL || (m->state & TOLD && kind == PKT_RECORD_ATTEMPT))
    return told;
  for (guint i = 0; i < m->recipients->len; i++) {
    a.recipient = pkt_slice_str (g_ptr_array_index (m->recipients, i));
    a.outcome = outcome != PKT_DELIVERED && reply_is_anothers (m, a.reply, i) ? PKT_NOT_ATTEMPTED
                                                                              : outcome;
    told = pkt_text_reader_tell (r, kind, &a);
  }
  m->state |= TOLD | (outcome == PKT_BOUNCED ? REFUSED : 0);
  return told;
}

static PktRecordKind
parse_text (PktTextReader *r, PktSlice s)
{
  if (pkt_take (&s, "Starting delivery"))
    return start (r, s);
  PktRemembered *m = current (r);
  if (pkt_take (&s, "From: <"))
    return addresses (r, s);
  if (pkt_take (&s, "Message-ID: <") || pkt_take (&s, "Message-Id: <")) {
    pkt_remember (m, &m->message_id, pkt_slice_until (s, '>'));
  } else if (pkt_take (&s, "smtp: Failed: ") || pkt_take (&s, "smtp: Succeeded: ")) {
    pkt_remember (m, &m->reply, s);
  } else if (pkt_slice_starts (s, PKT_SLICE ("Sending timed out"))) {
    pkt_remember (m, &m->reply, s);
  } else if (pkt_slice_starts (s, PKT_SLICE ("Sent file."))) {
    return tell_all (r, PKT_RECORD_ATTEMPT, PKT_DELIVERED);
  } else if (pkt_take (&s, "Sending failed: ")) {
    return tell_all (r, PKT_RECORD_ATTEMPT,
                     pkt_slice_starts (s, PKT_SLICE ("Permanent")) ? PKT_BOUNCED : PKT_DEFERRED);
  } else if (pkt_slice_find (s, PKT_SLICE ("crashed or was killed")).p) {
    return tell_all (r, PKT_RECORD_ATTEMPT, PKT_DEFERRED);
  } else if (pkt_slice_starts (s, PKT_SLICE ("Moving message "))
             && !(m->state & REFUSED)) /* in the queue for too long */
    return tell_all (r, PKT_RECORD_EXPIRED, PKT_BOUNCED);
  return PKT_RECORD_OTHER;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktTextReader *r = state;
  PktSyslog f;
  PktTextKind kind = pkt_text_log_read (&r->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return PKT_RECORD_OTHER;
  r->scope = f.host;
  r->sink = sink;
  r->data = data;
  if (kind == PKT_TEXT_LINE && owns_tag (f.tag))
    return parse_text (r, f.text);
  r->scope = pkt_slice (NULL, 0);
  PktSlice bare = kind == PKT_TEXT_LINE ? pkt_text_log_bare (&r->log, line) : f.text;
  gboolean own = is_own_line (bare) || pkt_slice_starts (bare, PKT_SLICE ("From: <"))
                 || pkt_slice_starts (bare, PKT_SLICE ("Message-I"))
                 || pkt_slice_starts (bare, PKT_SLICE ("Moving message "))
                 || pkt_slice_starts (bare, PKT_SLICE ("Sending "));
  if (own && r->log.time.n)
    return parse_text (r, bare);
  return kind == PKT_TEXT_LINE ? PKT_RECORD_FOREIGN : PKT_RECORD_UNKNOWN;
}

const PktFormat pkt_format_nullmailer = {
  .name = "nullmailer",
  .summary = "nullmailer-send: syslog, or its messages with a time in front",
  .probe = probe,
  .parse = parse,
  .owns_tag = owns_tag,
  PKT_TEXT_READER,
  .blind = "tell one reply for all recipients of a message, and neither addresses nor stages of a "
           "session",
};
