/* Texts of mail servers whose bounces do not say all, or anything, in a delivery status part. Each
 * reader is from samples of log-formats.md 20.3 and of the servers themselves. */
#include "packet/bounce/notice.h"
#include "packet/model/attempt.h"

static gsize
indent_of (PktSlice line)
{
  gsize n = 0;
  while (n < line.n && line.p[n] == ' ')
    n++;
  return n;
}

/* One word with an @ that may be an address; a quoted local part may hold blanks. */
static gboolean
is_address (PktSlice s)
{
  gboolean quoted = FALSE, at = FALSE;
  for (gsize i = 0; i < s.n; i++) {
    quoted = quoted != (s.p[i] == '"');
    if (!quoted && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == ','))
      return FALSE;
    at = at || (!quoted && s.p[i] == '@' && i > 0 && i + 1 < s.n);
  }
  return at && !quoted && s.p[s.n - 1] != ':';
}

static void
join (GString *out, PktSlice more)
{
  if (out->len && more.n)
    g_string_append_c (out, ' ');
  if (more.n)
    g_string_append_len (out, more.p, (gssize)more.n);
}

/* "mx02.mail.icloud.com [17.57.154.33]" up to the "]"; the name alone where there is no address. */
static void
take_host (PktSlice *s, PktDsnReason *r)
{
  PktSlice host = pkt_slice_until (*s, ' '), rest = pkt_slice_skip (*s, host.n + 1);
  r->host = host;
  *s = rest;
  if (rest.n && rest.p[0] == '[') {
    r->ip = pkt_slice_until (pkt_slice_skip (rest, 1), ']');
    *s = pkt_slice_skip (rest, r->ip.n + 2);
  }
}

static PktStage
stage_of_command (PktSlice command)
{
  if (pkt_slice_starts (command, PKT_SLICE ("final DATA"))) /* dma */
    return PKT_STAGE_END_OF_DATA;
  pkt_take (&command, "pipelined ");
  return pkt_stage_from_words (command);
}

static void
set_reply (PktDsnReason *r, PktSlice text)
{
  text = pkt_slice_trim (text);
  if (pkt_is_reply (text))
    r->reply = text;
  else
    r->words = text;
}

/* Exim: "[host H [IP] ]SMTP error from remote mail server after CMD: [host H [IP]: ]REPLY". */
static void
exim_reason (PktSlice text, PktDsnReason *r)
{
  static const PktSlice error = PKT_SLICE ("SMTP error from remote mail");
  PktSlice at = text, hit = pkt_slice_find (text, error);
  pkt_take (&at, "Delay reason: ");
  if (pkt_take (&at, "host "))
    take_host (&at, r);
  if (!hit.p) {
    set_reply (r, pkt_slice_trim (at));
    return;
  }
  PktSlice after = pkt_slice_find (hit, PKT_SLICE (" after "));
  if (!pkt_take (&after, " after "))
    return;
  r->stage = stage_of_command (after);
  PktSlice reply = pkt_slice_find (after, PKT_SLICE (": "));
  pkt_take (&reply, ": ");
  if (pkt_take (&reply, "host ")) {
    take_host (&reply, r);
    pkt_take (&reply, ": ");
  }
  set_reply (r, pkt_without_given_up (reply));
}

static void
add_exim (PktDsnNotice *notice, PktSlice recipient, const GString *text, PktOutcome outcome)
{
  PktDsnReason r = { .outcome = outcome };
  if (recipient.n == 0)
    return;
  exim_reason (pkt_dsn_notice_keep (notice, text), &r);
  pkt_dsn_notice_add (notice, recipient, &r);
}

/* Recipients stand two columns in, what is said of them four. */
static void
read_exim (PktDsnNotice *notice, PktSlice text)
{
  g_autoptr (GString) reason = g_string_new (NULL);
  PktSlice line, recipient = { NULL, 0 };
  const gboolean delayed = pkt_slice_find (text, PKT_SLICE ("not yet been delivered")).p
                           || pkt_slice_find (text, PKT_SLICE ("Delay reason: ")).p;
  const PktOutcome outcome = delayed ? PKT_DEFERRED : PKT_BOUNCED;
  while (pkt_dsn_next_line (&text, &line)) {
    gsize indent = indent_of (line);
    PktSlice said = pkt_slice_skip (line, indent);
    if (indent == 2 && is_address (said)) {
      add_exim (notice, recipient, reason, outcome);
      recipient = said;
      g_string_truncate (reason, 0);
    } else if (indent >= 4 && !pkt_slice_starts (said, PKT_SLICE ("(generated from "))
               && !pkt_slice_starts (said, PKT_SLICE ("(ultimately generated from ")))
      join (reason, said);
    else if (line.n == 0 && reason->len) {
      add_exim (notice, recipient, reason, outcome);
      recipient.n = 0;
      g_string_truncate (reason, 0);
    }
  }
  add_exim (notice, recipient, reason, outcome);
}

