#pragma once
#include "packet/base/slice.h"

/* A log whose columns or keys the user names (--map-file, MAPPING FILE in postpacket(1)): adds it
 * to pkt_event_map(). Called once, before any log is read. What is wrong is an error that names
 * file, line, column and JSON path. */

#define PKT_EVENT_USER_MAX_COLUMNS 256

/* It is a JSON object, not NAME=ADDRESS lines. */
gboolean pkt_event_user_is_json (PktSlice text);
gboolean pkt_event_user_load (const char *path, PktSlice text, GError **error);
