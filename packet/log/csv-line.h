#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* One line of CSV (RFC 4180) in a log that never breaks a row: fields without their quotes; `""` in
 * a quoted one is `"`. Fields borrow from the line, or live in `buffer` until the next call.
 * Returns how many there are; what stands behind `max` is left out. A quote that is not closed ends
 * with the line. */
guint pkt_csv_line (PktSlice line, char separator, GString *buffer, PktSlice *fields, guint max);
