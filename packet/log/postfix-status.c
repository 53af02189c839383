/* Parsed from both ends: reply text may imitate anything that stands before it. */
#include "packet/log/postfix-status.h"
#include "packet/log/format.h"

/* The address in "to=<…>, next=": up to the first `>` that is followed by `stop`, after a quoted
 * local part where there is one: to=<"angle<x>373"@mac.com>, to=<"status=sent 384"@mac.com>. Moves
 * s behind it. */
gboolean
pkt_postfix_address (PktSlice *s, PktSlice stop, PktSlice *out)
{
  gsize i = 0;
  if (s->n && s->p[0] == '"')
    for (i = 1; i < s->n && s->p[i] != '"'; i++)
      if (s->p[i] == '\\')
        i++;
  if (i >= s->n)
    i = 0;
  const char *limit = s->p + s->n;
  for (const char *p = s->p + i; (p = pkt_find_byte (p, limit, '>')); p++)
    if ((gsize)(limit - p) >= stop.n && pkt_bytes_same (p, stop.p, stop.n)) {
      *out = pkt_slice (s->p, (gsize)(p - s->p));
      *s = pkt_slice (p + stop.n, (gsize)(limit - p) - stop.n);
      return TRUE;
    }
  return FALSE;
}

/* What follows ", status=" behind the relay; field by field, since a reply text comes only after
 * it. */
static PktSlice
find_status (PktSlice s)
{
  static const char key[] = ", status=";
  const char *limit = s.p + s.n;
  for (const char *p = s.p; (p = pkt_find_byte (p, limit, ',')); p++)
    if ((gsize)(limit - p) >= sizeof key - 1 && pkt_bytes_same (p, key, sizeof key - 1))
      return pkt_slice (p + sizeof key - 1, (gsize)(limit - p) - (sizeof key - 1));
  return pkt_slice (NULL, 0);
}

static void
read_relay (PktSlice relay, PktAttempt *a)
{
  if (pkt_slice_equal (relay, PKT_SLICE ("none")))
    return;
  a->remote_host = pkt_slice_until (relay, '[');
  if (a->remote_host.n < relay.n)
    a->remote_ip = pkt_slice_until (pkt_slice_skip (relay, a->remote_host.n + 1), ']');
}

/* "status=WORD (REASON)"; the last ")" may be missing: Postfix cuts a line at 2,000 characters,
 * some syslogd earlier. */
static gboolean
read_status (PktSlice s, PktAttempt *a)
{
  static const struct {
    PktSlice word;
    PktOutcome outcome;
  } words[] = {
    { PKT_SLICE ("sent"), PKT_DELIVERED },
    { PKT_SLICE ("deferred"), PKT_DEFERRED },
    { PKT_SLICE ("bounced"), PKT_BOUNCED },
    { PKT_SLICE ("SOFTBOUNCE"), PKT_DEFERRED },
  };
  PktSlice word = pkt_slice_until (s, ' ');
  gsize i = 0;
  while (i < G_N_ELEMENTS (words) && !pkt_slice_equal (word, words[i].word))
    i++;
  if (i == G_N_ELEMENTS (words))
    return FALSE; /* undeliverable, deliverable: address probes */
  a->outcome = words[i].outcome;
  PktSlice reason = pkt_slice_skip (s, word.n + 1);
  if (reason.n && reason.p[0] == '(')
    reason = pkt_slice_skip (reason, 1);
  if (reason.n && reason.p[reason.n - 1] == ')')
    reason.n--;
  if (a->outcome == PKT_DELIVERED) {
    a->reply = reason;
    a->reply_is_remote = TRUE;
    a->stage = PKT_STAGE_END_OF_DATA;
    return TRUE;
  }
  PktSlice host = a->remote_host, ip = a->remote_ip;
  pkt_postfix_reason (reason, a);
  if (host.n) { /* the relay decides whose attempt it is; the reason may quote another host */
    a->remote_host = host;
    a->remote_ip = ip;
  }
  return TRUE;
}

/* QID: to=<ADDR>[, orig_to=<ADDR>], relay=…, delay=…, dsn=…, status=WORD (REASON). Keys between are
 * skipped, known or not. */
gboolean
pkt_postfix_status (PktSlice s, PktAttempt *a)
{
  s = pkt_slice_skip (s, 4);
  PktSlice tail = s, before_orig, orig_to;
  gboolean direct = pkt_postfix_address (&s, PKT_SLICE (">, relay="), &a->recipient);
  if ((!direct || memchr (a->recipient.p, '>', a->recipient.n))
      && pkt_postfix_address (&tail, PKT_SLICE (">, orig_to=<"), &before_orig)
      && (!direct || before_orig.n < a->recipient.n)) { /* it may be quoted and hold anything */
    a->recipient = before_orig;
    s = tail;
    direct = pkt_postfix_address (&s, PKT_SLICE (">, relay="), &orig_to);
  }
  if (!direct)
    return FALSE;
  PktSlice status = find_status (s);
  if (status.p == NULL)
    return FALSE;
  read_relay (pkt_slice_until (s, ','), a);
  return read_status (status, a);
}
