/* The REASON of a Postfix status line, also as its bounces quote it. Reply text is the other side's
 * and may imitate anything, so what is ours is looked for from the outside in: the words before it
 * from the front, "(in reply to …)" from the end. */
#include "packet/log/format.h"

/* "mx01.mail.icloud.com[17.57.156.30]:25" or "…[2001:db8::1]": name and address; the bytes read, 0
 * when it is none. */
static gsize
host_and_ip (PktSlice s, PktSlice *host, PktSlice *ip)
{
  gsize i = 0;
  while (i < s.n && s.p[i] != '[' && s.p[i] != ' ')
    i++;
  if (i == 0 || i >= s.n || s.p[i] != '[')
    return 0;
  PktSlice inner = pkt_slice_until (pkt_slice_skip (s, i + 1), ']');
  if (i + 1 + inner.n >= s.n)
    return 0;
  *host = pkt_slice (s.p, i);
  *ip = inner;
  return i + 1 + inner.n + 1;
}

/* REPLY "(in reply to CMD command)" at the very end: cut off and read. */
static PktSlice
cut_in_reply_to (PktSlice reply, PktStage *stage)
{
  static const char open[] = " (in reply to ";
  const gsize n = sizeof open - 1;
  for (gsize i = reply.n; i-- > 0;) {
    if (reply.p[i] != ' ' || reply.n - i < n || memcmp (reply.p + i, open, n) != 0)
      continue;
    *stage = pkt_stage_from_words (pkt_slice_skip (reply, i + n));
    return pkt_slice (reply.p, i);
  }
  return reply;
}

/* "while receiving the initial server greeting", "while performing the EHLO handshake", "while
 * sending RCPT TO". */
static PktStage
stage_of_while (PktSlice words)
{
  static const struct {
    const char *needle;
    PktStage stage;
  } table[] = {
    { "greeting", PKT_STAGE_BANNER },
    { "HELO", PKT_STAGE_HELO },
    { "EHLO", PKT_STAGE_HELO },
    { "STARTTLS", PKT_STAGE_STARTTLS },
    { "TLS handshake", PKT_STAGE_STARTTLS },
    { "end of data", PKT_STAGE_END_OF_DATA },
    { "message body", PKT_STAGE_DATA },
    { "DATA", PKT_STAGE_DATA },
    { "RCPT TO", PKT_STAGE_RCPT },
    { "MAIL FROM", PKT_STAGE_MAIL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (pkt_slice_find (words, pkt_slice_str (table[i].needle)).p)
      return table[i].stage;
  return PKT_STAGE_UNKNOWN;
}

static gboolean
said (PktSlice reason, PktAttempt *out)
{
  PktSlice rest = pkt_slice_skip (reason, 5); /* "host " */
  gsize n = host_and_ip (rest, &out->remote_host, &out->remote_ip);
  rest = pkt_slice_skip (rest, n);
  if (n && pkt_slice_starts (rest, PKT_SLICE (" said: "))) {
    out->reply = cut_in_reply_to (pkt_slice_skip (rest, 7), &out->stage);
  } else if (n && pkt_slice_starts (rest, PKT_SLICE (" refused to talk to me: "))) {
    out->stage = PKT_STAGE_BANNER;
    out->reply = pkt_slice_skip (rest, 24);
  } else
    return FALSE;
  out->reply_is_remote = TRUE;
  return TRUE;
}

void
pkt_postfix_reason (PktSlice reason, PktAttempt *out)
{
  static const struct {
    const char *prefix;
    PktStage stage;
  } own_words[] = {
    { "connect to ", PKT_STAGE_CONNECT },
    { "lost connection with ", PKT_STAGE_UNKNOWN },
    { "conversation with ", PKT_STAGE_UNKNOWN },
  };
  if (pkt_slice_starts (reason, PKT_SLICE ("delivery temporarily suspended: "))) {
    pkt_postfix_reason (pkt_slice_skip (reason, 32), out);
    out->outcome = PKT_NOT_ATTEMPTED;
    return;
  }
  if (pkt_slice_starts (reason, PKT_SLICE ("host ")) && said (reason, out))
    return;
  out->reply = reason;
  out->reply_is_remote = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (own_words); i++) {
    PktSlice prefix = pkt_slice_str (own_words[i].prefix), host, ip;
    if (!pkt_slice_starts (reason, prefix))
      continue;
    if (host_and_ip (pkt_slice_skip (reason, prefix.n), &host, &ip)) {
      out->remote_host = host;
      out->remote_ip = ip;
    }
    PktSlice after = pkt_slice_find (reason, PKT_SLICE (" while "));
    out->stage = after.p ? stage_of_while (after) : own_words[i].stage;
    return;
  }
}
