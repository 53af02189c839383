#pragma once
#include "packet/run/write.h"

/* The ticket as build writes it: for the sending service, or the desk that is due. */

#define PKT_TICKET_IDS "affected-message-ids.csv"

/* Adds ticket/ticket.md, and where an export hides the answers ticket/affected-message-ids.csv. The
 * view is that of the review. PKT_ERROR_BUG where view and template do not fit. */
gboolean pkt_ticket_add (PktFolder *folder, const PktPacketParts *p, const json_t *view,
                         GError **error);
