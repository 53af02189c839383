#pragma once
#include "packet/headers/delivered.h"
#include "packet/model/case.h"
#include "packet/model/finding.h"
#include "packet/model/page.h"
#include "packet/model/suppression.h"
#include "packet/run/mailed-again.h"
#include "packet/redact/redactor.h"
#include "packet/run/check.h"
#include "packet/run/scan.h"
#include "packet/trend/onset.h"

/* Raw evidence of a case: all that was read, and what follows from it. Nothing of it may leave
 * before redact/ made it public. */

struct PktFollowUp;
typedef struct PktFollowUp PktFollowUp;

#define PKT_GROUP_SAMPLES 6 /* refused transactions shown of a group */
#define PKT_MAX_GROUPS 12   /* kinds of answers shown one by one */

typedef enum {
  PKT_VARIANT_MARKETING,
  PKT_VARIANT_TRANSACTIONAL,
  PKT_VARIANT_PERSONAL,
  PKT_VARIANT_FORWARDED,
  PKT_VARIANT_CONNECTION, /* no greeting, no answer */
  PKT_VARIANT_DEFERRAL,   /* put off, and nothing else */
} PktVariant;

/* One kind of answer in the stream that the request is about: code, tag and text, its Txn ID lifted
 * out. */
typedef struct {
  char *key;
  const PktEvent *example; /* newest one */
  GPtrArray *events;       /* const PktEvent*, by time */
  gboolean leads;          /* permanent and the postmaster's to answer */
  gboolean temporary;
  guint with_txn;
  GPtrArray *samples; /* const PktEvent*: traceable, at most PKT_GROUP_SAMPLES, by time */
  const PktEvent
      *neighbour; /* nearest accepted mail of the same stream and IP; NULL: none, or not shown */
} PktGroup;

/* Apple's postmaster could answer it, but nothing in it can be found again at Apple. */
gboolean pkt_group_is_lost (const PktGroup *g);

#define PKT_CLOCK_WRONG (10 * PKT_MINUTE) /* a zone, or no time that anybody set */

typedef struct PktEvidence {
  const PktCase *the_case;
  const PktScan *scan;
  PktRedactor *redactor;                           /* knows every recipient by now */
  GPtrArray *samples;                              /* PktSample*: mail of the stream */
  GPtrArray *all_samples;                          /* PktSample*: other streams' too */
  const PktPage *page;                             /* may be NULL */
  const char *page_trouble, *page_doubt, *neutral; /* see PktInputs */
  const GPtrArray *tracking;                       /* PktTracking* of the samples; may be NULL */
  const PktSuppression *suppression;               /* may be NULL */
  const PktAggregate *aggregate;                   /* DMARC reports; may be NULL */
  const PktChecks *checks;                         /* what was verified; may be NULL */
  const char *anyway;        /* why a request is wanted although no refusal is for Apple's
                                postmaster; NULL: it is not */
  const char *subject_token; /* the other side's number; NULL */
  GTimeZone *zone;           /* of the report */
  const char *zone_name;
  gint64 now;
  PktFollowUp *follow_up; /* what this mail goes back to (run/follow-up.h); NULL: nothing */

  const PktStream *stream; /* of the case; NULL when it names none that fits */
  gboolean narrowed;       /* it is a part of the mail that was read, not all of it */
  gboolean stream_found;   /* some mail is known to be of it */
  gboolean accepts_untold; /* of much that Apple accepted it is not told whether it is in it */
  GArray *stream_ids;      /* guint16: names in the tally that its senders have, where narrowed */
  char *stream_name;       /* "newsletter", else a domain */
  PktVariant variant;      /* of the request's text (run/variant.h) */
  PktOnset onset;          /* of the stream */
  gint64 started;          /* beginning of the incident; PKT_NO_TIME: no refusal */
  gboolean or_earlier;     /* the logs begin inside it, or hold nothing of the days before */
  gint64 gap_since;        /* the latter: the last attempt before these days; PKT_NO_TIME */
  gint64 latest;           /* newest refusal by policy */
  GPtrArray *groups;       /* PktGroup*: those that lead first, then by count */
  GPtrArray *ips;          /* const char*, sorted: sending IPs of the refused traffic */
  PktMailedAgain again;    /* in spite of the suppression list, or of an unknown mailbox */
  gint64 recipient_trouble[2]; /* from there on: unknown mailboxes, full mailboxes */
  gint64 from;              /* what is counted and shown happened from here on: the start, or what a
                               follow-up begins with */
  gint64 accepted, refused; /* from there on, in the stream */
  guint64 hour_twice;       /* attempts whose wall clock tells two times */
  gboolean zone_guessed, zone_needed, year_guessed; /* of a log with Apple's answers */
  const char *zone_proof; /* Apple's queue id in both log and sample: their clocks agree; NULL */
  gint64 clock_off;       /* where they do not: microseconds of the log's behind Apple's, the most
                             of several; else 0 */
  GPtrArray *findings;    /* PktFinding* */
} PktEvidence;

/* Takes nothing; `the_case`, `scan`, `samples` … must outlive it. */
PktEvidence *pkt_evidence_new (const PktCase *the_case, const PktScan *scan, PktRedactor *redactor);
void pkt_evidence_free (PktEvidence *e);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktEvidence, pkt_evidence_free)

