#include "packet/run/sure-format.h"
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

PktLogLook
pkt_source_look (const char *path)
{
  Look l = { .has_status = FALSE };
  PktLogLook out = { NULL, NULL };
  if (strcmp (path, "-") == 0)
    return out;
  pkt_source_first_lines (path, PKT_PROBE_SURE, look_at, forget, &l);
  out.likely = pkt_probe_best (&l.probe);
  if (out.likely && pkt_probe_is_sure (&l.probe)
      && (l.has_status || strcmp (out.likely->name, "postfix") != 0))
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
