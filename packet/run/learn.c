/* Some servers log a mail server's name only where it accepted mail. Whether a refusal to a custom
 * domain was Apple's then follows from what was accepted, which may stand behind it: such logs are
 * read for that before anything is counted. */
#include "packet/log/docker-json.h"
#include "packet/log/shipped.h"
#include "packet/log/format.h"
#include "packet/log/part.h"
#include "packet/log/reader.h"
#include "packet/run/first-lines.h"
#include "packet/run/source.h"
#include "packet/run/sure-format.h"

static void
learn_record (PktRecordKind kind, const PktAttempt *a, gpointer relay)
{
  if (kind == PKT_RECORD_ATTEMPT && a->smtp && a->outcome == PKT_DELIVERED && a->remote_host.n)
    pkt_relay_judge (relay, a->recipient, a->remote_host, a->remote_ip);
}

static gboolean
all_formats (PktSlice line, gpointer probe)
{
  pkt_probe_line (probe, line);
  return TRUE;
}

/* Up to one of a format that is read for this, which most logs have none of: then its hits are set.
 */
static gboolean
until_hit (PktSlice line, gpointer probe)
{
  PktProbe *p = probe;
  p->lines++;
  for (gsize i = 0; pkt_formats[i]; i++)
    if (pkt_formats[i]->names_acceptors_only && pkt_probe_knows (pkt_formats[i], line)) {
      p->hits[i]++;
      return FALSE;
    }
  return TRUE;
}

static void
forget (gpointer probe)
{
  *(PktProbe *)probe = (PktProbe){ 0 };
}

static PktProbe
probe_lines (const char *path, PktFirstLine take)
{
  PktProbe p = { 0 };
  pkt_source_first_lines (path, PKT_PROBE_LINES, take, forget, &p);
  return p;
}

static gboolean
is_hit (const PktProbe *p)
{
  for (gsize i = 0; pkt_formats[i]; i++)
    if (p->hits[i])
      return TRUE;
  return FALSE;
}

/* NULL where it is none that is read for this. */
static const PktFormat *
probe (const char *path)
{
  PktProbe p = probe_lines (path, until_hit);
  if (!is_hit (&p))
    return NULL;
  p = probe_lines (path, all_formats);
  return pkt_probe_best (&p);
}

static void
learn (PktRelay *relay, GHashTable *memories, const char *path, const PktFormat *known)
{
  g_autofree char *whole = pkt_part_whole (path);
  if (!g_file_test (whole, G_FILE_TEST_IS_REGULAR)) /* standard input can be read only once */
    return;
  const PktFormat *format = known ? known : probe (path);
  if (format == NULL || !format->names_acceptors_only)
    return;
  g_autoptr (PktReader) reader = pkt_reader_open (path, 1, NULL);
  gpointer state = pkt_format_begin (format, memories);
  PktDockerJson docker = { 0 };
  PktShipped shipped = { 0 };
  for (PktSlice line; reader && pkt_reader_next (reader, &line);)
    if (pkt_docker_json_line (&docker, &line)) {
      pkt_shipped_line (&shipped, &line);
      format->parse (state, line, learn_record, relay);
    }
  pkt_docker_json_clear (&docker);
  pkt_shipped_clear (&shipped);
  format->end (state);
}

void
pkt_source_learn (const PktCounter *c, const GPtrArray *paths)
{
  g_autoptr (GHashTable) memories = pkt_format_memories_new ();
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index (paths, i);
    learn (c->relay, memories, path, pkt_source_known_format (c, path));
  }
}
