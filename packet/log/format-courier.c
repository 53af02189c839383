/* Courier's syslog (lab: open/courier): of each try to a recipient the reply, a line for each line
 * of it, then `status:`. */
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

#define MAX_REPLY (PKT_MEMORY_MAX_TEXT - 1)
enum { REFUSED = 1 }; /* a message's state: someone failed since the last notice to the sender */

static gboolean
owns_tag (PktSlice tag)
{
  static const char *const tags[] = { "courieresmtp", "courierd",    "courierlocal",
                                      "courierdsn",   "courieruucp", "courierfax" };
  for (gsize i = 0; i < G_N_ELEMENTS (tags); i++)
    if (pkt_slice_equal (tag, pkt_slice_str (tags[i])))
      return TRUE;
  return FALSE;
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  if (!pkt_syslog_split (line, &f) || !owns_tag (f.tag))
    return 0;
  return pkt_slice_find (f.text, PKT_SLICE ("id=")).p ? 100 : 80;
}

/* id=…,from=<…>,[module=…,host=…,]addr=<…> */
static gboolean
take_ids (PktTextReader *r, PktSlice *s, PktAttempt *a)
{
  if (!pkt_take (s, "id="))
    return FALSE;
  r->id = pkt_slice_until (*s, ',');
  *s = pkt_slice_skip (*s, r->id.n);
  return pkt_take (s, ",from=") && pkt_take_bracketed (s, &a->sender) && pkt_take (s, ",addr=")
         && pkt_take_bracketed (s, &a->recipient);
}

/* What one recipient's try has told so far; forgotten with its status. */
static PktRemembered *
try_of (PktTextReader *r, PktSlice recipient)
{
  return pkt_memory_take (r->memory, r->id, recipient);
}

/* "550-first line", "550 last line": lines of one reply come one by one; a reply of another host
 * takes the place of what was there. */
static void
add_reply (PktRemembered *t, PktSlice line)
{
  const char *old = t->reply;
  gsize n = old ? strlen (old) : 0;
  const char *last = old ? strrchr (old, '\n') : NULL;
  last = last ? last + 1 : old;
  gboolean goes_on = last && strlen (last) > 3 && last[3] == '-' && n + line.n < MAX_REPLY
                     && (line.n < 4 || memcmp (line.p, last, 3) == 0);
  g_autofree char *text = goes_on ? g_strdup_printf ("%s\n%.*s", old, (int)line.n, line.p)
                                  : g_strndup (line.p, line.n);
  pkt_remember (t, &t->reply, pkt_slice_str (text));
}

static void
set_reply (PktTextReader *r, const PktRemembered *t, PktAttempt *a)
{
  if (t->reply == NULL)
    return;
  g_string_assign (r->buffer, t->reply);
  g_strdelimit (r->buffer->str, "\n", ' ');
  a->reply = pkt_slice (r->buffer->str, r->buffer->len);
  a->reply_is_remote = pkt_is_reply (a->reply);
  if (!a->reply_is_remote)
    a->stage = pkt_stage_of_own_words (a->reply);
}

static PktRecordKind
status (PktTextReader *r, PktSlice word, PktAttempt *a)
{
  PktRemembered *t = try_of (r, a->recipient);
  set_reply (r, t, a);
  a->remote_host = pkt_slice_str (t->host);
  a->remote_ip = pkt_slice_str (t->ip);
  if (pkt_slice_starts (word, PKT_SLICE ("success"))) {
    a->outcome = PKT_DELIVERED;
    a->stage = PKT_STAGE_END_OF_DATA;
  } else if (pkt_slice_starts (word, PKT_SLICE ("deferred")))
    a->outcome = PKT_DEFERRED;
  else if (pkt_slice_starts (word, PKT_SLICE ("failure")))
    a->outcome = PKT_BOUNCED;
  else
    return PKT_RECORD_OTHER;
  PktRecordKind kind = pkt_text_reader_tell (r, PKT_RECORD_ATTEMPT, a);
  pkt_memory_drop (r->memory, r->id, a->recipient);
  if (a->outcome == PKT_BOUNCED)
    pkt_memory_take (r->memory, r->scope, r->id)->state |= REFUSED;
  return kind;
}

/* courieresmtp: "id=…,from=<>,addr=<a>: 550 …", ",success: delivered: mx01… [17…]", ",status:
 * failure". */
static PktRecordKind
parse_esmtp (PktTextReader *r, PktSlice text)
{
  PktAttempt a = { .size = -1, .smtp = TRUE };
  if (!take_ids (r, &text, &a))
    return PKT_RECORD_OTHER;
  if (pkt_take (&text, ",status: "))
    return status (r, text, &a);
  PktRemembered *t = try_of (r, a.recipient);
  if (pkt_take (&text, ",success: delivered: ")) {
    PktSlice host, ip;
    if (pkt_take_host_ip (&text, &host, &ip)) {
      pkt_remember (t, &t->host, host);
      pkt_remember (t, &t->ip, ip);
    }
  } else if (pkt_take (&text, ": "))
    add_reply (t, pkt_slice (text.p, MIN (text.n, PKT_MEMORY_MAX_TEXT)));
  return PKT_RECORD_OTHER;
}

/* "started,id=…,from=<>,module=dsn,host=,addr=<sender>": a notice of failure. Where nobody was
 * refused since the last one, those who still waited are given up. "host=deferred" is a warning. */
static PktRecordKind
parse_daemon (PktTextReader *r, PktSlice text)
{
  PktAttempt a = { .size = -1 };
  PktSlice sender;
  if (!pkt_take (&text, "started,id="))
    return PKT_RECORD_OTHER;
  r->id = pkt_slice_until (text, ',');
  text = pkt_slice_skip (text, r->id.n);
  if (!pkt_take (&text, ",from=") || !pkt_take_bracketed (&text, &sender)
      || !pkt_take (&text, ",module=dsn,host=,"))
    return PKT_RECORD_OTHER;
  PktRemembered *m = pkt_memory_take (r->memory, r->scope, r->id);
  gboolean refused = m->state & REFUSED;
  m->state = 0;
  return refused ? PKT_RECORD_OTHER : pkt_text_reader_tell (r, PKT_RECORD_EXPIRED, &a);
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
  r->sink = sink;
  r->data = data;
  if (pkt_slice_equal (f.tag, PKT_SLICE ("courieresmtp")))
    return parse_esmtp (r, f.text);
  return pkt_slice_equal (f.tag, PKT_SLICE ("courierd")) ? parse_daemon (r, f.text)
                                                         : PKT_RECORD_OTHER;
}

const PktFormat pkt_format_courier = {
  .name = "courier",
  .summary = "Courier: syslog of courierd and courieresmtp",
  .probe = probe,
  .parse = parse,
  .names_acceptors_only = TRUE,
  .owns_tag = owns_tag,
  PKT_TEXT_READER,
  .blind
  = "name the mail server only where mail was accepted, cut replies, and hold no Message-ID; "
    "mail of the null sender that is given up leaves no trace",
};
