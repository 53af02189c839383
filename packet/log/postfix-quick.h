#pragma once
#include "packet/log/frame.h"
#include "packet/log/glance.h"
#include "packet/log/lives.h"
#include "packet/log/postfix-sieve.h"

/* The three lines that nearly every message has, told from a few of their bytes, and what becomes
 * of the message by them. */

typedef enum {
  PKT_QUICK_NOT,      /* another line, or one that wants a closer look: nothing is told */
  PKT_QUICK_LEFT_OUT, /* told, and nobody has to see it */
  PKT_QUICK_TOLD,     /* lives.told says what it is */
} PktQuickAnswer;

/* What a line is looked at with: the lines of the step and the lives of its messages. */
typedef struct {
  const PktGlanceRule *rule;
  PktBlockLine *lines;
  PktLives lives;
} PktQuickStep;

/* line: of a PktRawBlock, whose padding is read; s: of it, framed; f: its frame. It is to stand at
 * `place` of the step's lines, where what is seen of it goes, but its kind: REMOVED, ARRIVAL,
 * ELSEWHERE, PUT_OFF. */
typedef PktQuickAnswer (*PktPostfixQuick) (PktQuickStep *step, const PktFrame *f, const char *line,
                                           const PktSieved *s, guint place);
/* The fastest for this machine. */
PktPostfixQuick pkt_postfix_quick (void);
