#pragma once
#include <glib.h>

/* PktCells, no two of which have the same key, by slot and then by the bytes of their keys. */
void pkt_tally_sort (GArray *cells);
