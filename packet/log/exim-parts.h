#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* "[1/3] …", "[2\3] …": syslog gets a long entry of Exim's in parts; the last one completes it. */
#define PKT_EXIM_PARTS 8 /* entries that come in parts at one time */

typedef struct {
  GString *text;
  GString *pid; /* of the process whose entry it is; empty: free */
} PktEximEntry;

typedef struct {
  PktEximEntry entries[PKT_EXIM_PARTS];
  guint next; /* the one that is taken for a new entry */
} PktEximParts;

/* Of zeros. */
void pkt_exim_parts_start (PktEximParts *s);
void pkt_exim_parts_clear (PktEximParts *s);
/* FALSE when text is no part; else it becomes all that is there of the entry, borrowed until the
 * next call, and *complete is set when that is all of it. A part whose entry began elsewhere
 * stays. */
gboolean pkt_exim_parts_join (PktEximParts *s, PktSlice pid, PktSlice *text, gboolean *complete);
