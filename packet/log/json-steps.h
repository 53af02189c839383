#pragma once
#include "packet/base/slice.h"

/* A walk over JSON that comes in pieces of any size: where values begin and end, and by which keys
 * one came there. It does not check: what is no JSON gives some values or none. Of zeros to begin
 * with. */
#define PKT_JSON_STEPS_DEPTH 64 /* brackets in brackets; what is deeper is passed */
#define PKT_JSON_STEPS_KEY 128  /* bytes of a key that tell it from others */

typedef enum {
  PKT_JSON_STEP_MORE,  /* the piece is at its end */
  PKT_JSON_STEP_BEGIN, /* at the value's first byte, which is not yet read */
  PKT_JSON_STEP_END,   /* behind its last byte */
} PktJsonStep;

typedef struct {
  char kind;    /* of the container: '{' or '[' */
  guint64 path; /* which keys lead to it: the same number for all elements of an array */
} PktJsonNest;

typedef struct {
  PktJsonNest nest[PKT_JSON_STEPS_DEPTH];
  guint depth, too_deep;
  guint quiet;  /* values in so many containers, and in more, are not told of; 0: all are */
  guint64 path; /* of the value that was told of */
  char kind;    /* of it: '{', '[', '"' */
  guint64 next; /* of the value that comes */
  gboolean in_string, is_key, escaped, begun;
  char key[PKT_JSON_STEPS_KEY];
  gsize key_n;
} PktJsonSteps;

/* Goes on from `at` in p; *at becomes where it stopped. Numbers and words are not told of. */
PktJsonStep pkt_json_steps_next (PktJsonSteps *w, PktSlice p, gsize *at);
/* The path of an object's member, of an array's element (no key). */
guint64 pkt_json_steps_path (guint64 path, PktSlice key);
