#pragma once
#include "packet/log/block.h"
#include "packet/log/csv-index.h"
#include "packet/log/event-csv.h"
#include "packet/log/event-weigh.h"

/* What a row of other than accepted mail came to, by the hash of all that tells it: refusals are
 * mostly some earlier one's words. */
#define PKT_CSV_REFUSALS 64
typedef struct {
  guint64 hash;
  guint8 outcome;
  guint8 told; /* else such a row must be parsed */
  guint16 sort;
} PktCsvRefusal;

/* The state of the glances at tables of one thread; used by its own files alone. */
typedef struct {
  PktWeigher weigher;
  PktEventRow row;
  const PktCsvHeader *header; /* of `row` */
  PktCsvCuts cuts;
  GString *room;
  PktEventOut out;                          /* for what a row came to; nothing is handed out */
  PktCsvRefusal refusals[PKT_CSV_REFUSALS]; /* of `header`, by hash; 0: none */
  PktCsvIndex index;
  int credit; /* rows that were taken many at a time, less what it cost to begin anew */
} PktCsvGlancer;

/* What is remembered is of that header from here on. */
void pkt_csv_glance_by (PktCsvGlancer *g, const PktCsvHeader *h);
/* A line that is not passed over. */
void pkt_csv_look_whole (PktCsvGlancer *g, const PktCsvHeader *h, PktSlice line, PktGlance *out);
/* PktGlancer's. */
gboolean pkt_csv_split (gpointer state, PktBlock *b);
