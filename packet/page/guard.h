#pragma once
#include "packet/base/slice.h"

/* FALSE when a tag has more than `max` attributes. libxml2 compares each attribute of a tag with
 * all before it; this scan is linear and follows its rules for tags, comments, script and style. */
gboolean pkt_guard_attributes (PktSlice html, guint max);
