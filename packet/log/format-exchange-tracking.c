/* Exchange's message tracking log (facts: log-formats section 18): a row for each event of a
 * message, with lists of recipients and of what became of them. */
#include "packet/log/exchange-fields.h"
#include "packet/log/text-parse.h"

enum {
  CLIENT_IP,
  SERVER_IP,
  SERVER_HOSTNAME,
  CONNECTOR,
  SOURCE,
  EVENT,
  INTERNAL_ID,
  MESSAGE_ID,
  RECIPIENTS,
  STATUS,
  BYTES,
  SENDER,
  RETURN_PATH,
};

static const char *const names[] = { "client-ip",           "server-ip",   "server-hostname",
                                     "connector-id",        "source",      "event-id",
                                     "internal-message-id", "message-id",  "recipient-address",
                                     "recipient-status",    "total-bytes", "sender-address",
                                     "return-path",         NULL };

static gpointer
begin (void)
{
  PktExchange *x = g_new0 (PktExchange, 1);
  pkt_exchange_begin (x, names);
  return x;
}

static guint
probe (PktSlice line)
{
  static const char *const events[]
      = { ",SMTP,SEND,", ",SMTP,RECEIVE,", ",STOREDRIVER,", ",ROUTING,",
          ",DSN,",       ",SMTP,DEFER,",   ",SMTP,FAIL,",   ",SMTP,SENDEXTERNAL," };
  PktStamp ignored;
  if (pkt_exchange_is_header (line, "recipient-status")
      || pkt_slice_find (line, PKT_SLICE ("#Log-type: Message Tracking Log")).p)
    return 100;
  if (line.n < 30 || line.p[10] != 'T' || pkt_clock_parse_rfc3339 (line, &ignored) == 0)
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (pkt_slice_find (line, pkt_slice_str (events[i])).p)
      return 90;
  return 0;
}

/* Bytes of the first part of a list with `;`. A part of the newer form holds some itself:
 * "[{LED=550 5.7.1 …};{MSG=};{FQDN=mx01.mail.icloud.com};{IP=17.57.154.33}];250 2.1.5 …". */
static gsize
part_length (PktSlice list)
{
  gsize n = pkt_slice_until (list, ';').n;
  if (!pkt_slice_starts (list, PKT_SLICE ("[{")))
    return n;
  PktSlice end = pkt_slice_find (list, PKT_SLICE ("}]"));
  return end.p ? (gsize)(end.p - list.p) + 2 : n;
}

/* The n-th part; a single one is the whole text, since a reply may hold `;` too. */
static PktSlice
part_of (PktSlice list, guint n, guint count)
{
  if (count == 1)
    return list;
  while (n--)
    list = pkt_slice_skip (list, part_length (list) + 1);
  return pkt_slice_trim (pkt_slice (list.p, part_length (list)));
}

static guint
count_parts (PktSlice list)
{
  guint n = 0;
  for (; list.n; list = pkt_slice_skip (list, part_length (list) + 1))
    n++;
  return n;
}

/* "{KEY=…}" of the newer form. */
static PktSlice
braced (PktSlice s, const char *key)
{
  PktSlice at = pkt_slice_find (s, pkt_slice_str (key));
  return at.p ? pkt_slice_until (pkt_slice_skip (at, strlen (key)), '}') : at;
}

/* "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy": a
 * token of Exchange's own stands where a server would have its words. */
static gboolean
is_own_text (PktSlice reply)
{
  gsize i = 0;
  while (i < reply.n && (g_ascii_isdigit (reply.p[i]) || strchr (". -", reply.p[i])))
    i++;
  const PktSlice token = pkt_slice_until (pkt_slice_skip (reply, i), ';');
  return i + token.n < reply.n && memchr (token.p, '.', token.n) && !memchr (token.p, ' ', token.n)
         && g_ascii_isupper (token.p[0]);
}

static void
set_status (PktSlice status, PktAttempt *a)
{
  if (pkt_slice_find (status, PKT_SLICE ("{LED=")).p) {
    PktSlice host = braced (status, "{FQDN="), ip = braced (status, "{IP=");
    if (host.n)
      a->remote_host = host;
    if (ip.n)
      a->remote_ip = ip;
    status = braced (status, "{LED=");
  }
  const gboolean own = pkt_take_own_status (&status); /* "441 4.4.1 … Failed to connect." */
  a->reply = status;
  a->reply_is_remote = !own && pkt_is_reply (status) && !is_own_text (status);
}

