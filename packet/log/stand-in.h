#pragma once
#include "packet/base/slice.h"

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
