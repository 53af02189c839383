#pragma once
#include "packet/log/event-plain.h"

/* Rows of mail that a receiver took, handed on from their values alone. They say what
 * pkt_event_emit() would make of them, for the usual row: what is unlike it is left to that. */

/* Where the values stand in a row. */
typedef struct {
  guint n;
  struct {
    guint8 field;
    guint8 column;
  } asked[PKT_N_FIELDS];
  guint32 others;  /* a bit for each field: where it is empty it may stand in another column */
  gboolean usable; /* else the service asks for more */
} PktDirectPlaces;

/* where[n]: the column of the name with that index, -1 when there is none. */
void pkt_direct_choose (const PktEventService *s, const gint16 where[PKT_EVENT_MAX_NAMES],
                        PktDirectPlaces *out);
/* values[f]: of field f, without the blanks around it; NULL where it has none. TRUE: it was handed
 * on. FALSE says nothing, and nothing was done. */
gboolean pkt_direct_emit (const PktEventService *s, const PktDirectPlaces *places,
                          const PktSlice values[PKT_N_FIELDS], PktEventMemo *memo,
                          PktEventOut *out);
