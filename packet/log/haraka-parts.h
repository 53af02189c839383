#pragma once
#include "packet/log/text-reader.h"

/* Whom a result of Haraka's [outbound] is about: a transaction UUID.1 is sent as UUID.1.1, UUID.1.2
 * …, one for each domain in the order in which its recipients came, and results name no recipient
 * (facts: log-formats section 13; lab: open/haraka). */

typedef struct {
  PktTextReader text;
  gboolean holds_info; /* a line of level INFO or below came by */
} PktHaraka;

/* Part and try of the transaction that the line is about: what was said of single recipients. */
PktRemembered *pkt_haraka_part (PktHaraka *h);
/* Hands on what is said of one recipient; put off in this try is `recipients` of the part, until
 * the try ends. */
PktRecordKind pkt_haraka_tell_one (PktHaraka *h, PktRecordKind kind, const PktAttempt *common,
                                   PktSlice recipient);
/* The same of a result of the whole part: for those recipients of whom nothing was said in this
 * try. values: the line that has "domain=icloud.com … rcpts=1/0/0"; absent where none has. */
PktRecordKind pkt_haraka_tell_rest (PktHaraka *h, PktRecordKind kind, const PktAttempt *a,
                                    PktSlice values);
