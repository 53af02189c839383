#pragma once
#include "packet/log/window.h"

/* TRUE where bytes that are in memory are had sooner where they lie than copied; FALSE: they are to
 * be read. For 1 GB an Intel Xeon took 0.07 s mapped and 0.17 copied, an AMD EPYC of Zen 5 0.13 and
 * 0.06. Found out once in a process, by a few windows of the files at hand, that of byte `at` and
 * the next, when it has been asked for some; until then TRUE. From any thread.
 * POSTPACKET_READ=map and =copy in the environment settle it, for tests. */
gboolean pkt_window_pays (int fd, guint64 at);
