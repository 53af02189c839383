#pragma once
#include "packet/model/tally.h"

/* Cubes of counts built by hand, and a small generator that gives the same numbers everywhere. */
PktTally *cube_new (void);
/* Adds to the cell of that quarter of an hour; `at` (microseconds UTC) is its first and last. In
 * any order: cube_sort() before use. */
void cube_add (PktTally *t, gint64 at, gboolean apple, PktOutcome outcome, PktCategory category,
               gint64 count);
/* The cell that cube_add() would make, to set its other keys. */
PktCell *cube_cell (PktTally *t, gint64 at, gboolean apple, PktOutcome outcome,
                    PktCategory category, gint64 count);
void cube_sort (PktTally *t);
/* Microseconds UTC of "2026-05-18T14:00:00Z". */
gint64 cube_time (const char *rfc3339);

typedef struct {
  guint64 state;
} CubeRandom;

double cube_uniform (CubeRandom *r); /* 0 <= x < 1 */
/* How many of n come true at probability p; exact for small n, by normal approximation over 2,000.
 */
gint64 cube_binomial (CubeRandom *r, gint64 n, double p);
