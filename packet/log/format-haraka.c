/* Haraka's log (facts: log-formats section 13; lab: open/haraka). A transaction has its recipients
 * on lines of [core]; [outbound] sends them. */
#include "packet/log/haraka-line.h"
#include "packet/log/haraka-parts.h"
#include "packet/log/text-parse.h"

static gpointer
begin (void)
{
  PktHaraka *h = g_new0 (PktHaraka, 1);
  pkt_text_reader_init (&h->text);
  return h;
}

static gboolean
owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("haraka"));
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  PktStamp ignored;
  PktHarakaLine l;
  if (pkt_syslog_split (line, &f) && owns_tag (f.tag))
    return 100;
  PktSlice s = pkt_wrap_skip_name (line);
  gsize n = pkt_text_stamp (s, 0, &ignored);
  s = pkt_wrap_skip_stream (pkt_slice_trim (pkt_slice_skip (s, n)));
  if (s.n < 20 || (s.p[0] != '[' && s.p[0] != '{' && !pkt_slice_starts (s, PKT_SLICE ("level="))))
    return 0;
  g_autoptr (GString) buffer = g_string_new (NULL);
  return pkt_haraka_line (s, &l, buffer) ? 95 : 0;
}

static void
remember_sender (PktRemembered *m, PktSlice sender)
{
  pkt_remember (m, &m->sender, sender);
}

/* [core]: "sender <a>", "recipient <b>", "message mid=<…> size=…" of what comes in. */
static PktRecordKind
core (PktTextReader *r, const PktHarakaLine *l)
{
  PktSlice s = l->message, address;
  gint64 size;
  if (pkt_take (&s, "sender ") && pkt_take_bracketed (&s, &address))
    remember_sender (pkt_memory_take (r->memory, r->scope, l->uuid), address);
  else if (pkt_take (&s, "recipient ") && pkt_take_bracketed (&s, &address)
           && pkt_slice_equal (pkt_haraka_value (s, "code"), PKT_SLICE ("OK")))
    pkt_remember_recipient (pkt_memory_take (r->memory, r->scope, l->uuid), address);
  else if (pkt_take (&s, "message") && pkt_slice_find (s, PKT_SLICE (" mid=")).p) {
    PktRemembered *m = pkt_memory_take (r->memory, r->scope, l->uuid);
    PktSlice id = pkt_haraka_value (s, "mid");
    if (id.n >= 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
      id = pkt_slice (id.p + 1, id.n - 2);
    pkt_remember (m, &m->message_id, id);
    if (pkt_slice_number (pkt_haraka_value (s, "size"), &size) && size < G_MAXINT)
      m->state = (guint)size;
  }
  return PKT_RECORD_OTHER;
}

static void
end_try (PktHaraka *h)
{
  pkt_forget_recipients (pkt_haraka_part (h));
}

static void
set_reply (PktAttempt *a, PktSlice reply)
{
  a->reply = reply;
  a->reply_is_remote = pkt_is_reply (reply);
}

/* "delivered file=… domain=… host=… ip=… port=25 mode=SMTP … response="…" delay=… rcpts=1/0/0". */
static PktRecordKind
delivered (PktHaraka *h, PktSlice s)
{
  PktAttempt a = { .size = -1, .outcome = PKT_DELIVERED, .stage = PKT_STAGE_END_OF_DATA };
  a.remote_host = pkt_haraka_value (s, "host");
  a.remote_ip = pkt_haraka_value (s, "ip");
  a.smtp = !pkt_slice_equal (pkt_haraka_value (s, "mode"), PKT_SLICE ("LMTP"));
  a.reply = pkt_haraka_value (s, "response");
  a.reply_is_remote = a.reply.n > 0;
  PktRecordKind kind = pkt_haraka_tell_rest (h, PKT_RECORD_ATTEMPT, &a, s);
  return kind;
}

/* "recipient <a> rejected: 550 …" or "deferred: 450 …". */
static PktRecordKind
recipient (PktHaraka *h, PktSlice s)
{
  PktAttempt a = { .size = -1, .smtp = TRUE, .stage = PKT_STAGE_RCPT };
  PktSlice address;
  if (!pkt_take_bracketed (&s, &address))
    return PKT_RECORD_OTHER;
  if (pkt_take (&s, " rejected: "))
    a.outcome = PKT_BOUNCED;
  else if (pkt_take (&s, " deferred: "))
    a.outcome = PKT_DEFERRED;
  else
    return PKT_RECORD_OTHER;
  set_reply (&a, s);
  if (a.outcome == PKT_DEFERRED)
    pkt_remember_recipient (pkt_haraka_part (h), address);
  return pkt_haraka_tell_one (h, PKT_RECORD_ATTEMPT, &a, address);
}

/* Those put off in this try go with the mail that is bounced: nobody tries them again. */
static void
give_up_put_off (PktHaraka *h)
{
  PktAttempt a = { .size = -1, .smtp = TRUE, .outcome = PKT_BOUNCED };
  const PktRemembered *part = pkt_haraka_part (h);
  g_autoptr (GPtrArray) put_off = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; part->recipients && i < part->recipients->len; i++)
    g_ptr_array_add (put_off, g_strdup (g_ptr_array_index (part->recipients, i)));
  for (guint i = 0; i < put_off->len; i++)
    pkt_haraka_tell_one (h, PKT_RECORD_EXPIRED, &a, pkt_slice_str (g_ptr_array_index (put_off, i)));
}

