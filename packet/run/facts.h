#pragma once
#include <jansson.h>
#include "packet/run/evidence.h"

/* The raw evidence as the tree that redact/ makes public and the templates read. Keys named
 * recipient, sender, reply and message_id hold raw values; what the sender says stands under
 * `stated`. New reference. */
json_t *pkt_facts_make (const PktEvidence *e);

/* run/facts-errors.c: the groups, for apple-smtp-errors.txt. */
json_t *pkt_facts_errors (const PktEvidence *e);
/* run/facts-claims.c: what was checked and what is stated. */
json_t *pkt_facts_checked (const PktEvidence *e);
json_t *pkt_facts_stated (const PktEvidence *e);
json_t *pkt_facts_suppression (const PktEvidence *e);
/* A privacy error about `stated` is told by the place in the case file, as the user knows it. */
void pkt_facts_name_place (const PktEvidence *e, GError *error);
/* run/facts-table.c: one table of Apple against all others. */
json_t *pkt_facts_rows (const PktEvidence *e);
json_t *pkt_facts_other_stream (const PktEvidence *e);

/* "2026-05-18 14:00:41" of a time; null for PKT_NO_TIME. */
json_t *pkt_facts_time (gint64 us);
/* First refused one and its accepted neighbour bear the same campaign, where sources name it. */
gboolean pkt_facts_same_edition (const PktGroup *g);
/* "550 5.7.1 [CS02]". */
char *pkt_facts_short (const PktEvent *e);
/* The answer without its Txn ID, which the group shows apart. */
char *pkt_facts_reply (const PktEvent *e);
