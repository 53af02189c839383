/* Exports as CSV (RFC 4180; also `;`, tab and `|`): the header line says what a column is. PowerMTA
 * accounting files are such exports: "type,timeLogged,…,orig,rcpt,…,dsnDiag,dsnMta,…". */
#include "packet/log/csv-row.h"
#include "packet/log/event-fields.h"

#define MAX_COLUMNS PKT_CSV_MAX_FIELDS
#define MAX_HEADER 8192     /* bytes of a header line */
#define MAX_ROW (32 * 1024) /* bytes of a row whose quoted fields run over line ends */
#define MAX_ROW_LINES 64    /* and its lines */

typedef struct {
  PktEventOut out;
  PktEventRow row;                /* has values only for names of this header */
  const PktEventService *service; /* NULL: no header seen yet */
  char separator;
  int columns;
  gint16 names[MAX_COLUMNS]; /* column -> index in PktEventRow, -1 */
  GString *first;            /* the first column's name: a line that begins so is a header again */
  GString *open;             /* lines of a row that is not complete */
  guint open_lines;
  GString *room; /* fields without their quotes */
} Csv;

static gpointer
begin (void)
{
  Csv *c = g_new0 (Csv, 1);
  c->out.text = g_string_new (NULL);
  c->first = g_string_new (NULL);
  c->open = g_string_new (NULL);
  c->room = g_string_new (NULL);
  return c;
}

static void
end (gpointer state)
{
  Csv *c = state;
  g_string_free (c->out.text, TRUE);
  g_string_free (c->first, TRUE);
  g_string_free (c->open, TRUE);
  g_string_free (c->room, TRUE);
  g_free (c);
}

static PktStamp
last_stamp (gpointer state)
{
  return ((Csv *)state)->out.last;
}

static PktSlice
without_bom (PktSlice line)
{
  return pkt_slice_starts (line, PKT_SLICE ("\xef\xbb\xbf")) ? pkt_slice_skip (line, 3) : line;
}

/* More of it than of the others; 0 when there is none. */
static char
separator_of (PktSlice line)
{
  static const char all[] = ",;\t|";
  gsize most = 0;
  char best = 0;
  for (const char *s = all; *s; s++) {
    gsize n = 0;
    for (gsize i = 0; i < line.n; i++)
      n += line.p[i] == *s;
    if (n > most) {
      most = n;
      best = *s;
    }
  }
  return best;
}

/* A line of names that hold at least a recipient, and an event or a reply. Fills what is known of
 * the columns. */
static gboolean
read_header (Csv *c, PktSlice line)
{
  const PktEventMap *map = pkt_event_map ();
  PktSlice fields[MAX_COLUMNS];
  PktEventRow present = { 0 };
  char folded[PKT_EVENT_MAX_NAME], separator;
  line = without_bom (line);
  if (line.n == 0 || line.n > MAX_HEADER || strchr ("<{[", line.p[0])
      || memchr (line.p, '@', line.n) || (separator = separator_of (line)) == 0)
    return FALSE;
  int n = pkt_csv_row (line, separator, c->room, fields);
  for (int i = 0; i < n; i++) {
    gboolean named = pkt_event_fold (fields[i], folded) && *folded
                     && !(fields[i].n && memchr (fields[i].p, ':', fields[i].n)); /* "To: email" */
    int name = named ? pkt_event_name (map, folded) : -1;
    c->names[i] = (gint16)(name >= 0 && !present.at[name].p ? name : -1);
    if (c->names[i] >= 0)
      present.at[name] = PKT_SLICE ("");
  }
  const PktEventService *service = n > 1 ? pkt_event_service (map, &present) : NULL;
  if (service == NULL || service->each->len)
    return FALSE;
  memset (&c->row, 0, sizeof c->row);
  c->service = service;
  c->separator = separator;
  c->columns = n;
  g_string_append_len (g_string_truncate (c->first, 0), fields[0].p, (gssize)fields[0].n);
  return TRUE;
}

/* "sep=;" tells Excel what it could see for itself. */
static gboolean
is_separator_line (PktSlice line)
{
  line = without_bom (line);
  return line.n == 5 && pkt_slice_equal_nocase (pkt_slice (line.p, 4), PKT_SLICE ("sep="));
}

