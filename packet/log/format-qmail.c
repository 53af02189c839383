/* qmail, netqmail, notqmail, s/qmail (facts: log-formats section 5): multilog, tai64nlocal, or
 * syslog through splogger. A delivery number is good while the delivery runs, a message number, the
 * inode, until `end msg`. */
#include "packet/log/text-parse.h"
#include "packet/log/text-reader.h"

static gboolean
owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("qmail"));
}

static gboolean
is_own_line (PktSlice s)
{
  static const char *const begins[] = { "new msg ",       "info msg ",      "starting delivery ",
                                        "delivery ",      "end msg ",       "bounce msg ",
                                        "status: local ", "triple bounce: " };
  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++)
    if (pkt_slice_starts (s, pkt_slice_str (begins[i])))
      return TRUE;
  return FALSE;
}

/* "1054194593.322896 " of splogger in front of the text. */
static PktSlice
skip_epoch (PktSlice s)
{
  gsize i = 0;
  while (i < s.n && (g_ascii_isdigit (s.p[i]) || s.p[i] == '.'))
    i++;
  return i > 10 && i < s.n && s.p[i] == ' ' ? pkt_slice_skip (s, i + 1) : s;
}

static guint
probe (PktSlice line)
{
  PktSyslog f;
  PktStamp ignored;
  if (pkt_syslog_split (line, &f) && owns_tag (f.tag))
    return is_own_line (skip_epoch (f.text)) ? 100 : 0;
  PktSlice s = pkt_wrap_skip_name (line);
  gsize n = pkt_text_stamp (s, 0, &ignored);
  return n && is_own_line (pkt_slice_trim (pkt_slice_skip (s, n))) ? 95 : 0;
}

/* Digits up to a blank or colon. */
static PktSlice
take_number (PktSlice *s)
{
  gsize i = 0;
  while (i < s->n && g_ascii_isdigit (s->p[i]))
    i++;
  PktSlice number = pkt_slice (s->p, i);
  *s = pkt_slice_skip (*s, i);
  return number;
}

/* "msg 161214: bytes 869 from <user@example.com> qp 24150 uid 1000". */
static PktRecordKind
info (PktTextReader *r, PktSlice s)
{
  PktSlice sender;
  gint64 size;
  r->id = take_number (&s);
  if (!pkt_take (&s, ": bytes "))
    return PKT_RECORD_OTHER;
  if (!pkt_slice_number (take_number (&s), &size))
    size = -1;
  return pkt_take (&s, " from ") && pkt_take_bracketed (&s, &sender)
             ? pkt_text_reader_arrival (r, pkt_slice (NULL, 0), sender, size)
             : PKT_RECORD_OTHER;
}

enum { LOCAL = 1 };

/* "183: msg 161214 to remote user@example.net". */
static PktRecordKind
starting (PktTextReader *r, PktSlice s)
{
  PktSlice delivery = take_number (&s);
  if (!pkt_take (&s, ": msg "))
    return PKT_RECORD_OTHER;
  PktSlice message = take_number (&s);
  gboolean local = pkt_take (&s, " to local ");
  if (!local && !pkt_take (&s, " to remote "))
    return PKT_RECORD_OTHER;
  pkt_memory_drop (r->memory, r->scope, delivery); /* of a process that has ended */
  PktRemembered *d = pkt_memory_take (r->memory, r->scope, delivery);
  pkt_remember (d, &d->other, message);
  pkt_remember_recipient (d, s);
  d->state = local ? LOCAL : 0;
  return PKT_RECORD_OTHER;
}

/* "…/Remote_host_said:_550_5.1.1_no/Giving_up_on_192.0.2.1./": bytes that cannot be printed, and
 * blanks, are `_`, line ends are `/`; a `/` is one where the next line of a reply follows. */
static void
decode (PktTextReader *r, PktSlice text)
{
  g_string_truncate (r->buffer, 0);
  while (text.n && text.p[text.n - 1] == '/')
    text.n--;
  for (gsize i = 0; i < text.n; i++) {
    char c = text.p[i];
    PktSlice next = pkt_slice_skip (text, i + 1);
    gboolean line_end = c == '/' && next.n >= 4 && g_ascii_isdigit (next.p[0])
                        && g_ascii_isdigit (next.p[1]) && g_ascii_isdigit (next.p[2])
                        && (next.p[3] == '_' || next.p[3] == '-');
    g_string_append_c (r->buffer, c == '_' || line_end ? ' ' : c);
  }
}

static gsize
before (PktSlice s, const char *word)
{
  PktSlice at = pkt_slice_find (s, pkt_slice_str (word));
  return at.p ? (gsize)(at.p - s.p) : s.n;
}

static PktSlice
reply_of (PktSlice text, gboolean *remote)
{
  PktSlice said = pkt_slice_find (text, PKT_SLICE ("/Remote_host_said:_"));
  *remote = said.p != NULL;
  if (said.p)
    text = pkt_slice_skip (said, 19);
  static const char *const ends[] = { "/Giving_up_on_",
                                      "/STARTTLS_proto=", "/I'm_not_going_to_try_again" };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    text.n = before (text, ends[i]);
  return text;
}