/* Stream, start, groups, samples. Fields that the caller sets first: samples, page, suppression,
 * zone, zone_name, now. FALSE with PKT_ERROR_DATA where the case states what the evidence
 * contradicts. */
gboolean pkt_evidence_gather (PktEvidence *e, GError **error);
void pkt_evidence_find (PktEvidence *e, const char *id, PktFindingWeight weight, char *text_taken,
                        const char *advice);
gboolean pkt_evidence_ready (const PktEvidence *e);
/* Do the sources show any accepted mail, at Apple or elsewhere? */
gboolean pkt_evidence_has_deliveries (const PktEvidence *e);
/* An address that no log tells, and that the case says is of this stream alone: other mail that has
 * it only has it since its lines tell none. */
gboolean pkt_evidence_ip_is_ours (const PktEvidence *e, const char *ip);
gboolean pkt_evidence_is_disclosed (const PktEvidence *e, const char *address);

/* run/evidence-stream.c */
/* Sets stream, stream_ids and stream_name: the stream of the case with the most refusals; else the
 * domain that has nearly all of them; else all mail together. */
void pkt_evidence_choose_stream (PktEvidence *e);
/* The stream of the case with the most refusals, which the request is about, or that of the mail
 * that is followed up; NULL: it names none.
 * samples: as in run/stream-match.h. */
const PktStream *pkt_evidence_best_stream (const PktCase *c, const PktTally *t,
                                           const GPtrArray *samples);
/* Of all samples those of that stream: what another's mail shows is not shown of it. */
void pkt_evidence_choose_samples (const PktCase *c, const PktTally *t, const GPtrArray *all,
                                  GPtrArray *out);
/* By policy, in the stream; PKT_NO_TIME: there is none. */
gint64 pkt_evidence_newest_refusal (const PktEvidence *e);
/* All of Apple's mail that was read has one and the same sender. */
gboolean pkt_evidence_is_one_sender (const PktEvidence *e);
/* A finding where `match` of the case tells nothing apart in what was read, or not all. */
void pkt_evidence_check_stream (PktEvidence *e);
/* The stream of the case that a cell is in; NULL: none, or it cannot be told. */
const PktStream *pkt_evidence_stream_of (const PktEvidence *e, const PktCell *c);
/* Cells that share the scan's names and replies: those in the stream, or those that are known to be
 * outside. Of mail whose source tells nothing of its sender neither is known. */
PktTally *pkt_evidence_part (const PktEvidence *e, gboolean inside);
void pkt_evidence_part_free (PktTally *part);
/* In the stream? By all that its source tells (run/stream-match.h). */
gboolean pkt_evidence_has_cell (const PktEvidence *e, const PktCell *c);
gboolean pkt_evidence_in_stream (const PktEvidence *e, const PktEvent *event);
/* FALSE where it has no Message-ID or one that holds a recipient, which is left out. */
gboolean pkt_evidence_shows_message_id (const PktEvidence *e, const PktEvent *event);
/* Sums over the stream; `apple` 1 or 0; from and to as in PktSumFilter. */
void pkt_evidence_sum (const PktEvidence *e, int apple, gint64 from, gint64 to, PktSum *out);
/* The same of Apple's attempts from a time on, to the microsecond as long as all of them are kept.
 */
void pkt_evidence_sum_since (const PktEvidence *e, gint64 from, PktSum *out);
/* The same of what is outside the stream. */
void pkt_evidence_sum_rest (const PktEvidence *e, int apple, gint64 from, gint64 to, PktSum *out);

/* run/groups.c */
void pkt_groups_make (PktEvidence *e);
/* Refusals of the stream by DMARC, or since SPF and DKIM both failed. Not of forwarded mail, where
 * they are its author's. */
guint pkt_groups_count_auth (const PktEvidence *e);
void pkt_group_free (gpointer group);
/* Is it the group's answer? By code, tag and text. */
gboolean pkt_group_has (const PktGroup *g, const PktEvent *event);
/* run/gates.c: readiness and what the sender should know. */
void pkt_gates_check (PktEvidence *e);
/* run/gates-samples.c: delivered samples, and what lacks without them. */
void pkt_gates_check_samples (PktEvidence *e);
gboolean pkt_gates_is_marketing (const PktEvidence *e);
/* run/gates-desks.c: a finding that names who can answer what nobody at Apple's desk can. */
void pkt_gates_name_desks (PktEvidence *e);
/* run/gates-time.c: whether the newest refusal is old, and all else about times. */
void pkt_gates_check_stale (PktEvidence *e);
void pkt_gates_check_time (PktEvidence *e);
/* Findings of sending IPs, their names and the brand, where the case and what was read differ. */
void pkt_gates_check_stated (PktEvidence *e);
void pkt_gates_check_names (PktEvidence *e);
/* An IP that is called by a sending service's name, where the case names no service. */
void pkt_gates_check_services (PktEvidence *e);
/* A remediation that says that nothing refused was sent again, where the logs show such tries. */
void pkt_gates_check_again (PktEvidence *e);
/* Accepted samples have a name in From, and none of them the brand that the case states. */
gboolean pkt_gates_brand_differs (const PktEvidence *e);
