#pragma once
#include "packet/log/event-fields.h"

/* What of a row only says where and who. Used by event-record.c alone. */

/* The first value that is not empty, of names other than `but`. */
static inline PktSlice
pkt_event_value (const PktEventService *s, const PktEventRow *row, PktEventField field, int but)
{
  for (guint i = 0; i < s->fields[field]->len; i++) {
    int index = g_array_index (s->fields[field], PktEventName, i).index;
    PktSlice v = row->at[index];
    if (v.n == 0 || index == but)
      continue;
    if (v.p[0] <= ' ' || v.p[v.n - 1] <= ' ')
      v = pkt_slice_trim (v);
    if (v.n)
      return v;
  }
  return pkt_slice (NULL, 0);
}

/* Fills remote_host and remote_ip. */
void pkt_event_remote (const PktEventService *s, const PktEventRow *row, PktAttempt *a);
/* These, and all ids, addresses and names; a->recipient must be there. */
void pkt_event_places (const PktEventService *s, const PktEventRow *row, PktAttempt *a);
