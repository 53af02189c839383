#pragma once
#include "packet/log/format.h"

/* The format of a log whose first lines leave no doubt about it; NULL: more of it has to be looked
 * at, or it may be a recorded session (Postfix's smtp -v looks like its log). *likely: what they
 * look like all the same; NULL where they look like nothing, and for stdin. */
const PktFormat *pkt_source_sure_format (const char *path, const PktFormat **likely);
