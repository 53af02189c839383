#pragma once
#include "packet/run/evidence.h"

/* A delivered sample of the stream whose own text has a link that ends a subscription, where its
 * headers have none: a campaign page is often another one than the mail's. NULL: none has;
 * borrowed. */
const PktSample *pkt_leaving_sample (const PktEvidence *e);
