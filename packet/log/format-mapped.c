/* A log whose lines the user describes (--map-file): a list of columns, or a line with names in it:
 * "[{time}] {state}:{event} {attempt} <{sender}> <{recipient}> [{local_ip}] [{remote_ip}] {reply}".
 */
#include "packet/log/csv-row.h"
#include "packet/log/event-fields.h"
#include "packet/log/format.h"

typedef struct {
  PktEventOut out;
  GString *room; /* fields without their quotes */
} Mapped;

static gpointer
begin (void)
{
  Mapped *m = g_new0 (Mapped, 1);
  m->out.text = g_string_new (NULL);
  m->room = g_string_new (NULL);
  return m;
}

static void
end (gpointer state)
{
  Mapped *m = state;
  g_string_free (m->out.text, TRUE);
  g_string_free (m->room, TRUE);
  g_free (m);
}

static PktStamp
last_stamp (gpointer state)
{
  return ((Mapped *)state)->out.last;
}

/* Each part runs up to what stands behind it; the last one to the end. */
static gboolean
read_literals (const PktEventLayout *layout, PktSlice line, PktEventRow *row)
{
  guint n = layout->names->len;
  PktSlice head = pkt_slice_str (g_ptr_array_index (layout->literals, 0));
  if (!pkt_slice_starts (line, head))
    return FALSE;
  line = pkt_slice_skip (line, head.n);
  for (guint i = 0; i < n; i++) {
    PktSlice behind = pkt_slice_str (g_ptr_array_index (layout->literals, i + 1));
    PktSlice at = behind.n ? pkt_slice_find (line, behind) : pkt_slice_skip (line, line.n);
    if (behind.n && at.p == NULL)
      return FALSE;
    int name = g_array_index (layout->names, int, i);
    if (name >= 0 && line.p)
      row->at[name] = pkt_slice (line.p, line.n - at.n);
    line = pkt_slice_skip (at, behind.n);
  }
  return TRUE;
}

static gboolean
read_columns (const PktEventLayout *layout, PktSlice line, GString *room, PktEventRow *row)
{
  PktSlice fields[PKT_CSV_MAX_FIELDS];
  int n = pkt_csv_row (line, layout->separator, room, fields);
  if (n < 2 || (guint)n > layout->names->len)
    return FALSE;
  for (int i = 0; i < n; i++) {
    int name = g_array_index (layout->names, int, i);
    if (name >= 0)
      row->at[name] = fields[i];
  }
  return TRUE;
}

static gboolean
read_row (PktSlice line, GString *room, PktEventRow *row)
{
  const PktEventLayout *layout = pkt_event_map ()->layout;
  memset (row, 0, sizeof *row);
  if (layout == NULL || line.n == 0)
    return FALSE;
  return layout->separator ? read_columns (layout, line, room, row)
                           : read_literals (layout, line, row);
}

static guint
probe (PktSlice line)
{
  PktEventRow row;
  if (!pkt_event_map_is_loaded () || pkt_event_map ()->layout == NULL) /* none is described */
    return 0;
  g_autoptr (GString) room = g_string_new (NULL);
  return read_row (line, room, &row) && pkt_event_looks_whole (pkt_event_map ()->user, &row) ? 100
                                                                                             : 0;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  Mapped *m = state;
  PktEventRow row;
  m->out.sink = sink;
  m->out.data = data;
  if (line.n == 0)
    return PKT_RECORD_OTHER;
  return read_row (line, m->room, &row) ? pkt_event_emit (pkt_event_map ()->user, &row, &m->out)
                                        : PKT_RECORD_UNKNOWN;
}

const PktFormat pkt_format_mapped = {
  .name = "mapped",
  .summary = "Lines that --map-file describes: MailerQ, any log of one's own",
  .probe = probe,
  .begin = begin,
  .parse = parse,
  .last_stamp = last_stamp,
  .end = end,
};
