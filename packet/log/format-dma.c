/* DragonFly's dma (lab: open/dma): the queue id stands where others have their pid, "dma[ab823c.
 * 56126ffc5f70]: …"; a queue id is one recipient. */
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

enum { REFUSED = 1, BOUNCED = 2 }; /* of a recipient: by the last host; and told as such */

static gboolean
owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("dma"));
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  return pkt_syslog_split (line, &f) && owns_tag (f.tag) && f.pid.n ? 100 : 0;
}

static PktRemembered *
of_id (PktTextReader *r)
{
  return pkt_memory_take (r->memory, r->scope, r->id);
}

static PktStage
stage_of (PktSlice words)
{
  if (pkt_slice_starts (words, PKT_SLICE ("final DATA")))
    return PKT_STAGE_END_OF_DATA;
  return pkt_slice_starts (words, PKT_SLICE ("connect")) ? PKT_STAGE_BANNER
                                                         : pkt_stage_from_words (words);
}

static PktAttempt
attempt_of (const PktRemembered *m)
{
  PktAttempt a = { .size = -1, .smtp = TRUE };
  if (m->recipients && m->recipients->len)
    a.recipient = pkt_slice_str (g_ptr_array_index (m->recipients, 0));
  a.sender = pkt_slice_str (m->sender);
  a.remote_host = pkt_slice_str (m->host);
  a.remote_ip = pkt_slice_str (m->ip);
  return a;
}

/* "HOST [IP] failed after STAGE: REPLY"; also the program's own words without a host. */
static PktRecordKind
failed (PktTextReader *r, PktSlice s, PktOutcome outcome)
{
  PktRemembered *m = of_id (r);
  PktAttempt a = attempt_of (m);
  PktSlice after, host, ip;
  if (pkt_take_host_ip (&s, &host, &ip)) {
    a.remote_host = host;
    a.remote_ip = ip;
  }
  a.reply = s;
  if (pkt_take (&s, " failed after ")) {
    after = pkt_slice_find (s, PKT_SLICE (": "));
    a.stage = stage_of (s);
    a.reply = after.p ? pkt_slice_skip (after, 2) : s;
    a.reply_is_remote = pkt_is_reply (a.reply);
  }
  a.outcome = outcome;
  if (outcome == PKT_BOUNCED) {
    m->state |= REFUSED;
    if (m->state & BOUNCED) /* its bounce could not be made, so it is tried again */
      a.outcome = PKT_HOST_ERROR;
    m->state |= BOUNCED;
  }
  return pkt_text_reader_tell (r, PKT_RECORD_ATTEMPT, &a);
}

