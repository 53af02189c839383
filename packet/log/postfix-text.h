#pragma once
#include "packet/log/format.h"
#include "packet/log/frame.h"
#include "packet/log/journal.h"
#include "packet/log/postfix-words.h"

/* The state of a Postfix log's reader, and what one line of it tells. Used by format-postfix.c. */
typedef struct {
  PktFrames frames;
  char begin[3]; /* of the line before */
  /* A line began with another month, and no time without a year was read since; or the last such
   * was the first second of a year, or a leap second before it. */
  gboolean year_open;
  char stamp_text[40]; /* what `last` was read from */
  gsize stamp_n;
  gboolean journald; /* records of several lines were seen */
  int year_index;
  PktStamp last;  /* of the last line that had one */
  PktYears years; /* of those without a year */
  PktJournal *journal;
  PktAttempt brief; /* record of a line that tells little; the rest of it stays clean */
} PktPostfix;

typedef struct {
  PktPostfix *state;
  PktSlice time, scope, tag; /* tag: whole */
  PktStamp stamp;            /* used when time is empty (journald) */
  PktSlice id;               /* queue id; empty: none */
  guint64 key;               /* of it; 0: not made yet */
  PktSink sink;
  gpointer data;
} PktPostfixLine;

/* The time of a line: the next ones are of the year that it is of. */
void pkt_postfix_note_stamp (PktPostfix *s, PktStamp stamp);
/* A record of what s->brief holds by now, and the queue id. */
PktRecordKind pkt_postfix_hand_out_brief (PktPostfixLine *l, PktRecordKind kind);
/* text: behind the queue id, where there is one. */
PktRecordKind pkt_postfix_parse_text (PktPostfixLine *l, PktPostfixDaemon daemon, PktSlice text);
