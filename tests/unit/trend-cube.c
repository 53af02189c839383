#include "tests/unit/trend-cube.h"
#include <math.h>

PktTally *
cube_new (void)
{
  PktTally *t = g_new0 (PktTally, 1);
  t->cells = g_array_new (FALSE, FALSE, sizeof (PktCell));
  t->names = g_ptr_array_new_with_free_func (g_free);
  t->replies = g_array_new (FALSE, FALSE, sizeof (PktReplyKind));
  t->first = t->last = PKT_NO_TIME;
  g_ptr_array_add (t->names, g_strdup (""));
  return t;
}

PktCell *
cube_cell (PktTally *t, gint64 at, gboolean apple, PktOutcome outcome, PktCategory category,
           gint64 count)
{
  gboolean policy = outcome == PKT_BOUNCED
                    && (category == PKT_CAT_POLICY || category == PKT_CAT_CONTENT);
  gint64 slot = at / PKT_SLOT_US - (at % PKT_SLOT_US < 0);
  PktCell c = { .key = { .slot = slot,
                         .apple = apple ? 1 : 0,
                         .outcome = (guint8)outcome,
                         .category = (guint8)category,
                         .policy = policy ? 1 : 0 },
                .count = count,
                .first = at,
                .last = at };
  g_array_append_val (t->cells, c);
  return &g_array_index (t->cells, PktCell, t->cells->len - 1);
}

void
cube_add (PktTally *t, gint64 at, gboolean apple, PktOutcome outcome, PktCategory category,
          gint64 count)
{
  if (count > 0)
    cube_cell (t, at, apple, outcome, category, count);
}

static int
compare_cells (gconstpointer a, gconstpointer b)
{
  const PktCell *x = a, *y = b;
  if (x->key.slot != y->key.slot)
    return x->key.slot < y->key.slot ? -1 : 1;
  return x->first < y->first ? -1 : x->first > y->first;
}

void
cube_sort (PktTally *t)
{
  g_array_sort (t->cells, compare_cells);
}

gint64
cube_time (const char *rfc3339)
{
  PktStamp stamp;
  g_assert_cmpuint (pkt_clock_parse_rfc3339 (pkt_slice_str (rfc3339), &stamp), ==,
                    strlen (rfc3339));
  return stamp.us;
}

/* xorshift64* of Vigna: 64 bits of state, well mixed high bits. */
double
cube_uniform (CubeRandom *r)
{
  r->state ^= r->state >> 12;
  r->state ^= r->state << 25;
  r->state ^= r->state >> 27;
  return (double)((r->state * G_GUINT64_CONSTANT (2685821657736338717)) >> 11) * 0x1p-53;
}

static gint64
normal_binomial (CubeRandom *r, gint64 n, double p)
{
  double u = sqrt (-2 * log (1 - cube_uniform (r))), v = cos (2 * G_PI * cube_uniform (r));
  double x = (double)n * p + sqrt ((double)n * p * (1 - p)) * u * v;
  return CLAMP ((gint64)floor (x + 0.5), 0, n);
}

gint64
cube_binomial (CubeRandom *r, gint64 n, double p)
{
  if ((double)n * p > 2000)
    return normal_binomial (r, n, p);
  if (p <= 0)
    return 0;
  gint64 k = 0, at = 0; /* skips from one hit to the next: time in proportion to the hits */
  for (;;) {
    double skip = floor (log1p (-cube_uniform (r)) / log1p (-p));
    if (skip >= (double)(n - at))
      return k;
    at += (gint64)skip + 1;
    k++;
  }
}
