#pragma once
#include "packet/log/feed.h"

/* JSON may be one line of many MiB, and lines are handled one by one: a line feed is put behind a
 * comma, which means nothing in JSON, wherever so many bytes came without one, where a record
 * ends if one does before PKT_JSON_BREAK_LATEST. A string is never broken; of one that goes on
 * behind that, such as a returned mail, the rest is left out. Takes the stream; gives it back where
 * it does not begin as JSON does. */
#define PKT_JSON_BREAK_AFTER (40 * 1024) /* bytes: most lines are no longer, … */
#define PKT_JSON_BREAK_LATEST                                                                      \
  (52 * 1024) /* … and a line that is broken may have no more than 64 K */
PktFeed *pkt_json_break (PktFeed *below);
