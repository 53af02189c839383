/* Exchange's SMTP send protocol log (facts: log-formats section 18): a row for each command (`>`)
 * and each line of a reply (`<`) of a session. Commands may be sent ahead of their replies. */
#include "packet/log/exchange-fields.h"
#include "packet/log/exchange-session.h"
#include "packet/log/text-parse.h"

#define MAX_SESSIONS 1024 /* at a time */
#define MAX_REPLY 8192

enum { SESSION, LOCAL, REMOTE, EVENT, DATA, CONTEXT };

static const char *const names[]
    = { "session-id", "local-endpoint", "remote-endpoint", "event", "data", "context", NULL };

typedef struct {
  PktExchange x;
  GHashTable *sessions; /* char* -> PktExchangeSession */
} Send;

static gpointer
begin (void)
{
  Send *t = g_new0 (Send, 1);
  pkt_exchange_begin (&t->x, names);
  t->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pkt_exchange_session_free);
  return t;
}

static void
end (gpointer state)
{
  g_hash_table_unref (((Send *)state)->sessions);
  pkt_text_reader_end (state);
}

static guint
probe (PktSlice line)
{
  PktStamp ignored;
  if (pkt_exchange_is_header (line, "remote-endpoint")
      || pkt_slice_find (line, PKT_SLICE ("#Log-type: SMTP Send Protocol Log")).p)
    return 100;
  if (line.n < 30 || line.p[10] != 'T' || pkt_clock_parse_rfc3339 (line, &ignored) == 0)
    return 0;
  return pkt_slice_find (line, PKT_SLICE (",<,")).p || pkt_slice_find (line, PKT_SLICE (",>,")).p
             ? 80
             : 0;
}

/* One begins with `+`. */
static PktExchangeSession *
session_of (Send *t, PktSlice id, gboolean begins)
{
  const PktSlice local = pkt_exchange_field (&t->x, LOCAL);
  g_autofree char *key = g_strndup (id.p ? id.p : "", id.n);
  PktExchangeSession *s = begins ? NULL : g_hash_table_lookup (t->sessions, key);
  if (s)
    return s;
  if (g_hash_table_size (t->sessions) >= MAX_SESSIONS) /* that many do not run at a time */
    g_hash_table_remove_all (t->sessions);
  s = pkt_exchange_session_take (t->x.text.memory, local, id);
  if (begins)
    g_clear_pointer (&s, pkt_exchange_session_free);
  if (s == NULL) {
    s = pkt_exchange_session_new ();
    s->lost = s->greeted = !begins;
  }
  pkt_exchange_set_text (&s->local, local);
  g_hash_table_insert (t->sessions, g_steal_pointer (&key), s);
  return s;
}

/* "BDAT 1234 LAST"; without the word more of it follows. */
static gboolean
ends_message (PktSlice data)
{
  data = pkt_slice_trim (data);
  return data.n > 5 && g_ascii_strncasecmp (data.p + data.n - 5, " LAST", 5) == 0;
}

/* `>`: "MAIL FROM:<a>", "RCPT TO:<b>", "BDAT 1234 LAST". */
static void
client (PktExchangeSession *s, PktSlice data)
{
  PktSlice address = { 0 }, at = data;
  if (pkt_take (&at, "EHLO ") || pkt_take (&at, "HELO "))
    pkt_exchange_set_text (&s->helo, pkt_slice_trim (at));
  if (pkt_take (&at, "MAIL FROM:") && pkt_take_bracketed (&at, &address)) {
    pkt_exchange_set_text (&s->sender, address);
    g_ptr_array_set_size (s->accepted, 0);
    if (s->lost) /* a message begins when those before it were answered */
      g_queue_clear_full (&s->commands, pkt_exchange_command_free);
    s->lost = FALSE;
    pkt_exchange_push (s, PKT_STAGE_MAIL, pkt_slice (NULL, 0));
  } else if (pkt_take (&at, "RCPT TO:") && pkt_take_bracketed (&at, &address))
    pkt_exchange_push (s, PKT_STAGE_RCPT, address);
  else if (pkt_slice_starts (data, PKT_SLICE ("BDAT")))
    pkt_exchange_push (s, ends_message (data) ? PKT_STAGE_END_OF_DATA : PKT_STAGE_DATA,
                       pkt_slice (NULL, 0));
  else
    pkt_exchange_push (s, pkt_stage_from_words (data), pkt_slice (NULL, 0));
}

