/* A machine for each connection: commands that wait for their reply in a queue (pipelining), the
 * transaction under way, what was said so far. */
#include "packet/bounce/session-machine.h"
#include "packet/base/gmime.h"
#include "packet/bounce/notice.h"
#include "packet/bounce/parts.h"
#include "packet/model/attempt.h"

static void
begin_transaction (PktMachine *m)
{
  g_clear_pointer (&m->session, pkt_session_unref);
  m->session = pkt_session_new ();
  m->session->tls = m->tls;
  m->open = m->in_data = m->in_header = FALSE;
  m->attempt = (PktAttempt){ .smtp = TRUE, .size = -1 };
  m->mail = m->last = (PktSessionReply){ .code = 0 };
  g_array_set_size (m->recipients, 0);
}

static void
begin_connection (PktMachine *m)
{
  m->host = m->ip = m->helo = m->error = pkt_slice (NULL, 0);
  m->tls = m->greeted = m->handed_out = FALSE;
  m->refusal = (PktSessionReply){ .code = 0 };
  g_array_set_size (m->pending, 0);
  m->next = 0;
  g_string_truncate (m->lines, 0);
  begin_transaction (m);
}

PktMachine *
pkt_machine_new (void)
{
  PktMachine *m = g_new0 (PktMachine, 1);
  m->pending = g_array_new (FALSE, FALSE, sizeof (PktSessionPending));
  m->recipients = g_array_new (FALSE, FALSE, sizeof (PktSessionRecipient));
  m->lines = g_string_new (NULL);
  begin_connection (m);
  return m;
}

void
pkt_machine_free (gpointer p)
{
  PktMachine *m = p;
  g_array_unref (m->pending);
  g_array_unref (m->recipients);
  g_string_free (m->lines, TRUE);
  pkt_session_unref (m->session);
  g_free (m);
}

static void
hand_out (PktSessionParser *p, PktMachine *m, PktSlice recipient, PktStage stage,
          const PktSessionReply *reply)
{
  PktAttempt a = m->attempt;
  a.recipient = recipient;
  a.stage = stage;
  a.reply = reply->text;
  a.reply_is_remote = reply->code > 0;
  a.outcome = reply->code >= 500                        ? PKT_BOUNCED
              : reply->code >= 200 && reply->code < 300 ? PKT_DELIVERED
                                                        : PKT_DEFERRED;
  m->session->client = p->dialect->client;
  a.remote_host = m->host;
  a.remote_ip = m->ip;
  a.helo = m->helo;
  if (a.stamp.kind == PKT_STAMP_NONE)
    a.stamp = reply->stamp.kind == PKT_STAMP_NONE ? p->fallback : reply->stamp;
  m->handed_out = TRUE;
  p->sink (&a, m->session, reply->line, p->data);
}

/* Which answer decides for a recipient: the first refusal that hit it. */
static const PktSessionReply *
decisive (const PktMachine *m, const PktSessionRecipient *r, PktStage *stage)
{
  *stage = PKT_STAGE_MAIL;
  if (m->mail.code >= 400)
    return &m->mail;
  *stage = PKT_STAGE_RCPT;
  if (r->reply.code >= 400)
    return &r->reply;
  *stage = m->last_stage;
  return &m->last;
}

/* `none` is what stands for the answer that did not come; NULL: then nothing is known. */
static void
end_transaction (PktSessionParser *p, PktMachine *m, const PktSessionReply *none)
{
  for (guint i = 0; i < m->recipients->len; i++) {
    const PktSessionRecipient *r = &g_array_index (m->recipients, PktSessionRecipient, i);
    PktStage stage;
    const PktSessionReply *reply = decisive (m, r, &stage);
    if (reply->code)
      hand_out (p, m, r->address, stage, reply);
    else if (none)
      hand_out (p, m, r->address, PKT_STAGE_UNKNOWN, none);
  }
  if (m->recipients->len == 0 && m->mail.code >= 400)
    hand_out (p, m, pkt_slice (NULL, 0), PKT_STAGE_MAIL, &m->mail);
  begin_transaction (m);
}

