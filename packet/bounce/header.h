#pragma once
#include "packet/base/slice.h"

/* Header fields where they stand in the bytes of a mail (RFC 5322 2.2): nothing is copied but what
 * is folded. Used inside packet/bounce only. */

/* The header of `mail` without the empty line that ends it, and what follows it. Line ends are LF
 * or CRLF. */
PktSlice pkt_header_split (PktSlice mail, PktSlice *body);
/* Does a line begin with a field's name and a colon? */
gboolean pkt_header_begins (PktSlice bytes);
/* The value of the first field of that name (any case), folds and all; {NULL, 0} when there is
 * none.
 */
PktSlice pkt_header_find (PktSlice header, PktSlice name);
/* The next field from *rest on; FALSE at the end. */
gboolean pkt_header_next (PktSlice *rest, PktSlice *name, PktSlice *value);
/* One line without blanks at its ends; what had to be joined is kept in `chunk`. */
PktSlice pkt_header_unfold (PktSlice value, GStringChunk *chunk);
/* A parameter of a structured value, "boundary" of `multipart/report; boundary="x"`, without
 * quotes; {NULL, 0} when there is none, or when it is escaped or RFC 2231's. */
PktSlice pkt_header_parameter (PktSlice value, PktSlice name);
/* What stands before the first `;`, blank or line end. */
PktSlice pkt_header_token (PktSlice value);
