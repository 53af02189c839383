#pragma once
#include "packet/log/csv-row.h"

/* Rows of a warehouse (CSV) some of whose cells are JSON: the columns' names and the cells make one
 * JSON object, or a cell is the whole event (facts: log-formats 19). Used by format-events-csv.c
 * alone. */
typedef struct PktEventTable PktEventTable;

/* A row with a cell of JSON and an address in it. Pure. */
gboolean pkt_event_table_is_row (PktSlice line);
/* NULL when the line is no list of names. `room` is overwritten. */
PktEventTable *pkt_event_table_new (PktSlice header, GString *room);
void pkt_event_table_free (PktEventTable *t);

/* Puts the row as one object into `out`; FALSE when it has other columns, or is cut. */
gboolean pkt_event_table_object (PktEventTable *t, PktSlice line, GString *room, GString *out);
/* The next cell of that row that is JSON; FALSE at its end. *at is 0 to begin with; good until the
 * next row. */
gboolean pkt_event_table_cell (const PktEventTable *t, guint *at, PktSlice *out);
