#pragma once
#include <string.h>
#include "packet/log/block.h"

/* Most messages come and go within a step of a block: a line of arrival, those of other receivers
 * who accepted, and the end. Of these the first delivery is made PKT_GLANCE_WHOLE, and arrival and
 * end are left out. A line of the step (at most PKT_BLOCK_LINES) is told by its place in it; lines
 * may be told in another order than theirs, if ends come last. */
#define PKT_LIVES 4096 /* a power of two; a message whose place is taken is not found */
#define PKT_LIFE_NO_LINE G_MAXUINT16

/* A message that arrived in the step: the places of two of its lines. */
typedef struct {
  guint16 arrival, delivery; /* NO_LINE: none */
} PktLife;

typedef struct {
  PktLife all[PKT_LIVES];
  guint since;                   /* what arrived before that line does not count */
  guint64 keys[PKT_BLOCK_LINES]; /* pkt_queue_key() of a line's message; of arrivals at least */
  /* PktGlanceKind of each line, or a format's own sign of an arrival; what else is told of it
   * stands in the block, at the same place. */
  guint8 told[PKT_BLOCK_LINES + 64];
} PktLives;

/* A step begins: nothing has arrived, and no line is told of. */
static inline void
pkt_lives_start (PktLives *l)
{
  memset (l->all, 0xff, sizeof l->all);
  memset (l->told, PKT_GLANCE_NOTHING, sizeof l->told);
  l->since = 0;
}

static inline PktLife *
pkt_lives_of (PktLives *l, guint64 key)
{
  return &l->all[key >> 52];
}
G_STATIC_ASSERT (PKT_LIVES == 1 << 12);
G_STATIC_ASSERT (PKT_BLOCK_LINES <= PKT_LIFE_NO_LINE);

/* It is that of the key's message, which arrived before that line. */
static inline gboolean
pkt_lives_is (const PktLives *l, const PktLife *life, guint64 key, guint place)
{
  return life->arrival < place && l->keys[life->arrival] == key && life->arrival >= l->since;
}

/* keys[place] is set. */
static inline void
pkt_lives_arrive (PktLives *l, guint place, guint8 told)
{
  *pkt_lives_of (l, l->keys[place]) = (PktLife){ (guint16)place, PKT_LIFE_NO_LINE };
  l->told[place] = told;
}

static inline void
pkt_lives_deliver (PktLives *l, guint64 key, guint place)
{
  PktLife *life = pkt_lives_of (l, key);
  if (pkt_lives_is (l, life, key, place))
    life->delivery = MIN (life->delivery, (guint16)place);
}

/* Not all of its lines are told here. */
static inline void
pkt_lives_let_go (PktLives *l, guint64 key)
{
  PktLife *life = pkt_lives_of (l, key);
  if (life->arrival != PKT_LIFE_NO_LINE && l->keys[life->arrival] == key)
    life->arrival = PKT_LIFE_NO_LINE;
}

/* The message's end. What was known of the id before, in a log that is damaged, is forgotten with
 * the delivery. */
static inline void
pkt_lives_end (PktLives *l, guint64 key, guint place)
{
  PktLife *life = pkt_lives_of (l, key);
  l->told[place] = PKT_GLANCE_REMOVED;
  if (!pkt_lives_is (l, life, key, place))
    return;
  if (life->delivery < place) {
    l->told[life->arrival] = l->told[place] = PKT_GLANCE_NOTHING;
    l->told[life->delivery] = PKT_GLANCE_WHOLE;
  } else if (life->delivery == PKT_LIFE_NO_LINE)
    l->told[life->arrival] = PKT_GLANCE_NOTHING;
  life->arrival = PKT_LIFE_NO_LINE;
}