static guint
probe (PktSlice line)
{
  Csv c = { .room = g_string_new (NULL), .first = g_string_new (NULL) };
  guint score = read_header (&c, line) ? 90 : 0;
  g_string_free (c.room, TRUE);
  g_string_free (c.first, TRUE);
  return score;
}

/* PowerMTA may write a header for each type of record, and files are put together with theirs. */
static gboolean
is_header_again (Csv *c, PktSlice line)
{
  PktSlice name = pkt_slice (c->first->str, c->first->len);
  if (name.n == 0 || !pkt_slice_starts (line, name) || line.n <= name.n
      || line.p[name.n] != c->separator)
    return FALSE;
  Csv saved = *c;
  if (read_header (c, line))
    return TRUE;
  memcpy (c->names, saved.names, sizeof c->names);
  return FALSE;
}

/* Fills c->row. */
static int
read_fields (Csv *c, PktSlice line)
{
  PktSlice fields[MAX_COLUMNS];
  int n = pkt_csv_row (line, c->separator, c->room, fields);
  if (n < 0)
    return n;
  if (n != c->columns) /* its columns are shifted, or it was cut */
    return PKT_CSV_BROKEN;
  for (int i = 0; i < n; i++)
    if (c->names[i] >= 0)
      c->row.at[c->names[i]] = fields[i];
  return n;
}

static PktRecordKind
take_row (Csv *c, PktSlice line)
{
  int n = read_fields (c, line);
  if (n == PKT_CSV_OPEN && line.n < MAX_ROW) {
    g_string_append_len (g_string_truncate (c->open, 0), line.p, (gssize)line.n);
    c->open_lines = 1;
    return PKT_RECORD_OTHER;
  }
  return n < 0 ? PKT_RECORD_UNKNOWN : pkt_event_emit (c->service, &c->row, &c->out);
}

static void
close_row (Csv *c)
{
  c->open_lines = 0;
  g_string_truncate (c->open, 0);
}

/* A whole row of its own: the quote before it was never closed. */
static gboolean
stands_alone (Csv *c, PktSlice line)
{
  if (line.n == 0 || c->columns < 3 || read_fields (c, line) < 0)
    return FALSE;
  return pkt_event_looks_whole (c->service, &c->row);
}

static PktRecordKind
take_open_row (Csv *c, PktSlice line)
{
  if (stands_alone (c, line) || c->open_lines >= MAX_ROW_LINES
      || c->open->len + line.n >= MAX_ROW) {
    close_row (c);
    if (line.n)
      take_row (c, line);
    return PKT_RECORD_UNKNOWN; /* for the row that has no end; this line's own was handed out */
  }
  g_string_append_c (c->open, '\n');
  g_string_append_len (c->open, line.p, (gssize)line.n);
  c->open_lines++;
  if (line.n == 0 || memchr (line.p, '"', line.n) == NULL)
    return PKT_RECORD_OTHER;
  int n = read_fields (c, pkt_slice (c->open->str, c->open->len));
  if (n == PKT_CSV_OPEN)
    return PKT_RECORD_OTHER;
  PktRecordKind kind = n < 0 ? PKT_RECORD_UNKNOWN : pkt_event_emit (c->service, &c->row, &c->out);
  close_row (c);
  return kind;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  Csv *c = state;
  c->out.sink = sink;
  c->out.data = data;
  if (c->service == NULL)
    return read_header (c, line) || is_separator_line (line) ? PKT_RECORD_OTHER
                                                             : PKT_RECORD_UNKNOWN;
  if (c->open_lines)
    return take_open_row (c, line);
  if (line.n == 0 || is_header_again (c, line))
    return PKT_RECORD_OTHER;
  return take_row (c, line);
}

/* A quoted field whose end is missing. */
static PktRecordKind
finish (gpointer state, PktSink sink, gpointer data)
{
  (void)sink;
  (void)data;
  return ((Csv *)state)->open_lines ? PKT_RECORD_UNKNOWN : PKT_RECORD_OTHER;
}

static const char *
blind_now (gpointer state, const char **name)
{
  const PktEventService *s = ((Csv *)state)->out.service;
  *name = s ? s->name : NULL;
  return s ? s->blind : NULL;
}

const PktFormat pkt_format_events_csv = {
  .name = "events-csv",
  .summary = "Exports of sending services as CSV, PowerMTA accounting files",
  .probe = probe,
  .begin = begin,
  .parse = parse,
  .last_stamp = last_stamp,
  .finish = finish,
  .end = end,
  .blind_now = blind_now,
};
