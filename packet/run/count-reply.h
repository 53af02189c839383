#pragma once
#include "packet/apple/catalogue.h"
#include "packet/model/attempt.h"
#include "packet/trend/tally-build.h"

/* What Apple's replies say and which kind of them they are. Most are some earlier one's words, so
 * the last ones are remembered. */
typedef struct PktReplies PktReplies;

/* accepted: of accepted mail, too. Both live longer. */
PktReplies *pkt_replies_new (const PktCatalogue *catalogue, PktTallyBuild *tally,
                             gboolean accepted);
void pkt_replies_free (PktReplies *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktReplies, pkt_replies_free)

/* Slices of *out live until the next call, or as long as the attempt's reply. */
void pkt_replies_read (PktReplies *r, const PktAttempt *a, PktVerdict *out);
/* The kind that a cell counts; v: of the same attempt. */
guint16 pkt_replies_kind (PktReplies *r, const PktAttempt *a, const PktVerdict *v);

/* Replies of other receivers that count together: the category, and above its eight bits whether it
 * is a policy. From any thread. */
guint16 pkt_reply_sort (PktSlice reply);
