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
  c->us = c->day + second_of_day (p) * PKT_SECOND;
  return TRUE;
}

void
pkt_exim_clock_start (PktEximClock *c)
{
  const PktSlice none = { NULL, 0 };
  memset (c, 0, sizeof *c);
  c->no_scope = pkt_slice_hash (none, 0);
  c->text[0] = c->zone.text[0] = '\n';
}

/* p: PKT_EXIM_TIME bytes. */
static gboolean
read_time (PktEximClock *c, const char *p)
{
  PktStamp stamp;
  if (pkt_bytes_same (p, c->text, PKT_EXIM_TIME))
    return TRUE;
  if (!pkt_bytes_same (p, c->text, 11) || !read_second (c, p)) {
    if (p[4] != '-' || p[10] != ' '
        || pkt_text_stamp (pkt_slice (p, PKT_EXIM_TIME), 0, &stamp) != PKT_EXIM_TIME) {
      c->text[0] = '\n';
      return FALSE;
    }
    c->us = stamp.us;
    c->day = stamp.us - second_of_day (p) * PKT_SECOND;
  }
  memcpy (c->text, p, PKT_EXIM_TIME);
  c->text[PKT_EXIM_TIME] = ' ';
  return TRUE;
}

/* ".123": the bytes read. */
static gsize
read_millisecond (PktSlice s, gint64 *us)
{
  if (s.n < 6 || s.p[0] != '.' || digit_at (s.p + 1) > 9 || digit_at (s.p + 2) > 9
      || digit_at (s.p + 3) > 9 || s.p[4] != ' ')
    return 0;
  *us += (digit_at (s.p + 1) * 100 + digit_at (s.p + 2) * 10 + digit_at (s.p + 3)) * 1000;
  return 4;
}

/* " +0100": the bytes read, 0 when there is none. */
static gsize
read_zone (PktEximClock *c, PktSlice s)
{
  const gsize n = sizeof c->zone.text;
  if (s.n <= n || s.p[n] != ' ' || (s.p[1] != '+' && s.p[1] != '-'))
    return 0;
  if (memcmp (s.p, c->zone.text, n) == 0)
    return n;
  const guint h = digit_at (s.p + 2) * 10 + digit_at (s.p + 3),
              m = digit_at (s.p + 4) * 10 + digit_at (s.p + 5);
  for (gsize i = 2; i < n; i++)
    if (digit_at (s.p + i) > 9)
      return 0;
  if (h > 23 || m > 59)
    return 0;
  memcpy (c->zone.text, s.p, n);
  c->zone.us = (gint64)(h * 60 + m) * PKT_MINUTE * (s.p[1] == '-' ? -1 : 1);
  return n;
}

/* "[1234] ": the bytes read. */
static gsize
read_pid (PktSlice s)
{
  gsize i = 1;
  while (i < s.n && digit_at (s.p + i) <= 9)
    i++;
  return i > 1 && i + 1 < s.n && s.p[i] == ']' && s.p[i + 1] == ' ' ? i + 2 : 0;
}

/* What stands behind the second: bytes in front of the id; 0 when it needs another look. */
static gsize
read_rest (PktEximClock *c, PktSlice line, PktStamp *stamp)
{
  gsize n = PKT_EXIM_TIME;
  n += read_millisecond (pkt_slice_skip (line, n), &stamp->us);
  if (n + 1 >= line.n || line.p[n] != ' ')
    return 0;
  const gsize zone = read_zone (c, pkt_slice_skip (line, n));
  if (zone)
    *stamp = (PktStamp){ stamp->us - c->zone.us, PKT_STAMP_UTC };
  else if (line.p[n + 1] == '+' || line.p[n + 1] == '-')
    return 0;
  n += zone + 1;
  if (n >= line.n || line.p[n] != '[')
    return n;
  const gsize pid = read_pid (pkt_slice_skip (line, n));
  return pid ? n + pid : 0;
}

/* Bytes in front of the id in a line that begins with Exim's own time, and its stamp; 0: it does
 * not, or needs another look. */
static gsize
read_plain (PktEximClock *c, PktSlice line, PktStamp *stamp)
{
  if (line.n <= PKT_EXIM_ID_AT || !read_time (c, line.p))
    return 0;
  *stamp = (PktStamp){ c->us, PKT_STAMP_LOCAL };
  const gboolean bare = line.p[PKT_EXIM_TIME] == ' ' && pkt_exim_is_bare (line.p);
  return bare ? PKT_EXIM_ID_AT : read_rest (c, line, stamp);
}

/* Through syslog Exim's own time may follow; what begins with a bracket may be a part of an entry.
 */
static gsize
read_syslog (PktEximClock *c, PktSlice line, PktStamp *stamp)
{
  const gsize n = pkt_exim_syslog_front (c->hosts, line, stamp, &c->scope);
  const PktSlice text = pkt_slice_skip (line, n);
  if (n == 0 || text.p[0] == '[')
    return 0;
  if (text.n <= PKT_EXIM_TIME || text.p[4] != '-')
    return n;
  const gsize own = read_plain (c, text, stamp);
  return own ? n + own : 0;
}

/* "2026-02-13 14:39:57 [1234] ", in the second of the line before: its bytes, else 0. */
static gsize
read_other_pid (const PktEximClock *c, PktSlice line)
{
  if (line.n <= PKT_EXIM_ID_AT || line.p[PKT_EXIM_ID_AT] != '['
      || c->now.stamp.kind != PKT_STAMP_LOCAL || c->now.stamp.us != c->us
      || !pkt_bytes_same (line.p, c->text, PKT_EXIM_ID_AT))
    return 0;
  const gsize pid = read_pid (pkt_slice_skip (line, PKT_EXIM_ID_AT));
  return pid ? PKT_EXIM_ID_AT + pid : 0;
}

gboolean
pkt_exim_read_front (PktEximClock *c, PktSlice line)
{
  PktStamp stamp;
  c->front = 0; /* until all of it is read */
  c->scope = c->no_scope;
  c->front = (guint)read_other_pid (c, line);
  if (c->front)
    return TRUE;
  gsize n = read_plain (c, line, &stamp);
  if (n == 0 && c->hosts)
    n = read_syslog (c, line, &stamp);
  if (n == 0)
    return FALSE;
  c->front = (guint)n;
  if (stamp.us != c->now.stamp.us || stamp.kind != c->now.stamp.kind)
    c->now = (PktEximMoment){ stamp, pkt_stamp_written_second (stamp) };
  return TRUE;
}

gboolean
pkt_exim_is_plain (PktEximClock *c, PktSlice line)
{
  return pkt_exim_has_time (c, line) && line.n > c->front + ID_DASH
         && line.p[c->front + ID_DASH] == '-';
}
