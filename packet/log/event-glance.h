#pragma once
#include "packet/log/format.h"

/* Looks at lines that are one JSON record: KNOWN is an event that is no delivery, ELSEWHERE mail
 * that another receiver accepted. */
extern const PktGlancer pkt_event_json_glancer;