/* "130.57.1.11_does_not_like_recipient.", "Connected_to_130.57.1.11_but_…". */
static void
read_words (PktSlice s, PktAttempt *a)
{
  static const struct {
    const char *words;
    PktStage stage;
  } known[] = { { "_does_not_like_recipient", PKT_STAGE_RCPT },
                { "_but_sender_was_rejected", PKT_STAGE_MAIL },
                { "_failed_on_DATA_command", PKT_STAGE_DATA },
                { "_failed_after_I_sent_the_message", PKT_STAGE_END_OF_DATA },
                { "_accepted_message", PKT_STAGE_END_OF_DATA },
                { "_but_greeting_failed", PKT_STAGE_BANNER },
                { "_but_my_name_was_rejected", PKT_STAGE_HELO },
                { "Sorry,_I_wasn't_able_to_establish_an_SMTP_connection", PKT_STAGE_CONNECT } };
  PktSlice head = pkt_slice (s.p, before (s, "/Remote_host_said:"));
  if (pkt_take (&head, "User_and_password_not_set")) /* a patch for SMTP AUTH says so first */
    head = pkt_slice_skip (head, before (head, "./") + 2);
  if (pkt_slice_starts (head, PKT_SLICE ("<"))) /* "<a@example.com>_192.0.2.1_accepted…" */
    head = pkt_slice_skip (head, before (head, ">_") + 2);
  for (gsize i = 0; i < G_N_ELEMENTS (known) && a->stage == PKT_STAGE_UNKNOWN; i++)
    if (pkt_slice_find (head, pkt_slice_str (known[i].words)).p)
      a->stage = known[i].stage;
  pkt_take (&head, "Connected_to_");
  PktSlice ip = pkt_slice_until (head, '_');
  if (ip.n >= 7 && g_ascii_isxdigit (ip.p[0])
      && (memchr (ip.p, '.', ip.n) || memchr (ip.p, ':', ip.n)))
    a->remote_ip = ip;
}

/* "183: failure: TEXT". */
static PktRecordKind
result (PktTextReader *r, PktSlice s)
{
  PktAttempt a = { .size = -1 };
  PktSlice delivery = take_number (&s);
  PktRemembered *d = pkt_memory_find (r->memory, r->scope, delivery);
  if (pkt_take (&s, ": success: "))
    a.outcome = PKT_DELIVERED;
  else if (pkt_take (&s, ": deferral: "))
    a.outcome = PKT_DEFERRED;
  else if (pkt_take (&s, ": failure: "))
    a.outcome = PKT_BOUNCED;
  else
    return PKT_RECORD_OTHER;
  gboolean known = d && d->recipients;
  g_autofree char *recipient = known ? g_strdup (g_ptr_array_index (d->recipients, 0)) : NULL,
                  *message = known ? g_strdup (d->other) : NULL;
  a.smtp = !known || !(d->state & LOCAL);
  a.recipient = pkt_slice_str (recipient);
  r->id = pkt_slice_str (message);
  read_words (s, &a);
  decode (r, reply_of (s, &a.reply_is_remote));
  a.reply = pkt_slice_trim (pkt_slice (r->buffer->str, r->buffer->len));
  if (!known && (a.remote_ip.n == 0 || !a.reply_is_remote)) /* nobody's, or a local one */
    return PKT_RECORD_OTHER;
  pkt_memory_drop (r->memory, r->scope, delivery);
  return pkt_text_reader_tell (r, PKT_RECORD_ATTEMPT, &a);
}

static PktRecordKind
parse_text (PktTextReader *r, PktSlice s)
{
  PktAttempt a = { .size = -1 };
  if (pkt_take (&s, "delivery "))
    return result (r, s);
  if (pkt_take (&s, "starting delivery "))
    return starting (r, s);
  if (pkt_take (&s, "info msg "))
    return info (r, s);
  if (pkt_take (&s, "end msg ") || pkt_take (&s, "new msg ")) {
    r->id = take_number (&s);
    return pkt_text_reader_tell (r, PKT_RECORD_REMOVED, &a);
  }
  return PKT_RECORD_OTHER;
}

/* splogger cuts at 800 characters: what goes on begins with "EPOCH.usec+". The line before was
 * taken as it stood; its end is lost, its beginning has what matters. */
static PktRecordKind
parse_syslog (PktTextReader *r, PktSlice text)
{
  PktRecordKind kind = parse_text (r, skip_epoch (text));
  return kind == PKT_RECORD_UNKNOWN ? PKT_RECORD_OTHER : kind;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  PktTextReader *r = state;
  PktSyslog f;
  PktTextKind kind = pkt_text_log_read (&r->log, line, &f);
  if (kind == PKT_TEXT_MORE)
    return PKT_RECORD_OTHER;
  r->sink = sink;
  r->data = data;
  r->scope = f.host;
  if (kind == PKT_TEXT_LINE && owns_tag (f.tag))
    return parse_syslog (r, f.text);
  r->scope = pkt_slice (NULL, 0);
  PktSlice bare = kind == PKT_TEXT_LINE ? pkt_text_log_bare (&r->log, line) : f.text;
  if (r->log.time.n && is_own_line (bare))
    return parse_text (r, bare);
  return kind == PKT_TEXT_LINE ? PKT_RECORD_FOREIGN : PKT_RECORD_UNKNOWN;
}

const PktFormat pkt_format_qmail = {
  .name = "qmail",
  .summary = "qmail, netqmail, notqmail: multilog (TAI64N), tai64nlocal, splogger",
  .probe = probe,
  .parse = parse,
  .owns_tag = owns_tag,
  PKT_TEXT_READER,
  .blind
  = "hold no Message-ID and no name of a mail server, only its address, and write blanks and "
    "underscores alike",
};
