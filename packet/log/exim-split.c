/* A block of Exim's mainlog, split and looked at in one go: each line by its bytes at fixed places,
 * and a message's lines in view of each other. */
#include "packet/log/exim-glance.h"
#include "packet/log/frame.h"

/* Bytes of the id at p, with a blank behind it; 0 when it is none. 32 bytes may be read. */
typedef guint (*IdOf) (const char *p);
/* The line has the time of the one before. 32 bytes may be read. */
typedef gboolean (*SameTime) (const PktEximClock *c, const char *p);

typedef struct {
  IdOf id_of;
  SameTime same_time;
  PktEximMarksOf marks_of;
  PktMask64 mask_of;
} Ways;

#define SHORT_ID 16
#define LONG_ID 23
/* Bits of the dashes, and of the bytes between: 1vw7kN-0004uF-2b, 10HmaX-000000005vi-0000. */
#define SHORT_DASHES 0x2040u
#define LONG_DASHES 0x40040u
#define SHORT_REST (0xffffu & ~SHORT_DASHES)
#define LONG_REST (0x7fffffu & ~LONG_DASHES)

static PKT_ALWAYS_INLINE guint
id_by (guint32 dashes, guint32 alnum, guint32 blanks)
{
  if ((dashes & LONG_DASHES) == LONG_DASHES && (alnum & LONG_REST) == LONG_REST)
    return blanks >> LONG_ID & 1 ? LONG_ID : 0;
  return (dashes & SHORT_DASHES) == SHORT_DASHES && (alnum & SHORT_REST) == SHORT_REST
                 && (blanks >> SHORT_ID & 1)
             ? SHORT_ID
             : 0;
}

static PKT_ALWAYS_INLINE guint
id_anywhere (const char *p)
{
  const gsize n = pkt_exim_id_length (pkt_slice (p, 32));
  return n && p[n] == ' ' ? (guint)n : 0;
}

