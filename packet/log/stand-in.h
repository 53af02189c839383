#pragma once
#include "packet/log/glance.h"
#include "packet/model/attempt.h"

/* Replies that stand for others: of what a receiver said to a recipient who waits, and whom nobody
 * asks after, only that is kept by which it would count. */
#define PKT_STAND_INS 5
static inline PktSlice
pkt_stand_in (guint i)
{
  static const PktSlice all[PKT_STAND_INS] = { PKT_SLICE ("450"), PKT_SLICE ("550 5.1.1"),
                                               PKT_SLICE ("550 5.2.2"), PKT_SLICE ("550 5.7.1"),
                                               PKT_SLICE ("550") };
  return all[i];
}

/* PKT_RECORD_PUT_OFF of a line that was told so by a glance. */
static inline PktAttempt
pkt_stand_in_record (const PktGlance *seen, PktSlice line, PktStamp stamp)
{
  return (PktAttempt){ .stamp = stamp,
                       .outcome = PKT_DEFERRED,
                       .smtp = TRUE,
                       .recipient = pkt_slice (line.p + seen->text_at, seen->tag_n),
                       .reply = pkt_stand_in (seen->daemon),
                       .queue_key = seen->key,
                       .fingerprint = seen->fingerprint,
                       .size = -1 };
}
