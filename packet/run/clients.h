#pragma once
#include "packet/run/evidence.h"

/* A platform or an agency speaks for one client; in that packet every other one is private: their
 * brands, stream names, domains and campaigns out of the case, and each domain that sends in the
 * logs beside the stream. Nothing for company.role sender. */
void pkt_clients_teach (const PktEvidence *e); /* e->redactor */
gboolean pkt_clients_apply (const PktCase *c);
/* Is it another client's stream, where the request is about `chosen` (NULL: about all mail)? */
gboolean pkt_clients_is_other (const PktCase *c, const PktStream *chosen, const PktStream *s);
/* Is the domain that of another client's streams, and of none of this one's? A platform's case may
 * list the domains of all. */
gboolean pkt_clients_is_others_domain (const PktCase *c, const PktStream *chosen,
                                       const char *domain);
