#pragma once
#include <glib.h>
#include <jansson.h>

/* The request's text, rendered from templates/request.txt and kept within PKT_BODY_LINES: when
 * space is short, what is only stated goes first, then another stream, then details of what was
 * checked, then all other receivers. The five items, the transactions to look up and the question
 * never go. Caller frees. PKT_ERROR_BUG where template and view do not fit. */
#define PKT_BODY_LINES 60
char *pkt_body_render (const json_t *view, GError **error);
/* The text of a view that has a follow_up: templates/follow-up.txt, or resolved.txt. */
char *pkt_follow_up_render (const json_t *view, GError **error);
