#pragma once
#include "packet/dns/aggregate.h"
#include "packet/dns/dns.h"
#include "packet/headers/dkim.h"
#include "packet/model/check.h"
#include "packet/model/sample.h"
#include "packet/run/identity.h"

/* run/check-aggregate.c. */
void pkt_check_aggregate (const PktAggregate *a, const PktIdentity *id, GPtrArray *rows);
/* What a sample says by itself; nobody is asked. Adds its rows (PktCheck*). */
void pkt_check_sample (const PktSample *s, GPtrArray *rows);
/* Verifies signature `i` with the published key. FALSE: the key is still to come. */
gboolean pkt_check_signature (PktDns *dns, const PktSample *s, const PktDkimMessage *m, guint i,
                              GPtrArray *rows);
/* Alignment of what Apple's own results say. FALSE: still to come. */
gboolean pkt_check_sample_alignment (PktDns *dns, const PktSample *s, GPtrArray *rows);
