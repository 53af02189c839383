#pragma once
#include "packet/base/slice.h"

/* A JSON text read once into one array, each value behind the one that holds it: for records of
 * which some dozen values are asked for by their paths, a million times. */
typedef enum {
  PKT_JSON_NULL,
  PKT_JSON_WORD, /* a number as written, true, false */
  PKT_JSON_STRING,
  PKT_JSON_ARRAY,
  PKT_JSON_OBJECT,
} PktJsonKind;

typedef struct {
  PktJsonKind kind;
  gboolean escaped; /* the text of a string is as written, its escapes left in */
  PktSlice key;     /* of an object's member, its escapes read */
  PktSlice text;    /* of a string without quotes; borrows from what was read */
  guint32 next;     /* where the value behind it and all that it holds stands */
} PktJsonNode;

typedef struct {
  PktJsonNode *all; /* the first holds all others */
  guint32 n, room;
  GPtrArray *decoded; /* char*: strings that had escapes */
} PktJsonNodes;

#define PKT_JSON_NODES_DEPTH 64   /* brackets in brackets */
#define PKT_JSON_NODES_MAX 100000 /* values in a text */

/* FALSE when text is no JSON object or array (RFC 8259), or one with more than that. What it said
 * before is gone. Of zeros to begin with; *nodes borrows from text, UTF-8. */
gboolean pkt_json_nodes_read (PktJsonNodes *nodes, PktSlice text);
void pkt_json_nodes_clear (PktJsonNodes *nodes);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktJsonNodes, pkt_json_nodes_clear)

/* The members and elements of value i are those from i + 1 on, each followed by its `next`, up to
 * i's own `next`. The member of an object with that key, the last of several; 0: none. */
guint32 pkt_json_nodes_member (const PktJsonNodes *nodes, guint32 i, PktSlice key);
/* What string or word i says; p NULL of anything else. */
PktSlice pkt_json_nodes_text (PktJsonNodes *nodes, guint32 i);
