#include "packet/page/reach.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include "packet/base/error.h"

#define ADDRESS_BYTES 16

/* IPv4 stands in the last four bytes behind ::ffff:0:0/96, so that one comparison serves both. */
typedef struct {
  guint8 bytes[ADDRESS_BYTES];
  guint bits; /* of the 128 */
} Range;

struct PktReach {
  GArray *allowed; /* Range */
};

typedef struct {
  const char *range, *what;
  gboolean never; /* whatever is allowed */
} Special;

#define MULTICAST "a multicast address"
#define PRIVATE "a private address"
#define LINK_LOCAL "a link-local address"
#define LOOPBACK "a loopback address"
#define DOCUMENTATION "an address for documentation"
#define RESERVED "a reserved address"
#define RELAY "an address of a relay or of the DNS' sink"
#define APPLE "Apple's own address"

/* The first that fits counts. Apple's: ARIN's 17/8, what icloud.com's SPF record names beside it
 * (2026), and the allocations of the IPv6 networks that Apple publishes for its push service. */
static const Special specials[] = {
  { "17.0.0.0/8", APPLE, TRUE },
  { "57.103.64.0/18", APPLE, TRUE },
  { "144.178.36.0/24", APPLE, TRUE },
  { "144.178.38.0/24", APPLE, TRUE },
  { "2403:300::/32", APPLE, TRUE },
  { "2620:149::/32", APPLE, TRUE },
  { "2a01:b740::/29", APPLE, TRUE },
  { "0.0.0.0/8", "no address of a host", TRUE },
  { "10.0.0.0/8", PRIVATE, FALSE },
  { "100.64.0.0/10", "an address behind a carrier's NAT", FALSE },
  { "127.0.0.0/8", LOOPBACK, FALSE },
  { "169.254.0.0/16", LINK_LOCAL, FALSE },
  { "172.16.0.0/12", PRIVATE, FALSE },
  { "192.0.0.0/24", RESERVED, FALSE },
  { "192.0.2.0/24", DOCUMENTATION, FALSE },
  { "192.31.196.0/24", RELAY, FALSE },
  { "192.52.193.0/24", RELAY, FALSE },
  { "192.88.99.0/24", RELAY, FALSE },
  { "192.168.0.0/16", PRIVATE, FALSE },
  { "192.175.48.0/24", RELAY, FALSE },
  { "198.18.0.0/15", "an address for benchmarks", FALSE },
  { "198.51.100.0/24", DOCUMENTATION, FALSE },
  { "203.0.113.0/24", DOCUMENTATION, FALSE },
  { "224.0.0.0/4", MULTICAST, TRUE },
  { "240.0.0.0/4", RESERVED, TRUE },
  { "0.0.0.0/0", NULL, FALSE },
  { "::/128", "no address of a host", TRUE },
  { "::1/128", LOOPBACK, FALSE },
  { "::/96", "an IPv4 address in a form that is given up", FALSE },
  { "::ffff:0:0:0/96", "an address that is translated to IPv4", FALSE },
  { "64:ff9b::/96", "an address that NAT64 translates to IPv4", FALSE },
  { "64:ff9b:1::/48", "an address that NAT64 translates to IPv4", FALSE },
  { "100::/64", "an address whose packets are discarded", FALSE },
  { "2001::/32", "an address of a Teredo tunnel", FALSE },
  { "2001:db8::/32", DOCUMENTATION, FALSE },
  { "2001::/23", RESERVED, FALSE },
  { "2002::/16", "an address of a 6to4 tunnel", FALSE },
  { "2620:4f:8000::/48", RELAY, FALSE },
  { "3fff::/20", DOCUMENTATION, FALSE },
  { "5f00::/16", RESERVED, FALSE },
  { "fc00::/7", PRIVATE, FALSE },
  { "fe80::/10", LINK_LOCAL, FALSE },
  { "fec0::/10", "a site-local address", FALSE },
  { "ff00::/8", MULTICAST, TRUE },
  { "2000::/3", NULL, FALSE }, /* all that is global unicast today */
  { "::/0", RESERVED, FALSE },
};

