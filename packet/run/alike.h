#pragma once
#include "packet/model/attempt.h"

/* Attempts that sources of different kinds tell of without an id in common: they are known by what
 * is alike in both, and by when they were. */
typedef struct PktAlike PktAlike;

/* Apart by that much, two sources may still tell of one attempt: a bounce is written after the
 * answer, a notice after the session. */
#define PKT_ALIKE_NEAR (5 * PKT_MINUTE)

#define PKT_N_ALIKE 3 /* ways in which two may be alike */

typedef struct {
  guint kind;      /* of the source: one of the same kind does not tell it again */
  gboolean has_id; /* a Message-ID: two that have one would have been known by it */
  gint64 time;     /* UTC microseconds; PKT_NO_TIME */
} PktAlikeTold;

PktAlike *pkt_alike_new (void);
void pkt_alike_free (PktAlike *alike);
/* The digests by which others may know it, 0: none. Its time is asked of `stamp` by
 * pkt_alike_end_source(). */
void pkt_alike_note (PktAlike *alike, const PktAlikeTold *told, PktStamp stamp,
                     const guint64 digests[PKT_N_ALIKE]);
/* Whether it tells again of one that was noted. Each of those stands for one, and which one is
 * settled so that as many as can be are told again, whatever the order in which they are read. */
gboolean pkt_alike_again (PktAlike *alike, const PktAlikeTold *told, guint64 digest);
/* As pkt_seen_end_source(). */
void pkt_alike_end_source (PktAlike *alike, const PktStampRule *rule);
