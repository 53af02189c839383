#pragma once
#include <glib.h>

/* While something is put in its place, or is there for a while, SIGINT, SIGTERM and SIGHUP wait, so
 * that nothing stays half written or beside it. A second one ends the program at once: a file
 * server may never answer. */

/* May be nested; from one thread. */
void pkt_hold_begin (void);
/* A signal waits: what takes long should end, and clear up. poll () ends with EINTR. */
gboolean pkt_hold_asked (void);
/* The last one lets in what waited. */
void pkt_hold_end (void);
