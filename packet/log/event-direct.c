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
                && s->fields[PKT_FIELD_MESSAGE_ID_HOST]->len == 0
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

static char *
put_number (char *p, PktSlice number, char behind)
{
  memcpy (p, number.p, number.n);
  p[number.n] = behind;
  return p + number.n + 1;
}

static gboolean
is_short_number (PktSlice s)
{
  gsize i = 0;
  while (i < s.n && g_ascii_isdigit (s.p[i]))
    i++;
  return i > 0 && i == s.n && s.n <= 3;
}

/* KumoMTA keeps them apart: 250, 2.0.0 as three numbers, and "Ok: queued as …". */
static gboolean
put_together (const PktSlice values[PKT_N_FIELDS], GString *room, PktSlice *text)
{
  const PktSlice code = values[PKT_FIELD_CODE], class = values[PKT_FIELD_ENHANCED_CLASS],
                 subject = values[PKT_FIELD_ENHANCED_SUBJECT],
                 detail = values[PKT_FIELD_ENHANCED_DETAIL];
  if (code.n != 3 || code.p[0] != '2' || !pkt_event_is_code (code) || values[PKT_FIELD_ENHANCED].n
      || !is_short_number (class) || !is_short_number (subject) || !is_short_number (detail)
      || text->n == 0 || pkt_event_is_code (*text) || pkt_event_is_bare_code (*text))
    return FALSE;
  g_string_set_size (room, text->n + 16);
  char *p = put_number (room->str, code, ' ');
  p = put_number (put_number (put_number (p, class, '.'), subject, '.'), detail, ' ');
  memcpy (p, text->p, text->n);
  *text = pkt_slice (room->str, (gsize)(p - room->str) + text->n);
  return TRUE;
}

/* "smtp;250 2.0.0 Ok: queued as …", on one line. */
static gboolean
take_reply (const PktSlice values[PKT_N_FIELDS], GString *room, PktAttempt *a)
{
  PktSlice text = values[PKT_FIELD_REPLY];
  if (text.n > 5 && text.p[4] == ';' && pkt_slice_starts_nocase (text, PKT_SLICE ("smtp;")))
    text = pkt_slice_trim (pkt_slice_skip (text, 5));
  const gboolean together = put_together (values, room, &text);
  a->reply = text;
  a->reply_is_remote = text.n > 4 && text.p[0] == '2' && text.p[3] == ' '
                       && (together || pkt_event_is_code (text))
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
      || !take_reply (values, out->text, &a) || !pkt_event_is_bare (a.recipient)
      || !pkt_event_stamp_again (s, values[PKT_FIELD_TIME], &out->time, &a.stamp))
    return FALSE;
  pkt_event_place_values (s, values, &out->ips, &a);
  out->last = a.stamp;
  out->service = out->service ? out->service : s;
  out->sink (PKT_RECORD_ATTEMPT, &a, out->data);
  return TRUE;
}
