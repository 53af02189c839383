#pragma once
#include "packet/log/event-plain.h"

/* What the glances at both kinds of export have in common. */
typedef struct {
  const PktGlanceRule *rule;
  PktEventMemo memo;
  guint looked, spared; /* lines; of these not to be parsed again */
} PktWeigher;

#define PKT_WEIGHER_TRIAL                                                                          \
  2000 /* lines looked at before it is asked whether that saves anything                           \
        */

/* FALSE where most are Apple's, or nothing is told of them; else one more is looked at. */
gboolean pkt_weigher_is_worth_it (PktWeigher *w);
/* Of another receiver's accepted mail, or of no delivery at all; a row read whole. */
void pkt_weigh (PktWeigher *w, const PktEventService *s, const PktEventRow *row, PktGlance *out);
/* The same by the six values that most rows are told by; FALSE when it has to be read whole. */
gboolean pkt_weigh_plain (PktWeigher *w, const PktEventService *s, const PktPlainPlaces *places,
                          const PktSlice values[PKT_N_PLAIN], PktGlance *out);
/* With apple_only: a line that need not be read. */
gboolean pkt_weigh_is_beside (const PktWeigher *w, PktSlice line, PktGlance *out);
