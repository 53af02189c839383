#pragma once
#include "packet/base/slice.h"

/* FALSE: that is enough. */
typedef gboolean (*PktFirstLine) (PktSlice line, gpointer data);

/* Hands out the first lines of a file, `most` of them at most, each for the time of the call, out
 * of whatever container's JSON they stand in. Made for thousands of files: where a few lines are
 * enough, no more than some KiB are read. None where it cannot be read; not for standard input. */
void pkt_source_first_lines (const char *path, guint most, PktFirstLine take, gpointer data);
