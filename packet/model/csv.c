#include "packet/model/csv.h"
#include <string.h>

#define WINDOW (4 * PKT_CSV_MAX_ROW) /* the more, the less is moved */

struct PktCsv {
  PktCsvRead read;
  gpointer source;
  char *buf; /* [at, end) is not read yet */
  gsize at, end;
  gboolean eof;
  char delimiter; /* 0: the first row decides */
  guint64 line;
  guint64 one_line_until; /* byte offset: up to here a quote ends at its line */
  guint64 offset;         /* of `at` in the stream */
  gboolean give_up;       /* the line at `at` was given as broken */
  GString *scratch;       /* fields that had "" in them; never grows, slices point into it */
};

PktCsv *
pkt_csv_new (PktCsvRead read, gpointer source)
{
  PktCsv *csv = g_new0 (PktCsv, 1);
  csv->read = read;
  csv->source = source;
  csv->buf = g_malloc (WINDOW);
  csv->line = 1;
  csv->scratch = g_string_sized_new (PKT_CSV_MAX_ROW + 1);
  return csv;
}

void
pkt_csv_free (PktCsv *csv)
{
  g_free (csv->buf);
  g_string_free (csv->scratch, TRUE);
  g_free (csv);
}

/* Afterwards a whole row is in the window, or more than a row may have, or the rest. */
static gboolean
fill (PktCsv *csv, GError **error)
{
  if (csv->eof || csv->end - csv->at > PKT_CSV_MAX_ROW)
    return TRUE;
  memmove (csv->buf, csv->buf + csv->at, csv->end - csv->at);
  csv->end -= csv->at;
  csv->at = 0;
  while (csv->end < WINDOW) {
    gssize n = csv->read (csv->source, csv->buf + csv->end, WINDOW - csv->end, error);
    if (n < 0)
      return FALSE;
    if (n == 0) {
      csv->eof = TRUE;
      break;
    }
    csv->end += (gsize)n;
  }
  return TRUE;
}

static void
advance (PktCsv *csv, gsize n)
{
  for (const char *p = csv->buf + csv->at, *end = p + n; (p = memchr (p, '\n', (gsize)(end - p)));
       p++)
    csv->line++;
  csv->at += n;
  csv->offset += n;
}

/* By the first line that has any; of as many the first of these. */
static char
choose_delimiter (PktSlice s)
{
  static const char delimiters[] = ",;\t|";
  gsize n[sizeof delimiters] = { 0 }, all = 0, best = 0;
  gboolean quoted = FALSE;
  for (gsize i = 0; i < s.n && (quoted || all == 0 || s.p[i] != '\n'); i++) {
    const char *at = quoted || s.p[i] == '\0' ? NULL : strchr (delimiters, s.p[i]);
    quoted ^= s.p[i] == '"';
    if (at) {
      n[at - delimiters]++;
      all++;
    }
  }
  for (gsize k = 1; delimiters[k]; k++)
    best = n[k] > n[best] ? k : best;
  return delimiters[best];
}

/* s begins after the opening quote. TRUE when it is closed; *n: the bytes up to and with the
 * closing one, or what was looked through. */
static gboolean
quoted_length (PktSlice s, gboolean one_line, gboolean *doubled, gsize *n)
{
  gsize max = MIN (s.n, PKT_CSV_MAX_FIELD + 1);
  for (gsize i = 0; i < max; i++) {
    *n = i + 1;
    if (one_line && s.p[i] == '\n')
      return FALSE;
    if (s.p[i] != '"')
      continue;
    if (i + 1 == s.n || s.p[i + 1] != '"')
      return TRUE;
    *doubled = TRUE;
    i++;
  }
  return FALSE;
}

static PktSlice
undouble (GString *scratch, PktSlice s)
{
  gsize start = scratch->len;
  for (gsize i = 0; i < s.n; i++) {
    g_string_append_c (scratch, s.p[i]);
    i += s.p[i] == '"'; /* only pairs are left inside */
  }
  return pkt_slice (scratch->str + start, scratch->len - start);
}

static PktSlice
trim_blanks (PktSlice s)
{
  while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
    s = pkt_slice_skip (s, 1);
  while (s.n && strchr (" \t\r", s.p[s.n - 1]) && s.p[s.n - 1])
    s.n--;
  return s;
}

