/* OpenSMTPD's syslog, of 6.4 and later and of the years before (facts: log-formats section 6). An
 * envelope is one recipient of a message; its id is the queue id. */
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

static gboolean
owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("smtpd"));
}

/* 16 hex digits: a session or an envelope. */
static gboolean
take_hex (PktSlice *s, PktSlice *out)
{
  gsize i = 0;
  while (i < s->n && g_ascii_isxdigit (s->p[i]))
    i++;
  if (i != 16)
    return FALSE;
  *out = pkt_slice (s->p, i);
  *s = pkt_slice_skip (*s, i);
  return TRUE;
}

/* In the foreground smtpd(8) writes no time; a container may put one in front. */
static gboolean
is_bare_delivery (PktSlice line)
{
  PktStamp ignored;
  PktSlice session, s = pkt_wrap_skip_name (line);
  s = pkt_slice_trim (pkt_slice_skip (s, pkt_text_stamp (s, 0, &ignored)));
  return take_hex (&s, &session) && pkt_slice_starts (s, PKT_SLICE (" mta delivery evpid="));
}

static guint
probe (PktSlice line)
{
  static const char *const words[]
      = { " mta delivery evpid=", " smtp envelope evpid=", " mta connecting ",
          "relay: TempFail for ", "relay: Ok for ",        "relay: PermFail for " };
  PktSyslog f;
  if (!pkt_syslog_split (line, &f))
    return is_bare_delivery (line) ? 100 : 0;
  if (!owns_tag (f.tag))
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (pkt_slice_find (f.text, pkt_slice_str (words[i])).p)
      return 100;
  return 70;
}

