#pragma once
#include "packet/run/scan.h"

/* The progress bar of a scan: one line of stderr, at most ten times a second, taken away at the
 * end. */
typedef struct {
  gint64 started, last; /* monotonic, microseconds; 0: nothing was read yet */
  gboolean shown;
} CmdBar;

/* A PktShowProgress; `bar` is a CmdBar, all 0 to begin with. What is over in a tenth of a second
 * shows none. */
void cmd_bar_show (const PktProgress *now, gpointer bar);
/* Takes it away; what is shown next counts from there. */
void cmd_bar_clear (CmdBar *bar);
