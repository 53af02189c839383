#pragma once
#include "packet/bounce/dsn.h"
#include "packet/bounce/parts.h"

/* Of a report in which nothing that counts names Apple: another receiver's recipients need neither
 * the text for people nor the returned message, which are half of the work. Used inside
 * packet/bounce only. */

/* A report of RFC 3464 in the mail's own bytes, in which neither header nor text nor status names
 * Apple or a page of its. */
gboolean pkt_dsn_is_elsewhere (const PktBounceParts *parts, const PktAppleLook *look);
/* FALSE: the status alone does not tell what counts, or `brief` says so. */
gboolean pkt_dsn_read_brief (PktBounceParts *parts, PktDsnBrief brief, gpointer data);
