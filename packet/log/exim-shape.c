#include "packet/log/exim-shape.h"
#include "packet/log/exim-line.h"

void
pkt_exim_shape_start (PktEximShape *s)
{
  memset (s, 0, sizeof *s);
  s->text[0] = '\n'; /* no line begins with it */
  s->same = 1;
}

gboolean
pkt_exim_shape_learn (PktEximShape *s, const PktEximClock *c, PktSlice line, guint n)
{
  const guint flag_at = c->front + n + 1;
  if (!pkt_exim_begins_plain (line)
      || (c->front != PKT_EXIM_ID_AT && c->front != PKT_EXIM_BEHIND_ZONE))
    return FALSE;
  const guint64 dashes = (guint64)1 << 6 | (guint64)1 << (n == PKT_EXIM_SHORT_ID ? 13 : 18),
                rest = (((guint64)1 << n) - 1) & ~dashes;
  memcpy (s->text, line.p, flag_at);
  s->alnum = rest << c->front;
  s->same = (((guint64)2 << (flag_at - 1)) - 1) & ~s->alnum;
  s->id_at = c->front;
  s->id_n = n;
  s->flag_at = flag_at;
  s->when = c->now;
  return TRUE;
}
