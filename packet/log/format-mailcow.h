#pragma once
#include "packet/base/slice.h"

#define PKT_MAILCOW_TIME 20 /* bytes of "2026-05-19T14:00:41" */

/* A row of mailcow's table, and its time as RFC 3339 without a zone. */
gboolean pkt_mailcow_row (PktSlice line, char time[PKT_MAILCOW_TIME]);
