#pragma once
#include <jansson.h>
#include "packet/trend/contrast.h"
#include "packet/trend/habits.h"

/* The sender's own view of the trend, all of it: days or hours, onset, contrast, habits, groups.
 * None of it goes to Apple; Apple's copy is trend/csv.h and trend/chart.h. */

typedef struct {
  PktSumFilter filter;   /* stream, IP …; `apple` is not looked at */
  const char *stream;    /* how the filter is called on paper; NULL: all mail */
  const char *zone_name; /* whose days they are: "UTC" */
  GTimeZone *zone;       /* the same; NULL: UTC */
  PktBands bands;
  gboolean hours; /* rows are hours, not days */
  guint max_rows; /* of the table; the last ones are shown; 0: all */
} PktTrendOptions;

/* A recipient that Apple often put off for excessive volume, by its mark. */
typedef struct {
  char *mark; /* "[rcpt-k7m2q4xd]@icloud.com" */
  gint64 count;
} PktTrendHit;

typedef struct {
  PktTrendOptions options; /* strings and zone borrowed */
  GArray *spans;           /* PktDay or PktHour */
  GArray *days;            /* PktDay */
  PktOnset onset;
  PktContrast contrast;
  PktHabits habits;
  PktGroups *groups[PKT_N_BY];
  GPtrArray *hits; /* PktTrendHit*, most first; filled by the caller */
} PktTrend;

PktTrend *pkt_trend_new (const PktTally *t, const PktTrendOptions *options);
void pkt_trend_free (PktTrend *trend);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktTrend, pkt_trend_free)
void pkt_trend_add_hit (PktTrend *trend, const char *mark, gint64 count);

/* How is counted, lines of at most 76 columns; static. */
const char *pkt_trend_plain_rules (void);
/* The same with the bands, as printed under every table; caller frees. */
char *pkt_trend_rules (const PktBands *bands);
/* "2026-05-18" or "2026-05-18T14:00+02:00" of a row; caller frees. */
char *pkt_trend_label (const PktTrendOptions *o, const PktDay *span);
#define PKT_TREND_COLUMNS 120      /* of a table where nobody knows how wide the screen is */
#define PKT_TREND_LEAST_COLUMNS 80 /* there is no table that is less wide */

/* For a terminal of `width` columns: chart of blocks, table by day or hour, what is known of the
 * incident, contrast, habits, rules. Caller frees. */
char *pkt_trend_text (const PktTrend *trend, guint width);
/* The table of one dimension, with a small chart for each group, and the rules. Caller frees. */
char *pkt_trend_group_text (const PktTrend *trend, PktBy by, guint width);
/* {version, timezone, stream, unit, days [{date, apple {…}, other {…}}], total, onset, contrast,
 * habits, groups {stream [{name, …, onset, days […]}], …}, rules}. rate, low and high are parts of
 * one, null where nothing was final. New reference. */
json_t *pkt_trend_json (const PktTrend *trend);
/* RFC 4180, CRLF: a row for each day or hour with traffic, or for each and group of `by`
 * (PKT_N_BY: none). No field begins like a formula. With `comments` the counting rules stand above,
 * lines that begin with "# ". Caller frees. */
char *pkt_trend_own_csv (const PktTrend *trend, PktBy by, gboolean comments);
