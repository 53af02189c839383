#pragma once
#include "packet/trend/onset.h"

#define PKT_GROUP_UNTOLD "(not in the log)" /* mail of which the sources do not tell it */

/* The trend of each stream, sending IP and so on: what is common to the refused mail. */
typedef enum {
  PKT_BY_STREAM,      /* return-path domain, else From domain */
  PKT_BY_IP,          /* sending IP */
  PKT_BY_DOMAIN,      /* From domain, where the log has it */
  PKT_BY_TAG,         /* of Apple's replies: "CS02" */
  PKT_BY_RCPT_DOMAIN, /* icloud.com, me.com, mac.com, …; iCloud+ domains of people as "custom" */
  PKT_N_BY
} PktBy;

const char *pkt_by_name (PktBy by);  /* as --by spells it: "recipient-domain" */
const char *pkt_by_words (PktBy by); /* heading of a column: "recipient domain" */
gboolean pkt_by_from_name (const char *name, PktBy *out);
char *pkt_by_list (void); /* "stream, ip, …"; caller frees */

typedef struct {
  const char *name;    /* the tally's, or PKT_GROUP_UNTOLD, "(no tag)" */
  PktSum apple, other; /* other: empty where the cube does not know it */
  gint64 final;        /* Apple's final answers that `apple` is a part of: of a tag, all */
  PktOnset onset;      /* of Apple's policy replies in it */
  GArray *spans;       /* PktDay or PktHour */
  GArray *days;        /* PktDay */
} PktGroup;

#define PKT_GROUPS_MAX 50        /* the rest is counted as left out */
#define PKT_GROUP_NAME_CHARS 253 /* of a name in a sentence: a whole domain */

typedef struct {
  PktBy by;
  GPtrArray *list; /* PktGroup*: most policy replies first, then most final answers, then by name */
  guint left_out;
  gint64 left_out_final; /* Apple's final answers of the one with most, of those left out */
} PktGroups;

/* Groups with traffic to Apple. zone: of days and hours, NULL is UTC. */
PktGroups *pkt_groups_new (const PktTally *t, const PktSumFilter *f, PktBy by, gboolean hours,
                           GTimeZone *zone);
/* Widens a span to the incidents of all groups, however many, in which one goes on; not by tag. */
void pkt_groups_widen (const PktTally *t, const PktSumFilter *f, PktBy by, gint64 *from,
                       gint64 *to);
/* Names of all groups in which the filter has a final answer, however many, sorted by strcmp (); by
 * tag none. char*, caller unrefs. */
GPtrArray *pkt_group_names (const PktTally *t, const PktSumFilter *f, PktBy by);
/* "news.example.com, tx.example.com": those with a name in which an incident goes on, though it may
 * be over in all together: a newsletter at three o'clock is refused once a day, and of all mail the
 * rate falls each day at four. Empty: in none; caller frees. */
char *pkt_groups_going_on (const PktGroups *g);
void pkt_groups_free (PktGroups *g);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktGroups, pkt_groups_free)
