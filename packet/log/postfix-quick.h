#pragma once
#include "packet/log/frame.h"
#include "packet/log/glance.h"
#include "packet/log/postfix-sieve.h"

/* The three lines that nearly every message has, told from a few of their bytes. */

/* line: of a PktRawBlock, whose padding is read; s: of it, framed; f: its frame. FALSE when it is
 * another line, or one that wants a closer look; else *out is set: REMOVED, ARRIVAL, ELSEWHERE, or
 * NOTHING where another receiver's is not asked for. */
typedef gboolean (*PktPostfixQuick) (const PktGlanceRule *rule, const PktFrame *f, const char *line,
                                     const PktSieved *s, PktGlance *out);
/* The fastest for this machine. */
PktPostfixQuick pkt_postfix_quick (void);
