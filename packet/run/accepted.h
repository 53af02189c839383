#pragma once
#include "packet/model/attempt.h"
#include "packet/model/tally.h"

/* What Apple accepted, on its way into the tally. Whether an attempt was told before is a look at a
 * large table, most of it in no cache: it is asked for some attempts before it is looked at. */

#define PKT_ACCEPTED_WAIT 16 /* attempts; a power of two */

typedef struct {
  guint64 digest;
  PktStamp stamp;
  PktCellKey key;
} PktAccepted;

/* Of zeros to begin with. */
typedef struct {
  PktAccepted all[PKT_ACCEPTED_WAIT];
  guint begin, end; /* counted up; those between wait */
} PktAcceptedQueue;

static inline gboolean
pkt_accepted_is_full (const PktAcceptedQueue *q)
{
  return q->end - q->begin == PKT_ACCEPTED_WAIT;
}

static inline gboolean
pkt_accepted_is_empty (const PktAcceptedQueue *q)
{
  return q->end == q->begin;
}

/* A place for the next; not when it is full. */
static inline PktAccepted *
pkt_accepted_add (PktAcceptedQueue *q)
{
  return &q->all[q->end++ % PKT_ACCEPTED_WAIT];
}

/* The one that has waited longest; not when it is empty. */
static inline const PktAccepted *
pkt_accepted_take (PktAcceptedQueue *q)
{
  return &q->all[q->begin++ % PKT_ACCEPTED_WAIT];
}
