/* A log of any bytes, line by line as the reader cuts them. What is handed out must lie in the line
 * or in storage of the state, and be readable to its last byte. */
#include <stdint.h>
#include "packet/log/format.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

typedef struct {
  PktSlice line;
  guint64 sum; /* every byte is read, so that a sanitizer sees those outside */
} Line;

static void
read_slice (PktSlice s, Line *line)
{
  if (s.n > 1024 * 1024)
    g_error ("a slice longer than any line");
  if (s.n && s.p == NULL)
    g_error ("a slice of nothing");
  if (s.p >= line->line.p && s.p < line->line.p + line->line.n
      && s.p + s.n > line->line.p + line->line.n)
    g_error ("a slice runs out of its line");
  for (gsize i = 0; i < s.n; i++)
    line->sum += (guint8)s.p[i];
}

static void
sink (PktRecordKind kind, const PktAttempt *a, gpointer data)
{
  Line *line = data;
  const PktSlice all[] = { a->recipient, a->sender,      a->from_domain, a->remote_host,
                           a->remote_ip, a->local_ip,    a->transport,   a->helo,
                           a->reply,     a->queue_id,    a->queue_scope, a->message_id,
                           a->campaign,  a->platform_id, a->label };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    read_slice (all[i], line);
  if (kind <= PKT_RECORD_UNKNOWN || kind > PKT_RECORD_REMOVED)
    g_error ("a record of no kind");
  if (a->outcome >= PKT_N_OUTCOMES || a->stage > PKT_STAGE_END_OF_DATA || a->size < -1)
    g_error ("a value out of its range");
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  const PktFormat *f = pkt_format_find ("postfix");
  gpointer state = f->begin ();
  PktSlice rest = pkt_slice ((const char *)bytes, n);
  while (rest.n) {
    PktSlice text = pkt_slice_until (rest, '\n');
    /* A block of its own, so that reading past the line is seen. */
    g_autofree char *copy = g_memdup2 (text.p, MAX (text.n, 1));
    Line line = { pkt_slice (copy, text.n), 0 };
    if (f->probe (line.line) > 100)
      g_error ("a probe over 100");
    f->parse (state, line.line, sink, &line);
    rest = pkt_slice_skip (rest, text.n + 1);
  }
  f->last_stamp (state);
  f->end (state);
  return 0;
}