/* The client gave up without an answer, or the server would not talk at all. */
void
pkt_machine_end (PktSessionParser *p, PktMachine *m)
{
  const PktSessionReply none = { 0, m->error, p->line, p->stamp };
  gboolean reached = m->host.n || m->ip.n;
  p->connections += m->greeted || reached;
  end_transaction (p, m, m->error.n && !m->refusal.code ? &none : NULL);
  if (!m->handed_out && m->refusal.code)
    hand_out (p, m, pkt_slice (NULL, 0), m->refusal_stage, &m->refusal);
  else if (!m->handed_out && m->error.n && reached)
    hand_out (p, m, pkt_slice (NULL, 0), m->greeted ? PKT_STAGE_UNKNOWN : PKT_STAGE_CONNECT, &none);
  begin_connection (m);
}

/* "MAIL FROM:<a@example.com> SIZE=900" */
static PktSlice
address_of (PktSlice command)
{
  PktSlice open = pkt_slice_find (command, PKT_SLICE ("<"));
  if (open.p)
    return pkt_dsn_take_recipient (&open);
  PktSlice bare = pkt_slice_skip (command, pkt_slice_until (command, ':').n + 1);
  return pkt_slice_until (pkt_slice_trim (bare), ' ');
}

static void
take_mail (PktSessionParser *p, PktMachine *m, PktSlice said)
{
  if (m->open)
    end_transaction (p, m, NULL);
  begin_transaction (m);
  m->open = TRUE;
  PktSlice sender = address_of (said);
  m->attempt.sender = sender.p ? sender : pkt_slice ("", 0);
  PktSlice size = pkt_slice_find (said, PKT_SLICE (" SIZE="));
  gint64 bytes;
  if (pkt_slice_number (pkt_slice_until (pkt_slice_skip (size, 6), ' '), &bytes))
    m->attempt.size = bytes;
  pkt_session_add (m->session, PKT_TURN_MAIL, m->attempt.sender);
}

static PktSessionPending
take_command (PktSessionParser *p, PktMachine *m, PktSlice said)
{
  PktSessionPending out = { PKT_STAGE_UNKNOWN, 0 };
  if (pkt_slice_starts_nocase (said, PKT_SLICE ("MAIL"))) {
    take_mail (p, m, said);
    out.stage = PKT_STAGE_MAIL;
  } else if (pkt_slice_starts_nocase (said, PKT_SLICE ("RCPT"))) {
    PktSessionRecipient r = { address_of (said), { .code = 0 } };
    out.stage = PKT_STAGE_RCPT;
    out.recipient = m->recipients->len;
    if (r.address.n && m->recipients->len < PKT_SESSION_MAX_RECIPIENTS)
      g_array_append_val (m->recipients, r);
    pkt_session_add (m->session, PKT_TURN_RCPT, r.address);
  } else {
    if (m->pending->len == 0
        && (pkt_slice_starts_nocase (said, PKT_SLICE ("RSET"))
            || pkt_slice_starts_nocase (said, PKT_SLICE ("QUIT"))))
      end_transaction (p, m, NULL);
    out.stage = pkt_stage_from_words (said);
    PktSlice words = out.stage == PKT_STAGE_HELO
                             || pkt_slice_starts_nocase (said, PKT_SLICE ("AUTH"))
                         ? pkt_slice_until (said, ' ') /* credentials stay where they are */
                         : said;
    if (out.stage == PKT_STAGE_HELO)
      m->helo = pkt_slice_trim (pkt_slice_skip (said, words.n));
    pkt_session_add (m->session, PKT_TURN_COMMAND, words);
  }
  return out;
}

