#pragma once
#include "packet/dns/dns.h"

/* Zone data as JSON behind the resolver's own interface: {"name": [{"TXT": "…"}, {"MX": [10,
 * "mx.example.com"]}, {"CNAME": "…"}, "TIMEOUT"]}, the form of the public SPF vectors. Names
 * compare without case. An SPF record stands for TXT where the name has no TXT of its own, and
 * {"TXT": "NONE"} is none. `zone` must outlive what is returned. */
PktDns *dns_zone_new (const json_t *zone);
/* The number of questions that reached the zone. */
extern guint dns_zone_questions;
