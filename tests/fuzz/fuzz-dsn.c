/* A mail of any bytes read as a bounce, and what is attached to it; each byte of what is handed out
 * is looked at. */
#include <stdint.h>
#include "packet/bounce/attached.h"
#include "packet/bounce/dsn.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

static void
touch (const PktAttempt *a, gpointer data)
{
  guint64 *sum = data;
  const PktSlice parts[] = { a->recipient, a->sender,   a->from_domain, a->remote_host,
                             a->remote_ip, a->queue_id, a->message_id,  a->reply };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    *sum += pkt_slice_hash (parts[i], 1);
  if (a->recipient.n == 0 && a->outcome != PKT_HOST_ERROR)
    g_error ("a record without a recipient");
}

static void
read_attached (PktSlice mail, gpointer data)
{
  pkt_dsn_read (mail, NULL, touch, data);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  const PktSlice mail = pkt_slice ((const char *)bytes, n);
  guint64 sum = 0;
  pkt_dsn_read (mail, NULL, touch, &sum);
  pkt_bounce_attached (mail, read_attached, &sum);
  return 0;
}
