/* A block of Exim's mainlog, split and looked at in one go: each line by its bytes at fixed places,
 * and a message's lines in view of each other. */
#include "packet/log/exim-glance.h"
#include "packet/log/exim-ways.h"
#include "packet/log/frame.h"

/* A line of the step, behind its time. */
typedef struct {
  PktSlice line;
  guint place; /* in the step */
  guint32 number;
  guint front, id_n; /* bytes in front of the id, and its own */
} Line;

#define FIRST_THREE pkt_frame_word ("\xff\xff\xff\0\0\0\0")
#define NEXT_TWO pkt_frame_word ("\0\xff\xff\0\0\0\0")

static inline const char *
id_at (const Line *l)
{
  return l->line.p + l->front;
}

static inline guint64
key_of (const PktEximGlancer *g, const Line *l)
{
  const char *id = id_at (l); /* a length that is known is hashed without a loop */
  return l->id_n == PKT_EXIM_LONG_ID
             ? pkt_queue_key (pkt_slice (id, PKT_EXIM_LONG_ID), g->no_scope)
             : pkt_queue_key (pkt_slice (id, PKT_EXIM_SHORT_ID), g->no_scope);
}

#define SHORTEST (PKT_EXIM_ID_AT + PKT_EXIM_SHORT_ID + 1 + PKT_EXIM_FLAG_BYTES) /* bytes */

/* Puts the line at its place in the block. */
static inline PktGlance *
tell (PktEximGlancer *g, PktBlock *b, const Line *l, PktGlanceKind kind)
{
  PktBlockLine *out = &b->lines[l->place];
  *out = (PktBlockLine){ .at = (guint64)(l->line.p - b->raw.bytes),
                         .n = l->line.n,
                         .number = l->number,
                         .seen.kind = kind };
  g->whole.told[l->place] = (guint8)kind;
  return &out->seen;
}

static inline void
take_arrival (PktEximGlancer *g, const Line *l)
{
  pkt_lives_arrive (&g->whole.lives, key_of (g, l), l->place);
  g->whole.told[l->place] = PKT_EXIM_ARRIVED;
}

/* What was known of the id before, in a log that is damaged, is forgotten with the delivery. */
static inline void
take_end (PktEximGlancer *g, PktBlock *b, const Line *l)
{
  const guint64 key = key_of (g, l);
  PktLife *life = pkt_lives_find (&g->whole.lives, key);
  if (life) {
    life->key = 0;
    g->whole.told[life->arrival] = PKT_GLANCE_NOTHING;
    if (life->delivery != PKT_LIFE_NO_LINE) {
      g->whole.told[life->delivery] = PKT_GLANCE_WHOLE;
      return;
    }
  }
  tell (g, b, l, PKT_GLANCE_REMOVED)->key = key;
}

static inline void
take_other (PktEximGlancer *g, PktBlock *b, const Line *l)
{
  tell (g, b, l, PKT_GLANCE_PLAIN)->daemon = PKT_EXIM_SEEN_MESSAGE;
  pkt_lives_let_go (&g->whole.lives, key_of (g, l));
}

/* "=> reader@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] …", behind the
 * flag. FALSE: look() has to read it. */
static PKT_ALWAYS_INLINE gboolean
take_delivery (PktEximGlancer *g, PktBlock *b, const Line *l, const PktEximWays *ways)
{
  const PktGlanceRule *rule = g->rule;
  PktEximLine e;
  if (rule->elsewhere == NULL
      || !pkt_exim_take_delivery (&g->routes, pkt_slice_skip (l->line, l->front + l->id_n + 4), &e,
                                  ways->marks_of, ways->mask_of))
    return FALSE;
  if (!rule->elsewhere (rule->data, e.recipient, e.host, e.ip)) {
    take_other (g, b, l);
    return TRUE;
  }
  PktGlance *seen = tell (g, b, l, PKT_GLANCE_ELSEWHERE_TO);
  seen->key = key_of (g, l);
  pkt_exim_tell_elsewhere (g, l->line, e.recipient, seen);
  g->whole.told[l->place] = seen->kind;
  pkt_lives_deliver (&g->whole.lives, seen->key, l->place);
  return TRUE;
}