static PKT_ALWAYS_INLINE gboolean
same_time_anywhere (const PktEximClock *c, const char *p)
{
  return pkt_bytes_same (p, c->text, PKT_EXIM_TIME + 1);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint32
bits_of (__m256i v)
{
  return (guint32)_mm256_movemask_epi8 (v);
}

PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE guint
id_avx2 (const char *p)
{
  const __m256i v = _mm256_loadu_si256 ((const __m256i *)p),
                digit = _mm256_sub_epi8 (v, _mm256_set1_epi8 ('0')),
                letter = _mm256_sub_epi8 (_mm256_or_si256 (v, _mm256_set1_epi8 (0x20)),
                                          _mm256_set1_epi8 ('a')),
                alnum = _mm256_or_si256 (
                    _mm256_cmpeq_epi8 (_mm256_min_epu8 (digit, _mm256_set1_epi8 (9)), digit),
                    _mm256_cmpeq_epi8 (_mm256_min_epu8 (letter, _mm256_set1_epi8 (25)), letter));
  return id_by (bits_of (_mm256_cmpeq_epi8 (v, _mm256_set1_epi8 ('-'))), bits_of (alnum),
                bits_of (_mm256_cmpeq_epi8 (v, _mm256_set1_epi8 (' '))));
}
#endif

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PKT_ALWAYS_INLINE gboolean
same_time_avx2 (const PktEximClock *c, const char *p)
{
  const guint32 all = (1u << (PKT_EXIM_TIME + 1)) - 1;
  return (bits_of (_mm256_cmpeq_epi8 (_mm256_loadu_si256 ((const __m256i *)p),
                                      _mm256_loadu_si256 ((const __m256i *)c->text)))
          & all)
         == all;
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE guint
id_avx512 (const char *p)
{
  const __m256i v = _mm256_loadu_si256 ((const __m256i *)p),
                digit = _mm256_sub_epi8 (v, _mm256_set1_epi8 ('0')),
                letter = _mm256_sub_epi8 (_mm256_or_si256 (v, _mm256_set1_epi8 (0x20)),
                                          _mm256_set1_epi8 ('a'));
  return id_by (_mm256_cmpeq_epi8_mask (v, _mm256_set1_epi8 ('-')),
                _mm256_cmple_epu8_mask (digit, _mm256_set1_epi8 (9))
                    | _mm256_cmple_epu8_mask (letter, _mm256_set1_epi8 (25)),
                _mm256_cmpeq_epi8_mask (v, _mm256_set1_epi8 (' ')));
}

PKT_TARGET_AVX512 static PKT_ALWAYS_INLINE gboolean
same_time_avx512 (const PktEximClock *c, const char *p)
{
  const __mmask32 all = (1u << (PKT_EXIM_TIME + 1)) - 1;
  return _mm256_mask_cmpneq_epi8_mask (all, _mm256_loadu_si256 ((const __m256i *)p),
                                       _mm256_loadu_si256 ((const __m256i *)c->text))
         == 0;
}
#endif

/* A line behind its time. */
typedef struct {
  PktSlice line;
  guint32 number;
  guint id_n;
} Line;

static inline const char *
id_at (const Line *l)
{
  return l->line.p + PKT_EXIM_ID_AT;
}

static inline PktGlance *
append (PktBlock *b, const Line *l, PktGlanceKind kind)
{
  PktBlockLine *out = &b->lines[b->n_lines++];
  *out = (PktBlockLine){ .at = (guint64)(l->line.p - b->raw.bytes),
                         .n = l->line.n,
                         .number = l->number,
                         .seen.kind = kind };
  return &out->seen;
}

static inline guint64
key_of (const PktEximGlancer *g, const Line *l)
{
  const char *id = id_at (l); /* a length that is known is hashed without a loop */
  return l->id_n == LONG_ID ? pkt_queue_key (pkt_slice (id, LONG_ID), g->no_scope)
                            : pkt_queue_key (pkt_slice (id, SHORT_ID), g->no_scope);
}

static inline guint64
mark_of (const Line *l)
{
  const char *id = id_at (l);
  return l->id_n == LONG_ID ? pkt_exim_mark (pkt_slice (id, LONG_ID))
                            : pkt_exim_mark (pkt_slice (id, SHORT_ID));
}

/* The line's message, NULL when it did not arrive in this block. */
static inline PktEximLife *
life_of (PktEximGlancer *g, const Line *l)
{
  const guint64 mark = mark_of (l);
  PktEximLife *life = pkt_exim_life_of (&g->whole, mark);
  return life->mark == mark && life->arrival >= g->whole.since ? life : NULL;
}

/* Without a key: look() is still to be asked. */
static inline void
take_arrival (PktEximGlancer *g, PktBlock *b, const Line *l)
{
  const guint64 mark = mark_of (l);
  *pkt_exim_life_of (&g->whole, mark) = (PktEximLife){ mark, (guint16)b->n_lines,
                                                       PKT_EXIM_NO_LINE };
  append (b, l, PKT_GLANCE_RECEIVED);
}

/* What was known of the id before, in a log that is damaged, is forgotten with the delivery. */
static inline void
take_end (PktEximGlancer *g, PktBlock *b, const Line *l)
{
  PktEximLife *life = life_of (g, l);
  if (life) {
    life->mark = 0;
    b->lines[life->arrival].seen.kind = PKT_GLANCE_NOTHING;
    if (life->delivery != PKT_EXIM_NO_LINE) {
      b->lines[life->delivery].seen.kind = PKT_GLANCE_WHOLE;
      return;
    }
  }
  append (b, l, PKT_GLANCE_REMOVED)->key = key_of (g, l);
}

static inline void
note_delivery (PktEximGlancer *g, const PktBlock *b, const Line *l)
{
  PktEximLife *life = life_of (g, l);
  if (life)
    life->delivery = MIN (life->delivery, (guint16)(b->n_lines - 1));
}

static inline void
note_other (PktEximGlancer *g, const Line *l)
{
  PktEximLife *life = life_of (g, l);
  if (life)
    life->mark = 0;
}

static inline void
take_other (PktEximGlancer *g, PktBlock *b, const Line *l)
{
  PktGlance *seen = append (b, l, PKT_GLANCE_PLAIN);
  seen->daemon = PKT_EXIM_SEEN_MESSAGE;
  note_other (g, l);
}

/* "=> reader@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] …", behind the
 * flag. FALSE: look() has to read it. */
static PKT_ALWAYS_INLINE gboolean
take_delivery (PktEximGlancer *g, PktBlock *b, const Line *l, const Ways *ways)
{
  const PktGlanceRule *rule = g->rule;
  const gsize at = PKT_EXIM_ID_AT + l->id_n + 4;
  PktEximLine e;
  if (rule->elsewhere == NULL
      || !pkt_exim_take_delivery (&g->routes, pkt_slice (l->line.p + at, l->line.n - at), &e,
                                  ways->marks_of, ways->mask_of))
    return FALSE;
  if (!rule->elsewhere (rule->data, e.recipient, e.host, e.ip)) {
    take_other (g, b, l);
    return TRUE;
  }
  PktGlance *seen = append (b, l, PKT_GLANCE_ELSEWHERE_TO);
  seen->key = key_of (g, l);
  pkt_exim_tell_elsewhere (g, l->line, e.recipient, seen);
  note_delivery (g, b, l);
  return TRUE;
}

#define FIRST_THREE pkt_frame_word ("\xff\xff\xff\0\0\0\0")
#define NEXT_TWO pkt_frame_word ("\0\xff\xff\0\0\0\0")

static PKT_ALWAYS_INLINE gboolean
take_quickly (PktEximGlancer *g, PktBlock *b, Line *l, const Ways *ways)
{
  if (l->line.n < PKT_EXIM_ID_AT + SHORT_ID + 1 + PKT_EXIM_FLAG_BYTES || l->line.n > PKT_MAX_LINE
      || (!ways->same_time (&g->clock, l->line.p) && !pkt_exim_clock_read (&g->clock, l->line.p)))
    return FALSE;
  l->id_n = ways->id_of (id_at (l));
  const char *flag = id_at (l) + l->id_n + 1;
  const guint64 w = pkt_frame_word (flag);
  if (l->id_n == 0 || l->line.n < PKT_EXIM_ID_AT + l->id_n + 1 + PKT_EXIM_FLAG_BYTES)
    return FALSE;
  if ((w & FIRST_THREE) == pkt_frame_word ("<= \0\0\0\0"))
    take_arrival (g, b, l);
  else if (w == pkt_frame_word ("Complete") && flag[8] == 'd')
    take_end (g, b, l);
  else if ((w & NEXT_TWO) == pkt_frame_word ("\0> \0\0\0\0")
           && (*flag == '=' || *flag == '-' || *flag == '>'))
    return take_delivery (g, b, l, ways);
  else if ((w & FIRST_THREE) == pkt_frame_word ("== \0\0\0\0")
           || (w & FIRST_THREE) == pkt_frame_word ("** \0\0\0\0"))
    take_other (g, b, l);
  else
    return FALSE;
  return TRUE;
}

/* By look(). A line that is left out there is of no message, or tells nothing of it. */
static void
take_slowly (PktEximGlancer *g, PktBlock *b, const guint32 *ends, guint i)
{
  const guint before = b->n_lines;
  pkt_block_take (b, ends, i, &pkt_exim_glancer, g);
  if (b->n_lines == before)
    return;
  const PktBlockLine *line = &b->lines[before];
  const PktGlance *seen = &line->seen;
  if (seen->kind == PKT_GLANCE_PLAIN && seen->daemon == PKT_EXIM_SEEN_STRANGE) {
    g->whole.since = b->n_lines;
    return;
  }
  const Line l = { pkt_slice (b->raw.bytes + line->at, line->n), (guint32)line->number,
                   seen->id_n };
  if (seen->kind == PKT_GLANCE_ELSEWHERE_TO || seen->kind == PKT_GLANCE_ELSEWHERE)
    note_delivery (g, b, &l);
  else if (seen->kind != PKT_GLANCE_KNOWN)
    note_other (g, &l);
}

static PKT_ALWAYS_INLINE void
take_batch (PktEximGlancer *g, PktBlock *b, const Ways *ways)
{
  guint32 ends[PKT_BLOCK_BATCH];
  const guint n = pkt_block_ends (b, ends);
  gsize at = b->at;
  for (guint i = 0; i < n; i++) {
    const char *p = b->raw.bytes + at;
    Line l = { pkt_slice (p, ends[i] - at), b->counted + i + 1, 0 };
    if (l.line.n && p[l.line.n - 1] == '\r')
      l.line.n--;
    pkt_block_fetch (p, 192);
    if (!take_quickly (g, b, &l, ways))
      take_slowly (g, b, ends, i);
    at = ends[i] + 1;
  }
  pkt_block_pass (b, ends, n);
}

static void
take_anywhere (PktEximGlancer *g, PktBlock *b)
{
  const Ways ways = { id_anywhere, same_time_anywhere, pkt_exim_marks, pkt_mask_64 };
  take_batch (g, b, &ways);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static void
take_avx2 (PktEximGlancer *g, PktBlock *b)
{
  const Ways ways = { id_avx2, same_time_avx2, pkt_exim_marks_avx2, pkt_mask_64_avx2 };
  take_batch (g, b, &ways);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static void
take_avx512 (PktEximGlancer *g, PktBlock *b)
{
  const Ways ways = { id_avx512, same_time_avx512, pkt_exim_marks_avx512, pkt_mask_64_avx512 };
  take_batch (g, b, &ways);
}
#endif

static void
take (PktEximGlancer *g, PktBlock *b)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512 ()) {
    take_avx512 (g, b);
    return;
  }
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ()) {
    take_avx2 (g, b);
    return;
  }
#endif
  take_anywhere (g, b);
}

/* Leaves out what is told by other lines, and asks look() of what is not. */
static void
close_up (PktEximGlancer *g, PktBlock *b)
{
  guint left = 0;
  for (guint i = 0; i < b->n_lines; i++) {
    PktBlockLine *line = &b->lines[left];
    *line = b->lines[i];
    left += line->seen.kind != PKT_GLANCE_NOTHING;
    if (line->seen.kind == PKT_GLANCE_RECEIVED && line->seen.key == 0)
      pkt_exim_glancer.look (g, pkt_slice (b->raw.bytes + line->at, line->n), &line->seen);
  }
  b->n_lines = left;
}

gboolean
pkt_exim_split (gpointer state, PktBlock *b)
{
  PktEximGlancer *g = state;
  memset (&g->whole, 0, sizeof g->whole);
  while (b->at < b->raw.n && b->n_lines <= PKT_BLOCK_LINES - PKT_BLOCK_BATCH)
    take (g, b);
  close_up (g, b);
  return TRUE;
}
