#pragma once
#include "packet/base/slice.h"
#include "packet/log/event-time.h"

/* Single values of exports. Slices that are given back borrow from the argument. */

/* Seconds, milliseconds or microseconds since 1970, RFC 3339, or the same without a zone (LOCAL);
 * or as pkt_event_written_time() reads it. FALSE when it is none. */
gboolean pkt_event_time (PktSlice s, PktEventDates dates, PktStamp *out);
/* Without the <> around it. */
PktSlice pkt_event_unbracket (PktSlice s);
/* The address of "Name <a@example.com>", "<a@example.com>" or "a@example.com". */
PktSlice pkt_event_address (PktSlice s);
/* It has a local part and a domain with a dot, no blanks outside quotes, 512 bytes at most. */
gboolean pkt_event_is_address (PktSlice s);
/* The same, and nothing in it has to be looked at again: no blank, bracket or quote. */
gboolean pkt_event_is_bare_address (PktSlice s);
/* "192.0.2.10", "192.0.2.10:4711", "[2001:db8::1]:25" without port; empty when it is no address. */
PktSlice pkt_event_ip (PktSlice s);
/* The same by what was read before; of zeros to begin with. */
#define PKT_EVENT_IPS 256 /* an ESP sends from hundreds */
typedef struct {
  guint8 n[PKT_EVENT_IPS];
  char text[PKT_EVENT_IPS][15];
} PktEventIps;
PktSlice pkt_event_ip_again (PktSlice s, PktEventIps *known);
/* "550", "550-", "550 " at the start (RFC 5321 4.2). */
gboolean pkt_event_is_code (PktSlice s);
/* Bytes of "5.7.1" at the start (RFC 3463), 0 when there is none. */
gsize pkt_event_enhanced (PktSlice s);
/* "5.7.1" or "550" and no more: services write such codes of their own, nobody said it. */
gboolean pkt_event_is_bare_code (PktSlice s);
/* A remote host's words, not a service's own: they begin with its codes or Apple's tag, or hold a
 * code after "said:" and the like. */
gboolean pkt_event_is_answer (PktSlice s);
/* '2', '4' or '5' of the first code in an answer, 0 when there is none. */
char pkt_event_class (PktSlice reply);
