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
  guint8 others;  /* a bit each: one that is empty may stand under another name */
  gboolean alone; /* the host stands alone, its address and the queue id in no other place */
} PktPlainPlaces;

/* What the last rows said, for rows that say the same. Of zeros to begin with. */
typedef enum {
  PKT_PLAIN_NEW,       /* not met so far */
  PKT_PLAIN_DELIVERED, /* and no more is said by it */
  PKT_PLAIN_OTHER,     /* no delivery at all */
  PKT_PLAIN_REFUSED,   /* put off or bounced, unless the row says more */
  PKT_PLAIN_ASK,       /* the whole row has to be asked */
} PktPlainWord;

#define PKT_PLAIN_WORDS 8 /* of a service, that are kept */
#define PKT_PLAIN_WORD_BYTES 31

#define PKT_PLAIN_HOSTS 128 /* hosts' names that are kept */
#define PKT_PLAIN_HOST_BYTES 46

typedef struct {
  const PktEventService *service;
  guint n_words;
  struct {
    guint8 n, kind; /* PktPlainWord */
    char text[PKT_PLAIN_WORD_BYTES];
  } words[PKT_PLAIN_WORDS];
  guint8 delivered_n;
  char delivered[PKT_PLAIN_WORD_BYTES]; /* the first word of that kind */
  PktEventTime time;
  guint64 no_key; /* pkt_queue_key() where there is no id; 0: not made */
  struct {
    guint8 n, elsewhere;
    char text[PKT_PLAIN_HOST_BYTES];
  } hosts[PKT_PLAIN_HOSTS]; /* by their last bytes */
} PktEventMemo;

/* where[n]: the place of the name with that index, -1 when there is none. */
void pkt_plain_choose (const PktEventService *s, const gint16 where[PKT_EVENT_MAX_NAMES],
                       PktPlainPlaces *out);
/* TRUE: what is told of the row stands in *out. Another receiver's is ELSEWHERE or
 * ELSEWHERE_SO_FAR, no delivery at all KNOWN, what the parser has to read PLAIN. FALSE says
 * nothing: the row must be asked. */
gboolean pkt_plain_look (const PktGlanceRule *rule, const PktEventService *s,
                         const PktPlainPlaces *places, const PktSlice values[PKT_N_PLAIN],
                         PktEventMemo *memo, PktGlance *out);
/* The same of a row that is not of accepted mail, whatever it says: whose it is, and when. */
gboolean pkt_plain_whose (const PktGlanceRule *rule, const PktEventService *s,
                          const PktPlainPlaces *places, const PktSlice values[PKT_N_PLAIN],
                          PktEventMemo *memo, PktGlance *out);
/* What is remembered of the service's word. */
PktPlainWord pkt_plain_word (const PktEventMemo *memo, const PktEventService *s, PktSlice said);
/* What it says where it is all that the service's only event column says; it is remembered. */
PktPlainWord pkt_plain_read_word (const PktEventService *s, PktSlice said, PktEventMemo *memo);
/* The same as pkt_plain_look() by a whole row; what it says is remembered. */
gboolean pkt_plain_ask (const PktGlanceRule *rule, const PktEventService *s, const PktEventRow *row,
                        PktEventMemo *memo, PktGlance *out);
