/* A reply of any bytes: read, normalised, classified. What it names must lie inside it. */
#include <stdint.h>
#include "packet/apple/classify.h"
#include "packet/apple/reply.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

static PktCatalogue *
catalogue (void)
{
  static PktCatalogue *cat; /* once per process */
  if (!cat)
    cat = pkt_catalogue_new ();
  return cat;
}

static void
check_inside (PktSlice part, PktSlice whole)
{
  if (part.n && (part.p < whole.p || part.p + part.n > whole.p + whole.n))
    g_error ("a slice points out of the reply");
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  PktSlice reply = pkt_slice ((const char *)bytes, n);
  PktVerdict v;
  pkt_classify (catalogue (), reply, &v);
  const PktSlice parts[] = { v.enhanced, v.tag,          v.txn_id,
                             v.named_ip, v.named_domain, v.remote_queue_id };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    check_inside (parts[i], reply);
  pkt_classify_other (reply, &v);
  g_autofree char *kind = pkt_reply_normalise (reply);
  g_autofree char *again = pkt_reply_normalise (pkt_slice_str (kind));
  if (!g_utf8_validate (kind, -1, NULL) || !g_utf8_validate (again, -1, NULL))
    g_error ("a kind is not UTF-8");
  return 0;
}
