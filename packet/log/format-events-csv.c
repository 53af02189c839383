/* Exports as CSV (RFC 4180; also `;`, tab and `|`): the header line says what a column is. PowerMTA
 * accounting files are such exports: "type,timeLogged,…,orig,rcpt,…,dsnDiag,dsnMta,…". */
#include "packet/log/event-csv.h"
#include "packet/log/event-table.h"
#include "packet/log/format.h"
#include "packet/log/syslog.h"

#define MAX_ROW (32 * 1024) /* bytes of a row whose quoted fields run over line ends */
#define HEADER 90           /* what the probe says of one */
#define MAX_ROW_LINES 64    /* and its lines */

typedef struct {
  PktCsvShared shared; /* at its beginning: the glancer knows no more of it */
  PktEventOut out;
  PktEventRow row;            /* has values only for names of this header */
  const PktCsvHeader *header; /* NULL: none seen yet */
  GPtrArray *headers;         /* PktCsvHeader*: glances may still hold to earlier ones */
  GString *open;              /* lines of a row that is not complete */
  guint open_lines;
  GString *bad; /* such a row that was given up with the line at hand; else empty */
  guint bad_back;
  GString *room;   /* fields without their quotes */
  PktCsvCuts cuts; /* of the row at hand */
  PktEventMemo memo;
  PktEventTable *table; /* where the header tells no service: its names; NULL */
  gpointer json;        /* what reads the rows of a table; NULL: none so far */
  GString *object;      /* a row of it */
} Csv;

static gpointer
begin (void)
{
  Csv *c = g_new0 (Csv, 1);
  c->headers = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_csv_header_free);
  c->out.text = g_string_new (NULL);
  c->open = g_string_new (NULL);
  c->bad = g_string_new (NULL);
  c->room = g_string_new (NULL);
  c->object = g_string_new (NULL);
  return c;
}

static void
end (gpointer state)
{
  Csv *c = state;
  g_ptr_array_unref (c->headers);
  g_string_free (c->out.text, TRUE);
  g_string_free (c->open, TRUE);
  g_string_free (c->bad, TRUE);
  g_string_free (c->room, TRUE);
  g_string_free (c->object, TRUE);
  pkt_event_table_free (c->table);
  if (c->json)
    pkt_format_events_json.end (c->json);
  g_free (c);
}

static PktStamp
last_stamp (gpointer state)
{
  const Csv *c = state;
  return c->json ? pkt_format_events_json.last_stamp (c->json) : c->out.last;
}

/* Nothing changes where it is the one before once more. */
static gboolean
read_header (Csv *c, PktSlice line)
{
  PktCsvHeader *h = pkt_csv_header_new (line, c->room);
  if (h == NULL)
    return FALSE;
  if (c->header && pkt_csv_header_same (c->header, h)) {
    pkt_csv_header_free (h);
    return TRUE;
  }
  g_ptr_array_add (c->headers, h);
  h->number = c->headers->len <= PKT_CSV_MAX_HEADERS ? (guint8)c->headers->len : 0;
  c->header = h;
  memset (&c->row, 0, sizeof c->row);
  g_atomic_pointer_set (&c->shared.header, h->number ? h : NULL);
  return TRUE;
}

/* "sep=;" tells Excel what it could see for itself. */
static gboolean
is_separator_line (PktSlice line)
{
  line = pkt_slice_skip_mark (line);
  return line.n == 5 && pkt_slice_equal_nocase (pkt_slice (line.p, 4), PKT_SLICE ("sep="));
}

static guint
probe (PktSlice line)
{
  PktSyslog syslog;
  g_autoptr (GString) room = g_string_new (NULL);
  PktCsvHeader *h = pkt_syslog_split (line, &syslog) ? NULL : pkt_csv_header_new (line, room);
  if (h)
    pkt_csv_header_free (h);
  return h ? HEADER : pkt_event_table_is_row (line) ? 15 : 0;
}

static gboolean
is_header (PktSlice line)
{
  return probe (line) == HEADER;
}

/* PowerMTA may write a header for each type of record, and files are put together with theirs. */
static gboolean
is_header_again (Csv *c, PktSlice line)
{
  return pkt_csv_header_starts (c->header, line) && read_header (c, line);
}

/* Fills c->row. */
static int
read_fields (Csv *c, PktSlice line)
{
  return pkt_csv_header_row (c->header, line, c->room, &c->row);
}

/* Most rows: their quotes are where they belong. */
static PktRecordKind
take_cut_row (Csv *c, PktSlice line)
{
  const PktCsvHeader *h = c->header;
  if (h->direct.usable) {
    PktSlice values[PKT_N_FIELDS];
    pkt_csv_header_values (h, &c->cuts, line, values);
    if (pkt_direct_emit (h->service, &h->direct, values, &c->memo, &c->out))
      return PKT_RECORD_ATTEMPT;
  }
  pkt_csv_header_fill (h, &c->cuts, line, &c->row);
  return pkt_event_emit (h->service, &c->row, &c->out);
}

