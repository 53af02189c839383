#pragma once
#include "packet/log/event-direct.h"
#include "packet/log/event-json.h"

/* Records that say the same as earlier ones but for a few values (event-quick.h): those of mail
 * that a receiver took are handed on from these alone, without a row of all that they say. */

/* What is known of a shape. */
typedef struct {
  guint32 serial;                 /* of the shape; 0: not looked at */
  guint learnt;                   /* by so many of its records */
  const PktEventService *service; /* whose they are; NULL: each has to be read */
  PktDirectPlaces places;         /* columns are indexes in PktQuick's */
  int event;                      /* the place of its word */
  guint misses; /* records in a row that were of accepted mail, and not handed on */
} PktJsonDirectShape;

/* Of zeros to begin with. */
typedef struct {
  PktJsonDirectShape shapes[PKT_EVENT_SHAPES];
  PktEventMemo memo;
} PktJsonDirect;

/* A line found to be of shape `which`, with its marks. TRUE: it was handed on, as pkt_event_emit()
 * would, or is no attempt by its word; *kind is what that would return. FALSE says nothing, and j
 * holds no row. */
gboolean pkt_json_direct_emit (PktJsonDirect *d, PktEventJson *j, PktSlice line, int which,
                               const PktStencilMarks *marks, PktEventOut *out, PktRecordKind *kind);
