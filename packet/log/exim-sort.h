#pragma once
#include "packet/log/exim-glance.h"
#include "packet/log/exim-ways.h"
#include "packet/log/frame.h"
#include "packet/log/syslog.h"

/* The lines of a batch, sorted by what they are. */
#define PKT_EXIM_FLAG 3 /* bytes of "=> " */

/* What the flag says, without a branch. PKT_EXIM_FLAG_BYTES are read. */
static PKT_ALWAYS_INLINE guint
pkt_exim_lead_of (const char *flag)
{
  static const struct {
    char text[9], mask[9];
    guint8 lead;
  } flags[8] = {
    { "== ", "\xff\xff\xff", PKT_EXIM_LEAD_DEFERRAL },
    { "** ", "\xff\xff\xff", PKT_EXIM_LEAD_FAILURE },
    { "=> ", "\xff\xff\xff", PKT_EXIM_LEAD_DELIVERY },
    { ">> ", "\xff\xff\xff", PKT_EXIM_LEAD_DELIVERY },
    { "Complete", "\xff\xff\xff\xff\xff\xff\xff\xff", PKT_EXIM_LEAD_END },
    { "", "", PKT_EXIM_LEAD_SLOW },
    { "-> ", "\xff\xff\xff", PKT_EXIM_LEAD_DELIVERY },
    { "<= ", "\xff\xff\xff", PKT_EXIM_LEAD_ARRIVAL },
  };
  const guint i = ((guint)(guchar)flag[0] * 3 + (guint)(guchar)flag[1] * 7) >> 2 & 7;
  const guint64 w = pkt_frame_word (flag) & pkt_frame_word (flags[i].mask);
  const guint is = (w == pkt_frame_word (flags[i].text)) & ((i != 4) | (flag[8] == 'd'));
  return flags[i].lead & (0 - is);
}

static PKT_ALWAYS_INLINE void
pkt_exim_put_line (PktEximBatch *batch, guint lead, guint i)
{
  batch->of[lead][batch->n[lead]++] = (guint8)i;
}

/* The line between these places. */
static inline PktSlice
pkt_exim_line_of (const PktBlock *b, gsize at, gsize end)
{
  const char *p = b->raw.bytes + at;
  gsize n = MIN (end - at, PKT_MAX_LINE);
  n -= n && p[n - 1] == '\r';
  return pkt_slice (p, n);
}

/* Line i of the batch. */
static inline PktSlice
pkt_exim_line_at (const PktBlock *b, const guint32 *ends, guint i)
{
  return pkt_exim_line_of (b, pkt_block_begin_of (b, ends, i), ends[i]);
}

/* Lines from i on, as far as they have the shape: which one has not. */
static PKT_ALWAYS_INLINE guint
pkt_exim_sort_alike (PktEximGlancer *g, const PktBlock *b, const guint32 *ends, guint i, guint n,
                     guint id_n, guint first, const PktEximWays *ways)
{
  PktEximWhole *w = &g->whole;
  PktEximBatch *batch = &w->batch;
  PktEximShape *shape = &g->shape;
  const guint64 no_scope = g->no_scope;
  const char *ahead = batch->ahead;
  const guint id_at = shape->id_at, flag_at = id_at + id_n + 1,
              least = flag_at + PKT_EXIM_FLAG_BYTES;
  gsize at = pkt_block_begin_of (b, ends, i);
  guint moment = batch->n_moments;
  batch->moments[moment] = shape->when;
  for (; i < n; at = ends[i++] + 1) {
    const char *p = b->raw.bytes + at;
    if (ends[i] - at - least > PKT_MAX_LINE - least)
      break;
    if (!ways->has_shape (shape, p)) {
      if (!pkt_exim_shape_follow (shape, p) || !ways->has_shape (shape, p))
        break;
      batch->moments[++moment] = shape->when;
    }
    __builtin_prefetch (ahead, 0, 2);
    ahead += 64;
    w->lives.keys[first + i] = pkt_queue_key (pkt_slice (p + id_at, id_n), no_scope);
    w->text_at[first + i] = (guint8)(flag_at + PKT_EXIM_FLAG);
    batch->moment_of[i] = (guint16)moment;
    pkt_exim_put_line (batch, pkt_exim_lead_of (p + flag_at), i);
  }
  batch->ahead = ahead;
  batch->n_moments = moment + 1;
  return i;
}

