#pragma once
#include <glib.h>

/* Which known word somebody may have meant who mistyped one: letters left out, added, changed or
 * swapped, one in four of them at the most, case folded (optimal string alignment). */
typedef struct {
  const char *word; /* what was typed; borrowed */
  const char *best; /* of those offered so far; NULL: none is near; borrowed */
  guint steps;      /* between them */
} PktNear;

void pkt_near_offer (PktNear *n, const char *known);
