#include "packet/log/exim-syslog.h"
#include "packet/log/exim-line.h"
#include "packet/log/syslog.h"

#define TIME_3164 15 /* bytes of "Nov  2 00:00:00" */

/* Bytes of the time, with a blank behind it; its stamp is hosts->stamp. */
static gsize
take_time (PktEximHosts *h, PktSlice line)
{
  const PktSlice begin = pkt_slice (line.p, MIN (line.n, sizeof h->time));
  const gsize n = g_ascii_isdigit (line.p[0]) ? pkt_slice_until (begin, ' ').n : TIME_3164;
  PktStamp stamp;
  if (n < TIME_3164 || n >= begin.n || line.p[n] != ' ')
    return 0;
  if (n == h->time_n && pkt_bytes_same (line.p, h->time, n))
    return n;
  if (pkt_syslog_stamp (pkt_slice (line.p, n), 0, &stamp) != n)
    return 0;
  memcpy (h->time, line.p, n);
  h->time_n = n;
  h->stamp = stamp;
  return n;
}

/* The host's place. One that is met first is read as the parser does. */
static guint
place_of (PktEximHosts *h, PktSlice line, PktSlice host, gsize text_at)
{
  PktSyslog f;
  const guint64 scope = pkt_slice_hash (host, 0);
  const guint i = (guint)(scope >> 32) & (PKT_EXIM_HOSTS - 1);
  if (h->all[i].n == host.n && pkt_bytes_same (h->all[i].text, host.p, host.n))
    return i;
  if (!pkt_syslog_split (line, &f) || !pkt_exim_owns_tag (f.tag) || f.host.p != host.p
      || f.host.n != host.n || f.text.p != line.p + text_at)
    return PKT_EXIM_HOSTS;
  memcpy (h->all[i].text, host.p, host.n);
  h->all[i].n = host.n;
  h->all[i].scope = scope;
  return i;
}

gsize
pkt_exim_syslog_front (PktEximHosts *h, PktSlice line, PktStamp *stamp, guint64 *scope)
{
  static const PktSlice tag = PKT_SLICE (" exim[");
  const gsize time_n = line.n > TIME_3164 ? take_time (h, line) : 0;
  if (time_n == 0)
    return 0;
  const PktSlice rest = pkt_slice_skip (line, time_n + 1), host = pkt_slice_until (rest, ' ');
  gsize at = time_n + 1 + host.n + tag.n;
  if (host.n == 0 || host.n > PKT_EXIM_HOST_MAX
      || !pkt_slice_starts (pkt_slice_skip (rest, host.n), tag))
    return 0;
  const gsize pid = at;
  while (at < line.n && g_ascii_isdigit (line.p[at]))
    at++;
  if (at == pid || line.n < at + 4 || line.p[at] != ']' || line.p[at + 1] != ':'
      || line.p[at + 2] != ' ' || line.p[at + 3] == ' ' || line.p[at + 3] == '\t')
    return 0;
  const guint i = place_of (h, line, host, at + 3);
  if (i == PKT_EXIM_HOSTS)
    return 0;
  *stamp = h->stamp;
  *scope = h->all[i].scope;
  return at + 3;
}
