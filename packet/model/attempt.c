#include "packet/model/attempt.h"

const char *
pkt_outcome_name (PktOutcome outcome)
{
  static const char *const names[PKT_N_OUTCOMES] = { "delivered", "deferred", "bounced",
                                                     "host_error", "not_attempted" };
  return names[outcome];
}

static const struct {
  const char *name, *words;
} stages[] = {
  [PKT_STAGE_UNKNOWN] = { NULL, NULL },
  [PKT_STAGE_CONNECT] = { "connect", "connect" },
  [PKT_STAGE_BANNER] = { "banner", "greeting" },
  [PKT_STAGE_HELO] = { "helo", "EHLO" },
  [PKT_STAGE_STARTTLS] = { "starttls", "STARTTLS" },
  [PKT_STAGE_MAIL] = { "mail", "MAIL FROM" },
  [PKT_STAGE_RCPT] = { "rcpt", "RCPT TO" },
  [PKT_STAGE_DATA] = { "data", "DATA" },
  [PKT_STAGE_END_OF_DATA] = { "end-of-data", "end of DATA" },
};

const char *
pkt_stage_name (PktStage stage)
{
  return stages[stage].name;
}

const char *
pkt_stage_words (PktStage stage)
{
  return stages[stage].words;
}

PktStage
pkt_stage_from_words (PktSlice words)
{
  static const struct {
    const char *prefix;
    PktStage stage;
  } table[] = {
    { "end of data", PKT_STAGE_END_OF_DATA },
    { "sending end of data", PKT_STAGE_END_OF_DATA },
    { "message body", PKT_STAGE_DATA },
    { "data", PKT_STAGE_DATA },
    { "rcpt", PKT_STAGE_RCPT },
    { "mail", PKT_STAGE_MAIL },
    { "starttls", PKT_STAGE_STARTTLS },
    { "ehlo", PKT_STAGE_HELO },
    { "helo", PKT_STAGE_HELO },
    { "lhlo", PKT_STAGE_HELO },
    { "initial", PKT_STAGE_BANNER },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    PktSlice prefix = pkt_slice_str (table[i].prefix);
    if (words.n >= prefix.n && pkt_ascii_lower (words.p[0]) == prefix.p[0]
        && g_ascii_strncasecmp (words.p, prefix.p, prefix.n) == 0)
      return table[i].stage;
  }
  return PKT_STAGE_UNKNOWN;
}

void
pkt_attempt_texts (PktAttempt *a, PktSlice *out[PKT_ATTEMPT_TEXTS])
{
  PktSlice *const all[PKT_ATTEMPT_TEXTS] = {
    &a->recipient, &a->sender, &a->from_domain, &a->remote_host, &a->remote_ip,   &a->local_ip,
    &a->transport, &a->helo,   &a->reply,       &a->queue_id,    &a->queue_scope, &a->message_id,
    &a->campaign,  &a->label,  &a->addressed,   &a->platform_id
  };
  memcpy (out, all, sizeof all);
}

gboolean
pkt_is_reply (PktSlice s)
{
  return s.n >= 3 && s.p[0] >= '2' && s.p[0] <= '5' && g_ascii_isdigit (s.p[1])
         && g_ascii_isdigit (s.p[2]) && (s.n == 3 || s.p[3] == ' ' || s.p[3] == '-');
}

gboolean
pkt_take_own_status (PktSlice *reply)
{
  static const char *const own[] = { "4.4.1 ", "4.4.7 ", "5.4.7 " };
  if (reply->n < 11 || reply->p[6] != '4') /* most speak of something else */
    return FALSE;
  PktSlice rest = pkt_slice_skip (*reply, 4);
  gboolean taken = FALSE;
  if (!pkt_is_reply (*reply))
    return FALSE;
  for (gsize i = 0; !taken && i < G_N_ELEMENTS (own); i++)
    taken = pkt_take (&rest, own[i]);
  if (!taken && rest.n > 8 && memcmp (rest.p + 1, ".4.3", 4) == 0 && g_ascii_isdigit (rest.p[5])
      && g_ascii_isdigit (rest.p[6]) && rest.p[7] == ' ') { /* Exchange Online's */
    rest = pkt_slice_skip (rest, 8);
    taken = TRUE;
  }
  if (taken)
    *reply = rest;
  return taken;
}

PktSlice
pkt_without_given_up (PktSlice reply)
{
  static const PktSlice own = PKT_SLICE (": retry timeout exceeded");
  if (pkt_slice_ends_nocase (reply, own))
    reply.n -= own.n;
  return reply;
}