static PktStamp
stamp_of (PktSlice date, PktStamp fallback)
{
  g_autofree char *text = g_strndup (date.p ? date.p : "", MIN (date.n, 100));
  g_autoptr (GDateTime) time = g_mime_utils_header_decode_date (text);
  return time ? (PktStamp){ g_date_time_to_unix (time) * PKT_SECOND, PKT_STAMP_UTC } : fallback;
}

/* Of the message only what names it is kept. */
static void
take_header (PktMachine *m, PktSlice line)
{
  PktSlice name = pkt_slice_until (line, ':'),
           value = pkt_slice_trim (pkt_slice_skip (line, name.n + 1));
  if (line.n == 0)
    m->in_header = FALSE;
  else if (pkt_slice_equal_nocase (name, PKT_SLICE ("Date")))
    m->attempt.stamp = stamp_of (value, m->attempt.stamp);
  else if (pkt_slice_equal_nocase (name, PKT_SLICE ("Message-ID"))) {
    PktSlice angle = pkt_slice_find (value, PKT_SLICE ("<"));
    m->attempt.message_id = angle.p ? pkt_slice_until (pkt_slice_skip (angle, 1), '>') : value;
  } else if (pkt_slice_equal_nocase (name, PKT_SLICE ("From")))
    m->attempt.from_domain = pkt_slice_until (pkt_slice_until (pkt_slice_domain (value), '>'), ' ');
  else if (pkt_slice_equal_nocase (name, PKT_SLICE ("To")))
    m->attempt.addressed = value;
  else if (pkt_slice_equal_nocase (name, PKT_SLICE ("DKIM-Signature")))
    m->session->signed_ = TRUE;
}

static void
take_text (PktMachine *m, PktSlice line)
{
  if (pkt_slice_equal (line, PKT_SLICE ("."))) {
    const PktSessionPending p = { PKT_STAGE_END_OF_DATA, 0 };
    m->in_data = FALSE;
    g_array_append_val (m->pending, p);
    return;
  }
  m->session->bytes += (gint64)line.n + 2;
  if (m->in_header)
    take_header (m, line);
}

void
pkt_machine_client (PktSessionParser *p, PktMachine *m, PktSlice said)
{
  if (m->in_data) {
    take_text (m, said);
    return;
  }
  said = pkt_slice_trim (said);
  if (said.n == 0)
    return;
  PktSessionPending waiting = take_command (p, m, said);
  g_array_append_val (m->pending, waiting);
}

/* Commands may come by the hundred thousand before a reply does: none is moved. */
static PktSessionPending
take_pending (PktMachine *m)
{
  const PktSessionPending p = g_array_index (m->pending, PktSessionPending, m->next);
  if (++m->next == m->pending->len) {
    g_array_set_size (m->pending, 0);
    m->next = 0;
  }
  return p;
}

static PktSessionPending
next_pending (PktMachine *m)
{
  PktSessionPending p = { PKT_STAGE_UNKNOWN, G_MAXUINT };
  if (!m->greeted && m->pending->len == 0) {
    p.stage = PKT_STAGE_BANNER;
    return p;
  }
  m->greeted = TRUE; /* what begins with a command was recorded from later on */
  if (m->pending->len)
    p = take_pending (m);
  else if (m->in_data) /* curl shows no message, and no "." */
    p.stage = PKT_STAGE_END_OF_DATA;
  return p;
}

static void
refuse (PktMachine *m, PktStage stage, const PktSessionReply *reply)
{
  m->refusal = *reply;
  m->refusal_stage = stage;
}

static void
take_data_reply (PktSessionParser *p, PktMachine *m, const PktSessionReply *reply)
{
  if (reply->code >= 300 && reply->code < 400) {
    m->in_data = m->in_header = TRUE;
    pkt_session_add (m->session, PKT_TURN_MESSAGE, pkt_slice (NULL, 0));
    return;
  }
  m->last = *reply;
  m->last_stage = PKT_STAGE_DATA;
  end_transaction (p, m, NULL);
}

