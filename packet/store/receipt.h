#pragma once
#include <glib.h>
#include <jansson.h>

#define PKT_RECEIPT_MAX 100 /* rows; of more the oldest refusals go */

/* What became of a packet, in "receipts" of its packet.json, a row for each try:
 *
 * {"time": RFC 3339 UTC, "state", "sure", "way": "smtp"|"sendmail"|"draft", "server": "host:port"
 * or a path, "address": its IP or null, "from", "to": envelope addresses, "stage", "reply":
 * verbatim or null, "queue_id": or a draft's UID, or null, "mailbox": a draft's, or null,
 * "notices": asked for, "message_id": or null, "bytes", "sha256": of what was handed over}
 *
 * state: "accepted" (the server took it for Apple), "unsure" (given whole, no answer; or send was
 * killed while at it), "draft" (it lies in a mailbox), "refused" (nothing was sent), "self" (it
 * went to the sender's own mailbox). sure: whether an answer says so. A row is there, as not sure,
 * before the first byte leaves, and is replaced at the end: whatever happens in between, no row
 * claims more than is known, and none is missing. */

/* Held while a packet is being sent, so that two at once cannot both do it. The lock's file
 * descriptor, to be closed; -1 with PKT_ERROR_AGAIN when another holds it, NOINPUT or IO. */
int pkt_receipt_lock (const char *packet, GError **error);

/* The newest row after which another sending would be a second one: accepted, unsure or a draft.
 * Borrowed; NULL when there is none. */
const json_t *pkt_receipt_open (const json_t *manifest);

/* Writes `row` (takes no reference) into packet.json, atomically: as a new last row, or in place of
 * the last one. Everything else stays as it is in the file. PKT_ERROR_NOINPUT, DATA, IO. */
gboolean pkt_receipt_put (const char *packet, json_t *row, gboolean replace, GError **error);
