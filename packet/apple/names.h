#pragma once
#include "packet/base/slice.h"

/* Looks for what each of Apple's names has (icloud.com, me.com, mac.com, appleid.com, the
 * akadns.net hosts, "…-iscream-smtp-…"), in any case, for an address of 17.0.0.0/8, and for a
 * backslash; a line without them names none. */
gboolean pkt_line_names_apple (PktSlice line);
/* The same of a text of many lines: a byte of the first line that may name one; NULL. */
const char *pkt_names_find (PktSlice text);
