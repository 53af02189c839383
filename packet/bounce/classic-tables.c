/* Sendmail's and Exchange's texts: what is said of a recipient stands apart from the session. */
#include "packet/bounce/dsn.h"
#include "packet/bounce/notice.h"

/* One answer of a transcript. */
typedef struct {
  PktSlice host, command, reply; /* reply: its lines joined by blanks, kept */
  PktSlice first;                /* line of it */
  gboolean taken;                /* it decided for somebody */
} Answer;

static gboolean
goes_on (PktSlice line)
{
  return line.n > 3 && line.p[3] == '-';
}

/* "... while talking to mx01.mail.icloud.com.:", ">>> RCPT To:<…>", "<<< 550-…", "<<< 550 …". */
static GArray *
read_answers (PktDsnNotice *notice, PktSlice text)
{
  GArray *answers = g_array_new (FALSE, TRUE, sizeof (Answer));
  g_autoptr (GString) reply = g_string_new (NULL);
  PktSlice line, host = { NULL, 0 }, command = { NULL, 0 }, first = { NULL, 0 };
  while (pkt_dsn_next_line (&text, &line) && answers->len < PKT_DSN_MAX_RECIPIENTS) {
    if (pkt_take (&line, "... while talking to ")) {
      host = line;
      while (host.n && (host.p[host.n - 1] == ':' || host.p[host.n - 1] == '.'))
        host.n--;
      command = pkt_slice (NULL, 0);
    } else if (pkt_take (&line, ">>> "))
      command = line;
    else if (pkt_take (&line, "<<< ")) {
      if (reply->len == 0)
        first = line;
      else
        g_string_append_c (reply, ' ');
      g_string_append_len (reply, line.p, (gssize)line.n);
      if (goes_on (line))
        continue;
      const Answer a = { host, command, pkt_dsn_notice_keep (notice, reply), first, FALSE };
      g_array_append_val (answers, a);
      g_string_truncate (reply, 0);
    }
  }
  return answers;
}

/* After DATA Sendmail writes the same for the answer to the command and to the message; and what
 * came before the first command is the greeting. */
static PktStage
stage_of (const Answer *a)
{
  if (!a->command.p)
    return PKT_STAGE_BANNER;
  return pkt_slice_starts (a->command, PKT_SLICE ("DATA")) ? PKT_STAGE_UNKNOWN
                                                           : pkt_stage_from_words (a->command);
}

/* The answer that begins with the reason given, else the last refusal. */
static Answer *
find_answer (const GArray *answers, PktSlice reason)
{
  Answer *last = NULL;
  for (guint i = 0; i < answers->len; i++) {
    Answer *a = &g_array_index (answers, Answer, i);
    if (reason.n && pkt_slice_equal (a->first, reason))
      return a;
    if (!reason.n && a->reply.n && a->reply.p[0] >= '4')
      last = a;
  }
  return last;
}

static void
add_sendmail (PktDsnNotice *notice, PktSlice recipient, PktSlice reason, PktOutcome outcome,
              const GArray *answers)
{
  PktDsnReason r = { .outcome = outcome };
  if (recipient.n == 0)
    return;
  Answer *a = find_answer (answers, reason);
  if (a) {
    a->taken = TRUE;
    r.host = a->host;
    r.stage = stage_of (a);
    r.reply = a->reply;
  } else if (reason.n && g_ascii_isdigit (reason.p[0]))
    r.reply = reason;
  else
    r.words = reason;
  pkt_dsn_notice_add (notice, recipient, &r);
}

/* Hosts that were tried besides and would not talk to us. Later refusals may be of a recipient that
 * this bounce is not about. */
static void
add_others (PktDsnNotice *notice, const GArray *answers)
{
  for (guint i = 0; i < answers->len; i++) {
    const Answer *a = &g_array_index (answers, Answer, i);
    const PktDsnReason r = { .host = a->host, .reply = a->reply, .stage = stage_of (a) };
    if (!a->taken && a->host.n && a->reply.n && a->reply.p[0] >= '4'
        && (r.stage == PKT_STAGE_BANNER || r.stage == PKT_STAGE_HELO))
      pkt_dsn_notice_add_other (notice, &r);
  }
}

/* "   ----- The following addresses had permanent fatal errors -----", "<user@icloud.com>",
 * "    (reason: 550 5.7.1 …)", "    (expanded from: <…>)". */