/* "sending message with RecordId 123 and InternetMessageId <m1@example.com>". */
static void
note_message (PktExchangeSession *s, PktSlice context)
{
  PktSlice id = pkt_slice_find (context, PKT_SLICE ("InternetMessageId <"));
  if (id.p)
    pkt_exchange_set_text (&s->message_id, pkt_slice_until (pkt_slice_skip (id, 19), '>'));
}

/* "17.57.154.33:25", "[2001:db8::1]:25". */
static PktSlice
endpoint (PktSlice s)
{
  if (s.n && s.p[0] == '[')
    return pkt_slice_until (pkt_slice_skip (s, 1), ']');
  return pkt_slice_until (s, ':');
}

static PktRecordKind
tell (Send *t, const PktExchangeSession *s, PktOutcome outcome, PktStage stage,
      const char *recipient)
{
  PktAttempt a = { .size = -1, .smtp = TRUE, .outcome = outcome, .stage = stage };
  a.recipient = pkt_slice_str (recipient);
  a.sender = pkt_slice_str (s->sender);
  a.message_id = pkt_slice_str (s->message_id);
  a.helo = pkt_slice_str (s->helo);
  a.remote_ip = endpoint (pkt_exchange_field (&t->x, REMOTE));
  a.local_ip = endpoint (pkt_exchange_field (&t->x, LOCAL));
  a.reply = pkt_slice (s->reply->str, s->reply->len);
  a.reply_is_remote = TRUE;
  t->x.text.id = pkt_slice (NULL, 0);
  return pkt_text_reader_tell (&t->x.text, PKT_RECORD_ATTEMPT, &a);
}

/* A reply to the whole message. */
static PktRecordKind
tell_accepted (Send *t, PktExchangeSession *s, PktOutcome outcome, PktStage stage)
{
  PktRecordKind kind = PKT_RECORD_OTHER;
  for (guint i = 0; i < s->accepted->len; i++)
    kind = tell (t, s, outcome, stage, g_ptr_array_index (s->accepted, i));
  g_ptr_array_set_size (s->accepted, 0);
  return kind;
}

/* The recipients that were sent ahead of a refused MAIL have no chance. */
static PktRecordKind
mail_refused (Send *t, PktExchangeSession *s, PktOutcome outcome)
{
  PktRecordKind kind = PKT_RECORD_OTHER;
  gboolean any = FALSE;
  for (GList *l = s->commands.head; l; l = l->next) {
    PktExchangeCommand *c = l->data;
    if (c->stage != PKT_STAGE_RCPT || c->recipient == NULL)
      continue;
    kind = tell (t, s, outcome, PKT_STAGE_MAIL, c->recipient);
    g_clear_pointer (&c->recipient, g_free);
    any = TRUE;
  }
  return any ? kind : tell (t, s, PKT_HOST_ERROR, PKT_STAGE_MAIL, NULL);
}

