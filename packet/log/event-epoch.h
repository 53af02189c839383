#pragma once
#include "packet/base/clock.h"
#include "packet/base/slice.h"

/* Seconds since 1970, without a call: most records of some exports have a time of their own. */

#define PKT_EVENT_MIN_EPOCH G_GINT64_CONSTANT (100000000)  /* 1973 */
#define PKT_EVENT_MAX_EPOCH G_GINT64_CONSTANT (4102444800) /* 2100 */

/* Eight figures at once: neighbours are added up in pairs. */
static inline gboolean
pkt_event_eight_figures (const char *p, guint64 *out)
{
  guint64 w;
  memcpy (&w, p, sizeof w);
  w = GUINT64_FROM_LE (w);
  w ^= G_GUINT64_CONSTANT (0x3030303030303030);
  if (((w + G_GUINT64_CONSTANT (0x7676767676767676)) | w) & G_GUINT64_CONSTANT (0x8080808080808080))
    return FALSE;
  w = w * 10 + (w >> 8);
  w = ((w & G_GUINT64_CONSTANT (0x000000ff000000ff)) * G_GUINT64_CONSTANT (0x000f424000000064)
       + ((w >> 16) & G_GUINT64_CONSTANT (0x000000ff000000ff))
             * G_GUINT64_CONSTANT (0x0000271000000001))
      >> 32;
  *out = w;
  return TRUE;
}

/* "1793577600": as nearly all exports that count seconds write them. */
static inline gboolean
pkt_event_seconds (PktSlice s, PktStamp *out)
{
  guint64 n;
  if (s.n != 10 || !pkt_event_eight_figures (s.p, &n) || !g_ascii_isdigit (s.p[8])
      || !g_ascii_isdigit (s.p[9]))
    return FALSE;
  const gint64 seconds = (gint64)n * 100 + (s.p[8] - '0') * 10 + (s.p[9] - '0');
  if (seconds < PKT_EVENT_MIN_EPOCH || seconds > PKT_EVENT_MAX_EPOCH)
    return FALSE;
  *out = (PktStamp){ seconds * PKT_SECOND, PKT_STAMP_UTC };
  return TRUE;
}