/* "== reader@example.net R=dnslookup T=remote_smtp defer (-44) H=mx.example.net [192.0.2.7]: …",
 * likewise. */
static PKT_ALWAYS_INLINE gboolean
take_deferral (PktEximGlancer *g, PktBlock *b, const Line *l, const PktEximWays *ways)
{
  const PktGlanceRule *rule = g->rule;
  PktEximLine e;
  if (rule->elsewhere == NULL || !rule->put_offs
      || !pkt_exim_take_put_off (&g->put_offs, pkt_slice_skip (l->line, l->front + l->id_n + 4), &e,
                                 ways->marks_of, ways->mask_of)
      || !rule->elsewhere (rule->data, e.recipient, e.host, e.ip))
    return FALSE;
  PktGlance *seen = tell (g, b, l, PKT_GLANCE_PUT_OFF);
  seen->key = key_of (g, l);
  if (!pkt_exim_tell_put_off (g, l->line, e.recipient, seen))
    return FALSE;
  pkt_lives_let_go (&g->whole.lives, seen->key);
  return TRUE;
}

/* Time and id. FALSE: not so plain, or something else stands between them than on the line before.
 */
static PKT_ALWAYS_INLINE gboolean
read_front (PktEximGlancer *g, Line *l, const PktEximWays *ways)
{
  PktEximClock *c = &g->clock;
  if (l->line.n < SHORTEST || l->line.n > PKT_MAX_LINE)
    return FALSE;
  if ((!ways->same_time (c, l->line.p) || c->front != PKT_EXIM_ID_AT)
      && !pkt_exim_read_front (c, l->line))
    return FALSE;
  l->front = c->front;
  if (l->line.n - SHORTEST < l->front - PKT_EXIM_ID_AT)
    return FALSE;
  l->id_n = ways->id_of (id_at (l));
  return l->id_n && l->line.n >= l->front + l->id_n + 1 + PKT_EXIM_FLAG_BYTES;
}

static PKT_ALWAYS_INLINE gboolean
take_quickly (PktEximGlancer *g, PktBlock *b, Line *l, const PktEximWays *ways)
{
  if (!read_front (g, l, ways))
    return FALSE;
  const char *flag = id_at (l) + l->id_n + 1;
  const guint64 w = pkt_frame_word (flag);
  if ((w & FIRST_THREE) == pkt_frame_word ("<= \0\0\0\0"))
    take_arrival (g, l);
  else if (w == pkt_frame_word ("Complete") && flag[8] == 'd')
    take_end (g, b, l);
  else if ((w & NEXT_TWO) == pkt_frame_word ("\0> \0\0\0\0")
           && (*flag == '=' || *flag == '-' || *flag == '>'))
    return take_delivery (g, b, l, ways);
  else if ((w & FIRST_THREE) == pkt_frame_word ("== \0\0\0\0"))
    return take_deferral (g, b, l, ways);
  else if ((w & FIRST_THREE) == pkt_frame_word ("** \0\0\0\0"))
    take_other (g, b, l);
  else
    return FALSE;
  return TRUE;
}

/* By look(). A line that is left out there is of no message, or tells nothing of it. */
static void
take_slowly (PktEximGlancer *g, PktBlock *b, const guint32 *ends, guint i, guint place)
{
  PktEximWhole *w = &g->whole;
  const PktGlance *seen = &b->lines[place].seen;
  b->n_lines = place;
  pkt_block_take (b, ends, i, &pkt_exim_glancer, g);
  if (b->n_lines == place)
    return;
  w->told[place] = seen->kind;
  if (seen->kind == PKT_GLANCE_PLAIN && seen->daemon == PKT_EXIM_SEEN_STRANGE)
    w->lives.since = place;
  else if (seen->kind == PKT_GLANCE_ELSEWHERE_TO || seen->kind == PKT_GLANCE_ELSEWHERE)
    pkt_lives_deliver (&w->lives, seen->key, place);
  else if (seen->kind != PKT_GLANCE_KNOWN)
    pkt_lives_let_go (&w->lives, seen->key);
}

