#pragma once
#include "packet/run/earlier.h"

/* What became of each request, from the packet folders alone: what was sent when, answered,
 * relieved. Nothing is kept anywhere else. */

typedef enum {
  PKT_CASE_NOT_SENT,
  PKT_CASE_RETURNED, /* refused by a server, or it came back */
  PKT_CASE_UNSURE,   /* a draft, or the server went away: perhaps sent */
  PKT_CASE_OPEN,     /* sent, and nothing since */
  PKT_CASE_ANSWERED, /* by a person */
  PKT_CASE_RELIEVED, /* after an answer */
  PKT_CASE_SILENT,   /* relieved without one */
} PktCaseState;

/* A request with the mails that go back to it. Borrows from PktCases.packets. */
typedef struct {
  const char *name;   /* of the case */
  GPtrArray *packets; /* const PktEarlier*, in the order in which they were made */
  PktCaseState state;
  gint64 sent;      /* of the first mail; PKT_NO_TIME */
  gint64 answered;  /* of the first answer that a person wrote; PKT_NO_TIME */
  const char *kind; /* of the newest one (templates/answers.json); NULL */
  gint64 relieved;  /* first accepted mail after the refusals; PKT_NO_TIME */
  guint mails;      /* that went out */
  gboolean closed;  /* the thank-you went out */
  gboolean retest;  /* opened by an answer, and nothing built since */
  gint64 next;      /* day (since 1970) from which on a follow-up is in time; G_MININT64: none */
} PktCaseThread;

typedef struct {
  GPtrArray *packets;  /* PktEarlier*; of copies of one packet the one that tells most */
  GPtrArray *threads;  /* PktCaseThread*, by case, then by time */
  GPtrArray *problems; /* char*: packets that could not be read */
} PktCases;

/* Looks at the places and below them (run/earlier.h). PKT_ERROR_NOINPUT for a place that is not
 * there, and where there is no packet at all. */
PktCases *pkt_cases_read (const char *const *places, GError **error);
void pkt_cases_free (PktCases *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktCases, pkt_cases_free)

/* "not sent", "silent fix" … */
const char *pkt_case_state_word (PktCaseState state);
/* When a mail went out, also where only a later one states it; PKT_NO_TIME. */
gint64 pkt_case_sent (const PktCases *c, const PktEarlier *p, gboolean *out_stated);

/* run/cases-report.c: {version, cases, problems}; an aligned table and one line that sums it up. */
json_t *pkt_cases_json (const PktCases *c);
char *pkt_cases_table (const PktCases *c);
