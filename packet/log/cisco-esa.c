/* What became of a message's recipients. */
#include "packet/log/cisco-esa.h"
#include "packet/log/cisco-response.h"
#include "packet/log/text-parse.h"

enum { PENDING = PKT_CISCO_INBOUND << 1, STAMP_SHIFT = 4 }; /* of a message's state */

PktSlice
pkt_cisco_number (PktSlice *s)
{
  gsize i = 0;
  while (i < s->n && g_ascii_isdigit (s->p[i]))
    i++;
  PktSlice number = pkt_slice (s->p, i);
  *s = pkt_slice_skip (*s, i);
  return number;
}

PktSlice
pkt_cisco_connection (PktSlice s)
{
  PktSlice rest = pkt_slice_skip (s, strlen ("DCID "));
  pkt_cisco_number (&rest);
  return pkt_slice (s.p, (gsize)(rest.p - s.p));
}

PktRemembered *
pkt_cisco_message (PktTextReader *r)
{
  return pkt_memory_take (r->memory, r->scope, r->id);
}

/* Of several that a rewriting left, the last; empty when it is not known. */
static PktSlice
recipient_of (const PktRemembered *m, PktSlice rid)
{
  for (guint i = m->recipients ? m->recipients->len : 0; i-- > 0;) {
    PktSlice s = pkt_slice_str (g_ptr_array_index (m->recipients, i));
    if (pkt_slice_equal (pkt_slice_until (s, ' '), rid))
      return pkt_slice_skip (s, rid.n + 1);
  }
  return pkt_slice (NULL, 0);
}

/* What was accepted waits for the line with the answer to it. Handed on with the time of then. */
static void
tell_accepted (PktTextReader *r, PktRemembered *m, PktSlice rest, PktSlice reply)
{
  m->state &= ~(guint)PENDING;
  while (rest.n) {
    const PktSlice rid = pkt_cisco_number (&rest);
    PktAttempt a = { .stamp = { (gint64)m->mark, (PktStampKind)(m->state >> STAMP_SHIFT) },
                     .outcome = PKT_DELIVERED,
                     .stage = PKT_STAGE_END_OF_DATA,
                     .smtp = !(m->state & PKT_CISCO_INBOUND),
                     .recipient = recipient_of (m, rid),
                     .remote_ip = pkt_slice_str (m->ip),
                     .local_ip = pkt_slice_str (m->local_ip),
                     .reply = reply,
                     .reply_is_remote = reply.n > 0,
                     .queue_id = pkt_slice_str (m->reply),
                     .queue_scope = pkt_slice_str (m->host),
                     .size = -1 };
    r->sink (PKT_RECORD_ATTEMPT, &a, r->data);
    while (rest.n && !g_ascii_isdigit (rest.p[0]))
      rest = pkt_slice_skip (rest, 1);
  }
}

void
pkt_cisco_end_waiting (PktTextReader *r, PktRemembered *m)
{
  if (m && m->state & PENDING)
    tell_accepted (r, m, pkt_slice_str (m->other), pkt_slice (NULL, 0));
}

PktRecordKind
pkt_cisco_done (PktTextReader *r, PktSlice connection, PktSlice s)
{
  r->id = pkt_cisco_number (&s);
  if (!pkt_take (&s, " to RID [") || r->id.n == 0)
    return PKT_RECORD_OTHER;
  const PktStamp stamp = pkt_text_log_stamp (&r->log);
  if (stamp.kind == PKT_STAMP_NONE)
    return PKT_RECORD_UNKNOWN;
  pkt_cisco_end_waiting (r, pkt_cisco_message (r));
  const PktRemembered *d = pkt_memory_find (r->memory, r->scope, connection);
  g_autofree char *ip = d ? g_strdup (d->ip) : NULL, *local = d ? g_strdup (d->local_ip) : NULL;
  PktRemembered *m = pkt_cisco_message (r);
  const PktSlice rids = pkt_slice_until (s, ']');
  pkt_remember (m, &m->other, rids);
  pkt_remember (m, &m->ip, pkt_slice_str (ip));
  pkt_remember (m, &m->local_ip, pkt_slice_str (local));
  pkt_remember (m, &m->reply, r->id);
  pkt_remember (m, &m->host, r->scope);
  m->mark = (guint64)stamp.us;
  m->state = (m->state & PKT_CISCO_INBOUND) | PENDING | (guint)stamp.kind << STAMP_SHIFT;
  if (rids.n > PKT_MEMORY_MAX_TEXT) /* not all of it is remembered */
    tell_accepted (r, m, rids, pkt_slice (NULL, 0));
  return PKT_RECORD_OTHER;
}

