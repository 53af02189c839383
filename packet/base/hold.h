#pragma once

/* While something is put in its place SIGINT, SIGTERM and SIGHUP wait, so that nothing stays half
 * written or beside it. A second one ends the program at once: a file server may never answer. */

/* May be nested; from one thread. */
void pkt_hold_begin (void);
/* The last one lets in what waited. */
void pkt_hold_end (void);
