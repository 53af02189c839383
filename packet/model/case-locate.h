#pragma once
#include "packet/base/slice.h"

/* One step from the root of a JSON text: a member of an object, or (key NULL) an item of a list. */
typedef struct {
  const char *key;
  gsize index;
} PktCaseStep;

/* Both from 1; the column counts characters, as jansson does in its own messages. */
typedef struct {
  guint line, column;
} PktCasePlace;

/* Where in a valid JSON text the value stands that the steps lead to (its key with `at_key`).
 * Where the path ends early, the last value on it. One pass, no recursion; never reads outside. */
PktCasePlace pkt_case_locate (PktSlice json, const PktCaseStep *steps, guint n, gboolean at_key);
