#pragma once
#include "packet/model/engagement.h"
#include "packet/run/suppressed.h"

/* Cautious reactivation: who may get mail again, in which order and how fast. The numbers are
 * operating rules of senders, not Apple's. */

#define PKT_PLAN_CLEAN_SENDS 2  /* after the incident: more than one campaign */
#define PKT_PLAN_CLEAN_FINAL 20 /* final outcomes at Apple that a send needs to show something */
#define PKT_PLAN_QUIET_DAYS 7
#define PKT_PLAN_SHARE 5        /* a batch is a fifth of all at the most */
#define PKT_PLAN_USUAL_SHARE 10 /* and a tenth of the mail that Apple gets on a usual day */
#define PKT_PLAN_MAX_BATCHES 30 /* more wait for the next plan */
#define PKT_PLAN_ENGAGED_DAYS 90
#define PKT_PLAN_EVERY 3 /* days from batch to batch */

typedef struct {
  int engaged_days; /* last engagement so long before the incident at the most */
  int batch_size;   /* 0: as large as the rules let it be */
  int every;        /* days */
  gint64 start;     /* day since 1970 of the first batch */
  gboolean opens;   /* what was only opened counts as engagement, behind all else */
} PktPlanOptions;

/* Why somebody is in no batch. */
typedef enum {
  PKT_HOLD_GROUP,   /* as pkt_fallen_name() says */
  PKT_HOLD_UNKNOWN, /* engagement is not known */
  PKT_HOLD_OLD,     /* engaged too long before the incident */
  PKT_HOLD_FORM,    /* an address that a spreadsheet would take for a formula */
  PKT_HOLD_LATER,   /* all batches are full: plan again */
  PKT_N_HOLDS
} PktHold;

typedef struct {
  const PktFallen *who;
  PktEngaged engaged;
  guint batch; /* from 1; 0: held */
  PktHold hold;
} PktPlanned;

typedef struct {
  char *text;
  gboolean ok;
} PktPlanGate;

typedef struct {
  GPtrArray *gates; /* PktPlanGate*; one that is not ok: no batches at all */
  gboolean open;
  GArray *people;      /* PktPlanned: those of the batches in their order, then the others */
  guint batches, size; /* size: of each but perhaps the last */
  guint eligible;
  guint held[PKT_N_HOLDS];
  PktPlanOptions options;
} PktPlan;

/* `s` and `e` must outlive it. PKT_ERROR_USAGE for a batch that is larger than the rules let it be:
 * everything at once is refused. */
PktPlan *pkt_plan_make (const PktSuppressed *s, const PktEngagement *e,
                        const PktPlanOptions *options, GError **error);
void pkt_plan_free (PktPlan *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktPlan, pkt_plan_free)

/* run/reactivate-text.c; all callers free. Batch 0 is all of them. */
char *pkt_plan_csv (const PktPlan *p, guint batch);
char *pkt_plan_hold_csv (const PktPlan *p);
char *pkt_plan_text (const PktSuppressed *s, const PktPlan *p);
json_t *pkt_plan_json (const PktSuppressed *s, const PktPlan *p);
