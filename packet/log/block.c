#include "packet/log/block.h"
#include "packet/base/simd.h"

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

static PKT_ALWAYS_INLINE guint32
first_three (const char *p)
{
  guint32 w = 0;
  memcpy (&w, p, 3);
  return w;
}

static PKT_ALWAYS_INLINE void
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

/* Line ends are looked for many bytes at a time: a call of memchr() a line costs more than the
 * line. */
static PKT_ALWAYS_INLINE gboolean
split (PktBlock *b, const PktGlancer *glancer, gpointer state, PktMask64 mask_of)
{
  const char *bytes = b->raw.bytes;
  gsize begin = b->at, at = b->at, n = b->raw.n;
  Step s = { b->lines, b->counted, b->begin };
  const PktBlockLine *const full = b->lines + PKT_BLOCK_LINES - STEP;
  b->n_lines = 0;
  if (begin == n)
    return FALSE;
  for (; at + STEP <= n && s.line < full; at += STEP)
    for (guint64 mask = mask_of (bytes + at, '\n'); mask; mask &= mask - 1) {
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
  if (glancer && glancer->settle)
    glancer->settle (state, b);
  b->counted = s.counted;
  b->begin = s.begin;
  b->at = begin;
  return TRUE;
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static gboolean
split_avx2 (PktBlock *b, const PktGlancer *glancer, gpointer state)
{
  return split (b, glancer, state, pkt_mask_64_avx2);
}
#endif

gboolean
pkt_block_split (PktBlock *b, const PktGlancer *glancer, gpointer state)
{
  if (glancer && glancer->split && b->at < b->raw.n && glancer->split (state, b))
    return TRUE;
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return split_avx2 (b, glancer, state);
#endif
  return split (b, glancer, state, pkt_mask_64);
}
