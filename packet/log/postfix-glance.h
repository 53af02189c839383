#pragma once
#include "packet/log/glance.h"

/* Tells frame, daemon and queue id of a line, and what is wholly told by that. */
extern const PktGlancer pkt_postfix_glancer;
