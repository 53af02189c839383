#include "packet/dns/ip.h"
#include <arpa/inet.h>
#include <string.h>

gboolean
pkt_ip_parse (const char *text, PktIp *out)
{
  static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
  memset (out, 0, sizeof *out);
  if (inet_pton (AF_INET, text, out->bytes) == 1)
    return TRUE;
  if (inet_pton (AF_INET6, text, out->bytes) != 1)
    return FALSE;
  out->six = memcmp (out->bytes, mapped, sizeof mapped) != 0;
  if (!out->six) {
    memmove (out->bytes, out->bytes + 12, 4);
    memset (out->bytes + 4, 0, 12);
  }
  return TRUE;
}

gboolean
pkt_ip_within (const PktIp *ip, const PktIp *network, guint bits)
{
  if (ip->six != network->six || bits > (ip->six ? 128 : 32))
    return FALSE;
  for (guint i = 0; bits > 0; i++) {
    guint here = MIN (bits, 8), mask = 0xff00u >> here & 0xff;
    if ((ip->bytes[i] ^ network->bytes[i]) & mask)
      return FALSE;
    bits -= here;
  }
  return TRUE;
}

char *
pkt_ip_text (const PktIp *ip)
{
  char text[INET6_ADDRSTRLEN];
  inet_ntop (ip->six ? AF_INET6 : AF_INET, ip->bytes, text, sizeof text);
  return g_strdup (text);
}

char *
pkt_ip_reversed (const PktIp *ip)
{
  if (!ip->six)
    return g_strdup_printf ("%u.%u.%u.%u", ip->bytes[3], ip->bytes[2], ip->bytes[1], ip->bytes[0]);
  GString *s = g_string_new (NULL);
  for (int i = 15; i >= 0; i--)
    g_string_append_printf (s, "%s%x.%x", i < 15 ? "." : "", ip->bytes[i] & 15, ip->bytes[i] >> 4);
  return g_string_free (s, FALSE);
}

char *
pkt_ip_reverse_name (const PktIp *ip)
{
  g_autofree char *reversed = pkt_ip_reversed (ip);
  return g_strconcat (reversed, ip->six ? ".ip6.arpa" : ".in-addr.arpa", NULL);
}
