#pragma once
#include <glib.h>

/* A packet folder as a ticket for a desk that is not Apple's. */

typedef enum {
  PKT_TICKET_MD,
  PKT_TICKET_JSON,
  PKT_TICKET_HTML, /* a fragment */
  PKT_TICKET_ZIP,  /* all of these, the fields of common desks, and the attachments */
  PKT_TICKET_TAR,
} PktTicketFormat;

typedef struct {
  GBytes *bytes;
  GPtrArray *notes;    /* char*: what the user should know of what was left out */
  GPtrArray *findings; /* char*: what was changed or taken away since the packet was built */
} PktTicket;

/* "md", "json", "html-fragment", "zip", "tar". */
gboolean pkt_ticket_format_parse (const char *word, PktTicketFormat *out);
/* Reads the folder, which somebody may have edited, makes the ticket from it, and reads what was
 * made with the verifier. PKT_ERROR_PRIVACY names place and rule; NOINPUT where there is no packet
 * or no ticket in it, DATA where it is not as build writes it. */
PktTicket *pkt_ticket_run (const char *packet, PktTicketFormat format, GError **error);
void pkt_ticket_free (PktTicket *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktTicket, pkt_ticket_free)
