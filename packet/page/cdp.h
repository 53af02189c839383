#pragma once
#include <glib.h>
#include <jansson.h>

#define PKT_CDP_MAX_MESSAGE (64 * 1024 * 1024) /* a picture as base64 */

/* The DevTools protocol of Chromium over a socket: JSON messages, each ended by a NUL byte. */
typedef struct PktCdp PktCdp;

/* Takes the socket. `deadline` is of g_get_monotonic_time (); after it every call fails. */
PktCdp *pkt_cdp_new (int socket, gint64 deadline);
void pkt_cdp_free (PktCdp *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktCdp, pkt_cdp_free)
/* The result of a method, a new reference. `session` may be NULL; takes `params` (NULL: none).
 * PKT_ERROR_UNAVAILABLE where the browser ends, refuses, says what is no message, or is late. */
json_t *pkt_cdp_call (PktCdp *c, const char *session, const char *method, json_t *params,
                      GError **error);
/* Waits for an event that came since pkt_cdp_forget (). */
gboolean pkt_cdp_wait (PktCdp *c, const char *event, GError **error);
void pkt_cdp_forget (PktCdp *c);
