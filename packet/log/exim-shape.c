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
pkt_exim_shape_follow (PktEximShape *s, PktEximClock *c, PktSlice line)
{
  if (s->id_at != PKT_EXIM_ID_AT || !pkt_exim_has_time (c, line) || c->front != PKT_EXIM_ID_AT)
    return FALSE;
  memcpy (s->text, line.p, PKT_EXIM_ID_AT);
  s->when = c->now;
  return TRUE;
}

gboolean
pkt_exim_shape_learn (PktEximShape *s, PktEximClock *c, PktSlice line)
{
  if (!pkt_exim_has_time (c, line))
    return FALSE;
  const PktSlice id = pkt_slice_skip (line, c->front);
  const guint n = (guint)pkt_exim_id_length (id), flag_at = c->front + n + 1;
  if (n == 0 || id.n < n + 1 + PKT_EXIM_FLAG_BYTES || id.p[n] != ' ' || flag_at > PKT_EXIM_SHAPE)
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
