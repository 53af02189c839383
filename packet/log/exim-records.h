#pragma once
#include "packet/log/exim-clock.h"
#include "packet/log/exim-line.h"
#include "packet/log/exim-parts.h"
#include "packet/log/format.h"
#include "packet/log/memory.h"
#include "packet/log/text-log.h"

/* Entries of Exim's log become records, with what earlier ones told of the message. */

/* The state of a reader. */
typedef struct {
  PktTextLog log;
  PktMemory *own, *memory; /* of messages: the host that was tried last, who failed before */
  PktEximParts parts;
  GString *reply;
  PktEximClock clock;
  PktSlice scope;
  PktAttempt brief; /* record of a line that tells little; the rest of it stays clean */
  PktSink sink;
  gpointer data;
} PktEximReader;

/* Hands out what an entry tells. Its time is s->log's, what its id is unique in s->scope. */
PktRecordKind pkt_exim_record (PktEximReader *s, const PktEximLine *l);
/* A result: the next line of a host is of another try. */
void pkt_exim_note_result (PktEximReader *s, guint64 key);
