#pragma once
#include <glib.h>

/* Codes and numbers that one reader was given, by their form or by what stands before them: of a
 * booking, a ticket, a patient, a car, a parcel's locker, to sign in with; the address from which
 * somebody signed in, and where he was. What all readers may use ("SPRING20") stays. */

/* The text with `mark` for each ("[field]"). UTF-8 in; caller frees. */
char *pkt_codes_mask (const char *utf8, const char *mark);

/* A label may stand in a cell or line of its own ("Booking reference"), and the next text is what
 * it announces. */
gboolean pkt_codes_announced (const char *label);
/* That text, masked where it is nothing but a code. Caller frees. */
char *pkt_codes_mask_announced (const char *utf8, const char *mark);
