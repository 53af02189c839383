#pragma once
#include "packet/log/exim-clock.h"
#include "packet/log/exim-route.h"
#include "packet/log/exim-whole.h"
#include "packet/log/glance.h"

/* PktGlance.daemon of a line of which look() tells PLAIN or KNOWN. */
typedef enum {
  PKT_EXIM_SEEN_STRANGE,   /* PLAIN: it may be about any message */
  PKT_EXIM_SEEN_MESSAGE,   /* PLAIN: about that of its key */
  PKT_EXIM_SEEN_DELIVERED, /* KNOWN: => into a mailbox of this machine */
} PktEximSeen;

/* A thread's. */
typedef struct {
  const PktGlanceRule *rule;
  PktEximClock clock;
  PktEximShape shape;
  PktEximRoutes routes, put_offs; /* of deliveries, of what was put off */
  PktEximWhole whole;
  PktEximHosts hosts;
  guint64 no_scope; /* of the key of a message */
} PktEximGlancer;

static inline guint64
pkt_exim_put_id (gsize at, gsize n)
{
  return (guint64)at << 32 | n;
}

/* The Message-ID that a RECEIVED tells of. */
static inline PktSlice
pkt_exim_get_id (PktSlice line, guint64 place)
{
  return pkt_slice (place ? line.p + (place >> 32) : NULL, (guint32)place);
}

/* Glance of a delivery to another receiver, made anew. */
static PKT_ALWAYS_INLINE void
pkt_exim_tell_elsewhere (const PktEximGlancer *g, PktSlice line, PktSlice recipient, guint64 key,
                         const PktEximMoment *when, PktGlance *out)
{
  const gsize at = (gsize)(recipient.p - line.p);
  *out = (PktGlance){ .kind = (at | recipient.n) <= G_MAXUINT8 ? PKT_GLANCE_ELSEWHERE_TO
                                                               : PKT_GLANCE_ELSEWHERE,
                      .stamp_kind = (guint8)when->stamp.kind,
                      .tag_n = (guint8)recipient.n,
                      .text_at = (guint8)at,
                      .key = key,
                      .us = when->stamp.us };
  if (!g->rule->apple_only)
    out->fingerprint = pkt_attempt_fingerprint_at (recipient, key, when->second);
}

/* Likewise, of a recipient whom another receiver's own words put off. FALSE: he stands too far
 * behind. */
static inline gboolean
pkt_exim_tell_put_off (const PktEximGlancer *g, PktSlice line, PktSlice recipient, guint64 key,
                       const PktEximMoment *when, PktGlance *out)
{
  pkt_exim_tell_elsewhere (g, line, recipient, key, when, out);
  if (out->kind != PKT_GLANCE_ELSEWHERE_TO)
    return FALSE;
  out->kind = PKT_GLANCE_PUT_OFF;
  out->daemon = 0; /* it counts as 450 does, the first stand-in */
  return TRUE;
}

/* "SMTP connection from …" behind a front that is known, unless it is a line of syslog's whose host
 * and tag read so. */
gboolean pkt_exim_tells_nothing (PktSlice line, PktSlice text);
/* Glance of an arrival, which is PLAIN, its key set: rest is "bounces@example.com
 * H=app.example.net [192.0.2.1] P=esmtps S=4844 id=1@example.com", behind the flag. It stays PLAIN
 * where the sender is too long. */
void pkt_exim_tell_arrival (const PktEximGlancer *g, PktSlice line, PktSlice rest, PktGlance *out);

/* Tells of plain lines: a message's begin (RECEIVED) and end (REMOVED), what another receiver
 * accepted (ELSEWHERE_TO, or WHOLE), and whom he put off (PUT_OFF). */
extern const PktGlancer pkt_exim_glancer;
/* Its split(): most lines are told here, and look() asked of the others alone. */
gboolean pkt_exim_split (gpointer state, PktBlock *b);
