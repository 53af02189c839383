#pragma once
#include <string.h>
#include "packet/log/block.h"

/* Most messages come and go within a block: a line of arrival, those of other receivers who
 * accepted, and the end. Of these the first delivery is made PKT_GLANCE_WHOLE, and arrival and end
 * are left out. A line of the step (at most PKT_BLOCK_LINES) is told by its place in it. */
#define PKT_LIVES 1024 /* a power of two; a message whose place is taken is not found */
#define PKT_LIFE_NO_LINE G_MAXUINT16

G_STATIC_ASSERT (PKT_BLOCK_LINES <= PKT_LIFE_NO_LINE);

/* A message that arrived in the step. */
typedef struct {
  guint64 key; /* pkt_queue_key(); 0: none */
  guint16 arrival, delivery;
} PktLife;

typedef struct {
  PktLife all[PKT_LIVES];
  guint since; /* what arrived before that line does not count */
} PktLives;

/* A step begins: nothing has arrived. */
static inline void
pkt_lives_start (PktLives *l)
{
  memset (l, 0, sizeof *l);
}

static inline PktLife *
pkt_lives_place (PktLives *l, guint64 key)
{
  return &l->all[key >> 54];
}
G_STATIC_ASSERT (PKT_LIVES == 1 << 10);

/* The message, NULL when it did not arrive in this step. */
static inline PktLife *
pkt_lives_find (PktLives *l, guint64 key)
{
  PktLife *life = pkt_lives_place (l, key);
  return life->key == key && life->arrival >= l->since ? life : NULL;
}

static inline void
pkt_lives_arrive (PktLives *l, guint64 key, guint place)
{
  *pkt_lives_place (l, key) = (PktLife){ key, (guint16)place, PKT_LIFE_NO_LINE };
}

static inline void
pkt_lives_deliver (PktLives *l, guint64 key, guint place)
{
  PktLife *life = pkt_lives_find (l, key);
  if (life)
    life->delivery = MIN (life->delivery, (guint16)place);
}

/* Not all of its lines are told here. */
static inline void
pkt_lives_let_go (PktLives *l, guint64 key)
{
  PktLife *life = pkt_lives_place (l, key);
  if (life->key == key)
    life->key = 0;
}
