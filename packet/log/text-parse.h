#pragma once
#include "packet/model/attempt.h"

/* Small pieces that several text logs have in common. */

/* "mx01.mail.icloud.com [17.57.156.30]:25", "host[ip]", "[ip]", "host. [IPv6:2001:db8::1]": name
 * and address at the start of s, which moves behind them; FALSE and nothing moved when there is no
 * address. */
gboolean pkt_take_host_ip (PktSlice *s, PktSlice *host, PktSlice *ip);
/* "<a@b>" at the start of s, also with a quoted local part that holds '>': the address without the
 * brackets; s moves behind it. */
gboolean pkt_take_bracketed (PktSlice *s, PktSlice *address);
/* What follows `key` up to a blank or comma; absent when it is not there. `key` has its "=". */
PktSlice pkt_word_after (PktSlice s, const char *key);
/* TRUE when both are the same mailbox but for case and quotes around the local part. */
gboolean pkt_same_address (PktSlice a, PktSlice b);
/* The MTA's own words of a connection that failed: stage CONNECT for "Connection refused" and so
 * on, else UNKNOWN. */
PktStage pkt_stage_of_own_words (PktSlice words);