/* "connect to HOST [IP] failed: Connection refused": another host may follow. */
static PktRecordKind
no_connection (PktTextReader *r, PktSlice s)
{
  PktAttempt a = attempt_of (of_id (r));
  if (!pkt_take_host_ip (&s, &a.remote_host, &a.remote_ip) || !pkt_take (&s, " failed: "))
    return PKT_RECORD_OTHER;
  a.outcome = PKT_HOST_ERROR;
  a.stage = PKT_STAGE_CONNECT;
  a.reply = s;
  return pkt_text_reader_tell (r, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
delivered (PktTextReader *r, PktSlice recipient)
{
  PktRemembered *m = of_id (r);
  PktAttempt a = attempt_of (m);
  a.recipient = recipient;
  a.outcome = PKT_DELIVERED;
  a.smtp = m->host != NULL;
  a.stage = PKT_STAGE_END_OF_DATA;
  PktRecordKind kind = pkt_text_reader_tell (r, PKT_RECORD_ATTEMPT, &a);
  pkt_memory_drop (r->memory, r->scope, r->id);
  return kind;
}

/* "delivery failed, bouncing as …": refused, or tried for too long. */
static PktRecordKind
ended (PktTextReader *r)
{
  PktRemembered *m = of_id (r);
  PktAttempt a = { .size = -1 };
  gboolean refused = m->state & REFUSED;
  m->state &= ~(guint)REFUSED;
  return refused ? PKT_RECORD_OTHER : pkt_text_reader_tell (r, PKT_RECORD_EXPIRED, &a);
}

static void
remember_sender (PktRemembered *m, PktSlice sender)
{
  pkt_remember (m, &m->sender, sender);
}

/* "new mail from user=root uid=8 envelope_from=<s>" of the message, "mail to=<a> queued as ID.…" of
 * each recipient. */
static PktRecordKind
queued (PktTextReader *r, PktSlice s)
{
  PktSlice sender, recipient, message = r->id;
  PktSlice from = pkt_slice_find (s, PKT_SLICE ("envelope_from="));
  if (from.p) {
    from = pkt_slice_skip (from, 14);
    if (pkt_take_bracketed (&from, &sender))
      remember_sender (of_id (r), sender);
    return PKT_RECORD_OTHER;
  }
  if (!pkt_take (&s, "mail to=") || !pkt_take_bracketed (&s, &recipient)
      || !pkt_take (&s, " queued as "))
    return PKT_RECORD_OTHER;
  const PktRemembered *known = pkt_memory_find (r->memory, r->scope, message);
  g_autofree char *from_of_message = known ? g_strdup (known->sender) : NULL;
  r->id = pkt_slice_trim (s);
  PktRemembered *m = of_id (r);
  pkt_remember_recipient (m, recipient);
  pkt_remember (m, &m->sender, pkt_slice_str (from_of_message));
  return PKT_RECORD_OTHER;
}

static PktRecordKind
parse_text (PktTextReader *r, PktSlice s)
{
  PktSlice recipient, host, ip, at = s;
  if (pkt_take_bracketed (&at, &recipient)) {
    if (pkt_slice_equal (at, PKT_SLICE (" delivery successful")))
      return delivered (r, recipient);
    if (pkt_slice_equal (at, PKT_SLICE (" trying delivery"))) {
      PktRemembered *m = of_id (r);
      pkt_remember_recipient (m, recipient);
      m->state &= ~(guint)REFUSED;
      pkt_remember (m, &m->host, pkt_slice (NULL, 0));
      pkt_remember (m, &m->ip, pkt_slice (NULL, 0));
    }
    return PKT_RECORD_OTHER;
  }
  if (pkt_take (&s, "trying remote delivery to ")) {
    if (pkt_take_host_ip (&s, &host, &ip)) {
      PktRemembered *m = of_id (r);
      pkt_remember (m, &m->host, host);
      pkt_remember (m, &m->ip, ip);
    }
    return PKT_RECORD_OTHER;
  }
  if (pkt_take (&s, "remote delivery deferred: "))
    return failed (r, s, PKT_DEFERRED);
  if (pkt_take (&s, "remote delivery to "))
    return failed (r, s, PKT_BOUNCED);
  if (pkt_take (&s, "connect to "))
    return no_connection (r, s);
  if (pkt_slice_starts (s, PKT_SLICE ("delivery failed, "))
      || pkt_slice_starts (s, PKT_SLICE ("can not bounce a bounce message")))
    return ended (r);
  return queued (r, s);
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktTextReader *r = state;
  PktSyslog f;
  PktTextKind kind = pkt_text_log_read (&r->log, line, &f);
  if (kind != PKT_TEXT_LINE)
    return kind == PKT_TEXT_MORE ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  if (!owns_tag (f.tag))
    return PKT_RECORD_FOREIGN;
  r->scope = f.host;
  r->id = f.pid;
  r->sink = sink;
  r->data = data;
  return f.pid.n ? parse_text (r, f.text) : PKT_RECORD_OTHER;
}

const PktFormat pkt_format_dma = {
  .name = "dma",
  .summary = "DragonFly Mail Agent (dma): syslog",
  .probe = probe,
  .parse = parse,
  .owns_tag = owns_tag,
  PKT_TEXT_READER,
  .blind = "hold no reply to accepted mail, the last line of others only, and no Message-ID; each "
           "mail server that put it off is a deferral of its own",
};
