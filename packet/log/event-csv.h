#pragma once
#include "packet/log/csv-cut.h"
#include "packet/log/event-direct.h"
#include "packet/log/glance.h"

/* What the header line of an export (CSV) says of the rows below it. Never changed once made. */
typedef struct {
  const PktEventService *service;
  char separator;
  int columns;
  gint16 names[PKT_CSV_MAX_FIELDS]; /* column -> index in PktEventRow, -1 */
  PktPlainPlaces plain;             /* columns */
  /* The same of those that there are; asks_last: one of them is a row's last. */
  struct {
    guint8 which;
    guint8 column;
  } asked[PKT_N_PLAIN];
  guint n_asked;
  gboolean asks_last;
  PktDirectPlaces direct;
  guint8 told[PKT_CSV_MAX_FIELDS]; /* the columns that say what a row came to */
  guint n_told;
  char *first; /* the first column's name: a header again begins so */
  gsize first_n;
  guint8 number; /* 1 for the first of a file; 0 where there were too many */
} PktCsvHeader;

#define PKT_CSV_MAX_HEADERS 15 /* different ones of a file that have a number (4 bits) */

/* A line of names that hold at least a recipient, and an event or a reply; NULL when it is none.
 * `room` is overwritten. */
PktCsvHeader *pkt_csv_header_new (PktSlice line, GString *room);
void pkt_csv_header_free (PktCsvHeader *h);
/* They read rows alike. */
gboolean pkt_csv_header_same (const PktCsvHeader *a, const PktCsvHeader *b);
/* The line begins as this header does. */
static inline gboolean
pkt_csv_header_starts (const PktCsvHeader *h, PktSlice line)
{
  const gsize n = h->first_n;
  return n > 0 && line.n > n && line.p[n] == h->separator && pkt_bytes_same (line.p, h->first, n);
}
/* Cuts a row into as many fields as the header has; FALSE where only pkt_csv_header_row() can say
 * what they are. */
gboolean pkt_csv_header_cut (const PktCsvHeader *h, PktSlice line, PktCsvCuts *out);
/* The values of such a row: as the next one, and by field (log/event-direct.h). */
void pkt_csv_header_fill (const PktCsvHeader *h, const PktCsvCuts *cuts, PktSlice line,
                          PktEventRow *row);
void pkt_csv_header_values (const PktCsvHeader *h, const PktCsvCuts *cuts, PktSlice line,
                            PktSlice values[PKT_N_FIELDS]);
/* Fills what the header names; the rest of `row` stays as it is. The columns, or why there are
 * none (csv-row.h); broken where they are not as many as the header's. */
int pkt_csv_header_row (const PktCsvHeader *h, PktSlice line, GString *room, PktEventRow *row);

/* What the reader of a file shares with the glances at it: the rule's `state` points to one. */
typedef struct {
  const PktCsvHeader *header;   /* atomic; NULL: rows cannot be told so far, or any more */
  char apart[PKT_GLANCE_APART]; /* from what the reader writes with each row */
} PktCsvShared;

/* Tells rows of other receivers' accepted mail; out->daemon is the number of the header by which it
 * read them. */
extern const PktGlancer pkt_event_csv_glancer;
