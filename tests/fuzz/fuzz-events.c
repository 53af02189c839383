/* Any bytes read as an export, as CSV and as JSON; each byte of what is handed out is looked at. */
#include <stdint.h>
#include "packet/log/format.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

typedef struct {
  guint64 sum;
} Seen;

static void
touch (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  Seen *seen = data;
  const PktSlice parts[] = { a->recipient, a->sender,     a->from_domain, a->remote_host,
                             a->remote_ip, a->local_ip,   a->transport,   a->reply,
                             a->queue_id,  a->message_id, a->platform_id, a->label,
                             a->campaign,  a->helo,       a->queue_scope };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    seen->sum += pkt_slice_hash (parts[i], 1);
  if (kind != PKT_RECORD_ATTEMPT && kind != PKT_RECORD_EXPIRED)
    g_error ("a record of kind %d", kind);
  if (memchr (a->recipient.p, '@', a->recipient.n) == NULL || a->stamp.kind == PKT_STAMP_NONE
      || !a->smtp || (a->reply_is_remote && a->reply.n == 0))
    g_error ("a record that is not whole");
}

static void
read_as (const char *name, PktSlice text)
{
  const PktFormat *format = pkt_format_find (name);
  gpointer state = format->begin ();
  Seen seen = { 0 };
  while (text.n) {
    PktSlice line = pkt_slice_until (text, '\n');
    text = pkt_slice_skip (text, line.n + 1);
    g_autofree char *exact = g_memdup2 (line.p, line.n); /* reads past its end are seen */
    PktSlice copy = pkt_slice (exact, line.n);
    format->probe (copy);
    format->parse (state, copy, touch, &seen);
  }
  if (format->finish)
    format->finish (state, touch, &seen);
  format->last_stamp (state);
  format->end (state);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  read_as ("events-csv", pkt_slice ((const char *)bytes, n));
  read_as ("events-json", pkt_slice ((const char *)bytes, n));
  return 0;
}
