#pragma once
#include "packet/log/block.h"

/* Most messages come and go within a block: a line of arrival, those of other receivers who
 * accepted, and "Completed". Of these the first delivery is made PKT_GLANCE_WHOLE, and arrival and
 * end are left out. */
typedef struct PktEximWhole PktEximWhole;

PktEximWhole *pkt_exim_whole_new (void);
void pkt_exim_whole_free (PktEximWhole *w);
/* The lines in their order, as look() of Exim's glancer left them; returns how many remain. */
guint pkt_exim_whole_find (PktEximWhole *w, PktBlockLine *lines, guint n);
