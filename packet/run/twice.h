#pragma once
#include "packet/run/evidence.h"

/* A connection that fails is told of more than once: "connect to mx02…: Connection timed out", and
 * a moment later by the message that is put off by the last of its hosts, for each recipient. */
typedef struct {
  GHashTable *hosts;    /* PktEvent*, failures of hosts that a message repeats */
  GHashTable *messages; /* PktEvent*, of messages: they repeat a host's failure, or what was told of
                           another recipient */
} PktTwice;

#define PKT_TWICE_NONE                                                                             \
  {                                                                                                \
    NULL, NULL                                                                                     \
  }

/* Of attempts without an answer. The events are borrowed. */
void pkt_twice_find (const PktEvidence *e, PktTwice *out);
void pkt_twice_clear (PktTwice *t);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktTwice, pkt_twice_clear)