/* "192.0.2.10"; of IPv6 "[2001:db8::1]", and in older versions "IPv6:2001:db8::1". */
static PktSlice
address_of (PktSlice text)
{
  if (text.n > 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
    text = pkt_slice (text.p + 1, text.n - 2);
  pkt_take (&text, "IPv6:");
  return text;
}

/* The name is what the address resolves to, not the MX's: where it tells nothing, the address does
 * (log-formats section 6). */
static void
set_host (PktAttempt *a, PktSlice ip, PktSlice name)
{
  a->remote_ip = ip;
  a->remote_host = name;
  if (pkt_slice_starts (ip, PKT_SLICE ("17."))
      && !pkt_slice_ends_nocase (name, PKT_SLICE ("icloud.com"))
      && !pkt_slice_ends_nocase (pkt_slice_domain (a->recipient), PKT_SLICE ("apple.com")))
    a->remote_host = pkt_slice (NULL, 0);
}

/* "17.57.154.33 (mx02.mail.icloud.com)"; without an address it is the domain that was looked for.
 */
static void
read_relay (PktSlice relay, PktAttempt *a)
{
  PktSlice ip = pkt_slice_until (relay, ' ');
  if (ip.n == relay.n)
    return;
  PktSlice name = pkt_slice_skip (relay, ip.n + 1);
  if (name.n >= 2 && name.p[0] == '(')
    name = pkt_slice_until (pkt_slice_skip (name, 1), ')');
  set_host (a, address_of (ip), name);
}

static gboolean
read_result (PktSlice word, PktAttempt *a)
{
  if (pkt_slice_equal (word, PKT_SLICE ("Ok")))
    a->outcome = PKT_DELIVERED;
  else if (pkt_slice_equal (word, PKT_SLICE ("TempFail")))
    a->outcome = PKT_DEFERRED;
  else if (pkt_slice_equal (word, PKT_SLICE ("PermFail"))
           || pkt_slice_equal (word, PKT_SLICE ("Loop")))
    a->outcome = PKT_BOUNCED;
  else
    return FALSE;
  return TRUE;
}

static void
set_stat (PktSlice stat, PktAttempt *a)
{
  PktSlice words = stat;
  a->reply = stat;
  a->reply_is_remote = pkt_is_reply (stat);
  if (a->outcome == PKT_DELIVERED)
    a->stage = PKT_STAGE_END_OF_DATA;
  else if (!a->reply_is_remote) {
    pkt_take (&words, "IO Error: ");
    a->stage = pkt_slice_starts (words, PKT_SLICE ("Network error"))
                   ? PKT_STAGE_CONNECT
                   : pkt_stage_of_own_words (words);
  }
}

/* from=<…> to=<…>, with a comma in the old form. */
static gboolean
read_addresses (PktSlice *s, PktAttempt *a)
{
  if (!pkt_take (s, "from=") || !pkt_take_bracketed (s, &a->sender))
    return FALSE;
  pkt_take (s, ",");
  return pkt_take (s, " to=") && pkt_take_bracketed (s, &a->recipient) && a->recipient.n;
}

/* KEY="VALUE" of the new form. */
static PktSlice
quoted (PktSlice s, const char *key)
{
  PktSlice at = pkt_slice_find (s, pkt_slice_str (key));
  return at.p ? pkt_slice_until (pkt_slice_skip (at, strlen (key)), '"') : at;
}

/* evpid=… from=<…> to=<…> rcpt=<-> source="…" relay="…" delay=1s result="Ok" stat="…". Quotes in
 * stat are not escaped: it ends with the line's last one. */
static PktRecordKind
new_delivery (PktTextReader *s, PktSlice text)
{
  PktAttempt a = { .size = -1, .smtp = TRUE };
  if (!take_hex (&text, &s->id) || !pkt_take (&text, " ") || !read_addresses (&text, &a))
    return PKT_RECORD_OTHER;
  PktSlice stat = pkt_slice_find (text, PKT_SLICE (" stat=\""));
  PktSlice head = stat.p ? pkt_slice (text.p, (gsize)(stat.p - text.p)) : text;
  if (stat.p == NULL || !read_result (quoted (head, " result=\""), &a))
    return PKT_RECORD_OTHER;
  PktSlice source = quoted (head, " source=\"");
  if (!pkt_slice_equal (source, PKT_SLICE ("-")))
    a.local_ip = address_of (source);
  read_relay (quoted (head, " relay=\""), &a);
  stat = pkt_slice_skip (stat, 7);
  if (stat.n && stat.p[stat.n - 1] == '"')
    stat.n--;
  set_stat (stat, &a);
  return pkt_text_reader_tell (s, PKT_RECORD_ATTEMPT, &a);
}

/* "TempFail for EVPID: session=…, from=<>, to=<>, rcpt=<>, source=IP, relay=IP (PTR), delay=,
 * stat=TEXT"; "Expire for EVPID: from=…" in both forms. */
static PktRecordKind
old_delivery (PktTextReader *s, PktSlice text)
{
  PktAttempt a = { .size = -1, .smtp = TRUE };
  PktSlice word = pkt_slice_until (text, ' ');
  gboolean expired = pkt_slice_equal (word, PKT_SLICE ("Expire"));
  text = pkt_slice_skip (text, word.n);
  if ((!expired && !read_result (word, &a)) || !pkt_take (&text, " for ")
      || !take_hex (&text, &s->id) || !pkt_take (&text, ": "))
    return PKT_RECORD_OTHER;
  if (pkt_take (&text, "session="))
    text = pkt_slice_skip (text, pkt_slice_until (text, ' ').n + 1);
  if (!read_addresses (&text, &a))
    return PKT_RECORD_OTHER;
  if (expired)
    return pkt_text_reader_tell (s, PKT_RECORD_EXPIRED, &a);
  PktSlice stat = pkt_slice_find (text, PKT_SLICE (", stat=")),
           relay = pkt_slice_find (text, PKT_SLICE (", relay=")),
           source = pkt_word_after (text, ", source=");
  if (stat.p == NULL)
    return PKT_RECORD_OTHER;
  if (relay.p && relay.p < stat.p)
    read_relay (pkt_slice_until (pkt_slice_skip (relay, 8), ','), &a);
  if (source.n && !pkt_slice_equal (source, PKT_SLICE ("-")))
    a.local_ip = address_of (source);
  set_stat (pkt_slice_skip (stat, 7), &a);
  return pkt_text_reader_tell (s, PKT_RECORD_ATTEMPT, &a);
}

/* "mta connecting address=smtp+tls://17.57.154.33:25 host=mx02.mail.icloud.com". */
static PktRecordKind
connecting (PktTextReader *s, PktSlice session, PktSlice text)
{
  PktSlice address = pkt_word_after (text, "address="), host = pkt_word_after (text, "host=");
  PktSlice ip = pkt_slice_find (address, PKT_SLICE ("://"));
  ip = pkt_slice_skip (ip, 3);
  if (ip.n && ip.p[0] == '[')
    ip = pkt_slice_until (pkt_slice_skip (ip, 1), ']');
  else if (pkt_take (&ip, "IPv6:")) {
    const char *port = ip.n ? memrchr (ip.p, ':', ip.n) : NULL;
    ip.n = port ? (gsize)(port - ip.p) : 0;
  } else
    ip = pkt_slice_until (ip, ':');
  if (ip.n == 0)
    return PKT_RECORD_OTHER;
  PktRemembered *r = pkt_memory_take (s->memory, s->scope, session);
  pkt_remember (r, &r->ip, ip);
  pkt_remember (r, &r->host, host);
  return PKT_RECORD_OTHER;
}

/* "mta error reason=BANNER rejected: 554 …": what a host says before any envelope stands here only.
 */
static PktRecordKind
session_error (PktTextReader *s, PktSlice session, PktSlice reason)
{
  static const struct {
    const char *begin;
    PktStage stage;
  } known[] = { { "BANNER rejected: ", PKT_STAGE_BANNER },
                { "EHLO rejected: ", PKT_STAGE_HELO },
                { "HELO rejected: ", PKT_STAGE_HELO },
                { "STARTTLS rejected: ", PKT_STAGE_STARTTLS },
                { "IO Error: ", PKT_STAGE_CONNECT } };
  PktAttempt a = { .size = -1, .smtp = TRUE, .outcome = PKT_HOST_ERROR };
  const PktRemembered *r = pkt_memory_find (s->memory, s->scope, session);
  gsize i = 0;
  while (i < G_N_ELEMENTS (known) && !pkt_take (&reason, known[i].begin))
    i++;
  if (r == NULL || r->ip == NULL || i == G_N_ELEMENTS (known))
    return PKT_RECORD_OTHER;
  a.stage = known[i].stage;
  if (a.stage == PKT_STAGE_CONNECT && pkt_stage_of_own_words (reason) != PKT_STAGE_CONNECT)
    return PKT_RECORD_OTHER; /* lost later: the envelopes' own lines tell it */
  a.reply = reason;
  a.reply_is_remote = pkt_is_reply (reason);
  set_host (&a, pkt_slice_str (r->ip), pkt_slice_str (r->host));
  s->id = pkt_slice (NULL, 0);
  return pkt_text_reader_tell (s, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
parse_text (PktTextReader *s, PktSlice text)
{
  PktSlice session;
  if (pkt_take (&text, "relay: "))
    return old_delivery (s, text);
  if (!take_hex (&text, &session) || !pkt_take (&text, " mta "))
    return PKT_RECORD_OTHER;
  if (pkt_take (&text, "delivery evpid="))
    return new_delivery (s, text);
  if (pkt_take (&text, "connecting "))
    return connecting (s, session, text);
  if (pkt_take (&text, "error reason="))
    return session_error (s, session, text);
  if (pkt_slice_starts (text, PKT_SLICE ("disconnected")))
    pkt_memory_drop (s->memory, s->scope, session);
  return PKT_RECORD_OTHER;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktTextReader *s = state;
  PktSyslog f;
  PktTextKind kind = pkt_text_log_read (&s->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return PKT_RECORD_OTHER;
  s->sink = sink;
  s->data = data;
  s->scope = f.host;
  if (kind == PKT_TEXT_BARE) { /* in the foreground: `docker logs` */
    PktRecordKind got = parse_text (s, f.text);
    return got == PKT_RECORD_OTHER ? PKT_RECORD_UNKNOWN : got;
  }
  return owns_tag (f.tag) ? parse_text (s, f.text) : PKT_RECORD_FOREIGN;
}

const PktFormat pkt_format_opensmtpd = {
  .name = "opensmtpd",
  .summary = "OpenSMTPD: syslog of 6.4 and later, and of the years before",
  .probe = probe,
  PKT_TEXT_READER,
  .parse = parse,
  .owns_tag = owns_tag,
  .blind = "hold no Message-ID, and no code in front of a reply's later lines; what a host says "
           "before a message is offered is not tied to the recipients who waited",
};
