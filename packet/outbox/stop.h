#pragma once
#include <glib.h>

/* The user's wish to stop (SIGINT, SIGTERM, SIGHUP), as a flag that every wait looks at: what is
 * under way is put in order, and the receipt written, before the program ends. */

/* Signals raise the flag from here on, and a closed connection raises none (SIGPIPE). */
void pkt_stop_begin (void);
/* As it was before. */
void pkt_stop_end (void);
/* While patient, the first signal only says that an answer is waited for: what is sent cannot be
 * called back, and who leaves does not learn of it. The second one counts. */
void pkt_stop_patient (gboolean patient);
/* The signal that wants an end, or 0. */
int pkt_stop_asked (void);
