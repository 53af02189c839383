#pragma once
#include "packet/log/exim-batch.h"

/* Most messages come and go within a step of a block: a line of arrival, those of other receivers
 * who accepted, and the end. Of these the first delivery is made PKT_GLANCE_WHOLE, and arrival and
 * end are left out. A line of the step (at most PKT_BLOCK_LINES) is told by its place in it. */
#define PKT_EXIM_LIVES 4096 /* a power of two; a message whose place is taken is not found */
#define PKT_EXIM_NO_LINE G_MAXUINT16
#define PKT_EXIM_ARRIVED G_MAXUINT8 /* in place of a PktGlanceKind: a line of arrival, not read */

/* A message that arrived in the step: the places of two of its lines. */
typedef struct {
  guint16 arrival, delivery; /* NO_LINE: none */
} PktEximLife;

typedef struct {
  PktEximLife lives[PKT_EXIM_LIVES];
  gboolean unscoped;                 /* a line without syslog's host was among them */
  guint since;                       /* what arrived before that line does not count */
  guint64 keys[PKT_BLOCK_LINES];     /* pkt_queue_key() of a line's message, unless it was SLOW */
  guint8 text_at[PKT_BLOCK_LINES];   /* behind flag and blank, likewise */
  guint32 ends[PKT_BLOCK_LINES];     /* where it ends */
  guint8 told[PKT_BLOCK_LINES + 64]; /* PktGlanceKind of it; what else is told of it stands in the
                                        block, at the same place */
  PktEximBatch batch;
} PktEximWhole;

static inline void
pkt_exim_whole_start (PktEximWhole *w)
{
  memset (w->lives, 0xff, sizeof w->lives);
  memset (w->told, PKT_GLANCE_NOTHING, sizeof w->told);
  w->since = 0;
  w->unscoped = FALSE;
}

static inline PktEximLife *
pkt_exim_life (PktEximWhole *w, guint64 key)
{
  return &w->lives[key >> 52];
}
G_STATIC_ASSERT (PKT_EXIM_LIVES == 1 << 12);
G_STATIC_ASSERT (PKT_BLOCK_LINES <= PKT_EXIM_NO_LINE);

/* It is that of the key's message, which arrived before that line. */
static inline gboolean
pkt_exim_life_is (const PktEximWhole *w, const PktEximLife *life, guint64 key, guint place)
{
  return life->arrival < place && w->keys[life->arrival] == key && life->arrival >= w->since;
}

static inline void
pkt_exim_life_begin (PktEximWhole *w, guint place)
{
  *pkt_exim_life (w, w->keys[place]) = (PktEximLife){ (guint16)place, PKT_EXIM_NO_LINE };
  w->told[place] = PKT_EXIM_ARRIVED;
}

static inline void
pkt_exim_life_deliver (PktEximWhole *w, guint64 key, guint place)
{
  PktEximLife *life = pkt_exim_life (w, key);
  if (pkt_exim_life_is (w, life, key, place))
    life->delivery = MIN (life->delivery, (guint16)place);
}

/* Not all of its lines are told here. */
static inline void
pkt_exim_life_let_go (PktEximWhole *w, guint64 key)
{
  PktEximLife *life = pkt_exim_life (w, key);
  if (life->arrival != PKT_EXIM_NO_LINE && w->keys[life->arrival] == key)
    life->arrival = PKT_EXIM_NO_LINE;
}

/* What was known of the id before, in a log that is damaged, is forgotten with the delivery. */
static inline void
pkt_exim_life_end (PktEximWhole *w, guint place)
{
  const guint64 key = w->keys[place];
  PktEximLife *life = pkt_exim_life (w, key);
  w->told[place] = PKT_GLANCE_REMOVED;
  if (!pkt_exim_life_is (w, life, key, place))
    return;
  if (life->delivery < place) {
    w->told[life->arrival] = w->told[place] = PKT_GLANCE_NOTHING;
    w->told[life->delivery] = PKT_GLANCE_WHOLE;
  } else if (life->delivery == PKT_EXIM_NO_LINE)
    w->told[life->arrival] = PKT_GLANCE_NOTHING;
  life->arrival = PKT_EXIM_NO_LINE;
}
