#pragma once
#include "packet/log/glance.h"
#include "packet/log/postfix-words.h"

/* The three lines that nearly every message has, told from a few of their bytes. */

/* Of a PktRawBlock: bytes behind the line are read. */
typedef struct {
  PktSlice line, text; /* text: behind "tag[pid]: " */
  PktPostfixDaemon daemon;
  guint64 scope_hash; /* of what queue ids are unique in */
  PktStamp stamp;     /* the line's, but for the digits of `fraction` */
  PktSlice fraction;
} PktQuickLine;

/* FALSE when it is another line, or one that wants a closer look; else *out is set: REMOVED,
 * ARRIVAL, ELSEWHERE, or NOTHING where another receiver's is not asked for. */
gboolean pkt_postfix_quick (const PktGlanceRule *rule, const PktQuickLine *q, PktGlance *out);
