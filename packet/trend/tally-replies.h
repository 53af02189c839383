#pragma once
#include "packet/model/tally.h"

/* Kinds of replies while a table is made, each known by its rule and its text. Ids are index + 1
 * into `kinds`, PktReplyKind, which is borrowed. */
typedef struct PktTallyReplies PktTallyReplies;

PktTallyReplies *pkt_tally_replies_new (GArray *kinds);
void pkt_tally_replies_free (PktTallyReplies *r);

/* The kind with that rule and text; copied when there was none. 0: there are too many. */
guint16 pkt_tally_replies_id (PktTallyReplies *r, const PktReplyKind *kind);
/* Valid until a kind is added or changed. */
const char *pkt_tally_replies_text (const PktTallyReplies *r, guint16 id);
/* Shows the kind with another text; what is met with its old one stays of this kind. The id that it
 * has from now on: another's, where one has that text already. */
guint16 pkt_tally_replies_show (PktTallyReplies *r, guint16 id, const char *text);
/* The id that counts for one handed out before. */
guint16 pkt_tally_replies_settled (const PktTallyReplies *r, guint16 id);
/* Whether ids that were handed out fell together with others. */
gboolean pkt_tally_replies_fell_together (const PktTallyReplies *r);