static const char *
take_quoted (PktCsv *csv, PktSlice s, gboolean one_line, PktSlice *field, gsize *used)
{
  gboolean doubled = FALSE;
  gsize n = 0;
  gboolean closed = quoted_length (pkt_slice_skip (s, 1), one_line, &doubled, &n);
  *used = 1 + n;
  if (!closed)
    return "a quote is opened and not closed";
  PktSlice inside = pkt_slice (s.p + 1, n - 1);
  *field = doubled ? undouble (csv->scratch, inside) : inside;
  while (*used < s.n && strchr (" \t\r", s.p[*used]) && s.p[*used])
    ++*used;
  if (*used < s.n && s.p[*used] != csv->delimiter && s.p[*used] != '\n')
    return "text follows a closing quote";
  return NULL;
}

/* The field that s begins with; after *used bytes there is a delimiter, a line feed or nothing. */
static const char *
take_field (PktCsv *csv, PktSlice s, gboolean one_line, PktSlice *field, gsize *used)
{
  gsize i = 0;
  while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t'))
    i++;
  if (i < s.n && s.p[i] == '"') {
    const char *why = take_quoted (csv, pkt_slice_skip (s, i), one_line, field, used);
    *used += i;
    return why;
  }
  while (i < s.n && s.p[i] != csv->delimiter && s.p[i] != '\n')
    i++;
  *field = trim_blanks (pkt_slice (s.p, i));
  *used = i;
  return i > PKT_CSV_MAX_FIELD ? "a field is too long" : NULL;
}

/* The row at `at`: NULL, or what is wrong with it. *length: its bytes with the line feed, or what
 * was looked through. */
static const char *
parse_row (PktCsv *csv, gboolean one_line, PktCsvRow *row, gsize *length)
{
  PktSlice s = pkt_slice (csv->buf + csv->at, MIN (csv->end - csv->at, PKT_CSV_MAX_ROW));
  gboolean all = csv->eof && s.n == csv->end - csv->at;
  const char *why = NULL;
  gsize i = 0;
  for (;;) {
    PktSlice field = { NULL, 0 };
    gsize used = 0;
    why = take_field (csv, pkt_slice_skip (s, i), one_line, &field, &used);
    if (row->n_fields < PKT_CSV_MAX_COLUMNS)
      row->fields[row->n_fields++] = field;
    i += used;
    if (why || i >= s.n || s.p[i] == '\n')
      break;
    i++;
  }
  *length = MIN (i + 1, s.n);
  return why ? why : i >= s.n && !all ? "the row is too long" : NULL;
}

/* What a broken row had swallowed is read again, and there a quote ends at its line: each byte is
 * read twice at the most, however many quotes are open. */
static PktCsvResult
break_row (PktCsv *csv, PktCsvRow *row, gsize looked_through)
{
  csv->one_line_until = MAX (csv->one_line_until, csv->offset + looked_through);
  csv->give_up = TRUE;
  PktSlice s = pkt_slice (csv->buf + csv->at, MIN (csv->end - csv->at, PKT_CSV_MAX_ROW));
  row->fields[0] = pkt_slice_until (s, '\n');
  row->n_fields = 1;
  return PKT_CSV_BROKEN;
}

static gboolean
skip_line (PktCsv *csv, GError **error)
{
  for (;;) {
    gsize n = csv->end - csv->at;
    const char *lf = n ? memchr (csv->buf + csv->at, '\n', n) : NULL;
    advance (csv, lf ? (gsize)(lf - (csv->buf + csv->at)) + 1 : n);
    if (lf || csv->eof)
      return TRUE;
    if (!fill (csv, error))
      return FALSE;
  }
}

static gboolean
is_empty (const PktCsvRow *row)
{
  for (guint i = 0; i < row->n_fields; i++)
    if (row->fields[i].n)
      return FALSE;
  return TRUE;
}

/* Before the first row. */
static void
begin (PktCsv *csv)
{
  PktSlice s = pkt_slice (csv->buf + csv->at, csv->end - csv->at);
  csv->delimiter = choose_delimiter (s);
  if (pkt_slice_starts (s, PKT_SLICE (PKT_UTF8_MARK)))
    advance (csv, PKT_UTF8_MARK_BYTES);
}

PktCsvResult
pkt_csv_next (PktCsv *csv, PktCsvRow *row, GError **error)
{
  if (csv->give_up && !skip_line (csv, error))
    return PKT_CSV_FAILED;
  csv->give_up = FALSE;
  for (;;) {
    if (!fill (csv, error))
      return PKT_CSV_FAILED;
    if (csv->delimiter == 0)
      begin (csv);
    if (csv->at == csv->end)
      return PKT_CSV_END;
    gsize length = 0;
    g_string_truncate (csv->scratch, 0);
    row->line = csv->line;
    row->n_fields = 0;
    row->why = parse_row (csv, csv->offset < csv->one_line_until, row, &length);
    if (row->why)
      return break_row (csv, row, length);
    advance (csv, length);
    if (!is_empty (row))
      return PKT_CSV_ROW;
  }
}