/* "bouncing mail: 550 …"; "Some recipients failed: <a>" repeats what was said of them. */
static PktRecordKind
bouncing (PktHaraka *h, PktSlice s)
{
  PktAttempt a = { .size = -1, .smtp = TRUE, .outcome = PKT_BOUNCED };
  PktRecordKind kind = PKT_RECORD_OTHER;
  if (pkt_take (&s, "Too many failures")) {
    kind = pkt_haraka_tell_rest (h, PKT_RECORD_EXPIRED, &a, pkt_slice (NULL, 0));
    give_up_put_off (h);
  } else if (!pkt_slice_starts (s, PKT_SLICE ("Some recipients failed"))) {
    set_reply (&a, s);
    a.smtp = !pkt_slice_starts (s, PKT_SLICE ("Nowhere to deliver mail to"));
    kind = pkt_haraka_tell_rest (h, PKT_RECORD_ATTEMPT, &a, pkt_slice (NULL, 0));
    give_up_put_off (h);
  }
  end_try (h);
  return kind;
}

/* "Temp failing FILE for 10800 seconds: Upstream error: 451 …". */
static PktRecordKind
put_off (PktHaraka *h, PktSlice s)
{
  PktAttempt a = { .size = -1, .smtp = TRUE, .outcome = PKT_DEFERRED };
  PktRecordKind kind = PKT_RECORD_OTHER;
  s = pkt_slice_find (s, PKT_SLICE (" seconds: "));
  s = pkt_slice_skip (s, 10);
  if (s.n && !pkt_slice_starts (s, PKT_SLICE ("Some recipients temp failed"))) {
    pkt_take (&s, "Upstream error: ");
    set_reply (&a, s);
    g_autofree char *ip = g_strdup (pkt_haraka_part (h)->ip);
    if (pkt_slice_starts (s, PKT_SLICE ("Tried all MXs"))) {
      a.stage = PKT_STAGE_CONNECT;
      a.remote_ip = pkt_slice_str (ip);
    }
    kind = pkt_haraka_tell_rest (h, PKT_RECORD_ATTEMPT, &a, pkt_slice (NULL, 0));
  }
  end_try (h);
  return kind;
}

/* "17.56.9.31:25" or "2001:db8::1:25" at the start of s. */
static PktSlice
address_of (PktSlice s)
{
  PktSlice word = pkt_slice_until (s, ' ');
  const char *colon = word.n ? memrchr (word.p, ':', word.n) : NULL;
  if (colon)
    word.n = (gsize)(colon - word.p);
  return word.n >= 7 && g_ascii_isxdigit (word.p[0]) ? word : pkt_slice (NULL, 0);
}

/* "Failed to get socket: connect ECONNREFUSED 17.56.9.31:25", "Ongoing connection failed to
 * 17.42.251.62:25 : …", "Remote end 17.57.156.30:25 closed connection …": of one host; which it was
 * is remembered, since the line that ends the try names none. */
