#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* Files of templates/ as built into the program. */
typedef struct {
  const char *name;  /* "replies.json" */
  const char *bytes; /* NUL follows */
  gsize n;
} PktData;

extern const PktData pkt_data_table[]; /* ends with a NULL name */

/* The bytes of templates/NAME; it is our bug when there is none (aborts). Static, NUL follows the
 * last byte. */
PktSlice pkt_data (const char *name);