void
pkt_dsn_sendmail_read (PktDsnNotice *notice, PktSlice text)
{
  g_autoptr (GArray) answers = read_answers (notice, text);
  PktSlice line, recipient = { NULL, 0 }, reason = { NULL, 0 };
  gboolean listing = FALSE;
  PktOutcome outcome = PKT_BOUNCED;
  while (pkt_dsn_next_line (&text, &line)) {
    line = pkt_slice_trim (line);
    if (pkt_take (&line, "----- ")) {
      listing = pkt_take (&line, "The following addresses had ");
      outcome = pkt_slice_starts (line, PKT_SLICE ("transient")) ? PKT_DEFERRED : PKT_BOUNCED;
    }
    if (!listing)
      continue;
    PktSlice next = pkt_dsn_take_recipient (&line);
    if (next.n) {
      add_sendmail (notice, recipient, reason, outcome, answers);
      recipient = next;
      reason = pkt_slice (NULL, 0);
    } else if (pkt_take (&line, "(reason: ") && line.n) {
      line.n -= line.p[line.n - 1] == ')';
      reason = line;
    } else if (line.n == 0) {
      add_sendmail (notice, recipient, reason, outcome, answers);
      recipient.n = 0;
    }
  }
  add_sendmail (notice, recipient, reason, outcome, answers);
  add_others (notice, answers);
}

/* The first "550 5.7.1 …" or "550-…" that begins a word. */
static PktSlice
find_reply (PktSlice s)
{
  for (gsize i = 0; i + 4 <= s.n; i++) {
    const char *p = s.p + i;
    if ((i == 0 || !g_ascii_isalnum (p[-1])) && (i == 0 || p[-1] != '.') && *p >= '4' && *p <= '5'
        && g_ascii_isdigit (p[1]) && g_ascii_isdigit (p[2]) && (p[3] == ' ' || p[3] == '-'))
      return pkt_slice_skip (s, i);
  }
  return pkt_slice (NULL, 0);
}

/* "… ##", "…'", "… (in reply to …": what Exchange puts around a reply. */
static PktSlice
without_wrapping (PktSlice s)
{
  PktSlice at = pkt_slice_find (s, PKT_SLICE ("##"));
  if (at.p)
    s.n = (gsize)(at.p - s.p);
  s = pkt_slice_trim (s);
  while (s.n && (s.p[s.n - 1] == '\'' || s.p[s.n - 1] == '>'))
    s.n--;
  return pkt_slice_trim (s);
}

static gboolean
is_host (PktSlice s)
{
  gboolean dot = FALSE;
  for (gsize i = 0; i < s.n; i++) {
    if (!g_ascii_isalnum (s.p[i]) && s.p[i] != '-' && s.p[i] != '.')
      return FALSE;
    dot = dot || s.p[i] == '.';
  }
  return dot && g_ascii_isalpha (s.p[s.n - 1]);
}

/* "mx01.mail.icloud.com #554 5.7.1 … ##", "mx01.mail.icloud.com", "Remote Server returned '554 …'",
 * "Remote Server at mx01.mail.icloud.com (17.57.155.25) returned '…'". */
static void
exchange_reason (PktSlice text, PktDsnReason *r)
{
  PktSlice at = text;
  PktSlice word = pkt_slice_until (at, ' ');
  if (is_host (word)) {
    r->host = word;
    at = pkt_slice_skip (at, word.n + 1);
  }
  if (pkt_take (&at, "Remote Server at ")) {
    r->host = pkt_slice_until (at, ' ');
    PktSlice ip = pkt_slice_find (at, PKT_SLICE (" ("));
    if (ip.p && ip.p == r->host.p + r->host.n)
      r->ip = pkt_slice_until (pkt_slice_skip (ip, 2), ')');
  }
  PktSlice smtp = pkt_slice_find (at, PKT_SLICE ("SMTP; "));
  if (!smtp.p)
    smtp = pkt_slice_find (at, PKT_SLICE (" smtp; "));
  PktSlice reply = find_reply (smtp.p ? smtp : at);
  if (reply.n)
    r->reply = without_wrapping (reply);
  else
    r->words = text;
}

/* Under the headline: "Generating server: …", then a paragraph for each recipient. */
void
pkt_dsn_exchange_read (PktDsnNotice *notice, PktSlice text)
{
  static const PktSlice headline = PKT_SLICE ("Diagnostic information for administrators:");
  g_autoptr (GString) said = g_string_new (NULL);
  PktSlice line, rest = pkt_slice_skip (pkt_slice_find (text, headline), headline.n);
  while (pkt_dsn_next_line (&rest, &line)) {
    line = pkt_slice_trim (line);
    if (pkt_take (&line, "Original message headers:"))
      return;
    if (!memchr (line.p ? line.p : "", '@', line.n) || memchr (line.p, ' ', line.n))
      continue;
    PktSlice recipient = line;
    if (line.p[0] == '<')
      recipient = pkt_dsn_take_recipient (&line);
    g_string_truncate (said, 0);
    while (pkt_dsn_next_line (&rest, &line) && pkt_slice_trim (line).n) {
      line = pkt_slice_trim (line);
      if (said->len)
        g_string_append_c (said, ' ');
      g_string_append_len (said, line.p, (gssize)line.n);
    }
    PktDsnReason r = { .outcome = PKT_BOUNCED };
    exchange_reason (pkt_dsn_notice_keep (notice, said), &r);
    pkt_dsn_notice_add (notice, recipient, &r);
  }
}
