#pragma once
#include "packet/base/simd.h"
#include "packet/log/event-fields.h"

/* Times of which most are of the same minute as the one before: without a call, for the many. */

/* Bytes of "2026-11-02 00:00:" and of seconds behind it, as pkt_clock_parse_rfc3339() reads them.
 */
#define PKT_EVENT_MINUTE_BYTES 17
#define PKT_EVENT_SECOND_BYTES (PKT_EVENT_MINUTE_BYTES + 2)

/* The seconds of such a time; 60 and over: none of its own minute. */
static inline guint
pkt_event_seconds_of (PktSlice text)
{
  const guint tens = (guint)(guchar)text.p[PKT_EVENT_MINUTE_BYTES] - '0',
              ones = (guint)(guchar)text.p[PKT_EVENT_MINUTE_BYTES + 1] - '0';
  return ones > 9 ? 60 : tens * 10 + ones;
}

/* The last eight bytes without the seconds: of a time of up to 24, all behind the first 16. */
#define PKT_EVENT_TAIL_BYTES 24

static inline guint64
pkt_event_tail_of (PktSlice text)
{
  guint64 w;
  memcpy (&w, text.p + text.n - 8, sizeof w);
  return GUINT64_FROM_LE (w) & ~((guint64)0xffff << (PKT_EVENT_MINUTE_BYTES + 8 - text.n) * 8);
}

/* All but the seconds is what the last one was. */
static PKT_ALWAYS_INLINE gboolean
pkt_event_is_in_minute (const PktEventTime *memo, PktSlice text)
{
  if (memo->n != text.n || !memo->has_seconds || pkt_event_seconds_of (text) >= 60)
    return FALSE;
  if (text.n <= PKT_EVENT_TAIL_BYTES)
    return pkt_bytes_same (text.p, memo->text, 16)
           && pkt_event_tail_of (text) == pkt_event_tail_of (pkt_slice (memo->text, memo->n));
  return pkt_bytes_same (text.p, memo->text, PKT_EVENT_MINUTE_BYTES)
         && pkt_bytes_same (text.p + PKT_EVENT_SECOND_BYTES, memo->text + PKT_EVENT_SECOND_BYTES,
                            text.n - PKT_EVENT_SECOND_BYTES);
}