/* Whole reply, its first digit `class`. */
static PktRecordKind
answered (Send *t, PktExchangeSession *s, char class)
{
  PktOutcome failed = class == '5' ? PKT_BOUNCED : PKT_DEFERRED;
  if (!s->greeted) {
    s->greeted = TRUE;
    return class == '2' ? PKT_RECORD_OTHER : tell (t, s, PKT_HOST_ERROR, PKT_STAGE_BANNER, NULL);
  }
  if (s->in_data) { /* the message itself stands in no row */
    s->in_data = FALSE;
    return tell_accepted (t, s, class == '2' ? PKT_DELIVERED : failed, PKT_STAGE_END_OF_DATA);
  }
  if (s->lost)
    return PKT_RECORD_OTHER;
  PktExchangeCommand *c = g_queue_pop_head (&s->commands);
  PktRecordKind kind = PKT_RECORD_OTHER;
  PktStage stage = c ? c->stage : PKT_STAGE_UNKNOWN;
  if (stage == PKT_STAGE_RCPT && c->recipient && class == '2'
      && s->accepted->len < PKT_EXCHANGE_MAX_COMMANDS)
    g_ptr_array_add (s->accepted, g_steal_pointer (&c->recipient));
  else if (stage == PKT_STAGE_RCPT && c->recipient && class != '2')
    kind = tell (t, s, failed, stage, c->recipient);
  else if (stage == PKT_STAGE_MAIL && class != '2')
    kind = mail_refused (t, s, failed);
  else if (stage == PKT_STAGE_DATA && class == '3')
    s->in_data = TRUE;
  else if (stage == PKT_STAGE_END_OF_DATA || (stage == PKT_STAGE_DATA && class != '2'))
    kind = tell_accepted (t, s, class == '2' ? PKT_DELIVERED : failed, stage);
  else if (stage == PKT_STAGE_HELO && class != '2')
    kind = tell (t, s, PKT_HOST_ERROR, stage, NULL);
  if (c)
    pkt_exchange_command_free (c);
  return kind;
}

/* `<`: a row for each line of a reply. */
static PktRecordKind
server (Send *t, PktExchangeSession *s, PktSlice data)
{
  if (s->reply->len && s->reply->len + data.n < MAX_REPLY)
    g_string_append_c (s->reply, ' ');
  if (s->reply->len + data.n < MAX_REPLY)
    g_string_append_len (s->reply, data.p ? data.p : "", (gssize)data.n);
  if (data.n > 3 && data.p[3] == '-' && pkt_is_reply (data))
    return PKT_RECORD_OTHER;
  PktRecordKind kind = pkt_is_reply (data) ? answered (t, s, data.p[0]) : PKT_RECORD_OTHER;
  g_string_truncate (s->reply, 0);
  return kind;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  Send *t = state;
  PktExchange *x = &t->x;
  gboolean known;
  x->text.sink = sink;
  x->text.data = data;
  x->text.scope = pkt_slice (NULL, 0);
  if (!pkt_exchange_row (x, line, &known))
    return known ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
  PktSlice id = pkt_exchange_field (x, SESSION), event = pkt_exchange_field (x, EVENT);
  PktExchangeSession *s = session_of (t, id, pkt_slice_equal (event, PKT_SLICE ("+")));
  if (pkt_slice_equal (event, PKT_SLICE ("<")))
    return server (t, s, pkt_exchange_field (x, DATA));
  if (pkt_slice_equal (event, PKT_SLICE (">")))
    client (s, pkt_exchange_field (x, DATA));
  else if (pkt_slice_equal (event, PKT_SLICE ("*")))
    note_message (s, pkt_exchange_field (x, CONTEXT));
  else if (pkt_slice_equal (event, PKT_SLICE ("-"))) {
    g_autofree char *key = g_strndup (id.p ? id.p : "", id.n);
    g_hash_table_remove (t->sessions, key);
  }
  return PKT_RECORD_OTHER;
}

/* Sessions that are still open go on in the next file. */
static PktRecordKind
finish (gpointer state, PktSink sink, gpointer data)
{
  Send *t = state;
  GHashTableIter it;
  gpointer id, session;
  (void)sink;
  (void)data;
  for (g_hash_table_iter_init (&it, t->sessions); g_hash_table_iter_next (&it, &id, &session);)
    pkt_exchange_session_keep (session, id, t->x.text.memory);
  return PKT_RECORD_OTHER;
}

const PktFormat pkt_format_exchange_send = {
  .name = "exchange-send",
  .summary = "Exchange: SMTP send protocol log (SEND*.LOG)",
  .probe = probe,
  .begin = begin,
  .parse = parse,
  .finish = finish,
  .end = end,
  .is_header = pkt_exchange_is_comment,
  .share = pkt_text_reader_share,
  .last_stamp = pkt_text_reader_last_stamp,
  .follow = pkt_text_reader_follow,
  .export = PKT_EXPORT_TABLE,
  .blind
  = "name no mail server, only its address; a custom domain's mail is Apple's by the address "
    "alone, and connections that failed are not told",
};
