/* Any bytes as a recorded session, and as a notice with one in it. */
#include <stdint.h>
#include "packet/bounce/session.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

static void
touch (const PktAttempt *a, PktSession *session, guint64 line, gpointer data)
{
  guint64 *sum = data;
  const PktSlice parts[] = { a->recipient, a->sender, a->remote_host, a->remote_ip,
                             a->helo,      a->reply,  a->message_id,  a->from_domain };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    *sum += pkt_slice_hash (parts[i], line);
  if (session->turns->len > PKT_SESSION_MAX_TURNS)
    g_error ("too many turns");
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  const PktStamp none = { 0, PKT_STAMP_NONE };
  const PktSlice text = { (const char *)bytes, n };
  guint64 sum = 0;
  pkt_session_is (text, TRUE);
  pkt_session_read (text, none, touch, &sum);
  pkt_session_read_mail (text, touch, &sum);
  return 0;
}
