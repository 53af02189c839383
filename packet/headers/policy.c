#include "packet/headers/policy.h"
#include "packet/base/domain.h"
#include "packet/base/slice.h"

#define MAX_REPORT_ADDRESSES 8

static void
take_domain (PktSample *s, const char *info)
{
  PktSlice hit = pkt_slice_find (pkt_slice_str (info), PKT_SLICE ("pdomain="));
  if (hit.n == 0 || s->from_domain == NULL)
    return;
  PktSlice value = pkt_slice_trim (pkt_slice_until (pkt_slice_skip (hit, 8), ';'));
  g_autofree char *domain = g_ascii_strdown (value.p, (gssize)value.n);
  /* RFC 7489 6.3: the From domain or one above it; RFC 9091 knows policies of whole public
   * suffixes, which are nobody's own. */
  if (pkt_domain_within (s->from_domain, domain) && pkt_domain_same (s->from_domain, domain))
    s->policy_domain = g_steal_pointer (&domain);
}

/* "rua=mailto:a@example.com!10m,mailto:b@example.net" */
static void
take_addresses (PktSample *s, PktSlice policy)
{
  PktSlice hit;
  while (s->report_addresses->len < MAX_REPORT_ADDRESSES
         && (hit = pkt_slice_find (policy, PKT_SLICE ("mailto:"))).n > 0) {
    policy = pkt_slice_skip (hit, 7);
    gsize n = 0;
    while (n < policy.n && policy.p[n] && !strchr ("!,; \t\r\n", policy.p[n]))
      n++;
    char *address = pkt_slice_utf8 (pkt_slice (policy.p, n));
    if (strchr (address, '@'))
      g_ptr_array_add (s->report_addresses, address);
    else
      g_free (address);
  }
}

void
pkt_policy_collect (PktSample *s, const PktAppleBlock *block)
{
  const char *info = pkt_sample_field_in (s, block->after, block->end, "X-DMARC-Info");
  const char *policy = pkt_sample_field_in (s, block->after, block->end, "X-DMARC-Policy");
  if (info)
    take_domain (s, info);
  if (policy)
    take_addresses (s, pkt_slice_str (policy));
}