/* Given up: what the server said last stands in an earlier row. */
static gboolean
has_expired (const PktAttempt *a)
{
  return a->outcome == PKT_BOUNCED && !a->reply_is_remote
         && pkt_slice_find (a->reply, PKT_SLICE ("QUEUE.Expired")).p;
}

/* To the Internet: not to another server of one's own, nor into a mailbox. */
static gboolean
is_smtp (const PktExchange *x, PktSlice source)
{
  return pkt_slice_equal_nocase (source, PKT_SLICE ("SMTP"))
         && !pkt_slice_starts (pkt_exchange_field (x, CONNECTOR), PKT_SLICE ("Intra-Organization"));
}

static PktRecordKind
tell_all (PktExchange *x, PktOutcome outcome)
{
  PktAttempt a = { .size = -1, .outcome = outcome };
  PktSlice list = pkt_exchange_field (x, RECIPIENTS), status = pkt_exchange_field (x, STATUS),
           id = pkt_exchange_field (x, MESSAGE_ID), sender = pkt_exchange_field (x, RETURN_PATH),
           source = pkt_exchange_field (x, SOURCE);
  guint n = count_parts (list), n_status = count_parts (status);
  PktRecordKind kind = PKT_RECORD_OTHER;
  x->text.id = pkt_exchange_field (x, INTERNAL_ID);
  if (id.n >= 2 && id.p[0] == '<')
    id = pkt_slice (id.p + 1, id.n - 2);
  a.message_id = id;
  if (pkt_slice_equal (sender, PKT_SLICE ("<>")))
    sender = pkt_slice (sender.p + 1, 0);
  a.sender = sender;
  a.from_domain = pkt_slice_domain (pkt_exchange_field (x, SENDER));
  if (!x->trace) /* there it is a server within */
    a.local_ip = pkt_exchange_field (x, CLIENT_IP);
  a.remote_host = pkt_exchange_field (x, SERVER_HOSTNAME);
  a.remote_ip = pkt_exchange_field (x, SERVER_IP);
  if (outcome == PKT_DELIVERED)
    a.stage = PKT_STAGE_END_OF_DATA;
  if (!pkt_slice_number (pkt_exchange_field (x, BYTES), &a.size))
    a.size = -1;
  for (guint i = 0; i < n; i++) {
    PktAttempt one = a;
    one.recipient = part_of (list, i, n);
    set_status (n_status >= n || i == 0 ? part_of (status, i, n) : status, &one);
    const gboolean expired = has_expired (&one);
    one.smtp = is_smtp (x, source) || one.reply_is_remote || expired;
    if (one.recipient.n)
      kind = pkt_text_reader_tell (&x->text, expired ? PKT_RECORD_EXPIRED : PKT_RECORD_ATTEMPT,
                                   &one);
  }
  return kind;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktExchange *x = state;
  gboolean known;
  x->text.sink = sink;
  x->text.data = data;
  x->text.scope = pkt_slice (NULL, 0);
  if (!pkt_exchange_row (x, line, &known))
    return known ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  PktSlice event = pkt_exchange_field (x, EVENT), source = pkt_exchange_field (x, SOURCE);
  if (pkt_slice_equal_nocase (source, PKT_SLICE ("SMTP"))
      && (pkt_slice_equal_nocase (event, PKT_SLICE ("SEND"))
          || pkt_slice_equal_nocase (event, PKT_SLICE ("SENDEXTERNAL"))))
    return tell_all (x, PKT_DELIVERED);
  if (pkt_slice_equal_nocase (event, PKT_SLICE ("DEFER")))
    return tell_all (x, PKT_DEFERRED);
  if (pkt_slice_equal_nocase (event, PKT_SLICE ("FAIL")))
    return tell_all (x, PKT_BOUNCED);
  return PKT_RECORD_OTHER;
}

const PktFormat pkt_format_exchange_tracking = {
  .name = "exchange-tracking",
  .summary = "Exchange: message tracking log (MSGTRK*.LOG), a message trace's extended report",
  .probe = probe,
  .begin = begin,
  .parse = parse,
  .end = pkt_text_reader_end,
  .is_header = pkt_exchange_is_comment,
  .share = pkt_text_reader_share,
  .last_stamp = pkt_text_reader_last_stamp,
  .follow = pkt_text_reader_follow,
  .export = PKT_EXPORT_TABLE,
  .few_tries = TRUE,
  .blind
  = "tell of tries that failed for now only where the server wrote DEFER events, so deferrals "
    "are a lower bound; the SMTP send protocol log has them all",
};
