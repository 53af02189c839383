#pragma once
#include <jansson.h>
#include "packet/run/evidence.h"

/* The raw evidence as the tree that redact/ makes public and the templates read. Keys named
 * recipient, sender, reply and message_id hold raw values; what the sender says stands under
 * `stated`. New reference. */
json_t *pkt_facts_make (const PktEvidence *e);

/* run/facts-domains.c: the visible From of the request: of the first sample, else of the case;
 * NULL. */
const char *pkt_facts_from_domain (const PktEvidence *e);
/* "d=example.com s=nl25" of the first sample; NULL. Caller frees. */
char *pkt_facts_dkim (const PktEvidence *e);
/* An envelope domain as it may be told of all mail: "*.bounce.example.com" where a label of it is
 * an id that the logs show for one recipient at the most. Caller frees. */
char *pkt_facts_envelope_domain (const PktEvidence *e, const char *domain);
/* [{"name": "example.com", "note": "From; DKIM d=… s=…"}]: From, return paths, hosts of links. */
json_t *pkt_facts_domains (const PktEvidence *e);
/* run/facts-errors.c: the groups, for apple-smtp-errors.txt. */
json_t *pkt_facts_errors (const PktEvidence *e);
/* run/facts-fate.c: what became of temporary answers. Pointers to events: `e` must outlive it. */
typedef struct PktFates PktFates;
PktFates *pkt_fates_new (const PktEvidence *e);
void pkt_fates_free (PktFates *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktFates, pkt_fates_free)
/* Did a message still wait for its next try when the logs ended, and is that of now? */
gboolean pkt_fates_wait (const PktFates *f, const PktEvidence *e);
/* The final answer to a message that was put off by `e`; null where there is none. */
json_t *pkt_facts_later (const PktFates *f, const PktEvent *e);
/* Sets settled_by, near_hour and usual of a group; null for permanent answers. */
void pkt_facts_fate (const PktEvidence *e, const PktFates *f, const PktGroup *g, json_t *group);
/* Each recipient told of had a message of his own, by Message-IDs and our queue ids. */
gboolean pkt_facts_one_per_message (const PktEvidence *e);
/* An event's mail has no other recipient, as far as told: id -> recipient in `recipients`, noted
 * for the next one. Servers that queue each recipient by himself write a Message-ID, or it is not
 * known: then FALSE. */
gboolean pkt_facts_has_one_recipient (GHashTable *recipients, const PktEvent *event);
/* run/facts-habits.c: true when no kind of recipient domain is refused more or less than the others
 * (Fisher's exact test, each against the rest, at 5 % for all together). */
json_t *pkt_facts_alike (const PktEvidence *e);
/* "Monday to Friday at 14:00 UTC"; null where the logs show no such order. */
json_t *pkt_facts_rhythm (const PktEvidence *e);
/* run/facts-session.c: the newest sample of a group whose session was recorded, NULL when none was;
 * and that session, null without. */
const PktEvent *pkt_facts_recorded (const PktGroup *g);
json_t *pkt_facts_session (const PktGroup *g, guint number);
/* run/facts-claims.c: what was checked and what is stated. */
json_t *pkt_facts_checked (const PktEvidence *e);
json_t *pkt_facts_stated (const PktEvidence *e);
/* run/facts-suppression.c */
json_t *pkt_facts_suppression (const PktEvidence *e);
/* For the public: no person to answer to, and no ticket number. */
void pkt_facts_hide_contact (json_t *facts);
/* A privacy error about `stated` is told by the place in the case file, as the user knows it. */
void pkt_facts_name_place (const PktEvidence *e, GError *error);
/* run/facts-table.c: one table of Apple against all others. */
json_t *pkt_facts_rows (const PktEvidence *e);
json_t *pkt_facts_other_stream (const PktEvidence *e);
/* What of the table's mail left from IPs that are not listed: {"period": "18-20 May", "ips": [..],
 * "final": 117, "refused": 0}; null: nothing, as far as logs tell. */
json_t *pkt_facts_other_ips (const PktEvidence *e);
/* run/facts-others.c: what was not accepted and is no refusal by policy. The answers about the
 * mailbox, most first: [{"short": "550 5.1.1", "what": "unknown user", "count": 2}]. */
json_t *pkt_facts_recipient_answers (const PktEvidence *e);
/* Of the table's days, by how they ended: {"answered": 12, "given_up": 4, "unanswered": 50,
 * "refused_571": true}; the last: all refusals by policy are a 5.7.1, and no other is. */
json_t *pkt_facts_other_ends (const PktEvidence *e);

/* run/facts-special.c: what only one variant of the request tells. */
json_t *pkt_facts_special (const PktEvidence *e);
/* run/facts-follow-up.c: what changed since the mail before; not of a first request. `errors` as
 * above, raw. */
json_t *pkt_facts_follow_up (const PktEvidence *e, const json_t *errors);
/* run/facts-answers.c: sets of `o` new: those of `now` that neither the mail before listed nor the
 * logs show before its end; vanished: those of `before` that came no more since e->from, `last`
 * being when the last one was; both [{short, reply, first, last, count}] with the same tag once.
 * left: with what refusals come since e->from: of `now` each tag once, then those of which no
 * transaction can be looked up, {short} alone. */
void pkt_facts_answers (json_t *o, const PktEvidence *e, const json_t *now, const json_t *before);
/* What the next mail goes on from, for packet.json; of public facts. New reference. */
json_t *pkt_figures_json (const PktEvidence *e, const json_t *facts);

/* "2026-05-18 14:00:41" of a time; null for PKT_NO_TIME. */
json_t *pkt_facts_time (gint64 us);
/* First refused one and its accepted neighbour bear the same campaign, where sources name it and
 * their tags tell editions apart. */
gboolean pkt_facts_same_edition (const PktEvidence *e, const PktGroup *g);
/* The same of all tries of a message to a recipient: Message-ID and address, both of which the
 * event has. Caller frees. */
char *pkt_facts_delivery (const PktEvent *e);
/* "550 5.7.1 [CS02]". */
char *pkt_facts_short (const PktEvent *e);
