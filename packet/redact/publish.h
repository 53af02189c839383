#pragma once
#include "packet/model/public.h"
#include "packet/redact/redactor.h"

#define PKT_PUBLISH_MAX_DEPTH 32
#define PKT_PUBLISH_MAX_PART (10 * 1024 * 1024)

/* The only makers of packet/model/public.h's types. */

/* A redacted copy of the raw tree. A string is treated by the nearest key above it (places.c):
 * recipient, rcpt; sender, return_path, mail_from; recipient_domain(s); reply, error_text;
 * message_id (must be safe, else PKT_ERROR_BUG: the caller picks samples). Every other string, and
 * all below "stated", must be clean as it is, else PKT_ERROR_PRIVACY naming the JSON path and the
 * rule, never the value. */
PktPublic *pkt_publish_facts (PktRedactor *r, const json_t *raw, GError **error);
/* An attachment whose name and bytes were checked; text/plain, text/csv (UTF-8) or image/png.
 * Copies. PKT_ERROR_PRIVACY names part and rule. */
PktPublicPart *pkt_publish_part (PktRedactor *r, const char *name, const char *type,
                                 const char *bytes, gsize n, GError **error);
void pkt_public_free (PktPublic *p);
void pkt_public_part_free (PktPublicPart *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktPublic, pkt_public_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktPublicPart, pkt_public_part_free)
