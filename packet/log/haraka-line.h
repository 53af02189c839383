#pragma once
#include "packet/base/slice.h"

/* A line of Haraka's log behind its time, in any of its three forms (loglevel.ini: format):
 * `[NOTICE] [UUID.1.1] [outbound] delivered file=… host=…`, `level=NOTICE uuid=… origin=outbound
 * message="…"`, `{"level":"NOTICE","uuid":"…",…}`. */
typedef struct {
  PktSlice uuid, origin; /* origin: "outbound", "core", "outbound/hmail", a plugin */
  PktSlice message;      /* with what follows it, as the default form writes it */
} PktHarakaLine;

/* FALSE when it is none of these. Slices borrow from the text or live in `buffer`. */
gboolean pkt_haraka_line (PktSlice text, PktHarakaLine *out, GString *buffer);
/* "KEY=VALUE" or `KEY="VALUE"` of a message; absent when it is not there. */
PktSlice pkt_haraka_value (PktSlice message, const char *key);
