#pragma once
#include "packet/base/slice.h"

/* The mail with what surrounds it in a file taken away: BOM, mbox "From " line, the byte count of
 * .emlx, CR of CRLF. Header fields over the bounds of delivered.h are dropped or cut, NULs in the
 * header become blanks. NULL when no field that every mail has is there. Caller frees. *broken, of
 * the file, counted from 1: the line at which the header ended though fields stand below it, as
 * where a window's text lost the blanks of folded lines; 0: none. It may be NULL. */
GString *pkt_source_read (PktSlice file, guint *broken);
