/* Any bytes as a mailbox: each mail is handed out within its bound, and nothing is read twice. */
#include <stdint.h>
#include "packet/bounce/mbox.h"

#define MAX_MAIL 4000

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

typedef struct {
  const char *p;
  gsize n;
} Rest;

static gsize
read_rest (gpointer data, char *p, gsize n)
{
  Rest *r = data;
  n = MIN (MIN (n, 700), r->n);
  memcpy (p, r->p, n);
  r->p += n;
  r->n -= n;
  return n;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  Rest rest = { (const char *)bytes, n };
  g_autoptr (PktMbox) m = pkt_mbox_new (MAX_MAIL);
  gsize sum = 0;
  pkt_mbox_start (m, read_rest, &rest);
  for (PktSlice mail; pkt_mbox_next (m, &mail); sum += mail.n)
    if (mail.n > MAX_MAIL || mail.n == 0)
      g_error ("a mail of %" G_GSIZE_FORMAT " bytes", mail.n);
  if (sum > n)
    g_error ("more bytes than there are");
  pkt_mbox_is_mail (pkt_slice ((const char *)bytes, n));
  return 0;
}
