/* Any bytes as the log of each format, line by line: what is handed out must be readable to its
 * last byte, and a probe stays within its scale. */
#include <stdint.h>
#include "packet/log/docker-json.h"
#include "packet/log/shipped.h"
#include "packet/log/format.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

static void
touch (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  guint64 *sum = data;
  const PktSlice all[] = { a->recipient, a->sender,      a->from_domain, a->remote_host,
                           a->remote_ip, a->local_ip,    a->transport,   a->helo,
                           a->reply,     a->queue_id,    a->queue_scope, a->message_id,
                           a->campaign,  a->platform_id, a->label };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    if (all[i].n && all[i].p == NULL)
      g_error ("a slice of nothing");
    *sum += pkt_slice_hash (all[i], 1);
  }
  if (kind <= PKT_RECORD_UNKNOWN || kind > PKT_RECORD_REMOVED)
    g_error ("a record of no kind");
  if (a->outcome >= PKT_N_OUTCOMES || a->stage > PKT_STAGE_END_OF_DATA || a->size < -1)
    g_error ("a value out of its range");
  if (kind == PKT_RECORD_ATTEMPT && a->reply_is_remote > 1)
    g_error ("neither true nor false");
  if (a->stamp.kind == PKT_STAMP_NONE && (kind == PKT_RECORD_EXPIRED || a->stamp.us))
    g_error ("an end without a time, or half a time");
}

static void
read_as (const PktFormat *f, PktSlice text)
{
  gpointer state = f->begin ();
  guint64 sum = 0;
  while (text.n) {
    PktSlice line = pkt_slice_until (text, '\n');
    text = pkt_slice_skip (text, line.n + 1);
    g_autofree char *exact = g_memdup2 (line.p, MAX (line.n, 1)); /* reads past its end are seen */
    PktSlice copy = pkt_slice (exact, line.n);
    if (f->probe (copy) > 100)
      g_error ("a probe over 100");
    f->parse (state, copy, touch, &sum);
  }
  f->last_stamp (state);
  f->end (state);
}

/* Each line as a record of a shipper, whatever the first ones are; or as these tell. */
static void
unwrap_shipped (PktSlice text, PktShippedState state)
{
  PktShipped shipped = { .state = state };
  while (text.n) {
    PktSlice line = pkt_slice_until (text, '\n');
    text = pkt_slice_skip (text, line.n + 1);
    pkt_shipped_line (&shipped, &line);
    if (line.n && pkt_find_byte (line.p, line.p + line.n, '\n'))
      abort ();
    if (shipped.depth > PKT_SHIPPED_DEPTH)
      g_error ("deeper than there is");
  }
  pkt_shipped_clear (&shipped);
}

static void
unwrap_docker (PktSlice text)
{
  PktDockerJson docker = { 0 };
  guint64 sum = 0;
  while (text.n) {
    PktSlice line = pkt_slice_until (text, '\n');
    text = pkt_slice_skip (text, line.n + 1);
    g_autofree char *exact = g_memdup2 (line.p, MAX (line.n, 1));
    PktSlice inner = pkt_slice (exact, line.n);
    if (pkt_docker_json_line (&docker, &inner))
      sum += pkt_slice_hash (inner, sum);
    if (docker.text && docker.text->len > PKT_DOCKER_JSON_MAX + line.n)
      g_error ("a line without a bound");
  }
  pkt_docker_json_clear (&docker);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  unwrap_docker (pkt_slice ((const char *)bytes, n));
  unwrap_shipped (pkt_slice ((const char *)bytes, n), PKT_SHIPPED_YES);
  unwrap_shipped (pkt_slice ((const char *)bytes, n), PKT_SHIPPED_UNSURE);
  for (gsize i = 0; pkt_formats[i]; i++)
    read_as (pkt_formats[i], pkt_slice ((const char *)bytes, n));
  return 0;
}
