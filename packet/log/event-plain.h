#pragma once
#include "packet/log/event-fields.h"
#include "packet/log/glance.h"

/* Rows of mail that a receiver took, and no more: most rows of an export, and all that is wanted of
 * them is whose they are and when. They are told by six values, as the rows before were. */

enum {
  PKT_PLAIN_WORD, /* of the event column */
  PKT_PLAIN_TIME,
  PKT_PLAIN_RECIPIENT,
  PKT_PLAIN_QUEUE_ID,
  PKT_PLAIN_REMOTE,
  PKT_PLAIN_REMOTE_IP,
  PKT_N_PLAIN
};

/* Where they stand in a row: a column, or an index in PktEventRow; -1 where the row has none. */
typedef struct {
  gint16 at[PKT_N_PLAIN];
  guint8 others; /* a bit each: one that is empty may stand under another name */
} PktPlainPlaces;

/* What the last rows said, for rows that say the same. Of zeros to begin with. */
typedef struct {
  const PktEventService *service;
  char word[32]; /* an event that is a plain delivery … */
  guint8 word_n;
  char other[32]; /* one that is no delivery */
  guint8 other_n;
  char time[48]; /* … and a time, as written */
  guint8 time_n;
  PktStamp stamp;
} PktEventMemo;

/* where[n]: the place of the name with that index, -1 when there is none. */
void pkt_plain_choose (const PktEventService *s, const gint16 where[PKT_EVENT_MAX_NAMES],
                       PktPlainPlaces *out);
/* TRUE: another receiver's, *out is ELSEWHERE or ELSEWHERE_SO_FAR; or no delivery at all, KNOWN.
 * FALSE says nothing: the row must be asked. */
gboolean pkt_plain_look (const PktGlanceRule *rule, const PktEventService *s,
                         const PktPlainPlaces *places, const PktSlice values[PKT_N_PLAIN],
                         PktEventMemo *memo, PktGlance *out);
/* The same by a whole row; what it says is remembered. */
gboolean pkt_plain_ask (const PktGlanceRule *rule, const PktEventService *s, const PktEventRow *row,
                        PktEventMemo *memo, PktGlance *out);
