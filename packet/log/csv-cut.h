#pragma once
#include "packet/log/csv-row.h"

/* Where the fields of one row end, 16 bits each: a longer row is for pkt_csv_row(). */
typedef struct {
  guint16 ends[PKT_CSV_MAX_FIELDS + 64]; /* with room for places that are overwritten */
  guint n;
} PktCsvCuts;

#define PKT_CSV_CUT_BYTES 0xffff

/* Cuts a row of which pkt_csv_row() would find the same fields: every quote of it opens a field or
 * closes one. FALSE of all others, well-formed ones (doubled quotes) among them. Many bytes at a
 * time, since nobody asks for most fields. */
gboolean pkt_csv_cut (PktSlice line, char separator, PktCsvCuts *out);

/* Field i, without its quotes. */
static inline PktSlice
pkt_csv_cut_field (const PktCsvCuts *cuts, PktSlice line, guint i)
{
  gsize from = i ? cuts->ends[i - 1] + 1u : 0, to = cuts->ends[i];
  if (to > from && line.p[from] == '"')
    return pkt_slice (line.p + from + 1, to - from - 2);
  return pkt_slice (line.p + from, to - from);
}
