#pragma once
#include <jansson.h>
#include "packet/log/event-fields.h"

/* How the tables of PktEventMap are filled: from exports.json, whose faults are ours, and from a
 * file of the user (log/event-user.h), which is checked before. */

/* The field of that name ("recipient"), -1 when there is none. */
int pkt_event_field_named (const char *name);
/* "delivered" …; UNKNOWN when it is no outcome. */
PktEventWord pkt_event_word_named (const char *name);
/* The index of a name, which is added where it is new. */
int pkt_event_map_name (PktEventMap *map, const char *text);
/* An entry of "services" as a new service, the first or the last to be asked. */
PktEventService *pkt_event_map_add (PktEventMap *map, const json_t *object, gboolean first);
/* Puts the entry's names in front of those that the service has, and adds its words. */
void pkt_event_map_extend (PktEventMap *map, PktEventService *s, const json_t *object);
/* pkt_event_map() before any log is read. */
PktEventMap *pkt_event_map_writable (void);
