#include "packet/run/gap.h"

#define MUCH 2 /* times the longest gap before */

gint64
pkt_gap_before (const PktTally *t, gint64 start)
{
  gint64 last = PKT_NO_TIME, longest = 0, day = G_MININT64;
  guint days = 0;
  for (guint i = 0; i < t->cells->len; i++) { /* sorted by slot */
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (c->first >= start)
      continue;
    if (last != PKT_NO_TIME && c->first > last)
      longest = MAX (longest, c->first - last);
    last = MAX (last, c->last);
    days += pkt_clock_day (c->first, NULL) != day;
    day = pkt_clock_day (c->first, NULL);
  }
  if (last == PKT_NO_TIME || days < PKT_GAP_DAYS)
    return PKT_NO_TIME;
  const gint64 gap = start - last;
  return gap >= PKT_GAP_LEAST && gap > MUCH * longest ? last : PKT_NO_TIME;
}
