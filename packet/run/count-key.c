#include "packet/run/count-key.h"

/* The second number of 172.16.0.0/12 or 100.64.0.0/10, "172.31.". */
static gboolean
second_within (PktSlice ip, gint64 from, gint64 to)
{
  gint64 n;
  const PktSlice second = pkt_slice_until (pkt_slice_skip (ip, strlen ("172.")), '.');
  return pkt_slice_number (second, &n) && n >= from && n <= to;
}

/* RFC 1918, 6598, 3927, 4193, 4291: no address that Apple can see; a translator or a relay stands
 * before it. Most begin otherwise in their first bytes. */
static gboolean
is_inner (PktSlice ip)
{
  switch (ip.n > 2 ? g_ascii_tolower (ip.p[0]) : 0) {
  case '1':
    return pkt_slice_starts (ip, PKT_SLICE ("10.")) || pkt_slice_starts (ip, PKT_SLICE ("192.168."))
           || pkt_slice_starts (ip, PKT_SLICE ("127."))
           || pkt_slice_starts (ip, PKT_SLICE ("169.254."))
           || (pkt_slice_starts (ip, PKT_SLICE ("172.")) && second_within (ip, 16, 31))
           || (pkt_slice_starts (ip, PKT_SLICE ("100.")) && second_within (ip, 64, 127));
  case 'f':
    return strchr ("cdCD", ip.p[1])
           || (g_ascii_tolower (ip.p[1]) == 'e' && strchr ("89abAB", ip.p[2]));
  case ':':
    return pkt_slice_equal (ip, PKT_SLICE ("::1"));
  default:
    return FALSE;
  }
}

/* What --map says of a name; NULL. */
static const char *
mapped (const PktCounter *c, PktSlice of)
{
  if (of.n == 0 || c->options->map == NULL || g_hash_table_size (c->options->map) == 0)
    return NULL;
  g_autofree char *name = g_strndup (of.p, of.n);
  char *ip = g_hash_table_lookup (c->options->map, name);
  if (ip && c->options->map_used)
    g_hash_table_add (c->options->map_used, ip);
  return ip;
}

PktSlice
pkt_count_local_ip (const PktCounter *c, const PktAttempt *a, const PktVerdict *v)
{
  const gboolean inner = a->local_ip.n && is_inner (a->local_ip);
  if (a->local_ip.n && !inner)
    return a->local_ip;
  if (v && v->named_ip.n)
    return v->named_ip;
  const char *ip = inner ? mapped (c, a->local_ip) : NULL;
  ip = ip ? ip : mapped (c, a->transport);
  ip = ip ? ip : mapped (c, pkt_slice_until (a->queue_scope, ' '));
  return pkt_slice_str (ip ? ip : c->options->sending_ip);
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
