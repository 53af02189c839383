#pragma once
#include "packet/headers/trace.h"
#include "packet/model/sample.h"

/* What Apple read in DNS of the sender's policy, from its own block: `X-DMARC-Info: …;
 * pdomain=example.com` when the From domain lies in it, and the addresses of `X-DMARC-Policy: …;
 * rua=mailto:…`. Both are published by the sender, so they may stand. */
void pkt_policy_collect (PktSample *s, const PktAppleBlock *block);
