#pragma once
#include "packet/log/csv-line.h"
#include "packet/log/text-reader.h"

/* What both of Exchange's logs have in common: CSV whose columns the line `#Fields: …` names, which
 * may come again and change (facts: log-formats 18). The extended report of a message trace of
 * Microsoft 365 is the same under a header like that of other tables: "date_time_utc,client_ip,…".
 */
#define PKT_EXCHANGE_MAX_FIELDS 48

typedef struct {
  PktTextReader text;
  const char *const *names; /* of the columns that are wanted, NULL at the end */
  int at[16];               /* where they are; -1: not there */
  guint n_columns;          /* of the header; 0: none yet */
  gboolean trace;           /* it is a message trace's */
  PktSlice fields[PKT_EXCHANGE_MAX_FIELDS];
  guint n;
} PktExchange;

void pkt_exchange_begin (PktExchange *x, const char *const *names);
/* TRUE for a row; FALSE for a line that begins with `#`, of which the columns are taken, and for
 * what comes before any. *known: it is of such a log. */
gboolean pkt_exchange_row (PktExchange *x, PktSlice line, gboolean *known);
/* A column by its place in `names`; absent where the log lacks it. */
PktSlice pkt_exchange_field (const PktExchange *x, guint name);
/* A line that tells such a log: its header has that column. */
gboolean pkt_exchange_is_header (PktSlice line, const char *column);
/* Any line that begins with `#`, or the header of a message trace. */
gboolean pkt_exchange_is_comment (PktSlice line);
