#pragma once
#include "packet/log/event-json.h"

/* What stands around the records of a JSON log. */

#define PKT_JSON_ENVELOPES 2 /* an SNS message inside an SQS body */

/* The text in an envelope that is the record, or an array of them; empty when j is none. */
PktSlice pkt_json_enclosed (const PktEventJson *j);
/* The array under it holds records; a recipient may stand under it. */
gboolean pkt_json_is_list_key (PktSlice key);
gboolean pkt_json_is_recipient_key (PktSlice key);
/* What a form's only field holds; *room: where it was decoded, caller frees. */
PktSlice pkt_json_without_form (PktSlice line, char **room);
