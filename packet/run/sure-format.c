#include "packet/run/sure-format.h"
#include "packet/log/part.h"
#include "packet/run/first-lines.h"

typedef struct {
  PktProbe probe;
  gboolean has_status; /* a session that was recorded tells no status */
} Look;

static gboolean
look_at (PktSlice line, gpointer look)
{
  Look *l = look;
  pkt_probe_line (&l->probe, line);
  l->has_status = l->has_status || pkt_slice_find (line, PKT_SLICE (" status=")).p;
  return l->probe.lines < PKT_PROBE_SURE;
}

static void
forget (gpointer look)
{
  *(Look *)look = (Look){ .has_status = FALSE };
}

/* The log and its bytes above a part; NULL where it is none, or begins where the log does. Caller
 * frees. */
static char *
log_above (const char *path, guint64 *bytes)
{
  char *whole = NULL;
  guint64 to;
  if (pkt_part_split (path, &whole, bytes, &to) && *bytes == 0)
    g_clear_pointer (&whole, g_free);
  return whole;
}

PktLogLook
pkt_source_look (const char *path)
{
  Look l = { .has_status = FALSE };
  PktLogLook out = { NULL, NULL };
  if (strcmp (path, "-") == 0)
    return out;
  guint64 bytes;
  g_autofree char *above = log_above (path, &bytes);
  pkt_source_first_lines (above ? above : path, PKT_PROBE_SURE, look_at, forget, &l);
  out.likely = pkt_probe_best (&l.probe);
  if (out.likely && pkt_probe_is_sure (&l.probe)
      && (l.has_status || strcmp (out.likely->name, "postfix") != 0))
    out.sure = out.likely;
  if (above && out.likely && out.likely->is_header) /* rows alone tell nothing */
    out.sure = out.likely;
  return out;
}

const PktFormat *
pkt_source_known_format (const PktCounter *c, const char *path)
{
  if (c->options->format)
    return pkt_format_find (c->options->format);
  const PktLogLook *look = g_hash_table_lookup (c->looks, path);
  return look ? look->sure : NULL;
}

typedef struct {
  const PktFormat *format;
  gpointer state;
  guint64 bytes, read;
} Reader;

static void
count_nothing (PktRecordKind kind, const PktAttempt *record, gpointer data)
{
  (void)kind;
  (void)record;
  (void)data;
}

static gboolean
feed_header (PktSlice line, gpointer reader)
{
  Reader *r = reader;
  if (r->format->is_header (line))
    r->format->parse (r->state, line, count_nothing, NULL);
  r->read += line.n + 1;
  return r->read < r->bytes;
}

void
pkt_source_feed_header (const PktFormat *format, gpointer state, const char *path)
{
  Reader reader = { .format = format, .state = state };
  g_autofree char *above = format->is_header ? log_above (path, &reader.bytes) : NULL;
  if (above)
    pkt_source_first_lines (above, PKT_PROBE_SURE, feed_header, NULL, &reader);
}
