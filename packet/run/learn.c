/* Some servers log a mail server's name only where it accepted mail. Whether a refusal to a custom
 * domain was Apple's then follows from what was accepted, which may stand behind it: such logs are
 * read for that before anything is counted. */
#include "packet/log/docker-json.h"
#include "packet/log/format.h"
#include "packet/log/reader.h"
#include "packet/run/source.h"

static void
learn_record (PktRecordKind kind, const PktAttempt *a, gpointer relay)
{
  if (kind == PKT_RECORD_ATTEMPT && a->smtp && a->outcome == PKT_DELIVERED && a->remote_host.n)
    pkt_relay_judge (relay, a->recipient, a->remote_host, a->remote_ip);
}

typedef struct {
  gboolean whole; /* ask all formats, not only those that are read for this */
  gboolean hit;   /* of one of those */
  PktProbe probe;
} Probe;

static void
probe_line (Probe *p, PktSlice line)
{
  if (p->whole) {
    pkt_probe_line (&p->probe, line);
    return;
  }
  p->probe.lines++;
  for (gsize i = 0; pkt_formats[i] && !p->hit; i++)
    p->hit = pkt_formats[i]->names_acceptors_only && pkt_probe_knows (pkt_formats[i], line);
}

static void
probe_lines (const char *path, Probe *p)
{
  g_autoptr (PktReader) reader = pkt_reader_open (path, 1, NULL);
  PktDockerJson docker = { 0 };
  for (PktSlice line;
       reader && p->probe.lines < PKT_PROBE_LINES && pkt_reader_next (reader, &line);)
    if (pkt_docker_json_line (&docker, &line))
      probe_line (p, line);
  pkt_docker_json_clear (&docker);
}

/* NULL where it is none that is read for this: mostly no line is of such a one. */
static const PktFormat *
probe (const char *path)
{
  Probe few = { .whole = FALSE }, all = { .whole = TRUE };
  probe_lines (path, &few);
  if (!few.hit)
    return NULL;
  probe_lines (path, &all);
  return pkt_probe_best (&all.probe);
}

static PktMemory *
memory_of (GHashTable *memories, const PktFormat *format)
{
  PktMemory *memory = g_hash_table_lookup (memories, format);
  if (memory == NULL) {
    memory = pkt_memory_new ();
    g_hash_table_insert (memories, (gpointer)format, memory);
  }
  return memory;
}

static void
learn (PktRelay *relay, GHashTable *memories, const char *path, const PktFormat *forced)
{
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)) /* standard input can be read only once */
    return;
  const PktFormat *format = forced ? forced : probe (path);
  if (format == NULL || !format->names_acceptors_only)
    return;
  g_autoptr (PktReader) reader = pkt_reader_open (path, 1, NULL);
  gpointer state = format->begin ();
  if (format->share)
    format->share (state, memory_of (memories, format));
  PktDockerJson docker = { 0 };
  for (PktSlice line; reader && pkt_reader_next (reader, &line);)
    if (pkt_docker_json_line (&docker, &line))
      format->parse (state, line, learn_record, relay);
  pkt_docker_json_clear (&docker);
  format->end (state);
}

void
pkt_source_learn (PktRelay *relay, const GPtrArray *paths, const PktFormat *forced)
{
  g_autoptr (GHashTable) memories = g_hash_table_new_full (NULL, NULL, NULL,
                                                           (GDestroyNotify)pkt_memory_free);
  for (guint i = 0; i < paths->len; i++)
    learn (relay, memories, g_ptr_array_index (paths, i), forced);
}
