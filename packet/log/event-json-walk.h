#pragma once
#include "packet/log/event-json.h"

/* Between event-json.c, which walks through a record, and event-json-alike.c, which reads most of
 * them as earlier ones were written. */

/* Reads the object that text begins with; notes: where its values stand, NULL when nobody asks. The
 * bytes it takes, 0 when it is damaged or cut. */
gsize pkt_json_walk (PktEventJson *j, PktSlice text, PktShapeNotes *notes);
/* What a string says whose escapes were left in; FALSE when it is no JSON string. */
gboolean pkt_json_decode (PktEventJson *j, PktSlice *string);
/* The value of a name, by its index in the row. */
void pkt_json_set_value (PktEventJson *j, int name, PktSlice value);
/* The same of an array: its first string stands for it; recipients are kept for those who want
 * each. */
void pkt_json_set_list (PktEventJson *j, const PktEventMap *map, PktSlice array, int name);
