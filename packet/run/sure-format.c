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

const PktFormat *
pkt_source_sure_format (const char *path, const PktFormat **likely)
{
  Look l = { .has_status = FALSE };
  *likely = NULL;
  if (strcmp (path, "-") == 0)
    return NULL;
  pkt_source_first_lines (path, PKT_PROBE_SURE, look_at, forget, &l);
  *likely = pkt_probe_best (&l.probe);
  const PktFormat *format = pkt_probe_is_sure (&l.probe) ? *likely : NULL;
  return format && (l.has_status || strcmp (format->name, "postfix") != 0) ? format : NULL;
}
