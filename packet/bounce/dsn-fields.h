#pragma once
#include "packet/bounce/status.h"
#include "packet/model/attempt.h"

/* What single fields of a bounce say. Slices live as long as the argument, or as `chunk`, which is
 * made when it is NULL. Used inside packet/bounce only. */

/* "<…>" without its angles. */
PktSlice pkt_dsn_without_angles (PktSlice s);
/* Of a Date field (RFC 5322 3.3); `fallback` when it is absent or none. */
PktStamp pkt_dsn_stamp_of_date (PktSlice date, PktStamp fallback);
/* The first address of a From or To field. */
PktSlice pkt_dsn_first_address (PktSlice value, GStringChunk **chunk);
/* "by mail1.example.com (Exim 4.96) … id 1vw7kR-0004v5-0M": our queue id, where the reporting host
 * itself wrote the line. */
PktSlice pkt_dsn_queue_id_of_received (PktSlice received, PktSlice mta);
/* What the words tell besides. OpenSMTPD calls it delayed when it gives up ("Envelope expired");
 * Postfix calls it failed when the session ended before this recipient's turn, because of another
 * one's answer: Apple never heard of it. */
void pkt_dsn_correct_outcome (PktAttempt *a);
/* The recipient of a block, and what it came to. FALSE: there is none, or it tells neither of a
 * failed one nor of one put off. */
gboolean pkt_dsn_read_recipient (PktDsnStatus *status, guint block, PktAttempt *out);
