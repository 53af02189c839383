#pragma once
#include "packet/base/slice.h"

/* What the rows of suppression lists hold, as people and sending services write them. Used inside
 * packet/model only. */

typedef enum {
  PKT_SUPPRESSION_ADDRESS,
  PKT_SUPPRESSION_REASON,
  PKT_SUPPRESSION_DAY,
  PKT_SUPPRESSION_COLUMNS,
} PktSuppressionColumn;

/* A column by its name in a header row: "Email Address", "created_at". FALSE: none of these. *rank:
 * of several with one meaning the least counts. */
gboolean pkt_suppression_column (PktSlice name, PktSuppressionColumn *out, guint *rank);
/* Days since 1970 of "2026-05-11", with or without a time behind it, of seconds or milliseconds
 * since 1970, of RFC 5322's "Mon, 11 May 2026 10:00:00 GMT": the day as it is written, else of UTC.
 * G_MININT64 of nothing. FALSE: something else, such as 05/11/2026. */
gboolean pkt_suppression_day (PktSlice s, gint64 *out);
/* Valid UTF-8 in lower case, without control characters, of at most so many characters. */
char *pkt_suppression_reason (PktSlice s, gsize max);
/* What a reason counts as: "bounced 5.1.1" or "bounced 550" of a server's answer, else itself. */
char *pkt_suppression_label (const char *reason);