static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* "ADDRESS" or "ADDRESS/BITS"; `own_bits` as written there. */
static gboolean
parse_range (const char *text, Range *out, gboolean *is_ipv4, guint *own_bits)
{
  const char *slash = strchr (text, '/');
  g_autofree char *address = slash ? g_strndup (text, (gsize)(slash - text)) : g_strdup (text);
  *is_ipv4 = inet_pton (AF_INET, address, out->bytes + sizeof mapped) == 1;
  if (*is_ipv4)
    memcpy (out->bytes, mapped, sizeof mapped);
  else if (inet_pton (AF_INET6, address, out->bytes) != 1)
    return FALSE;
  guint64 bits = *is_ipv4 ? 32 : 128;
  if (slash && !g_ascii_string_to_unsigned (slash + 1, 10, 0, bits, &bits, NULL))
    return FALSE;
  *own_bits = (guint)bits;
  out->bits = (guint)bits + (*is_ipv4 ? 96 : 0);
  return TRUE;
}

static gboolean
in_range (const Range *r, const guint8 *address)
{
  guint whole = r->bits / 8, rest = r->bits % 8;
  if (memcmp (r->bytes, address, whole) != 0)
    return FALSE;
  return rest == 0 || (r->bytes[whole] ^ address[whole]) >> (8 - rest) == 0;
}

PktReach *
pkt_reach_new (const char *const *allowed, GError **error)
{
  g_autoptr (PktReach) r = g_new0 (PktReach, 1);
  r->allowed = g_array_new (FALSE, TRUE, sizeof (Range));
  for (; allowed && *allowed; allowed++) {
    Range range = { 0 };
    gboolean ipv4;
    guint bits;
    if (!parse_range (*allowed, &range, &ipv4, &bits)) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                   "--allow-address %s: write an address or a range, like 10.1.0.0/16 or fd00::/8",
                   *allowed);
      return NULL;
    }
    if (bits < (ipv4 ? PKT_REACH_MIN_BITS4 : PKT_REACH_MIN_BITS6)) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                   "--allow-address %s: so wide a range allows everything; name your own network",
                   *allowed);
      return NULL;
    }
    g_array_append_val (r->allowed, range);
  }
  return g_steal_pointer (&r);
}

void
pkt_reach_free (PktReach *r)
{
  g_array_unref (r->allowed);
  g_free (r);
}

static gboolean
bytes_of (const struct sockaddr *address, guint8 *out)
{
  if (address->sa_family == AF_INET) {
    memcpy (out, mapped, sizeof mapped);
    memcpy (out + sizeof mapped, &((const struct sockaddr_in *)address)->sin_addr, 4);
    return TRUE;
  }
  if (address->sa_family == AF_INET6)
    memcpy (out, &((const struct sockaddr_in6 *)address)->sin6_addr, ADDRESS_BYTES);
  return address->sa_family == AF_INET6;
}

static gboolean
is_allowed (const PktReach *r, const guint8 *address)
{
  for (guint i = 0; i < r->allowed->len; i++)
    if (in_range (&g_array_index (r->allowed, Range, i), address))
      return TRUE;
  return FALSE;
}

const char *
pkt_reach_refuses (const PktReach *r, const struct sockaddr *address)
{
  guint8 bytes[ADDRESS_BYTES];
  if (!bytes_of (address, bytes))
    return "no internet address";
  for (gsize i = 0; i < G_N_ELEMENTS (specials); i++) {
    Range range = { 0 };
    gboolean ipv4;
    guint bits;
    if (!parse_range (specials[i].range, &range, &ipv4, &bits))
      g_error ("special range %s", specials[i].range);
    if (!in_range (&range, bytes))
      continue;
    return specials[i].never || !is_allowed (r, bytes) ? specials[i].what : NULL;
  }
  return NULL;
}

char *
pkt_reach_text (const struct sockaddr *address)
{
  char text[INET6_ADDRSTRLEN] = "";
  if (address->sa_family == AF_INET)
    inet_ntop (AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof text);
  else if (address->sa_family == AF_INET6)
    inet_ntop (AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text, sizeof text);
  return g_strdup (text);
}
