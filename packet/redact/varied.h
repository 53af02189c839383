#pragma once
#include "packet/base/slice.h"

/* "bounce-#" of bounce-1234, "kd#" of kd267: how senders' addresses look that differ by a number of
 * a few digits. NULL where there is none, or more than that varies. Caller frees. */
char *pkt_varied_form (PktSlice local);
