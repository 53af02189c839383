#pragma once
#include "packet/bounce/dsn.h"
#include "packet/bounce/parts.h"

/* Of a report in which nothing that counts names Apple: another receiver's recipients need neither
 * the text for people nor the returned message, which are half of the work. Used inside
 * packet/bounce only. */

/* A report of RFC 3464 in the mail's own bytes. */
gboolean pkt_dsn_is_plain (const PktBounceParts *parts);
/* Header, text and status of one, and what stands between: the returned message is behind them. */
PktSlice pkt_dsn_counts (const PktBounceParts *parts);
/* Whether a host of Apple's without a domain may stand there, as some senders write it, which no
 * look at dots finds: "p00-iscream-smtp-6f5c". */
gboolean pkt_dsn_may_name_pod (PktSlice bytes);
/* FALSE: the status alone does not tell what counts, or `brief` says so. */
gboolean pkt_dsn_read_brief (PktBounceParts *parts, PktDsnBrief brief, gpointer data);
