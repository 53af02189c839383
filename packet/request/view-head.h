#pragma once
#include <glib.h>
#include <jansson.h>

/* Sets `domains`, `ips` and `more_ips` of a view: the lines above the error, such that the IPs
 * stand where a postmaster looks for them, within PKT_LINT_IP_LINES. */
void pkt_view_head (json_t *view, const json_t *facts);
/* So many of the facts' IPs, from the first on, are named in the body. */
gsize pkt_view_ips_shown (const json_t *facts);