/* How many lines. */
static PKT_ALWAYS_INLINE guint
take_batch (PktEximGlancer *g, PktBlock *b, guint first, const PktEximWays *ways)
{
  guint32 *ends = g->whole.ends + first;
  const guint n = pkt_block_ends (b, ends);
  gsize at = b->at;
  for (guint i = 0; i < n; i++) {
    const char *p = b->raw.bytes + at;
    Line l = { pkt_slice (p, ends[i] - at), first + i, b->counted + i + 1, 0, 0 };
    pkt_block_fetch (p, 192);
    if (l.line.n && p[l.line.n - 1] == '\r')
      l.line.n--;
    if (!take_quickly (g, b, &l, ways))
      take_slowly (g, b, ends, i, first + i);
    at = ends[i] + 1;
  }
  pkt_block_pass (b, ends, n);
  return n;
}

static guint
take_anywhere (PktEximGlancer *g, PktBlock *b, guint first)
{
  const PktEximWays ways = { pkt_exim_id_anywhere, pkt_exim_same_time, pkt_exim_marks,
                             pkt_mask_64 };
  return take_batch (g, b, first, &ways);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static guint
take_avx2 (PktEximGlancer *g, PktBlock *b, guint first)
{
  const PktEximWays ways = { pkt_exim_id_avx2, pkt_exim_same_time_avx2, pkt_exim_marks_avx2,
                             pkt_mask_64_avx2 };
  return take_batch (g, b, first, &ways);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static guint
take_avx512 (PktEximGlancer *g, PktBlock *b, guint first)
{
  const PktEximWays ways = { pkt_exim_id_avx512, pkt_exim_same_time_avx512, pkt_exim_marks_avx512,
                             pkt_mask_64_avx512 };
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

/* Puts the lines that are not left out side by side, and asks look() of arrivals among them. */
static void
close_up (PktEximGlancer *g, PktBlock *b, guint n, gsize begin, guint32 counted)
{
  const PktEximWhole *w = &g->whole;
  b->n_lines = 0;
  for (guint i = 0; i < n; i++) {
    PktBlockLine *line = &b->lines[b->n_lines];
    if (pkt_frame_word ((const char *)w->told + i) == 0) {
      i += 7; /* eight that are left out */
      continue;
    }
    if (w->told[i] == PKT_GLANCE_NOTHING)
      continue;
    b->n_lines++;
    if (w->told[i] != PKT_EXIM_ARRIVED) {
      *line = b->lines[i];
      line->seen.kind = w->told[i] & 0xf;
      continue;
    }
    const gsize at = i ? w->ends[i - 1] + 1 : begin;
    const char *p = b->raw.bytes + at;
    gsize length = w->ends[i] - at;
    length -= length && p[length - 1] == '\r';
    *line = (PktBlockLine){ .at = at, .n = length, .number = counted + i + 1 };
    pkt_exim_glancer.look (g, pkt_slice (p, length), &line->seen);
  }
}

gboolean
pkt_exim_split (gpointer state, PktBlock *b)
{
  PktEximGlancer *g = state;
  const gsize begin = b->at;
  const guint32 counted = b->counted;
  guint n = 0;
  pkt_lives_start (&g->whole.lives);
  memset (&g->whole.told, 0, sizeof g->whole.told);
  while (b->at < b->raw.n && n <= PKT_BLOCK_LINES - PKT_BLOCK_BATCH)
    n += take (g, b, n);
  close_up (g, b, n, begin, counted);
  return TRUE;
}
