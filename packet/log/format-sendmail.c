/* Sendmail's syslog (facts: log-formats section 4): `QID: from=…`, `QID: to=…, stat=…`. */
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

#define MAX_QUEUE_ID 24
#define MAX_ENCLOSED 1024 /* bytes of a name, a remark or an address in brackets */
#define SAME_TEXT 16      /* first bytes of a reply, by which stat= is seen to repeat it */

static gboolean
owns_tag (PktSlice tag)
{
  static const char *const tags[] = { "sm-mta", "sendmail",    "sm-msp-queue",
                                      "sm-msp", "sendmail-in", "sm-queue" };
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
  return pkt_slice_find (f.text, PKT_SLICE ("stat=")).p ? 100 : 80;
}

/* Behind what begins at i with a quote, a bracket or a parenthesis; i where it has no end. */
static gsize
skip_enclosed (PktSlice s, gsize i)
{
  const char end = s.p[i] == '<' ? '>' : (s.p[i] == '(' ? ')' : s.p[i]);
  if (end == s.p[i] && end != '"')
    return i;
  for (gsize k = i + 1; k < MIN (s.n, i + MAX_ENCLOSED); k++)
    if (s.p[k] == '\\')
      k++;
    else if (s.p[k] == end)
      return k + 1;
  return i;
}

/* Of a recipient as the mail wrote him, up to the comma behind: "<a@b>", "a@b", "Dana Reader
 * <a@b>", "a@b (Dana Reader)". */
static PktSlice
take_address (PktSlice *s)
{
  PktSlice address;
  if (pkt_take_bracketed (s, &address))
    return address;
  gsize i = 0, end = 0, open = 0, close = 0;
  while (i < s->n && s->p[i] != ',') {
    const gsize behind = skip_enclosed (*s, i);
    if (behind > i && s->p[i] == '<') {
      open = i + 1;
      close = behind - 1;
    } else if (end == 0 && (s->p[i] == ' ' || s->p[i] == '('))
      end = i;
    i = behind > i ? behind : i + 1;
  }
  address = close ? pkt_slice (s->p + open, close - open) : pkt_slice (s->p, end ? end : i);
  *s = pkt_slice_skip (*s, i);
  return address;
}

static PktRecordKind
parse_from (PktTextReader *s, PktSlice text)
{
  PktSlice sender = take_address (&text);
  PktSlice size_word = pkt_word_after (text, ", size="), id = pkt_word_after (text, ", msgid=");
  gint64 size;
  if (size_word.p == NULL) /* ", savemail", and so on */
    return PKT_RECORD_OTHER;
  if (!pkt_slice_number (size_word, &size))
    size = -1;
  return pkt_text_reader_arrival (s, id, sender, size);
}

typedef struct {
  PktSlice mailer, dsn, reply, stat;
} Result;

/* ", reply=REPLY, stat=STAT": both may hold anything the other side wrote. "Deferred: REPLY" says
 * it twice, all other words for stat= are Sendmail's own and come last. */
static void
split_reply (PktSlice s, Result *r)
{
  static const char key[] = ", stat=";
  const gsize n = sizeof key - 1;
  for (PktSlice rest = s, at; (at = pkt_slice_find (rest, pkt_slice_str (key))).p;
       rest = pkt_slice_skip (at, n)) {
    r->reply = pkt_slice (s.p, (gsize)(at.p - s.p));
    r->stat = pkt_slice_skip (at, n);
    PktSlice text = r->stat;
    gsize same = MIN (r->reply.n, SAME_TEXT);
    if (pkt_take (&text, "Deferred: ") && same && text.n >= same
        && memcmp (text.p, r->reply.p, same) == 0)
      return;
  }
}

