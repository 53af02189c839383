#include "packet/dns/checks.h"
#include "packet/dns/ip.h"

#define MAX_NAMES 20 /* of one PTR answer that are led back */

typedef struct {
  const PktDnsAnswer *ptr;
  guint confirmed;
  const char *name;    /* the first confirmed one, else the first */
  gboolean unknown;    /* a forward answer did not come, or was not asked for */
  gboolean helo_named; /* HELO is one of the confirmed names */
} Reverse;

static gboolean
leads_back (const PktDnsAnswer *a, const PktIp *ip)
{
  for (guint i = 0; i < a->records->len; i++) {
    PktIp other;
    if (pkt_ip_parse (pkt_dns_answer_get (a, i)->text, &other)
        && pkt_ip_within (&other, ip, ip->six ? 128 : 32))
      return TRUE;
  }
  return FALSE;
}

/* FALSE: still to come. */
static gboolean
look (PktDns *dns, const PktIp *ip, const char *helo, Reverse *out)
{
  g_autofree char *name = pkt_ip_reverse_name (ip);
  *out = (Reverse){ .ptr = pkt_dns_ask (dns, name, PKT_DNS_PTR) };
  gboolean complete = out->ptr != NULL;
  out->unknown = out->ptr && out->ptr->records->len > MAX_NAMES;
  for (guint i = 0; out->ptr && i < MIN (out->ptr->records->len, MAX_NAMES); i++) {
    const char *host = pkt_dns_answer_get (out->ptr, i)->text;
    const PktDnsAnswer *a = pkt_dns_ask (dns, host, ip->six ? PKT_DNS_AAAA : PKT_DNS_A);
    complete &= a != NULL;
    if (a == NULL)
      continue;
    gboolean back = leads_back (a, ip);
    out->unknown |= pkt_dns_answer_is_unknown (a);
    if (out->name == NULL || (back && out->confirmed == 0))
      out->name = host;
    out->confirmed += back;
    out->helo_named |= back && helo && g_ascii_strcasecmp (host, helo) == 0;
  }
  return complete;
}

/* A number of the address as a word of its own, 010 as well: "10" in "host-10-2", not in "mx110".
 * What stood for one stands for no other. */
static gboolean
take_number (GArray *numbers, guint8 number)
{
  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index (numbers, guint64, i) == number) {
      g_array_remove_index_fast (numbers, i);
      return TRUE;
    }
  return FALSE;
}

static GArray *
numbers_in (const char *name)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  while (*(name += strcspn (name, "0123456789"))) {
    char *end;
    guint64 n = g_ascii_strtoull (name, &end, 10);
    g_array_append_val (numbers, n);
    name = end;
  }
  return numbers;
}

/* Made of the address, as providers do: its last two numbers and one more in the name
 * ("192-0-2-10.dsl.example.net"), or its hexadecimal form. */
static gboolean
is_generic (const char *name, const PktIp *ip)
{
  if (ip->six) {
    g_autofree char *last = g_strdup_printf ("%02x%02x%02x%02x", ip->bytes[12], ip->bytes[13],
                                             ip->bytes[14], ip->bytes[15]),
                    *pair = g_strdup_printf ("%x-%x", ip->bytes[12] << 8 | ip->bytes[13],
                                             ip->bytes[14] << 8 | ip->bytes[15]);
    return strstr (name, last) || strstr (name, pair);
  }
  g_autofree char *hex = g_strdup_printf ("%02x%02x%02x%02x", ip->bytes[0], ip->bytes[1],
                                          ip->bytes[2], ip->bytes[3]);
  g_autoptr (GArray) numbers = numbers_in (name);
  return strstr (name, hex)
         || (take_number (numbers, ip->bytes[3]) && take_number (numbers, ip->bytes[2])
             && (take_number (numbers, ip->bytes[1]) || take_number (numbers, ip->bytes[0])));
}

static const char *
rule_of (const Reverse *r, const PktIp *ip, const char *helo, PktCheckState *state)
{
  *state = PKT_CHECK_UNKNOWN;
  if (pkt_dns_answer_is_unknown (r->ptr))
    return "rdns-unknown";
  *state = PKT_CHECK_BAD;
  if (r->ptr->records->len == 0)
    return "rdns-none";
  if (r->confirmed == 0) {
    *state = r->unknown ? PKT_CHECK_UNKNOWN : PKT_CHECK_BAD;
    return r->unknown ? "rdns-unknown" : "rdns-unconfirmed";
  }
  *state = PKT_CHECK_NOTE;
  if (is_generic (r->name, ip))
    return "rdns-generic";
  if (helo && !r->helo_named)
    return "rdns-helo";
  *state = PKT_CHECK_OK;
  return "rdns-confirmed";
}

/* "mta1.example.com and 1 more", or "1 of 2 names, mta1.example.com," where the other does not lead
 * back. */
static char *
names_text (const Reverse *r)
{
  const guint all = r->ptr->records->len;
  if (r->confirmed && r->confirmed < all)
    return g_strdup_printf ("%u of %u names, %s,", r->confirmed, all, r->name);
  return all == 1 ? g_strdup (r->name) : g_strdup_printf ("%s and %u more", r->name, all - 1);
}

static char *
found_text (const Reverse *r, const char *rule, const char *helo)
{
  if (r->ptr->records->len == 0)
    return pkt_dns_answer_is_unknown (r->ptr) ? pkt_dns_answer_text (r->ptr)
                                              : g_strdup ("no reverse DNS (PTR)");
  g_autofree char *names = names_text (r);
  const char *leads = r->confirmed > 1 || (r->confirmed == 0 && r->ptr->records->len > 1) ? "lead"
                                                                                          : "leads";
  if (g_str_equal (rule, "rdns-unconfirmed"))
    return g_strdup_printf ("PTR %s %s not lead back to it", names,
                            r->ptr->records->len > 1 ? "do" : "does");
  if (g_str_equal (rule, "rdns-unknown") && r->ptr->records->len > MAX_NAMES)
    return g_strdup_printf ("PTR %s: of the first %d none is known to lead back", names, MAX_NAMES);
  if (g_str_equal (rule, "rdns-unknown"))
    return g_strdup_printf ("PTR %s: no answer where it leads to", names);
  if (g_str_equal (rule, "rdns-helo"))
    return g_strdup_printf ("PTR %s %s back; HELO %s is another name", names, leads, helo);
  return g_strdup_printf ("PTR %s %s back to it%s%s", names, leads,
                          g_str_equal (rule, "rdns-generic") ? ", and is made of the address" : "",
                          helo && r->helo_named ? ", as HELO does" : "");
}

gboolean
pkt_check_reverse (PktDns *dns, const char *address, const char *helo, GPtrArray *rows)
{
  PktIp ip;
  Reverse r;
  PktCheckState state;
  if (!pkt_ip_parse (address, &ip))
    return TRUE;
  if (!look (dns, &ip, helo, &r))
    return FALSE;
  const char *rule = rule_of (&r, &ip, helo, &state);
  PktCheck *c = pkt_check_new ("rdns", rule, state, address, found_text (&r, rule, helo));
  pkt_check_set (c, "ip", address);
  pkt_check_set (c, "ptr", r.name);
  pkt_check_set_number (c, "names", r.ptr->records->len);
  json_object_set_new (c->detail, "confirmed", json_boolean (r.confirmed > 0));
  pkt_check_set (c, "helo", helo);
  json_object_set_new (c->detail, "helo_agrees", helo ? json_boolean (r.helo_named) : json_null ());
  g_ptr_array_add (rows, c);
  return TRUE;
}
