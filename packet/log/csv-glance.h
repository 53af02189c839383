#pragma once
#include "packet/log/block.h"
#include "packet/log/csv-index.h"
#include "packet/log/event-csv.h"
#include "packet/log/event-weigh.h"

/* The state of the glances at tables of one thread; used by its own files alone. */
typedef struct {
  PktWeigher weigher;
  PktEventRow row;
  const PktCsvHeader *header; /* of `row` */
  PktCsvCuts cuts;
  GString *room;
  PktEventOut out; /* for what a row came to; nothing is handed out */
  PktCsvIndex index;
  int credit; /* rows that were taken many at a time, less what it cost to begin anew */
} PktCsvGlancer;

/* A line that is not passed over. */
void pkt_csv_look_whole (PktCsvGlancer *g, const PktCsvHeader *h, PktSlice line, PktGlance *out);
/* PktGlancer's. */
gboolean pkt_csv_split (gpointer state, PktBlock *b);