/* "delay=…, mailer=esmtp, pri=…, relay=…, dsn=…, [reply=…, ]stat=…". */
static gboolean
read_result (PktSlice s, Result *r, PktAttempt *a)
{
  *r = (Result){ 0 };
  r->mailer = pkt_word_after (s, "mailer=");
  PktSlice relay = pkt_slice_find (s, PKT_SLICE (", relay=")),
           dsn = pkt_slice_find (s, PKT_SLICE (", dsn=")), rest = dsn.p ? dsn : s;
  if (relay.p && (dsn.p == NULL || relay.p < dsn.p)) {
    relay = pkt_slice_skip (relay, 8);
    if (!pkt_take_host_ip (&relay, &a->remote_host, &a->remote_ip)) {
      a->remote_host = pkt_slice_until (relay, ',');
      if (a->remote_host.n && a->remote_host.p[a->remote_host.n - 1] == '.')
        a->remote_host.n--;
    }
  }
  if (dsn.p)
    r->dsn = pkt_slice_until (pkt_slice_skip (dsn, 6), ',');
  PktSlice stat = pkt_slice_find (rest, PKT_SLICE (", stat=")),
           reply = pkt_slice_find (rest, PKT_SLICE (", reply="));
  if (stat.p == NULL)
    return FALSE;
  if (reply.p && reply.p < stat.p)
    split_reply (pkt_slice_skip (reply, 8), r);
  else
    r->stat = pkt_slice_skip (stat, 7);
  return r->stat.n > 0;
}

/* Of a 4xx the one that stat= tells, or the one on the line unless it speaks of another message:
 * on a connection that is used again, reply= and dsn= may be left from the one before (lab:
 * open/sendmail). */
static gboolean
reply_fits (PktSlice reply, char class, PktSlice recipient)
{
  if (reply.n < 3 || reply.p[0] != class || !pkt_is_reply (reply))
    return FALSE;
  return memchr (reply.p, '@', reply.n) == NULL || pkt_slice_find (reply, recipient).p != NULL;
}

static PktSlice
trim_reply (PktSlice reply)
{
  reply = pkt_slice_trim (reply);
  if (reply.n > 2 && reply.p[reply.n - 2] == '\\' && reply.p[reply.n - 1] == 'n') /* "550 \n" */
    reply = pkt_slice_trim (pkt_slice (reply.p, reply.n - 2));
  return reply;
}

static void
read_stat (const Result *r, PktAttempt *a)
{
  PktSlice text = r->stat, reply = trim_reply (r->reply);
  gboolean sent = pkt_take (&text, "Sent"), deferred = !sent && pkt_take (&text, "Deferred");
  if (sent) {
    a->outcome = PKT_DELIVERED;
    a->stage = PKT_STAGE_END_OF_DATA;
    pkt_take (&text, " (");
    if (text.n && text.p[text.n - 1] == ')')
      text.n--;
    a->reply = text;
    a->reply_is_remote = text.n > 0;
    return;
  }
  if (pkt_slice_starts (r->stat, PKT_SLICE ("queued")))
    a->outcome = PKT_NOT_ATTEMPTED;
  else
    a->outcome = deferred || (r->dsn.n && r->dsn.p[0] == '4') ? PKT_DEFERRED : PKT_BOUNCED;
  if (deferred)
    pkt_take (&text, ": ");
  a->reply = text.n ? text : r->stat;
  a->reply_is_remote = deferred && pkt_is_reply (text);
  a->stage = pkt_stage_of_own_words (a->reply);
  if (!a->reply_is_remote
      && reply_fits (reply, a->outcome == PKT_BOUNCED ? '5' : '4', a->recipient)) {
    a->reply = reply;
    a->reply_is_remote = TRUE;
    a->stage = PKT_STAGE_UNKNOWN;
  }
}

static gboolean
is_smtp (PktSlice mailer)
{
  return pkt_slice_find (mailer, PKT_SLICE ("smtp")).p
         || pkt_slice_equal (mailer, PKT_SLICE ("relay"));
}

static void
tell (PktTextReader *s, const Result *r, const PktAttempt *common, PktSlice recipient)
{
  PktAttempt a = *common;
  a.recipient = recipient;
  if (a.remote_ip.n == 0 && pkt_slice_equal_nocase (a.remote_host, pkt_slice_domain (recipient)))
    a.remote_host = pkt_slice (NULL, 0); /* not a host: the domain that was looked for */
  read_stat (r, &a);
  pkt_text_reader_tell (s, PKT_RECORD_ATTEMPT, &a);
}

