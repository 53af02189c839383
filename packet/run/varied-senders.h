#pragma once
#include <glib.h>

/* Forms of senders' local parts (redact/varied.h) of which each number has a recipient of its own:
 * "bounce-#" where bounce-17@ wrote to one reader and bounce-18@ to another. A mail server's number
 * has many. `events`: PktEvent*. char*; the caller frees the array. */
GPtrArray *pkt_varied_senders (const GPtrArray *events);
