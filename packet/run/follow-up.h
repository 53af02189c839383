#pragma once
#include "packet/run/earlier.h"
#include "packet/run/evidence.h"

/* A further mail about a request that went out: what it goes back to, whether it is time for it,
 * and what kind it is. The rules are senders' custom, Apple publishes none (facts/apple.md 5.3). */

#define PKT_FOLLOW_UP_MOST 2           /* after them: ask the platform, or watch */
#define PKT_FOLLOW_UP_DAYS_NEWS 5      /* working days without an answer, with new evidence */
#define PKT_FOLLOW_UP_DAYS_REMINDER 10 /* the same without any */
#define PKT_FOLLOW_UP_CLEAN_DAYS 2     /* days with mail that show that it is over */

typedef enum {
  PKT_FOLLOW_UP_NEWS,     /* no answer, and more is known */
  PKT_FOLLOW_UP_REMINDER, /* no answer, and nothing new */
  PKT_FOLLOW_UP_ANSWERED, /* answered, sent again, and not over */
  PKT_FOLLOW_UP_RESOLVED, /* over: thank you */
} PktFollowUpKind;

struct PktFollowUp {
  PktEarlier *earlier;
  PktFollowUpKind kind;
  guint number;           /* 1, 2; of a thank-you that of the mail before it */
  gint64 sent;            /* of the mail before; PKT_NO_TIME */
  gboolean sent_stated;   /* by the sender, not by a receipt */
  char *references;       /* ids with blanks between, all of the thread */
  gint64 since;           /* what is told of happened from here on */
  gint64 started, latest; /* as the mail before told */
  gboolean or_earlier;
  gboolean fresh;              /* there are answers since; else nothing is counted or attached */
  gint64 relief, last_refusal; /* RESOLVED only */
  guint stray;                 /* refusals since `relief`: few, and the last of all is the last */
};

/* `resolved`: a thank-you is wanted. `assume_sent`: when it went out where no receipt tells;
 * PKT_NO_TIME. PKT_ERROR_NOINPUT and DATA for a folder that cannot be followed up: no packet, no
 * request in it, never sent, closed, followed up already. */
PktFollowUp *pkt_follow_up_new (const char *folder, gboolean resolved, gint64 assume_sent,
                                GError **error);
void pkt_follow_up_free (PktFollowUp *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktFollowUp, pkt_follow_up_free)

/* Sets `kind` by the evidence, of which stream and start are known. PKT_ERROR_AGAIN where it is too
 * early, with the day from which on it is not; DATA where the evidence says something else. */
gboolean pkt_follow_up_decide (PktFollowUp *f, const PktEvidence *e, GError **error);
/* "no-answer", "reminder", "answered", "resolved". */
const char *pkt_follow_up_word (const PktFollowUp *f);
/* For packet.json: {number, kind, of, subject, sent, sent_stated}. New reference. */
json_t *pkt_follow_up_json (const PktFollowUp *f);

/* run/news.c: attempts of the stream from a time on, one by one: a quarter of an hour is too coarse
 * where the mail before ended inside it. */
typedef struct {
  gint64 day; /* days since 1970-01-01, UTC */
  PktSum sum;
} PktNewsDay;

/* PktNewsDay, sorted, days with final answers only; caller unrefs. */
GArray *pkt_news_days (const PktEvidence *e, gint64 from);
void pkt_news_sum (const PktEvidence *e, gint64 from, PktSum *out);
/* Recipients that were refused by policy from then on, each once; those of them on the suppression
 * list. */
void pkt_news_recipients (const PktEvidence *e, gint64 from, guint *out_refused,
                          guint *out_suppressed);
/* Statements of `now` that are not word for word in `before` (both [{date, what}]). New reference.
 */
json_t *pkt_news_dated (const GPtrArray *now, const json_t *before);
