#pragma once
#include <glib.h>

/* Postal addresses by their form. UTF-8 in. */

/* A house in a street, or a box: "1 Sample Street", "Musterweg 12", "Postfach 7". */
gboolean pkt_street_in (const char *text);
/* A postal code with what stands beside it. */
gboolean pkt_street_code_in (const char *text);

/* Whose address it is nobody can tell but by the name above it. `masked` has "[name]" for names. */

/* No more than a reader's name and title: "Frau [name]". */
gboolean pkt_street_is_name (const char *masked);
/* The text with "[field]" for the address behind a name, in the same line or the next; as it is.
 * Caller frees. */
char *pkt_street_masked (const char *masked);
