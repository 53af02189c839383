#include "packet/log/format.h"
#include "packet/log/journal.h"
#include "packet/log/syslog.h"

#define PKT_FORMAT(name) &pkt_format_##name,
const PktFormat *const pkt_formats[] = {
#include "packet/log/format-list.h"
  NULL,
};
#undef PKT_FORMAT
G_STATIC_ASSERT (G_N_ELEMENTS (pkt_formats) <= PKT_MAX_FORMATS);

const PktFormat *
pkt_format_find (const char *name)
{
  for (gsize i = 0; pkt_formats[i]; i++)
    if (g_str_equal (pkt_formats[i]->name, name))
      return pkt_formats[i];
  return NULL;
}

GHashTable *
pkt_format_memories_new (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)pkt_memory_free);
}

PktMemory *
pkt_format_memory (GHashTable *memories, const PktFormat *format)
{
  PktMemory *memory = g_hash_table_lookup (memories, format);
  if (memory == NULL) {
    memory = pkt_memory_new ();
    g_hash_table_insert (memories, (gpointer)format, memory);
  }
  return memory;
}

gpointer
pkt_format_begin (const PktFormat *format, GHashTable *memories)
{
  gpointer state = format->begin ();
  if (format->share)
    format->share (state, pkt_format_memory (memories, format));
  return state;
}

const PktFormat *
pkt_format_of_tag (PktSlice tag)
{
  for (gsize i = 0; tag.n && pkt_formats[i]; i++)
    if (pkt_formats[i]->owns_tag && pkt_formats[i]->owns_tag (tag))
      return pkt_formats[i];
  return NULL;
}

const PktFormat *
pkt_format_of_form (PktSlice line)
{
  for (gsize i = 0; pkt_formats[i]; i++)
    if (pkt_formats[i]->owns_line && pkt_formats[i]->owns_line (line))
      return pkt_formats[i];
  return NULL;
}

/* journald's name of the program, in a line of either form of journalctl; a shipper's record that
 * has it as well is that shipper's. */
static PktSlice
journal_tag (PktSlice line)
{
  static const char json[] = "\"SYSLOG_IDENTIFIER\"";
  if (pkt_slice_starts (line, PKT_SLICE ("SYSLOG_IDENTIFIER=")))
    return pkt_slice_skip (line, 18);
  if (line.n == 0 || line.p[0] != '{' || !pkt_journal_looks_like (line))
    return pkt_slice (NULL, 0);
  PktSlice at = pkt_slice_skip (pkt_slice_find (line, pkt_slice_str (json)), sizeof json - 1);
  while (at.n && (at.p[0] == ' ' || at.p[0] == ':'))
    at = pkt_slice_skip (at, 1);
  return at.n && at.p[0] == '"' ? pkt_slice_until (pkt_slice_skip (at, 1), '"')
                                : pkt_slice (NULL, 0);
}

const PktFormat *
pkt_format_of_line (PktSlice line)
{
  PktSyslog s;
  if (pkt_journal_looks_like (line))
    return pkt_format_of_tag (journal_tag (line));
  if (pkt_syslog_split (line, &s))
    return pkt_format_of_tag (s.tag);
  return pkt_format_of_form (line);
}

gboolean
pkt_probe_knows (const PktFormat *format, PktSlice line)
{
  return pkt_format_of_tag (journal_tag (line)) == format || format->probe (line) > 0;
}

void
pkt_probe_line (PktProbe *p, PktSlice line)
{
  const PktFormat *owner = pkt_format_of_tag (journal_tag (line));
  p->lines++;
  for (gsize i = 0; pkt_formats[i]; i++) {
    guint score = pkt_formats[i] == owner ? 90 : pkt_formats[i]->probe (line);
    p->score[i] += score;
    p->hits[i] += score > 0;
  }
}

const PktFormat *
pkt_probe_best (const PktProbe *p)
{
  const PktFormat *best = NULL;
  guint score = 0;
  for (gsize i = 0; pkt_formats[i]; i++)
    if (p->score[i] > score) {
      score = p->score[i];
      best = pkt_formats[i];
    }
  return best;
}

gboolean
pkt_probe_is_sure (const PktProbe *p)
{
  gsize only = 0;
  guint formats = 0;
  for (gsize i = 0; pkt_formats[i]; i++)
    if (p->hits[i]) {
      formats++;
      only = i;
    }
  return p->lines >= PKT_PROBE_SURE && formats == 1 && p->hits[only] == p->lines
         && pkt_formats[only]->glancer;
}

static guint
row_of (const PktFormat *format)
{
  guint i = 0;
  while (pkt_formats[i] && pkt_formats[i] != format)
    i++;
  return i;
}

guint
pkt_probe_hits (const PktProbe *p, const PktFormat *format)
{
  return format ? p->hits[row_of (format)] : 0;
}

guint
pkt_probe_score (const PktProbe *p, const PktFormat *format)
{
  guint row = format ? row_of (format) : 0;
  return format && p->hits[row] ? p->score[row] / p->hits[row] : 0;
}

const PktFormat *
pkt_probe_next (const PktProbe *p, const PktFormat *best)
{
  PktProbe others = *p;
  if (best)
    others.score[row_of (best)] = 0;
  return pkt_probe_best (&others);
}
