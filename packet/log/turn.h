#pragma once
#include "packet/base/slice.h"
#include "packet/log/feed.h"

/* A text log with its newest line first, as journalctl -r and most log services write it, from its
 * end on: what tells of a message before its result then comes before it, and so do deferrals
 * before the end. Lines without a time stay behind the one that they follow. Up to 16 MiB are kept
 * in memory, more in a file without a name. `below` itself where it is none; takes it. */
PktFeed *pkt_turn (PktFeed *below);

typedef enum {
  PKT_TURN_NO,
  PKT_TURN_UNSURE, /* they tell too little */
  PKT_TURN_YES,
} PktTurn;

/* Whether the first lines are those of such a log; *rows: each line is a record of its own,
 * *header: bytes of a table's first line, which stays the first. */
PktTurn pkt_turn_look (PktSlice head, gboolean *rows, gsize *header);