static PktRecordKind
take_row (Csv *c, PktSlice line)
{
  if (pkt_csv_header_cut (c->header, line, &c->cuts))
    return take_cut_row (c, line);
  int n = read_fields (c, line);
  if (n == PKT_CSV_OPEN && line.n < MAX_ROW) {
    g_string_append_len (g_string_truncate (c->open, 0), line.p, (gssize)line.n);
    c->open_lines = 1;
    return PKT_RECORD_OTHER;
  }
  return n < 0 ? PKT_RECORD_UNKNOWN : pkt_event_emit (c->header->service, &c->row, &c->out);
}

/* That it began so many lines before the last one. */
static void
give_up_row (Csv *c, guint back)
{
  g_string_append_len (g_string_truncate (c->bad, 0), c->open->str, (gssize)c->open->len);
  c->bad_back = back;
}

static PktSlice
given_up (gpointer state, guint *back)
{
  const Csv *c = state;
  *back = c->bad_back;
  return pkt_slice (c->bad->str, c->bad->len);
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
  if (line.n == 0 || c->header->columns < 3 || read_fields (c, line) < 0)
    return FALSE;
  return pkt_event_looks_whole (c->header->service, &c->row);
}

static PktRecordKind
take_open_row (Csv *c, PktSlice line)
{
  if (stands_alone (c, line) || c->open_lines >= MAX_ROW_LINES
      || c->open->len + line.n >= MAX_ROW) {
    give_up_row (c, c->open_lines);
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
  PktRecordKind kind = n < 0 ? PKT_RECORD_UNKNOWN
                             : pkt_event_emit (c->header->service, &c->row, &c->out);
  if (kind == PKT_RECORD_UNKNOWN)
    give_up_row (c, c->open_lines - 1);
  close_row (c);
  return kind;
}

/* The cells make the event together, or one of them is it. */
static PktRecordKind
take_table_row (Csv *c, PktSlice line)
{
  PktSlice cell;
  guint at = 0;
  if (!pkt_event_table_object (c->table, line, c->room, c->object))
    return PKT_RECORD_UNKNOWN;
  if (c->json == NULL)
    c->json = pkt_format_events_json.begin ();
  PktRecordKind kind = pkt_format_events_json.parse (
      c->json, pkt_slice (c->object->str, c->object->len), c->out.sink, c->out.data);
  while (kind == PKT_RECORD_UNKNOWN && pkt_event_table_cell (c->table, &at, &cell))
    kind = pkt_format_events_json.parse (c->json, cell, c->out.sink, c->out.data);
  return kind;
}

/* Before a header that tells whose export it is. */
static PktRecordKind
take_unknown (Csv *c, PktSlice line)
{
  if (read_header (c, line) || is_separator_line (line))
    return PKT_RECORD_OTHER;
  if (c->table)
    return line.n ? take_table_row (c, line) : PKT_RECORD_OTHER;
  c->table = pkt_event_table_new (line, c->room);
  return c->table ? PKT_RECORD_OTHER : PKT_RECORD_UNKNOWN;
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  Csv *c = state;
  c->out.sink = sink;
  c->out.data = data;
  g_string_truncate (c->bad, 0);
  if (c->header == NULL)
    return take_unknown (c, line);
  if (c->open_lines)
    return take_open_row (c, line);
  if (line.n == 0 || is_header_again (c, line))
    return PKT_RECORD_OTHER;
  return take_row (c, line);
}

static PktRecordKind
parse_known (gpointer state, PktSlice line, const PktGlance *seen, PktSink sink, gpointer data)
{
  Csv *c = state;
  if (c->open_lines || seen->daemon != c->header->number)
    return parse (state, line, sink, data);
  if (seen->kind == PKT_GLANCE_KNOWN || seen->stamp_kind == PKT_STAMP_NONE)
    return PKT_RECORD_OTHER;
  PktAttempt a = { .stamp = { seen->us, (PktStampKind)seen->stamp_kind },
                   .queue_key = seen->key,
                   .fingerprint = seen->fingerprint };
  c->out.last = a.stamp;
  c->out.service = c->header->service;
  sink (PKT_RECORD_ELSEWHERE, &a, data);
  return PKT_RECORD_ELSEWHERE;
}

static gboolean
parse_run (gpointer state, const PktGlance *run)
{
  Csv *c = state;
  if (c->open_lines || run->daemon != c->header->number)
    return FALSE;
  if (run->records == 0)
    return TRUE;
  c->out.last = (PktStamp){ run->last_us, (PktStampKind)run->stamp_kind };
  c->out.service = c->header->service;
  return TRUE;
}

/* A quoted field whose end is missing. */
static PktRecordKind
finish (gpointer state, PktSink sink, gpointer data)
{
  Csv *c = state;
  (void)sink;
  (void)data;
  if (c->open_lines == 0)
    return PKT_RECORD_OTHER;
  give_up_row (c, c->open_lines - 1);
  return PKT_RECORD_UNKNOWN;
}

static const char *
blind_now (gpointer state, const char **name, gboolean *few_tries)
{
  if (((Csv *)state)->json)
    return pkt_format_events_json.blind_now (((Csv *)state)->json, name, few_tries);
  const PktEventService *s = ((Csv *)state)->out.service;
  *few_tries = s && s->few_tries;
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
  .given_up = given_up,
  .glancer = &pkt_event_csv_glancer,
  .parse_known = parse_known,
  .parse_run = parse_run,
  .end = end,
  .is_header = is_header,
  .blind_now = blind_now,
  .export = PKT_EXPORT_TABLE,
};
