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
