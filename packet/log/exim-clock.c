#include "packet/log/exim-clock.h"
#include "packet/log/text-log.h"

#define ID_DASH 6 /* of 1RwtJY-0009RI-E4 */

static inline guint
digit_at (const char *p)
{
  return (guint)(guchar)(*p - '0');
}

static inline gint64
second_of_day (const char *p)
{
  return (digit_at (p + 11) * 10 + digit_at (p + 12)) * 3600
         + (digit_at (p + 14) * 10 + digit_at (p + 15)) * 60 + digit_at (p + 17) * 10
         + digit_at (p + 18);
}

/* "14:39:57" of the day that is known. */
static gboolean
read_second (PktEximClock *c, const char *p)
{
  const guint h = digit_at (p + 11) * 10 + digit_at (p + 12);
  if (p[13] != ':' || p[16] != ':' || digit_at (p + 12) > 9 || h > 23 || digit_at (p + 14) > 5
      || digit_at (p + 15) > 9 || digit_at (p + 17) > 5 || digit_at (p + 18) > 9)
    return FALSE;
  c->stamp.us = c->day + second_of_day (p) * PKT_SECOND;
  return TRUE;
}

void
pkt_exim_clock_start (PktEximClock *c)
{
  memset (c, 0, sizeof *c);
  c->text[0] = '\n';
}

static gboolean
keep (PktEximClock *c, const char *p)
{
  memcpy (c->text, p, PKT_EXIM_TIME + 1);
  c->second = pkt_stamp_written_second (c->stamp);
  return TRUE;
}

gboolean
pkt_exim_clock_read (PktEximClock *c, const char *p)
{
  if (p[PKT_EXIM_TIME] != ' ')
    return FALSE;
  if (pkt_bytes_same (p, c->text, 11) && read_second (c, p))
    return keep (c, p);
  if (p[4] != '-' || p[10] != ' '
      || pkt_text_stamp (pkt_slice (p, PKT_EXIM_TIME), 0, &c->stamp) != PKT_EXIM_TIME) {
    pkt_exim_clock_start (c);
    return FALSE;
  }
  c->day = c->stamp.us - second_of_day (p) * PKT_SECOND;
  return keep (c, p);
}

gboolean
pkt_exim_is_plain (PktEximClock *c, PktSlice line)
{
  return line.n > PKT_EXIM_ID_AT + ID_DASH && line.p[PKT_EXIM_ID_AT + ID_DASH] == '-'
         && pkt_exim_has_time (c, line);
}
