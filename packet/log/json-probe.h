#pragma once
#include "packet/base/slice.h"

/* How sure it is that the line is of a log of events as JSON, as PktFormat's probe tells. */
guint pkt_json_probe (PktSlice line);
/* The same, and a service is known by its own names. */
gboolean pkt_json_is_of_service (PktSlice text);
