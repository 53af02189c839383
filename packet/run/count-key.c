#include "packet/run/count-key.h"

PktSlice
pkt_count_local_ip (const PktCounter *c, const PktAttempt *a, const PktVerdict *v)
{
  if (a->local_ip.n || (v && v->named_ip.n))
    return a->local_ip.n ? a->local_ip : v->named_ip;
  if (c->options->map && g_hash_table_size (c->options->map) && a->transport.n) {
    g_autofree char *name = g_strndup (a->transport.p, a->transport.n);
    const char *ip = g_hash_table_lookup (c->options->map, name);
    if (ip)
      return pkt_slice_str (ip);
  }
  return pkt_slice_str (c->options->sending_ip);
}

static PktSlice
stream_of (const PktAttempt *a)
{
  PktSlice domain = pkt_slice_domain (a->sender);
  if (domain.n)
    return domain;
  if (a->sender.p)
    return PKT_SLICE ("<>");
  return a->from_domain;
}

static guint16
campaign_of (const PktCounter *c, const PktAttempt *a)
{
  return c->options->campaigns ? pkt_tally_build_name (c->tally, a->campaign) : 0;
}

void
pkt_count_name_sender (const PktCounter *c, const PktAttempt *a, PktSlice local_ip, PktCellKey *key)
{
  key->local_ip = pkt_tally_build_name (c->tally, local_ip);
  key->stream = pkt_tally_build_name (c->tally, stream_of (a));
  key->from_domain = pkt_tally_build_name (c->tally, a->from_domain);
  key->campaign = campaign_of (c, a);
}
