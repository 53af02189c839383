#pragma once
#include "packet/log/exim-line.h"

/* Fields of a delivery, " R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.7] …": those at the
 * start of s, which moves behind them. */
void pkt_exim_fields (PktSlice *s, PktEximLine *l);
/* " H=NAME [IP]:25*": the asterisk says that the connection was used before. There is one of it;
 * what looks like another one is in somebody's words. FALSE: s does not begin so. */
gboolean pkt_exim_host (PktSlice *s, PktEximLine *l);
