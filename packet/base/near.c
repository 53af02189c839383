#include "packet/base/near.h"
#include <string.h>

#define MAX_LETTERS 40 /* a longer word is none of ours */
#define LETTERS_PER_STEP 4

static gboolean
same (char a, char b)
{
  return g_ascii_tolower (a) == g_ascii_tolower (b);
}

/* The row of the table that belongs to letter i of `a`; `two` and `one` are those before it. */
static void
fill_row (guint *row, const guint *one, const guint *two, gsize i, const char *a, const char *b,
          gsize m)
{
  row[0] = (guint)i;
  for (gsize j = 1; j <= m; j++) {
    const guint changed = one[j - 1] + !same (a[i - 1], b[j - 1]);
    row[j] = MIN (changed, MIN (one[j], row[j - 1]) + 1);
    if (i > 1 && j > 1 && same (a[i - 1], b[j - 2]) && same (a[i - 2], b[j - 1]))
      row[j] = MIN (row[j], two[j - 2] + 1);
  }
}

static guint
steps_between (const char *a, gsize n, const char *b, gsize m)
{
  guint rows[3][MAX_LETTERS + 1];
  for (gsize j = 0; j <= m; j++)
    rows[0][j] = (guint)j;
  for (gsize i = 1; i <= n; i++)
    fill_row (rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3], i, a, b, m);
  return rows[n % 3][m];
}

void
pkt_near_offer (PktNear *n, const char *known)
{
  const gsize a = strlen (n->word), b = strlen (known);
  if (a > MAX_LETTERS || b > MAX_LETTERS)
    return;
  const guint steps = steps_between (n->word, a, known, b);
  if (steps * LETTERS_PER_STEP > MAX (a, b) || (n->best && n->steps <= steps))
    return;
  n->best = known;
  n->steps = steps;
}
