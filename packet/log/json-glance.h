#pragma once
#include "packet/log/block.h"
#include "packet/log/event-json.h"
#include "packet/log/event-weigh.h"
#include "packet/log/stand-in.h"

/* Records of a shape that say the same but for a few values. */
typedef struct {
  guint32 serial;                 /* of the shape; 0: not looked at */
  guint learnt;                   /* by so many of them */
  const PktEventService *service; /* whose they are; NULL: each has to be read */
  PktPlainPlaces plain;           /* its names among theirs */
  gint8 places[PKT_N_PLAIN];      /* where the six values are; -1: nowhere */
} PktJsonKnown;

/* The state of the glances at records of one thread; used by its own files alone. */
typedef struct {
  PktWeigher weigher;
  PktEventJson json;
  gint16 set[PKT_EVENT_MAX_NAMES]; /* the names that the last row had values for … */
  guint n_set;
  const PktEventService *service; /* … and whose they are; NULL: nobody's, or an envelope */
  PktPlainPlaces plain;           /* of the service's names among them */
  PktJsonKnown known[PKT_EVENT_SHAPES];
  guint16 stand_ins[PKT_STAND_INS]; /* what the rule's sort() says of each */
  PktStencilSigns signs;
  gint apples;     /* lines with a name of Apple's that were Apple's, of late; less the others */
  guint named;     /* such lines that were not looked at for it */
  PktEventOut out; /* for what a record came to; nothing is handed out */
} PktJsonGlancer;

/* PktGlancer's. */
void pkt_json_look (gpointer state, PktSlice line, PktGlance *out);
gboolean pkt_json_split (gpointer state, PktBlock *b);
/* Of a line that was found to have a shape's common text, the values that most are told by, and
 * whose it is, as in g->known[which]; FALSE when it has to be read. */
gboolean pkt_json_values (PktJsonGlancer *g, PktSlice line, int which, const PktStencilMarks *marks,
                          PktSlice values[PKT_N_PLAIN]);
