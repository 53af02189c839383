#pragma once
#include "packet/log/glance.h"

#define PKT_EXIM_TIME 19 /* bytes of "2026-02-13 14:39:57" */
#define PKT_EXIM_ID_AT (PKT_EXIM_TIME + 1)

/* The time that was read last: many lines share a second, nearly all a day. Of zeros to begin
 * with. */
typedef struct {
  char text[PKT_EXIM_TIME];
  PktStamp stamp;
  gint64 day; /* us of its first moment */
} PktEximClock;

/* Nearly all lines of a mainlog begin "2026-02-13 14:39:57 1RwtJY-0009RI-E4 "; c has their time.
 * The id is not looked at whole. */
gboolean pkt_exim_is_plain (PktEximClock *c, PktSlice line);

/* PktGlance.daemon of a line of which look() tells PLAIN or KNOWN. */
typedef enum {
  PKT_EXIM_SEEN_STRANGE,   /* PLAIN: it may be about any message */
  PKT_EXIM_SEEN_MESSAGE,   /* PLAIN: about that of its key */
  PKT_EXIM_SEEN_ARRIVAL,   /* KNOWN: <=, with scope_n bytes of a sender; where Message-IDs are asked
                              for, us is the size, fingerprint the place and bytes of the id */
  PKT_EXIM_SEEN_DELIVERED, /* KNOWN: => into a mailbox of this machine */
} PktEximSeen;

/* Where an arrival's sender begins: behind "<= ". id_n: bytes of the message's id. */
static inline gsize
pkt_exim_sender_at (gsize id_n)
{
  return PKT_EXIM_ID_AT + id_n + 4;
}

static inline guint64
pkt_exim_put_id (gsize at, gsize n)
{
  return (guint64)at << 32 | n;
}

static inline PktSlice
pkt_exim_get_id (PktSlice line, guint64 place)
{
  return pkt_slice (place ? line.p + (place >> 32) : NULL, (guint32)place);
}

/* Tells of such lines: a message's begin (KNOWN) and end (REMOVED), and what another receiver
 * accepted (ELSEWHERE, or WHOLE). */
extern const PktGlancer pkt_exim_glancer;
