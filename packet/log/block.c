#include "packet/log/block.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define STEP 64 /* bytes looked through at a time */

void
pkt_block_start (PktBlock *b)
{
  const char *lf;
  b->n_lines = b->counted = b->long_lines = 0;
  b->at = 0;
  b->begin = 0;
  if (!b->raw.inside)
    return;
  lf = b->raw.n ? memchr (b->raw.bytes, '\n', b->raw.n) : NULL;
  b->at = lf ? (gsize)(lf - b->raw.bytes) + 1 : b->raw.n;
}

/* What changes from line to line, apart from the block so that it stays in registers. */
typedef struct {
  PktBlockLine *line;
  guint32 counted, begin; /* begin: the first three bytes of the line before */
} Step;

static inline guint32
first_three (const char *p)
{
  guint32 w = 0;
  memcpy (&w, p, 3);
  return w;
}

static inline void
add_line (PktBlock *b, Step *s, const PktGlancer *glancer, gpointer state, gsize at, gsize n)
{
  const char *p = b->raw.bytes + at;
  PktBlockLine *line = s->line;
  s->counted++;
  if (G_UNLIKELY (n > PKT_MAX_LINE)) {
    b->long_lines++;
    n = PKT_MAX_LINE;
  }
  if (n > 0 && p[n - 1] == '\r')
    n--;
  line->seen.kind = PKT_GLANCE_PLAIN;
  if (glancer)
    glancer->look (state, pkt_slice (p, n), &line->seen);
  if (glancer && glancer->dated && n >= 3 && G_UNLIKELY (first_three (p) != s->begin)) {
    s->begin = first_three (p);
    line->seen.kind = PKT_GLANCE_PLAIN;
  } else if (line->seen.kind == PKT_GLANCE_NOTHING)
    return;
  line->at = at;
  line->n = n;
  line->number = s->counted;
  s->line++;
}

#ifdef __SSE2__
static inline guint64
ends_in_16 (const char *p)
{
  const __m128i bytes = _mm_loadu_si128 ((const __m128i *)p);
  return (guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\n')));
}
#endif

/* Where lines end among 64 bytes: a bit each, the first the lowest. */
static inline guint64
ends_in (const char *p)
{
#ifdef __SSE2__
  return ends_in_16 (p) | ends_in_16 (p + 16) << 16 | ends_in_16 (p + 32) << 32
         | ends_in_16 (p + 48) << 48;
#else
  guint64 mask = 0;
  for (guint i = 0; i < STEP; i++)
    mask |= (guint64)(p[i] == '\n') << i;
  return mask;
#endif
}

/* Line ends are looked for many bytes at a time: a call of memchr() a line costs more than the
 * line. */
gboolean
pkt_block_split (PktBlock *b, const PktGlancer *glancer, gpointer state)
{
  const char *bytes = b->raw.bytes;
  gsize begin = b->at, at = b->at, n = b->raw.n;
  Step s = { b->lines, b->counted, b->begin };
  const PktBlockLine *const full = b->lines + PKT_BLOCK_LINES - STEP;
  b->n_lines = 0;
  if (begin == n)
    return FALSE;
  for (; at + STEP <= n && s.line < full; at += STEP)
    for (guint64 mask = ends_in (bytes + at); mask; mask &= mask - 1) {
      gsize lf = at + (gsize)__builtin_ctzll (mask);
      add_line (b, &s, glancer, state, begin, lf - begin);
      begin = lf + 1;
    }
  if (s.line < full) {
    for (const char *lf; at < n && (lf = memchr (bytes + at, '\n', n - at)); at = begin) {
      add_line (b, &s, glancer, state, begin, (gsize)(lf - bytes) - begin);
      begin = (gsize)(lf - bytes) + 1;
    }
    if (begin < n) { /* the log's last line, or one that fills the block */
      add_line (b, &s, glancer, state, begin, n - begin);
      begin = n;
    }
  }
  b->n_lines = (guint)(s.line - b->lines);
  b->counted = s.counted;
  b->begin = s.begin;
  b->at = begin;
  return TRUE;
}
