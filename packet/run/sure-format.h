#pragma once
#include "packet/log/format.h"

/* The format of a log whose first lines leave no doubt about it; NULL: more of it has to be looked
 * at, or it may be a recorded session (Postfix's smtp -v looks like its log). */
const PktFormat *pkt_source_sure_format (const char *path);
