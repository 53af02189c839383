/* A block of Exim's mainlog, split and looked at in one go: each line by its bytes at fixed places,
 * and a message's lines in view of each other. */
#include "packet/log/exim-glance.h"
#include "packet/log/exim-sort.h"

/* The line is about its message, and the parser reads it. */
static inline void
tell_other (PktEximGlancer *g, PktBlock *b, guint place)
{
  PktEximWhole *w = &g->whole;
  b->lines[place].seen = (PktGlance){ .kind = PKT_GLANCE_PLAIN,
                                      .daemon = PKT_EXIM_SEEN_MESSAGE,
                                      .key = w->lives.keys[place] };
  w->lives.told[place] = PKT_GLANCE_PLAIN;
  pkt_lives_let_go (&w->lives, w->lives.keys[place]);
}

/* By look(). A line that is left out there is of no message, or tells nothing of it. */
static void
take_slowly (PktEximGlancer *g, PktBlock *b, const guint32 *ends, guint i, guint place)
{
  PktEximWhole *w = &g->whole;
  const PktGlance *seen = &b->lines[place].seen;
  b->n_lines = place;
  w->lives.told[place] = PKT_GLANCE_NOTHING;
  pkt_block_take (b, ends, i, w->batch.months[i] ? NULL : &pkt_exim_glancer, g);
  if (b->n_lines == place)
    return;
  if (w->batch.months[i])
    b->lines[place].seen.daemon = PKT_EXIM_SEEN_STRANGE;
  w->lives.told[place] = seen->kind;
  w->lives.keys[place] = seen->key;
  if (seen->kind == PKT_GLANCE_PLAIN && seen->daemon == PKT_EXIM_SEEN_STRANGE)
    w->lives.since = MAX (w->lives.since, place);
  else if (seen->kind == PKT_GLANCE_ELSEWHERE_TO || seen->kind == PKT_GLANCE_ELSEWHERE)
    pkt_lives_deliver (&w->lives, seen->key, place);
  else if (seen->kind != PKT_GLANCE_KNOWN)
    pkt_lives_let_go (&w->lives, seen->key);
}

/* What stands behind the flag of a line. */
static PKT_ALWAYS_INLINE PktSlice
text_of (const PktEximGlancer *g, PktSlice line, guint place)
{
  return pkt_slice_skip (line, g->whole.text_at[place]);
}

static PKT_ALWAYS_INLINE const PktEximMoment *
when_of (const PktEximGlancer *g, guint i)
{
  const PktEximBatch *batch = &g->whole.batch;
  return &batch->moments[batch->moment_of[i]];
}

/* "=> reader@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] …". FALSE: look()
 * has to read it. */
static PKT_ALWAYS_INLINE gboolean
take_delivery (PktEximGlancer *g, PktBlock *b, PktSlice line, guint i, guint place,
               const PktEximWays *ways)
{
  const PktGlanceRule *rule = g->rule;
  PktEximLine e;
  if (rule->elsewhere == NULL
      || !pkt_exim_take_delivery (&g->routes, text_of (g, line, place), &e, ways->marks_of,
                                  ways->mask_of))
    return FALSE;
  if (!rule->elsewhere (rule->data, e.recipient, e.host, e.ip)) {
    tell_other (g, b, place);
    return TRUE;
  }
  PktGlance *seen = &b->lines[place].seen;
  pkt_exim_tell_elsewhere (g, line, e.recipient, g->whole.lives.keys[place], when_of (g, i), seen);
  g->whole.lives.told[place] = seen->kind;
  pkt_lives_deliver (&g->whole.lives, seen->key, place);
  return TRUE;
}

/* "== reader@example.net R=dnslookup T=remote_smtp defer (-44) H=mx.example.net [192.0.2.7]: …",
 * likewise. */
static PKT_ALWAYS_INLINE gboolean
take_deferral (PktEximGlancer *g, PktBlock *b, PktSlice line, guint i, guint place,
               const PktEximWays *ways)
{
  const PktGlanceRule *rule = g->rule;
  PktEximLine e;
  if (rule->elsewhere == NULL || !rule->put_offs
      || !pkt_exim_take_put_off (&g->put_offs, text_of (g, line, place), &e, ways->marks_of,
                                 ways->mask_of)
      || !rule->elsewhere (rule->data, e.recipient, e.host, e.ip))
    return FALSE;
  PktGlance *seen = &b->lines[place].seen;
  if (!pkt_exim_tell_put_off (g, line, e.recipient, g->whole.lives.keys[place], when_of (g, i),
                              seen))
    return FALSE;
  g->whole.lives.told[place] = PKT_GLANCE_PUT_OFF;
  pkt_lives_let_go (&g->whole.lives, seen->key);
  return TRUE;
}

static PKT_ALWAYS_INLINE void
take_deliveries (PktEximGlancer *g, PktBlock *b, const guint32 *ends, guint first,
                 const PktEximWays *ways)
{
  PktEximBatch *batch = &g->whole.batch;
  for (guint k = 0; k < batch->n[PKT_EXIM_LEAD_DELIVERY]; k++, batch->ahead += 128) {
    const guint i = batch->of[PKT_EXIM_LEAD_DELIVERY][k];
    __builtin_prefetch (batch->ahead, 0, 2);
    __builtin_prefetch (batch->ahead + 64, 0, 2);
    if (!take_delivery (g, b, pkt_exim_line_at (b, ends, i), i, first + i, ways))
      take_slowly (g, b, ends, i, first + i);
  }
  for (guint k = 0; k < batch->n[PKT_EXIM_LEAD_DEFERRAL]; k++) {
    const guint i = batch->of[PKT_EXIM_LEAD_DEFERRAL][k];
    if (!take_deferral (g, b, pkt_exim_line_at (b, ends, i), i, first + i, ways))
      take_slowly (g, b, ends, i, first + i);
  }
}

