#include "packet/log/exim-route.h"

void
pkt_exim_learn_route (PktEximRoutes *routes, const PktEximLine *l)
{
  const char *from = l->recipient.p + l->recipient.n;
  const gssize n = l->host.p - from;
  if (n < 8 || n > PKT_EXIM_MAX_ROUTE || from[0] != ' ' || from[1] != 'R' || from[2] != '='
      || memchr (from, '<', (gsize)n) || memchr (from, '"', (gsize)n)
      || pkt_slice_find (pkt_slice (from, (gsize)n), PKT_SLICE (" H=")).n != 3
      || pkt_exim_take_route (routes, pkt_slice (from, (gsize)n + 1)))
    return;
  routes->next = (routes->next + 1) % PKT_EXIM_ROUTES;
  memcpy (routes->all[routes->next].text, from, (gsize)n);
  routes->all[routes->next].n = (gsize)n;
}

/* Bytes of " R=dnslookup" at p, 0 when it is not so plain. */
static inline gsize
field_length (const char *p, const char *limit)
{
  const gboolean bracket = p[3] == '<';
  if (p[3] == '"' || (bracket && p[4] == '"'))
    return 0;
  const char *end = pkt_find_byte (p + 3, limit, bracket ? '>' : ' ');
  if (end == NULL || end + 1 >= limit || (!bracket && end[-1] == ':'))
    return 0;
  end += bracket;
  return *end == ' ' ? (gsize)(end - p) : 0;
}

/* Bytes of " defer (-44)", 0 when it is another error or none. */
static gsize
deferral_length (PktSlice s)
{
  static const PktSlice begin = PKT_SLICE (" defer (-");
  gsize n = begin.n;
  if (!pkt_slice_starts (s, begin))
    return 0;
  while (n < s.n && g_ascii_isdigit (s.p[n]))
    n++;
  return n > begin.n && n < begin.n + 4 && n < s.n && s.p[n] == ')' ? n + 1 : 0;
}

/* What an address ends at; it goes on before any other key, since a local part may hold blanks. */
static gboolean
ends_address (const char *p)
{
  return p[1] == 'R' || p[1] == 'T' || p[1] == 'Q' || ((p[1] == 'F' || p[1] == 'P') && p[3] == '<');
}

gsize
pkt_exim_pass_fields (PktEximRoutes *routes, PktSlice s)
{
  const char *p = s.p, *limit = s.p + s.n;
  gboolean alike = TRUE; /* no more than " R=dnslookup T=remote_smtp" */
  if (limit - p <= 5 || !ends_address (p))
    return 0;
  while (limit - p > 5 && p[0] == ' ' && p[2] == '=' && p[1] != 'H' && g_ascii_isupper (p[1])) {
    const gsize n = field_length (p, limit);
    if (n == 0)
      return 0;
    alike = alike && (p[1] == 'R' || p[1] == 'T');
    p += n;
  }
  if (routes->deferred) {
    const gsize n = deferral_length (pkt_slice (p, (gsize)(limit - p)));
    if (n == 0)
      return 0;
    p += n;
  }
  if (limit - p <= 5 || p[0] != ' ' || p[1] != 'H' || p[2] != '=')
    return 0;
  const gsize n = (gsize)(p + 3 - s.p);
  if (alike && n >= 8 && n <= PKT_EXIM_MAX_ROUTE) {
    routes->next = (routes->next + 1) % PKT_EXIM_ROUTES;
    memcpy (routes->all[routes->next].text, s.p, n);
    routes->all[routes->next].n = n;
  }
  return n;
}
