#pragma once
#include "packet/base/slice.h"

#define PKT_CSV_MAX_FIELDS 256
#define PKT_CSV_BROKEN (-1)
#define PKT_CSV_OPEN (-2) /* a quoted field has no end yet */

/* The fields of a row (RFC 4180, any separator): their number, or why there are none. They borrow
 * from the line, those with doubled quotes from `room`. */
int pkt_csv_row (PktSlice line, char separator, GString *room, PktSlice fields[PKT_CSV_MAX_FIELDS]);
