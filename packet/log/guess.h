#pragma once
#include <glib.h>

/* Which of the beginnings that lines have in common to try first for a line, by two of its bytes:
 * of those that all beginnings have, the two by which most are told apart. */
typedef struct {
  gsize at[2];
  guint8 first[256]; /* by pkt_guess_by() of these bytes */
} PktGuess;

/* A beginning: text[0] is the byte of a line that stands at `from`. */
typedef struct {
  const char *text;
  gsize from;
  guint8 which; /* what `first` says for lines like it */
} PktGuessText;

static inline guint8
pkt_guess_by (char first, char second)
{
  return (guint8)(first + 16 * second);
}

/* For the line at p, whose bytes up to both places can be read. */
static inline guint8
pkt_guess_place (const PktGuess *g, const char *p)
{
  return pkt_guess_by (p[g->at[0]], p[g->at[1]]);
}

/* Chooses among the bytes at `begin` to before `end`, which all n texts have; otherwise: what
 * `first` says for all other lines. */
void pkt_guess_choose (PktGuess *g, const PktGuessText *texts, guint n, gsize begin, gsize end,
                       guint8 otherwise);
