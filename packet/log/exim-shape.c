#include "packet/log/exim-shape.h"
#include "packet/log/exim-line.h"

#define BEHIND_ZONE (PKT_EXIM_ID_AT + 6) /* "2026-02-13 14:39:57 +0100 " */

void
pkt_exim_shape_start (PktEximShape *s)
{
  memset (s, 0, sizeof *s);
  s->text[0] = '\n'; /* no line begins with it */
  s->same = 1;
}

static inline guint
digit_at (const char *p)
{
  return (guint)(guchar)(*p - '0');
}

/* Of "14:39:57": seconds behind the hour. */
static inline guint
within_hour (const char *p)
{
  return digit_at (p + 3) * 600 + digit_at (p + 4) * 60 + digit_at (p + 6) * 10 + digit_at (p + 7);
}

/* Is that of the same hour, by digits, "2026-02-13 14:39:57 ". */
static gboolean
is_of_hour (const PktEximShape *s, const char *p)
{
  return pkt_bytes_same (p, s->text, 14) && digit_at (p + 14) <= 5 && digit_at (p + 15) <= 9
         && p[16] == ':' && digit_at (p + 17) <= 5 && digit_at (p + 18) <= 9
         && p[PKT_EXIM_TIME] == ' ';
}

gboolean
pkt_exim_shape_follow (PktEximShape *s, PktSlice line)
{
  if ((s->id_at != PKT_EXIM_ID_AT && s->id_at != BEHIND_ZONE) || line.n <= PKT_EXIM_ID_AT
      || !is_of_hour (s, line.p))
    return FALSE;
  const gint64 later = (gint64)within_hour (line.p + 11) - (gint64)within_hour (s->text + 11);
  memcpy (s->text, line.p, PKT_EXIM_ID_AT);
  s->when.stamp.us += later * PKT_SECOND;
  s->when.second += later;
  return TRUE;
}

gboolean
pkt_exim_shape_learn (PktEximShape *s, const PktEximClock *c, PktSlice line, guint n)
{
  const guint flag_at = c->front + n + 1;
  if (!pkt_exim_begins_plain (line) || (c->front != PKT_EXIM_ID_AT && c->front != BEHIND_ZONE))
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
