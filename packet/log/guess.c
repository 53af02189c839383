#include "packet/log/guess.h"
#include <string.h>

/* How many entries of the table lines with these beginnings have, if told apart so; each gets its
 * own. */
static guint
try_places (PktGuess *g, const PktGuessText *texts, guint n_texts, gsize first, gsize second)
{
  guint n = 0;
  guint8 taken[G_N_ELEMENTS (g->first)] = { 0 };
  g->at[0] = first;
  g->at[1] = second;
  for (guint i = 0; i < n_texts; i++) {
    const PktGuessText *t = &texts[i];
    const guint8 at = pkt_guess_by (t->text[first - t->from], t->text[second - t->from]);
    g->first[at] = t->which;
    n += !taken[at];
    taken[at] = TRUE;
  }
  return n;
}

void
pkt_guess_choose (PktGuess *g, const PktGuessText *texts, guint n, gsize begin, gsize end,
                  guint8 otherwise)
{
  gsize best[2] = { begin, begin };
  for (guint k = 0; k < G_N_ELEMENTS (best); k++) {
    guint most = 0;
    for (gsize at = begin; at < end; at++) {
      const guint found = try_places (g, texts, n, k == 0 ? at : best[0], at);
      best[k] = found > most ? at : best[k];
      most = MAX (most, found);
    }
  }
  memset (g->first, otherwise, sizeof g->first);
  try_places (g, texts, n, best[0], best[1]);
}
