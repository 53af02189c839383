#pragma once
#include "packet/base/slice.h"

/* FALSE: that is enough. */
typedef gboolean (*PktFirstLine) (PktSlice line, gpointer data);
typedef void (*PktFirstLinesAgain) (gpointer data);

/* Hands out the first lines of a file, `most` of them at most, each for the time of the call, out
 * of whatever container's JSON they stand in. Made for thousands of files: where a few lines are
 * enough, no more than some KiB are read. Where they are not, all come again, from the first on:
 * `again` (or NULL) forgets them before. None where it cannot be read; of a pipe those
 * that wait in it. Not for standard input. */
void pkt_source_first_lines (const char *path, guint most, PktFirstLine take,
                             PktFirstLinesAgain again, gpointer data);