/* A line without a year is the parser's where it may begin a month, in its view: of what it may
 * read otherwise than this the next is, too. */
static inline gboolean
pkt_exim_begins_month (PktBlock *b, PktSlice line, gboolean known)
{
  const guint32 before = b->begin;
  PktStamp ignored;
  if (line.n < 3 || !g_ascii_isalpha (line.p[0])) {
    b->begin = known ? before : 0;
    return FALSE;
  }
  known = known || pkt_syslog_stamp (line, 0, &ignored) > 0;
  b->begin = known ? pkt_block_begins (line.p) : 0;
  return b->begin != before || !known;
}

/* A Message-ID that a line without a host tells may be asked for by one with a host (trend/join.c),
 * so that the arrival is not left out. */
static inline void
pkt_exim_note_scope (PktEximGlancer *g, gboolean scoped, guint place)
{
  PktEximWhole *w = &g->whole;
  if (scoped && w->unscoped && g->rule->message_ids)
    w->lives.since = place;
  w->unscoped = w->unscoped || !scoped;
}

/* Line i of the batch, which has not the shape of those before it. TRUE: now it has it. */
static inline gboolean
pkt_exim_sort_other (PktEximGlancer *g, PktBlock *b, const guint32 *ends, guint i, guint first)
{
  PktEximWhole *w = &g->whole;
  PktEximBatch *batch = &w->batch;
  PktEximClock *c = &g->clock;
  const PktSlice line = pkt_exim_line_at (b, ends, i);
  guint lead = PKT_EXIM_LEAD_SLOW;
  const gboolean known = ends[i] - pkt_block_begin_of (b, ends, i) <= PKT_MAX_LINE
                         && pkt_exim_has_time (c, line);
  batch->months[i] = (guint8)pkt_exim_begins_month (b, line, known);
  if (known && !batch->months[i]) {
    pkt_exim_note_scope (g, c->scope != c->no_scope, first + i);
    const PktSlice id = pkt_slice_skip (line, c->front);
    const guint n = (guint)pkt_exim_id_length (id), text_at = c->front + n + 1 + PKT_EXIM_FLAG;
    if (n && id.n >= n + 1 + PKT_EXIM_FLAG_BYTES && id.p[n] == ' ' && text_at <= G_MAXUINT8) {
      if (pkt_exim_shape_learn (&g->shape, c, line, n))
        return TRUE;
      w->lives.keys[first + i] = pkt_queue_key (pkt_slice (id.p, n), c->scope);
      w->text_at[first + i] = (guint8)text_at;
      batch->moment_of[i] = (guint16)batch->n_moments;
      batch->moments[batch->n_moments++] = c->now;
      lead = pkt_exim_lead_of (id.p + n + 1);
    } else if (n == 0 && pkt_exim_tells_nothing (line, id))
      return FALSE;
  }
  pkt_exim_put_line (batch, lead, i);
  return FALSE;
}

static PKT_ALWAYS_INLINE void
pkt_exim_sort (PktEximGlancer *g, PktBlock *b, const guint32 *ends, guint n, guint first,
               const PktEximWays *ways)
{
  PktEximBatch *batch = &g->whole.batch;
  PktEximShape *shape = &g->shape;
  memset (batch->n, 0, sizeof batch->n);
  memset (batch->months, FALSE, sizeof batch->months);
  batch->n_moments = 0;
  batch->ahead = b->raw.bytes + b->at + PKT_BLOCK_AHEAD;
  for (guint i = 0; i < n;) {
    const guint from = i;
    i = shape->id_n == PKT_EXIM_LONG_ID
            ? pkt_exim_sort_alike (g, b, ends, i, n, PKT_EXIM_LONG_ID, first, ways)
            : pkt_exim_sort_alike (g, b, ends, i, n, PKT_EXIM_SHORT_ID, first, ways);
    g->whole.unscoped |= i > from;
    while (i < n && !pkt_exim_sort_other (g, b, ends, i, first))
      if (++i < n && ways->has_shape (shape, b->raw.bytes + ends[i - 1] + 1))
        break;
  }
}