PktRecordKind
pkt_cisco_accepted (PktTextReader *r, PktSlice s)
{
  PktRemembered *m = pkt_memory_find (r->memory, r->scope, r->id);
  if (m == NULL || !(m->state & PENDING) || !pkt_take (&s, "["))
    return PKT_RECORD_OTHER;
  const PktSlice rids = pkt_slice_until (s, ']');
  s = pkt_slice_skip (s, rids.n);
  if (!pkt_slice_equal (rids, pkt_slice_str (m->other)) || !pkt_take (&s, "] Response '"))
    return PKT_RECORD_OTHER;
  g_string_assign (r->buffer, "250 ");
  g_string_append_len (r->buffer, s.p, (gssize)(s.n - (s.n && s.p[s.n - 1] == '\'')));
  tell_accepted (r, m, rids, pkt_slice (r->buffer->str, r->buffer->len));
  return PKT_RECORD_ATTEMPT;
}

/* "Delivery expired (message too old) ('000', ['timeout'])": with the answer of its last try. */
static gboolean
has_expired (const PktCiscoResponse *said)
{
  return !said->remote && pkt_slice_starts (said->words, PKT_SLICE ("Delivery expired"));
}

static PktOutcome
outcome_of (const PktCiscoResponse *said, PktOutcome outcome, gboolean connected)
{
  gboolean dns = pkt_slice_find (said->reply, PKT_SLICE ("DNS")).p != NULL;
  return outcome == PKT_BOUNCED && !said->remote && !connected && !dns ? PKT_NOT_ATTEMPTED
                                                                       : outcome;
}

/* "From: <s> To: <a> RID 0 - …" of a bounce log, "to RID 0 - …" of a mail log. */
static gboolean
take_recipient (const PktRemembered *m, PktSlice *s, PktSlice *recipient)
{
  PktSlice to = pkt_slice_find (*s, PKT_SLICE (" To:"));
  PktSlice rid = pkt_slice_find (*s, PKT_SLICE ("RID "));
  *recipient = pkt_slice (NULL, 0);
  if (rid.p == NULL)
    return FALSE;
  if (to.p && to.p < rid.p) {
    to = pkt_slice_trim (pkt_slice_skip (to, 4));
    pkt_take_bracketed (&to, recipient);
  }
  *s = pkt_slice_skip (rid, 4);
  rid = pkt_cisco_number (s);
  if (recipient->n == 0)
    *recipient = recipient_of (m, rid);
  return rid.n && pkt_take (s, " - ");
}

PktRecordKind
pkt_cisco_refused (PktTextReader *r, PktSlice s, PktOutcome outcome)
{
  PktAttempt a = { .size = -1 };
  PktCiscoResponse said;
  const PktRemembered *d = NULL;
  if (pkt_slice_starts (s, PKT_SLICE ("DCID "))) {
    const PktSlice name = pkt_cisco_connection (s);
    d = pkt_memory_find (r->memory, r->scope, name);
    s = pkt_slice_skip (s, name.n + 1);
  }
  g_autofree char *ip = d ? g_strdup (d->ip) : NULL, *local = d ? g_strdup (d->local_ip) : NULL;
  if (!pkt_take (&s, "MID "))
    return PKT_RECORD_OTHER;
  r->id = pkt_cisco_number (&s);
  PktRemembered *m = pkt_cisco_message (r);
  if (!take_recipient (m, &s, &a.recipient))
    return PKT_RECORD_OTHER;
  pkt_cisco_response (s, r->buffer, &said);
  a.smtp = !(m->state & PKT_CISCO_INBOUND);
  a.outcome = outcome_of (&said, outcome, ip != NULL);
  a.reply = said.reply;
  a.reply_is_remote = said.remote;
  if (outcome == PKT_BOUNCED && has_expired (&said))
    return pkt_text_reader_tell (r, PKT_RECORD_EXPIRED, &a);
  a.remote_ip = pkt_slice_str (ip);
  a.local_ip = pkt_slice_str (local);
  return pkt_text_reader_tell (r, PKT_RECORD_ATTEMPT, &a);
}
