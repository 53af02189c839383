#pragma once
#include "packet/trend/group.h"

/* Only Apple, or everywhere? One stream, or all? Apple's rate against that of all other receivers
 * in the same hours, and which streams and sending IPs rose. */
typedef enum {
  PKT_CONTRAST_NOTHING,   /* Apple refused nothing by policy in these hours */
  PKT_CONTRAST_NO_OTHERS, /* under PKT_CONTRAST_FEW final answers of others: no comparison */
  PKT_CONTRAST_APPLE, /* Apple's interval lies above the others', and theirs did not rise to a tenth
                         of it */
  PKT_CONTRAST_MOST,  /* Apple's lies above, and theirs rose to a tenth of it or more */
  PKT_CONTRAST_EVERYWHERE, /* not above, and others rose too or lie as high */
  PKT_CONTRAST_UNCLEAR,    /* the intervals overlap: too few answers to tell */
} PktContrastVerdict;

#define PKT_CONTRAST_FEW 20
#define PKT_CONTRAST_COMPARABLE 10.0 /* others' rate times this reaches Apple's */
/* Final answers of a stream or IP inside the incident; with fewer it is not asked whether it rose.
 */
#define PKT_CONTRAST_JUDGED 10

/* Streams or IPs: those that had enough mail to Apple in these hours, and those of them that rose.
 */
typedef struct {
  guint judged, rose;
  gboolean untold;         /* of some mail the sources do not tell it */
  gboolean cut;            /* others, past PKT_GROUPS_MAX, had as much: nobody looked at them */
  gint64 earliest, latest; /* of their onsets; PKT_NO_TIME */
  GPtrArray *names;        /* const char*: those that rose */
} PktContrastSide;

typedef struct {
  gint64 from, to; /* the hours: onset to relief, else all; to PKT_NO_TIME is open */
  gboolean incident;
  PktSum apple, other;
  gboolean others_rose;
  PktContrastVerdict verdict;
  PktContrastSide streams, ips;
  gboolean all_at_once; /* two or more streams, all of them and all IPs rose, within the same hour:
                           of one stream that is when it was sent */
} PktContrast;

/* streams, ips: groups of the same filter. Clear it with pkt_contrast_clear(). */
void pkt_contrast_make (const PktTally *t, const PktSumFilter *f, const PktOnset *onset,
                        const PktGroups *streams, const PktGroups *ips, PktContrast *out);
void pkt_contrast_clear (PktContrast *c);
const char *pkt_contrast_word (PktContrastVerdict v); /* "only-apple", for JSON */
/* The comparison and what follows, whole sentences in lines of `width` columns; "" when nothing was
 * refused. Caller frees. */
char *pkt_contrast_text (const PktContrast *c, guint width);
