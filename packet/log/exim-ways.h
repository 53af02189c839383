#pragma once
#include "packet/log/exim-route.h"
#include "packet/log/exim-shape.h"

/* What splitting a block of Exim's mainlog asks of the bytes of a line, for each kind of machine
 * (base/simd.h). */
typedef struct {
  PktEximHasShape has_shape;
  PktEximMarksOf marks_of;
  PktMask64 mask_of;
} PktEximWays;