/* How many lines. */
static PKT_ALWAYS_INLINE guint
take_batch (PktEximGlancer *g, PktBlock *b, guint first, const PktEximWays *ways)
{
  PktEximWhole *w = &g->whole;
  const PktEximBatch *batch = &w->batch;
  guint32 *ends = w->ends + first;
  const guint n = pkt_block_ends (b, ends);
  pkt_exim_sort (g, b, ends, n, first, ways);
  for (guint k = 0; k < batch->n[PKT_EXIM_LEAD_ARRIVAL]; k++)
    pkt_lives_arrive (&w->lives, first + batch->of[PKT_EXIM_LEAD_ARRIVAL][k], PKT_EXIM_ARRIVED);
  take_deliveries (g, b, ends, first, ways);
  for (guint k = 0; k < batch->n[PKT_EXIM_LEAD_FAILURE]; k++)
    tell_other (g, b, first + batch->of[PKT_EXIM_LEAD_FAILURE][k]);
  for (guint k = 0; k < batch->n[PKT_EXIM_LEAD_SLOW]; k++)
    take_slowly (g, b, ends, batch->of[PKT_EXIM_LEAD_SLOW][k],
                 first + batch->of[PKT_EXIM_LEAD_SLOW][k]);
  for (guint k = 0; k < batch->n[PKT_EXIM_LEAD_END]; k++)
    pkt_lives_end (&w->lives, w->lives.keys[first + batch->of[PKT_EXIM_LEAD_END][k]],
                   first + batch->of[PKT_EXIM_LEAD_END][k]);
  pkt_block_pass (b, ends, n);
  return n;
}

static guint
take_anywhere (PktEximGlancer *g, PktBlock *b, guint first)
{
  const PktEximWays ways = { pkt_exim_has_shape, pkt_exim_marks, pkt_mask_64 };
  return take_batch (g, b, first, &ways);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static guint
take_avx2 (PktEximGlancer *g, PktBlock *b, guint first)
{
  const PktEximWays ways = { pkt_exim_has_shape_avx2, pkt_exim_marks_avx2, pkt_mask_64_avx2 };
  return take_batch (g, b, first, &ways);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static guint
take_avx512 (PktEximGlancer *g, PktBlock *b, guint first)
{
  const PktEximWays ways = { pkt_exim_has_shape_avx512, pkt_exim_marks_avx512, pkt_mask_64_avx512 };
  return take_batch (g, b, first, &ways);
}
#endif

static guint
take (PktEximGlancer *g, PktBlock *b, guint first)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512 ())
    return take_avx512 (g, b, first);
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return take_avx2 (g, b, first);
#endif
  return take_anywhere (g, b, first);
}

/* Line i of the step, which begins at `begin` and is not left out. */
static inline void
put (PktEximGlancer *g, PktBlock *b, guint i, gsize begin, guint32 counted)
{
  const PktEximWhole *w = &g->whole;
  const gsize at = i ? w->ends[i - 1] + 1 : begin;
  const PktSlice text = pkt_exim_line_of (b, at, w->ends[i]);
  PktBlockLine *line = &b->lines[b->n_lines++];
  const guint8 told = w->lives.told[i];
  line->seen = b->lines[i].seen;
  line->seen.kind = told & 0xf;
  pkt_block_place (line, at, text.n, counted + i + 1);
  if (told == PKT_EXIM_ARRIVED || told == PKT_GLANCE_REMOVED)
    line->seen.key = w->lives.keys[i];
  if (told == PKT_EXIM_ARRIVED) {
    line->seen.kind = PKT_GLANCE_PLAIN;
    line->seen.daemon = PKT_EXIM_SEEN_MESSAGE;
    pkt_exim_tell_arrival (g, text, text_of (g, text, i), &line->seen);
  }
}

/* Puts the lines that are not left out side by side, and reads arrivals among them. */
static void
close_up (PktEximGlancer *g, PktBlock *b, guint n, gsize begin, guint32 counted)
{
  b->n_lines = 0;
  for (guint i = 0; i < n; i += 64)
    for (guint64 told = ~pkt_mask_64 ((const char *)g->whole.lives.told + i, PKT_GLANCE_NOTHING);
         told; told &= told - 1)
      put (g, b, i + (guint)__builtin_ctzll (told), begin, counted);
}

gboolean
pkt_exim_split (gpointer state, PktBlock *b)
{
  PktEximGlancer *g = state;
  const gsize begin = b->at;
  const guint32 counted = b->counted;
  guint n = 0;
  pkt_exim_whole_start (&g->whole);
  while (b->at < b->raw.n && n <= PKT_BLOCK_LINES - PKT_BLOCK_BATCH)
    n += take (g, b, n);
  close_up (g, b, n, begin, counted);
  return TRUE;
}
