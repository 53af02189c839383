#pragma once
#include <jansson.h>
#include "packet/run/scan.h"

/* Recipients at Apple that fell to policy replies, apart from those that must not get mail again.
 * All of it is raw: for the operator, never for a packet. */

/* Where an address belongs; the first that holds. */
typedef enum {
  PKT_FALLEN_COMPLAINED,
  PKT_FALLEN_UNSUBSCRIBED,
  PKT_FALLEN_UNREADABLE,   /* in a row of the list that is broken */
  PKT_FALLEN_UNKNOWN_USER, /* 5.1.x, by the list or by Apple's answer at any time */
  PKT_FALLEN_INACTIVE,
  PKT_FALLEN_OTHER,   /* on the list for a reason that is none of these, or for none */
  PKT_FALLEN_HIDDEN,  /* refused in the window with the reason hidden by an export */
  PKT_FALLEN_REACHED, /* not on the list, and mail was accepted after the last refusal */
  PKT_FALLEN_POLICY,  /* refused by policy in the window, and by nothing else in the way */
  PKT_N_FALLEN
} PktFallenGroup;

typedef struct {
  char *address; /* lower case */
  PktFallenGroup group;
  gint64 first, last;     /* refused by policy in the window; PKT_NO_TIME for HIDDEN */
  gint64 reached;         /* last accepted mail of all; PKT_NO_TIME */
  guint refusals;         /* in the window */
  const PktEvent *answer; /* the last one */
  gboolean listed;
  const char *reason; /* of the list, as it decided; NULL. The owner's */
  gint64 day;         /* of the list, days since 1970; G_MININT64 */
} PktFallen;

/* A send after the incident: a campaign where the sources name them, else a day. */
typedef struct {
  const char *name; /* the owner's */
  gint64 final, policy;
} PktQuietSend;

typedef struct {
  gint64 from, to; /* the incident's window; PKT_NO_TIME: no policy refusal at all */
  gboolean window_given;
  guint incidents;   /* in the sources, of which the window is the newest; 0: no rise was found */
  GPtrArray *fallen; /* PktFallen*, by address */
  guint counts[PKT_N_FALLEN];
  guint only_unknown; /* refused with 5.1.x in the window, never by policy */
  guint outside;      /* refused by policy before or after the window alone */
  guint listed_only;  /* Apple's own domains, listed as bounced, no answer in the sources */
  guint unsubscribes; /* and complaints, of any domain, on the lists */
  GArray *sends;      /* PktQuietSend, in the order of their first mail */
  gboolean by_campaign;
  gint64 median;      /* final outcomes at Apple on the days with mail after the window */
  gint64 newest;      /* last final outcome at Apple */
  guint rows, broken; /* of the lists */
  char *first_broken; /* "FILE:LINE: why" or NULL */
  gboolean truncated; /* more attempts than are kept one by one */
  GStringChunk *strings;
} PktSuppressed;

/* `since` and `until` are the window's, PKT_NO_TIME: from the rise that was found (else the first
 * refusal by policy) to the last refusal, of all mail and of each stream in which refusals go on.
 * The scan must be of all mail and with events. `lists` are CSV files, may be NULL. */
PktSuppressed *pkt_suppressed_make (const PktScan *scan, const char *const *lists, gint64 since,
                                    gint64 until, GTimeZone *zone, GError **error);
void pkt_suppressed_free (PktSuppressed *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktSuppressed, pkt_suppressed_free)

const char *pkt_fallen_name (PktFallenGroup g); /* "policy", for CSV and JSON */
/* The word of a list's reason; lower case. */
PktFallenGroup pkt_fallen_of_reason (const char *reason);

/* run/suppressed-report.c; all callers free. `csv`: the group policy alone, RFC 4180. */
char *pkt_suppressed_table (const PktSuppressed *s);
char *pkt_suppressed_csv (const PktSuppressed *s);
json_t *pkt_suppressed_json (const PktSuppressed *s);
