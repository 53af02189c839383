#pragma once
#include "packet/model/rule.h"

/* Who can fix what a reply says (facts/apple.md 5.2: what Apple's postmaster refuses, and why). */

/* A noun phrase for sentences: "Apple's postmaster". */
const char *pkt_desk_name (PktDesk desk);
/* One word for tables and JSON: "apple". */
const char *pkt_desk_word (PktDesk desk);
gboolean pkt_desk_from_word (const char *word, PktDesk *out);
/* An e-mail address or an https address; NULL where there is nobody to write to. */
const char *pkt_desk_link (PktDesk desk);
/* One sentence: why it is theirs. */
const char *pkt_desk_reason (PktDesk desk);
/* The same of a reply that no entry knows: its codes tell less. */
const char *pkt_desk_reason_by_codes (PktDesk desk);
/* The desk of a category, for replies without an entry of their own and entries that name none. */
PktDesk pkt_desk_for_category (PktCategory category, gboolean contactable);
/* The rule's desk, else by category. */
PktDesk pkt_desk_for_verdict (const PktVerdict *v);
