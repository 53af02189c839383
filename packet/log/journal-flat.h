#pragma once
#include "packet/base/slice.h"

/* A record of `journalctl -o json` as nearly all are: one object of texts, without an escape where
 * it matters. Sets the value of each of n names, the last where there are several, p NULL where
 * there is none; they borrow from the line. FALSE: something else, maybe JSON all the same. */
gboolean pkt_journal_flat (PktSlice line, const PktSlice *names, guint n, PktSlice *values);
