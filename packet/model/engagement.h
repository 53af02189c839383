#pragma once
#include <glib.h>
#include "packet/base/clock.h"
#include "packet/model/csv.h"

/* What the sender knows of who read the mail (CSV: address,last_engaged,kind; by a header row's
 * names, else in this order). An address that is not in it, or has no date that can be read, has
 * unknown engagement. */

#define PKT_ENGAGEMENT_MAX 5000000 /* addresses; more are unknown */

typedef enum {
  PKT_ENGAGED_BY_OPEN, /* Mail Privacy Protection opens by itself: no sign of a person */
  PKT_ENGAGED_BY_ACT,  /* click, order, sign-in, reply, or a list that does not say */
} PktEngagedBy;

typedef struct {
  gint64 day; /* days since 1970: the newest */
  PktEngagedBy by;
} PktEngaged;

typedef struct PktEngagement PktEngagement;

/* PKT_ERROR_NOINPUT, IO; DATA when no row is understood. Days after `today` are not believed. */
PktEngagement *pkt_engagement_load (const char *path, gint64 today, GError **error);
PktEngagement *pkt_engagement_read (const char *path, PktCsvRead read, gpointer source,
                                    gint64 today, GError **error);
void pkt_engagement_free (PktEngagement *e);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktEngagement, pkt_engagement_free)
/* FALSE: unknown. `opens`: what was only opened counts too. */
gboolean pkt_engagement_find (const PktEngagement *e, const char *address_lower, gboolean opens,
                              PktEngaged *out);
/* Rows that were not understood, and the first: "FILE:LINE: why"; 0 and NULL. */
guint pkt_engagement_broken (const PktEngagement *e, const char **first);
