#include "packet/log/event-direct.h"
#include "packet/log/event-bare.h"
#include "packet/log/event-places.h"

void
pkt_direct_choose (const PktEventService *s, const gint16 where[PKT_EVENT_MAX_NAMES],
                   PktDirectPlaces *out)
{
  *out = (PktDirectPlaces){ 0 };
  for (guint f = 0; f < PKT_N_FIELDS; f++) {
    guint found = 0;
    for (guint k = 0; k < s->fields[f]->len; k++) {
      const gint16 column = where[g_array_index (s->fields[f], PktEventName, k).index];
      if (column < 0)
        continue;
      if (found++)
        out->others |= 1U << f;
      else {
        out->asked[out->n].field = (guint8)f;
        out->asked[out->n++].column = (guint8)column;
      }
    }
  }
  out->usable = s->each->len == 0 && s->noise->len == 0 && s->remote_behind->len == 0
                && g_hash_table_size (s->own_codes) == 0;
}

/* Empty ones may stand elsewhere. */
static gboolean
may_lack (const PktDirectPlaces *places, const PktSlice values[PKT_N_FIELDS])
{
  for (guint32 bits = places->others; bits; bits &= bits - 1)
    if (values[__builtin_ctz (bits)].n == 0)
      return TRUE;
  return FALSE;
}

/* "smtp;250 2.0.0 Ok: queued as …", on one line. */
static gboolean
take_reply (PktSlice text, PktAttempt *a)
{
  if (text.n > 5 && text.p[4] == ';' && pkt_event_starts (text, PKT_SLICE ("smtp;")))
    text = pkt_slice_trim (pkt_slice_skip (text, 5));
  a->reply = text;
  a->reply_is_remote = text.n > 4 && text.p[0] == '2' && text.p[3] == ' '
                       && pkt_event_is_code (text)
                       && !pkt_find_either (text.p, text.p + text.n, '\n', '\r');
  return a->reply_is_remote;
}

gboolean
pkt_direct_emit (const PktEventService *s, const PktDirectPlaces *places,
                 const PktSlice values[PKT_N_FIELDS], PktEventMemo *memo, PktEventOut *out)
{
  PktAttempt a
      = { .smtp = TRUE, .outcome = PKT_DELIVERED, .recipient = values[PKT_FIELD_RECIPIENT] };
  if (may_lack (places, values)
      || pkt_plain_read_word (s, values[PKT_FIELD_EVENT], memo) != PKT_PLAIN_DELIVERED
      || !take_reply (values[PKT_FIELD_REPLY], &a) || !pkt_event_is_bare (a.recipient)
      || !pkt_event_stamp_again (s, values[PKT_FIELD_TIME], &out->time, &a.stamp))
    return FALSE;
  pkt_event_place_values (s, values, &out->ips, &a);
  out->last = a.stamp;
  out->service = s;
  out->sink (PKT_RECORD_ATTEMPT, &a, out->data);
  return TRUE;
}
