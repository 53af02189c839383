#pragma once
#include "packet/base/row-set.h"

/* Adds cells of another receiver's attempts that a log told again to those that were counted, both
 * of PktCell: of each kind the greater count stays, since either log may lack some. A log of
 * another format may name senders otherwise, or not at all; then it is the quarter of an hour's. */
void pkt_tally_merge_copies (PktRowSet *cells, PktRowSet *copies);