static PktRecordKind
host_failed (PktHaraka *h, PktSlice text, PktSlice address, PktStage stage)
{
  PktAttempt a = { .size = -1, .smtp = TRUE, .outcome = PKT_HOST_ERROR, .stage = stage };
  a.remote_ip = address_of (address);
  a.reply = text;
  if (a.remote_ip.n == 0)
    return PKT_RECORD_OTHER;
  PktRemembered *part = pkt_haraka_part (h);
  pkt_remember (part, &part->ip, a.remote_ip);
  return pkt_text_reader_tell (&h->text, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
outbound (PktHaraka *h, PktSlice s)
{
  if (pkt_slice_starts (s, PKT_SLICE ("delivered file=")))
    return delivered (h, s);
  if (pkt_take (&s, "recipient "))
    return recipient (h, s);
  if (pkt_take (&s, "bouncing mail: "))
    return bouncing (h, s);
  if (pkt_take (&s, "Temp failing "))
    return put_off (h, s);
  PktSlice at = s;
  if (pkt_take (&at, "Failed to get socket: connect "))
    return host_failed (h, s, pkt_slice_skip (at, pkt_slice_until (at, ' ').n + 1),
                        PKT_STAGE_CONNECT);
  if (pkt_take (&at, "Ongoing connection failed to ") || pkt_take (&at, "Remote end "))
    return host_failed (h, s, at, PKT_STAGE_UNKNOWN);
  return PKT_RECORD_OTHER;
}

/* Most lines are of hooks and TLS. */
static gboolean
may_matter (PktSlice line)
{
  static const char *const words[] = { "delivered file",
                                       "recipient <",
                                       "sender <",
                                       "message mid=",
                                       "bouncing mail: ",
                                       "Temp failing ",
                                       "Failed to get socket",
                                       "Ongoing connection failed",
                                       "Remote end ",
                                       "message=message",
                                       "\"message\":\"message\"" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (pkt_slice_find (line, pkt_slice_str (words[i])).p)
      return TRUE;
  return pkt_slice_find (line, PKT_SLICE ("] message")).p != NULL;
}

/* Of a level that a log at NOTICE does not hold. */
static gboolean
is_below_notice (PktSlice line)
{
  static const char *const levels[] = { "INFO", "DEBUG", "PROTOCOL", "DATA" };
  static const char *const before[] = { "[", "level=", "\"level\":\"" };
  for (gsize i = 0; i < G_N_ELEMENTS (before); i++) {
    PktSlice level = pkt_slice_find (line, pkt_slice_str (before[i]));
    pkt_take (&level, before[i]);
    for (gsize k = 0; k < G_N_ELEMENTS (levels); k++)
      if (pkt_slice_starts (level, pkt_slice_str (levels[k])))
        return TRUE;
  }
  return FALSE;
}

/* 'bouncing mail' and 'Temp failing', of a whole mail, are of level INFO. */
static const char *
blind_now (gpointer state, const char **name, gboolean *few_tries)
{
  const PktHaraka *h = state;
  *name = NULL;
  *few_tries = !h->holds_info;
  return h->holds_info ? NULL
                       : "without a line of level INFO do not tell of mail that was refused or put "
                         "off as a whole, so that counts of these are too low: set Haraka's "
                         "config/loglevel to INFO";
}

static PktRecordKind
parse_text (PktHaraka *h, PktSlice text)
{
  PktHarakaLine l;
  gboolean wanted = may_matter (text);
  h->holds_info = h->holds_info || is_below_notice (text);
  if (!wanted && text.n && text.p[0] == '{')
    return pkt_slice_find (text, PKT_SLICE ("\"uuid\"")).p ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  if (!pkt_haraka_line (text, &l, h->text.buffer))
    return PKT_RECORD_UNKNOWN;
  if (!wanted)
    return PKT_RECORD_OTHER;
  h->text.id = l.uuid;
  if (pkt_slice_equal (l.origin, PKT_SLICE ("core")))
    return core (&h->text, &l);
  return pkt_slice_starts (l.origin, PKT_SLICE ("outbound")) ? outbound (h, l.message)
                                                             : PKT_RECORD_OTHER;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktHaraka *h = state;
  PktTextReader *r = &h->text;
  PktSyslog f;
  PktTextKind kind = pkt_text_log_read (&r->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return PKT_RECORD_OTHER;
  r->sink = sink;
  r->data = data;
  r->scope = pkt_slice (NULL, 0);
  if (kind == PKT_TEXT_LINE && owns_tag (f.tag)) {
    parse_text (h, pkt_text_log_own (&r->log, f.text));
    return PKT_RECORD_OTHER;
  }
  PktSlice bare = kind == PKT_TEXT_LINE ? pkt_text_log_bare (&r->log, line) : f.text;
  PktRecordKind got = parse_text (h, bare);
  return got == PKT_RECORD_UNKNOWN && kind == PKT_TEXT_LINE ? PKT_RECORD_FOREIGN : got;
}

const PktFormat pkt_format_haraka = {
  .name = "haraka",
  .summary = "Haraka: default text, logfmt and JSON, with a time in front",
  .probe = probe,
  .parse = parse,
  .owns_tag = owns_tag,
  .end = pkt_text_reader_end,
  .share = pkt_text_reader_share,
  .last_stamp = pkt_text_reader_last_stamp,
  .follow = pkt_text_reader_follow,
  .begin = begin,
  .blind_now = blind_now,
  .names_acceptors_only = TRUE,
  .blind = "name the mail server only where mail was accepted, drop the code of such a reply, and "
           "tell the sending IP nowhere; lines without a time in front cannot be counted",
};
