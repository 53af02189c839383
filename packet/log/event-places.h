#pragma once
#include "packet/log/event-fields.h"
#include "packet/log/event-value.h"

/* Single fields of a row, as its service names them, and what only says where and who. */

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

/* A time as the service writes it, in its zone; FALSE when it is none. By what was read before:
 * many rows share a minute. */
gboolean pkt_event_stamp_again (const PktEventService *s, PktSlice text, PktEventTime *memo,
                                PktStamp *out);
/* The first of the row's times that is one; memo may be NULL. */
gboolean pkt_event_row_time (const PktEventService *s, const PktEventRow *row, PktEventTime *memo,
                             PktStamp *out);
/* What names the host in such a text, the dot at its end left out; an address, where there is no
 * name. *inside: what stands in brackets behind it. PowerMTA: "mx01.mail.icloud.com
 * (17.57.154.33)"; KumoMTA: "mx01.mail.icloud.com.". */
PktSlice pkt_event_host_part (PktSlice text, PktSlice *inside);
/* Fills remote_host and remote_ip from the value of that field. */
void pkt_event_remote (const PktEventService *s, PktSlice text, PktAttempt *a);
/* These, and all ids, addresses and names; a->recipient must be there. */
void pkt_event_places (const PktEventService *s, const PktEventRow *row, PktEventIps *known,
                       PktAttempt *a);
/* The same by the values of the fields, as pkt_event_value() gives them. */
void pkt_event_place_values (const PktEventService *s, const PktSlice values[PKT_N_FIELDS],
                             PktEventIps *known, PktAttempt *a);
/* The Message-ID that the service wrote over the sender's, put together in `out`; where its host is
 * not told there is none, as the sender's own reached nobody. */
void pkt_event_own_id (const PktEventService *s, const PktEventRow *row, PktEventOut *out,
                       PktAttempt *a);
