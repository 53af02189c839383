#pragma once
#include "packet/model/event.h"

/* The attempts to Apple that are kept one by one. Of those that Apple accepted the newest are kept,
 * for what lies beside a refusal; what it refused or put off has room of its own, so that none is
 * lost behind millions that were accepted. */

#define PKT_EVENTS_MAX 2000000          /* refused, put off, no answer */
#define PKT_EVENTS_MAX_ACCEPTED 2000000 /* and half as many at the least, once there were more */

typedef struct PktEventStore PktEventStore;

/* POSTPACKET_EVENTS=N in the environment is a smaller number in the place of both, for tests and
 * small machines. */
PktEventStore *pkt_event_store_new (void);
void pkt_event_store_free (PktEventStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktEventStore, pkt_event_store_free)

/* Where the next attempt of that outcome is kept; NULL: there is no room, which is counted. */
PktEventPool *pkt_event_store_room (PktEventStore *store, PktOutcome outcome);
/* A source begins; … */
void pkt_event_store_mark (PktEventStore *store);
/* … and what is kept of it, PktEvent* in its order. Caller unrefs. */
GPtrArray *pkt_event_store_marked (const PktEventStore *store);
/* Adds all, PktEvent*. */
void pkt_event_store_list (const PktEventStore *store, GPtrArray *out);
/* How many are not kept: accepted ones, and others. */
guint64 pkt_event_store_accepted_left_out (const PktEventStore *store);
guint64 pkt_event_store_others_left_out (const PktEventStore *store);
