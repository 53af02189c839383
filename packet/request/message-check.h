#pragma once
#include "packet/request/message.h"

/* What message.c needs to know before it builds anything. PKT_ERROR_DATA or PKT_ERROR_BUG, see
 * message.h. */
gboolean pkt_message_check (const PktMessage *m, GError **error);
/* "<a@x> <b@y>" of ids with or without <>, NULL when `ids` is NULL or one of them is none; caller
 * frees. */
char *pkt_message_ids (const char *ids);