static PktSlice
qmail_ip (PktSlice said)
{
  pkt_take (&said, "Connected to ");
  PktSlice ip = pkt_slice_until (said, ' ');
  g_autofree char *text = g_strndup (ip.p ? ip.p : "", ip.n);
  return g_hostname_is_ip_address (text) ? ip : pkt_slice (NULL, 0);
}

/* "17.57.152.5 does not like recipient. Remote host said: 550 … Giving up on 17.57.152.5." */
static void
qmail_reason (PktSlice text, PktDsnReason *r)
{
  static const struct {
    PktSlice words;
    PktStage stage;
  } stages[] = { { PKT_SLICE (" does not like recipient."), PKT_STAGE_RCPT },
                 { PKT_SLICE ("sender was rejected."), PKT_STAGE_MAIL },
                 { PKT_SLICE ("failed after I sent the message."), PKT_STAGE_END_OF_DATA },
                 { PKT_SLICE ("failed on DATA command."), PKT_STAGE_DATA },
                 { PKT_SLICE ("greeting failed."), PKT_STAGE_BANNER },
                 { PKT_SLICE ("my name was rejected."), PKT_STAGE_HELO },
                 { PKT_SLICE ("establish an SMTP connection."), PKT_STAGE_CONNECT } };
  PktSlice reply = pkt_slice_find (text, PKT_SLICE ("Remote host said: "));
  PktSlice own = pkt_slice (text.p, text.n - reply.n);
  r->ip = qmail_ip (text);
  for (gsize i = 0; i < G_N_ELEMENTS (stages) && r->stage == PKT_STAGE_UNKNOWN; i++)
    if (pkt_slice_find (own, stages[i].words).p)
      r->stage = stages[i].stage;
  if (!pkt_take (&reply, "Remote host said: ")) {
    r->words = text;
    return;
  }
  PktSlice end = pkt_slice_find (reply, PKT_SLICE (" Giving up on "));
  set_reply (r, end.p ? pkt_slice (reply.p, (gsize)(end.p - reply.p)) : reply);
}

/* `<recipient>:` and what is said of it up to an empty line: qmail, Courier. */
static void
read_colons (PktDsnNotice *notice, PktSlice text,
             void (*reason_of) (PktDsnNotice *notice, PktSlice lines, PktDsnReason *r))
{
  PktSlice line;
  while (pkt_dsn_next_line (&text, &line)) {
    PktSlice recipient = pkt_dsn_take_recipient (&line);
    if (recipient.n == 0 || !pkt_slice_equal (line, PKT_SLICE (":")))
      continue;
    PktSlice lines = text;
    while (pkt_dsn_next_line (&text, &line) && line.n)
      ;
    lines.n -= text.n;
    PktDsnReason r = { .outcome = PKT_BOUNCED };
    reason_of (notice, lines, &r);
    pkt_dsn_notice_add (notice, recipient, &r);
  }
}

static void
qmail_lines (PktDsnNotice *notice, PktSlice lines, PktDsnReason *r)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (PktSlice line; pkt_dsn_next_line (&lines, &line);)
    join (text, pkt_slice_trim (line));
  qmail_reason (pkt_dsn_notice_keep (notice, text), r);
}

/* " >>> RCPT TO:<…>" of Courier and Sendmail. After DATA they write the same for the answer to the
 * command and to the message. */
static PktStage
stage_of_sent (PktSlice command)
{
  if (pkt_slice_starts (command, PKT_SLICE ("DATA")))
    return PKT_STAGE_UNKNOWN;
  pkt_take (&command, "(");
  return pkt_stage_from_words (command);
}

/* "     mx01.mail.icloud.com [17.57.155.25]:", " >>> DATA", " <<< 550 5.7.1 …". */
static void
courier_lines (PktDsnNotice *notice, PktSlice lines, PktDsnReason *r)
{
  g_autoptr (GString) reply = g_string_new (NULL), words = g_string_new (NULL);
  for (PktSlice line; pkt_dsn_next_line (&lines, &line);) {
    line = pkt_slice_trim (line);
    if (pkt_take (&line, ">>> "))
      r->stage = stage_of_sent (line);
    else if (pkt_take (&line, "<<< ") || reply->len)
      join (reply, line);
    else if (line.n && line.p[line.n - 1] == ':' && memchr (line.p, '[', line.n))
      take_host (&line, r);
    else
      join (words, line);
  }
  if (reply->len)
    set_reply (r, pkt_dsn_notice_keep (notice, reply));
  else
    r->words = pkt_dsn_notice_keep (notice, words);
}

static void
read_qmail (PktDsnNotice *notice, PktSlice text)
{
  read_colons (notice, text, qmail_lines);
}

static void
read_courier (PktDsnNotice *notice, PktSlice text)
{
  read_colons (notice, text, courier_lines);
}

