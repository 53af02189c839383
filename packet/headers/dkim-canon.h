#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* Canonical forms of RFC 6376 3.4. Each appends to `out`, lines end with CRLF. */

/* A field: `name` and `value` as they stand, the value with its folding and without the last line
 * end. */
void pkt_dkim_canon_field (GString *out, PktSlice name, PktSlice value, gboolean relaxed);
void pkt_dkim_canon_body (GString *out, PktSlice body, gboolean relaxed);
/* The value of a DKIM-Signature with b= emptied (3.7). Caller frees. */
char *pkt_dkim_canon_unsigned (PktSlice value, gsize *n);
