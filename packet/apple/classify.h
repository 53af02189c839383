#pragma once
#include "packet/apple/catalogue.h"

/* What a reply that is proven to be Apple's says (pkt_reply_read and the rest of `out`): first by
 * its tag, else by code and text. Where no entry matches, rule is NULL and the category follows
 * from the codes (design section 4): 5.1.x mailbox-unknown, 5.2.x mailbox-full, 5.7.1 policy, 4xx
 * rate, else unknown. A 503 that wraps a temporary reply keeps the wrapping entry unless the inner
 * reply says more. Acceptances have no category. Thread-safe; linear in the reply. */
void pkt_classify (const PktCatalogue *cat, PktSlice reply, PktVerdict *out);

/* Another receiver's reply: its codes, and the category by them only; never contactable. */
void pkt_classify_other (PktSlice reply, PktVerdict *out);