/* "user@icloud.com: 550 5.7.1 …" a line, under "list of recipients:". */
static void
read_opensmtpd (PktDsnNotice *notice, PktSlice text)
{
  PktSlice line;
  PktOutcome outcome = pkt_slice_find (text, PKT_SLICE ("temporary failure")).p ? PKT_DEFERRED
                                                                                : PKT_BOUNCED;
  while (pkt_dsn_next_line (&text, &line)) {
    const char *at = line.n && line.p[0] != ' ' ? memchr (line.p, '@', line.n) : NULL;
    PktSlice rest = at ? pkt_slice_find (pkt_slice (at, line.n - (gsize)(at - line.p)),
                                         PKT_SLICE (": "))
                       : pkt_slice (NULL, 0);
    PktSlice recipient = { line.p, rest.p ? (gsize)(rest.p - line.p) : 0 };
    PktDsnReason r = { .outcome = outcome };
    if (!is_address (recipient))
      continue;
    set_reply (&r, pkt_slice_skip (rest, 2));
    pkt_dsn_notice_add (notice, recipient, &r);
  }
}

/* "mx02.mail.icloud.com [17.42.251.62] did not like our final DATA:", then the reply. */
static void
dma_reason (PktDsnNotice *notice, PktSlice text, PktDsnReason *r)
{
  g_autoptr (GString) reply = g_string_new (NULL);
  PktSlice line = pkt_slice (NULL, 0);
  while (line.n == 0 && pkt_dsn_next_line (&text, &line))
    ;
  PktSlice like = pkt_slice_find (line, PKT_SLICE (" did not like our "));
  if (like.p) {
    take_host (&line, r);
    r->stage = stage_of_command (pkt_slice_skip (like, sizeof " did not like our " - 1));
  } else
    join (reply, line);
  while (pkt_dsn_next_line (&text, &line) && line.n)
    join (reply, line);
  set_reply (r, pkt_dsn_notice_keep (notice, reply));
}

static void
read_dma (PktDsnNotice *notice, PktSlice text)
{
  PktDsnReason r = { .outcome = PKT_BOUNCED };
  PktSlice at = pkt_slice_find (text, PKT_SLICE ("There was an error delivering your mail to <"));
  PktSlice to = pkt_slice_skip (at, sizeof "There was an error delivering your mail to " - 1);
  PktSlice recipient = pkt_dsn_take_recipient (&to), line;
  if (recipient.n == 0)
    return;
  pkt_dsn_next_line (&to, &line);
  dma_reason (notice, to, &r);
  pkt_dsn_notice_add (notice, recipient, &r);
}

/* "Intended Recipients: <a@icloud.com>, <b@icloud.com>", "Failure Reason: Error: 550 5.7.1 …". */
static void
read_haraka (PktDsnNotice *notice, PktSlice text)
{
  PktSlice to = pkt_slice_find (text, PKT_SLICE ("\nIntended Recipients: "));
  PktSlice why = pkt_slice_find (to, PKT_SLICE ("\nFailure Reason: ")), recipient;
  PktDsnReason r = { .outcome = PKT_BOUNCED };
  if (!pkt_take (&to, "\nIntended Recipients: ") || !pkt_take (&why, "\nFailure Reason: "))
    return;
  pkt_take (&why, "Error: ");
  set_reply (&r, pkt_slice_until (why, '\n'));
  for (; (recipient = pkt_dsn_take_recipient (&to)).n; pkt_take (&to, ", "))
    pkt_dsn_notice_add (notice, recipient, &r);
}

static const struct {
  const char *writer;
  const char *mark;
  void (*read) (PktDsnNotice *notice, PktSlice text);
} writers[] = {
  { "dma", "This is the DragonFly Mail Agent", read_dma },
  { "opensmtpd", "This is the MAILER-DAEMON, please DO NOT REPLY", read_opensmtpd },
  { "exim", "This message was created automatically by mail delivery software", read_exim },
  { "haraka", "Hi. This is the Haraka Mailer program", read_haraka },
  { "qmail", "Hi. This is the ", read_qmail },
  { "qmail", "--- Below this line is a copy of the message.", read_qmail },
  { "courier", "running the Courier mail server", read_courier },
  { "courier", "UNDELIVERABLE MAIL", read_courier },
  { "sendmail", "----- The following addresses had ", pkt_dsn_sendmail_read },
  { "sendmail", "----- Transcript of session follows -----", pkt_dsn_sendmail_read },
  { "exchange", "Diagnostic information for administrators:", pkt_dsn_exchange_read },
  { "google", "The response from the remote server was:", pkt_dsn_google_read },
  { "yahoo", "Sorry, we were unable to deliver your message to the following address",
    pkt_dsn_yahoo_read },
  { "exim", "SMTP error from remote mail server after ", read_exim }, /* in the site's own words */
};

const char *
pkt_dsn_classic_read (PktDsnNotice *notice, PktSlice text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (writers); i++) {
    if (!pkt_slice_find (text, pkt_slice_str (writers[i].mark)).p)
      continue;
    writers[i].read (notice, text);
    return writers[i].writer;
  }
  return NULL;
}
