#pragma once
#include "packet/base/slice.h"

#define PKT_SHIFTED_MIN 5 /* letters: fewer are found by chance */

/* Whether `text` holds these letters (PKT_SHIFTED_MIN or more, else FALSE) in another alphabet:
 * each moved by as many places (rot13 and the other 24), mirrored (a as z), or backwards. As they
 * are they are not looked for; upper and lower case are the same. */
gboolean pkt_shifted_holds (PktSlice text, PktSlice letters);
/* The same for a word of an address's local part, or for all of it with whatever parts it. */
gboolean pkt_shifted_tells (PktSlice text, PktSlice address);
