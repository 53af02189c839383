#pragma once
#include <glib.h>
#include <time.h>

/* Seconds of processor time that this process has used: what hangs is found by it, and a busy
 * machine changes little. */
static inline double
cpu_time (void)
{
  struct timespec t;
  g_assert_cmpint (clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t), ==, 0);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
