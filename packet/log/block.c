#include "packet/log/block.h"
#include "packet/base/simd.h"

#define STEP 64    /* bytes looked through at a time */
#define AHEAD 4096 /* fetched meanwhile: from one page to the next no machine does so by itself */

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

/* Writes where the set bits of mask are, counted from `at`; `to` has room for STEP. */
typedef guint32 *(*PutBits) (guint64 mask, guint32 at, guint32 *to);

static PKT_ALWAYS_INLINE guint32 *
put_bits (guint64 mask, guint32 at, guint32 *to)
{
  for (; mask; mask &= mask - 1)
    *to++ = at + (guint32)__builtin_ctzll (mask);
  return to;
}

/* Line ends are looked for many bytes at a time: a call of memchr() a line costs more than the
 * line. */
static PKT_ALWAYS_INLINE guint
find_ends (const PktBlock *b, guint32 *ends, PktMask64 mask_of, PutBits put)
{
  const char *bytes = b->raw.bytes;
  gsize at = b->at, n = b->raw.n;
  guint32 *to = ends, *const full = ends + PKT_BLOCK_BATCH - STEP;
  for (; at + STEP <= n && to < full; at += STEP) {
    __builtin_prefetch (bytes + at + AHEAD);
    to = put (mask_of (bytes + at, '\n'), (guint32)at, to);
  }
  if (at < n && to < full) { /* and what is in the padding */
    to = put (mask_of (bytes + at, '\n') & (((guint64)1 << (n - at)) - 1), (guint32)at, to);
    at = n;
  }
  if (at >= n && (to == ends || to[-1] + 1 < n)) /* the log's last line, or one that fills it */
    *to++ = (guint32)n;
  return (guint)(to - ends);
}

static guint
ends_anywhere (const PktBlock *b, guint32 *ends)
{
  return find_ends (b, ends, pkt_mask_64, put_bits);
}

#ifdef PKT_AVX2
/* Two at a time whether they are there or not: a loop that ends where chance will is mispredicted
 * for every line. They are one word, as gcc makes vectors of two, which takes thrice as long. */
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint32 *
put_bits_avx2 (guint64 mask, guint32 at, guint32 *to)
{
  const guint n = (guint)__builtin_popcountll (mask);
  const guint64 first = _tzcnt_u64 (mask), both = first | _tzcnt_u64 (mask & (mask - 1)) << 32;
  const guint64 places = both + (at | (guint64)at << 32);
  memcpy (to, &places, sizeof places);
  if (G_UNLIKELY (n > 2)) {
    mask &= mask - 1;
    put_bits (mask & (mask - 1), at, to + 2);
  }
  return to + n;
}

PKT_TARGET_AVX2 static guint
ends_avx2 (const PktBlock *b, guint32 *ends)
{
  return find_ends (b, ends, pkt_mask_64_avx2, put_bits_avx2);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static guint
ends_avx512 (const PktBlock *b, guint32 *ends)
{
  return find_ends (b, ends, pkt_mask_64_avx512, put_bits_avx2);
}
#endif

void
pkt_block_take (PktBlock *b, const guint32 *ends, guint i, const PktGlancer *glancer,
                gpointer state)
{
  const gsize at = pkt_block_begin_of (b, ends, i);
  const char *p = b->raw.bytes + at;
  PktBlockLine *line = &b->lines[b->n_lines];
  gsize n = ends[i] - at;
  if (G_UNLIKELY (n > PKT_MAX_LINE)) {
    b->long_lines++;
    n = PKT_MAX_LINE;
  }
  if (n > 0 && p[n - 1] == '\r')
    n--;
  PktSlice inner = pkt_slice (p, n);
  line->seen.kind = PKT_GLANCE_PLAIN;
  if (glancer && glancer->unwrap)
    inner = glancer->unwrap (state, inner);
  if (glancer)
    glancer->look (state, inner, &line->seen);
  if (glancer && glancer->dated && inner.n >= 3 && G_UNLIKELY (pkt_block_turns (b, inner.p))) {
    b->begin = pkt_block_begins (inner.p);
    line->seen.kind = PKT_GLANCE_PLAIN;
  } else if (line->seen.kind == PKT_GLANCE_NOTHING)
    return;
  if (line->seen.kind == PKT_GLANCE_PLAIN || line->seen.kind == PKT_GLANCE_SIDE)
    inner = pkt_slice (p, n);
  pkt_block_place (line, (gsize)(inner.p - b->raw.bytes), inner.n, b->counted + i + 1);
  b->n_lines++;
}

guint
pkt_block_ends (const PktBlock *b, guint32 *ends)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512 ())
    return ends_avx512 (b, ends);
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return ends_avx2 (b, ends);
#endif
  return ends_anywhere (b, ends);
}

void
pkt_block_pass (PktBlock *b, const guint32 *ends, guint n)
{
  b->counted += n;
  b->at = MIN (ends[n - 1] + 1, b->raw.n);
}

gboolean
pkt_block_split (PktBlock *b, const PktGlancer *glancer, gpointer state)
{
  b->n_lines = 0;
  if (b->at == b->raw.n)
    return FALSE;
  if (glancer && glancer->split && glancer->split (state, b))
    return TRUE;
  while (b->at < b->raw.n && b->n_lines <= PKT_BLOCK_LINES - PKT_BLOCK_BATCH) {
    guint32 ends[PKT_BLOCK_BATCH];
    const guint n = pkt_block_ends (b, ends);
    for (guint i = 0; i < n; i++)
      pkt_block_take (b, ends, i, glancer, state);
    pkt_block_pass (b, ends, n);
  }
  return TRUE;
}