/* "to=<a>,<b>, [more]": the result follows on another line. */
static PktRecordKind
remember_more (PktTextReader *s, PktSlice list)
{
  PktRemembered *m = pkt_memory_take (s->memory, s->scope, s->id);
  do
    pkt_remember_recipient (m, take_address (&list));
  while (pkt_take (&list, ",") && list.n && list.p[0] != ' ');
  return PKT_RECORD_OTHER;
}

static PktRecordKind
parse_to (PktTextReader *s, PktSlice text)
{
  PktAttempt a = { .size = -1, .smtp = TRUE };
  PktSlice list = text;
  Result r;
  do
    take_address (&text);
  while (pkt_take (&text, ",") && text.n && text.p[0] != ' ');
  if (!read_result (text, &r, &a))
    return pkt_slice_find (text, PKT_SLICE ("[more]")).p ? remember_more (s, list)
                                                         : PKT_RECORD_OTHER;
  if (pkt_text_log_stamp (&s->log).kind == PKT_STAMP_NONE)
    return PKT_RECORD_UNKNOWN;
  a.smtp = is_smtp (r.mailer);
  const PktRemembered *more = pkt_memory_find (s->memory, s->scope, s->id);
  for (guint i = 0; more && more->recipients && i < more->recipients->len; i++)
    tell (s, &r, &a, pkt_slice_str (g_ptr_array_index (more->recipients, i)));
  if (more)
    pkt_memory_drop (s->memory, s->scope, s->id);
  do
    tell (s, &r, &a, take_address (&list));
  while (pkt_take (&list, ",") && list.n && list.p[0] != ' ');
  return PKT_RECORD_ATTEMPT;
}

/* "QID2: sender notify: Cannot send message for 5 days". */
static PktRecordKind
parse_notify (PktTextReader *s, PktSlice text)
{
  PktAttempt a = { .size = -1 };
  if (pkt_slice_find (text, PKT_SLICE (": Cannot send message for ")).p == NULL
      && pkt_slice_find (text, PKT_SLICE (": Cannot send message within ")).p == NULL)
    return PKT_RECORD_OTHER;
  return pkt_text_reader_tell (s, PKT_RECORD_EXPIRED, &a);
}

static PktRecordKind
parse_text (PktTextReader *s, PktSlice text)
{
  PktAttempt a = { .size = -1 };
  PktSlice word = pkt_slice_until (text, ':');
  if (word.n < 6 || word.n > MAX_QUEUE_ID || memchr (word.p, ' ', word.n)
      || !pkt_slice_starts (pkt_slice_skip (text, word.n), PKT_SLICE (": ")))
    return PKT_RECORD_OTHER;
  s->id = word;
  text = pkt_slice_skip (text, word.n + 2);
  if (pkt_take (&text, "to="))
    return parse_to (s, text);
  if (pkt_take (&text, "from="))
    return parse_from (s, text);
  if (pkt_slice_starts (text, PKT_SLICE ("done;")))
    return pkt_text_reader_tell (s, PKT_RECORD_REMOVED, &a);
  return parse_notify (s, text);
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktTextReader *s = state;
  PktSyslog f;
  PktTextKind kind = pkt_text_log_read (&s->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return PKT_RECORD_OTHER;
  if (kind == PKT_TEXT_BARE)
    return PKT_RECORD_UNKNOWN;
  if (!owns_tag (f.tag))
    return PKT_RECORD_FOREIGN;
  s->scope = f.host;
  s->sink = sink;
  s->data = data;
  return parse_text (s, f.text);
}

const PktFormat pkt_format_sendmail = {
  .name = "sendmail",
  .summary = "Sendmail: syslog of sm-mta, sendmail and sm-msp-queue",
  .probe = probe,
  PKT_TEXT_READER,
  .parse = parse,
  .owns_tag = owns_tag,
  .blind
  = "hold the first line of a reply only, without its code where mail was accepted, and none "
    "at all before 8.16; each mail server that was tried is a deferral of its own",
};