/* An answer that nobody waits for: "421 … timeout exceeded". */
static void
take_unasked (PktSessionParser *p, PktMachine *m, const PktSessionReply *reply)
{
  if (reply->code < 400)
    return;
  refuse (m, PKT_STAGE_UNKNOWN, reply);
  if (m->recipients->len == 0)
    return;
  m->last = *reply;
  m->last_stage = PKT_STAGE_UNKNOWN;
  end_transaction (p, m, NULL);
}

/* "250-mx02.mail.icloud.com …", "554 st11p00im-smtpin005.me.com ESMTP not accepting connections":
 * who speaks, where the record does not say whom it called. */
static PktSlice
name_in (PktSlice text)
{
  while (text.n) {
    PktSlice word = pkt_slice_until (text, ' ');
    text = pkt_slice_skip (text, word.n + 1);
    if (pkt_is_reply (word) && word.n > 4)
      word = pkt_slice_skip (word, 4);
    gboolean letter = FALSE, other = FALSE;
    for (gsize i = 0; i < word.n; i++) {
      letter = letter || g_ascii_isalpha (word.p[i]);
      other = other || !(g_ascii_isalnum (word.p[i]) || word.p[i] == '-' || word.p[i] == '.');
    }
    if (letter && !other && (memchr (word.p, '.', word.n) || word.n > 20))
      return word;
  }
  return pkt_slice (NULL, 0);
}

static void
take_reply (PktSessionParser *p, PktMachine *m, const PktSessionReply *reply)
{
  PktSessionPending asked = next_pending (m);
  if (!m->host.n && !m->ip.n && (asked.stage == PKT_STAGE_HELO || asked.stage == PKT_STAGE_BANNER))
    m->host = name_in (reply->text);
  switch (asked.stage) {
  case PKT_STAGE_BANNER:
    m->greeted = TRUE;
    if (reply->code >= 400)
      refuse (m, PKT_STAGE_BANNER, reply);
    break;
  case PKT_STAGE_HELO:
  case PKT_STAGE_STARTTLS:
    if (asked.stage == PKT_STAGE_STARTTLS && reply->code < 300)
      m->tls = m->session->tls = TRUE;
    if (reply->code >= 400)
      refuse (m, asked.stage, reply);
    break;
  case PKT_STAGE_MAIL:
    m->mail = *reply;
    break;
  case PKT_STAGE_RCPT:
    if (asked.recipient < m->recipients->len)
      g_array_index (m->recipients, PktSessionRecipient, asked.recipient).reply = *reply;
    break;
  case PKT_STAGE_DATA:
    take_data_reply (p, m, reply);
    break;
  case PKT_STAGE_END_OF_DATA:
    m->in_data = FALSE;
    m->last = *reply;
    m->last_stage = PKT_STAGE_END_OF_DATA;
    end_transaction (p, m, NULL);
    break;
  default:
    if (asked.recipient == G_MAXUINT)
      take_unasked (p, m, reply);
  }
}

void
pkt_machine_server (PktSessionParser *p, PktMachine *m, PktSlice said)
{
  said = pkt_slice_trim (said);
  if (!pkt_is_reply (said) && m->lines->len == 0)
    return;
  pkt_session_add (m->session, PKT_TURN_REPLY, said);
  if (m->lines->len)
    g_string_append_c (m->lines, ' ');
  g_string_append_len (m->lines, said.p, (gssize)said.n);
  if (said.n > 3 && said.p[3] == '-' && m->lines->len < PKT_SESSION_MAX_BYTES / 16)
    return;
  PktSessionReply reply = { 0, { NULL, 0 }, p->line, p->stamp };
  reply.code = (int)g_ascii_strtoll (m->lines->str, NULL, 10);
  reply.text = pkt_slice (
      g_string_chunk_insert_len (p->chunk, m->lines->str, (gssize)m->lines->len), m->lines->len);
  g_string_truncate (m->lines, 0);
  take_reply (p, m, &reply);
}
