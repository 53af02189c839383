#pragma once
#include "packet/log/feed.h"

/* JSON may be one line of many MiB, and lines are handled one by one: a line feed is put behind a
 * comma, which means nothing in JSON, wherever this many bytes came without one. A string is never
 * broken. Takes the stream; gives it back where it does not begin as JSON does. */
#define PKT_JSON_BREAK_AFTER (16 * 1024)
PktFeed *pkt_json_break (PktFeed *below);
