#pragma once
#include <jansson.h>
#include "packet/model/sample.h"

/* Values that Apple's filters wrote, as they stand, by header name: scores, shades, folders,
 * alignment as Apple saw it. None of them is a verdict, and none is documented. An object, empty
 * for a sample that Apple did not take. New reference. */
json_t *pkt_reported_values (const PktSample *s);
/* The public path from the top: [{by, from, ip, with, time, delay}] of Apple's Received lines and
 * of the line below them, of which only host and time are given; delay in seconds since the line
 * below, null where a time is missing. New reference. */
json_t *pkt_reported_hops (const PktSample *s);
