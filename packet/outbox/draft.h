#pragma once
#include <glib.h>

/* draft.eml as it lies in a Drafts mailbox: without X-Unsent, which only files need, and with a
 * Date
 * (`now`, microseconds UTC), by which clients sort; every other byte as it was. */
GBytes *pkt_draft_dated (GBytes *draft, gint64 now);

typedef struct {
  char *from, *to, *message_id; /* addresses without names; the id without <>, NULL in a draft */
} PktEnvelope;

/* From whom and to whom a message says that it goes. PKT_ERROR_DATA unless From and To name one
 * address each and there is no Cc or Bcc. */
PktEnvelope *pkt_envelope_read (GBytes *message, const char *file, GError **error);
void pkt_envelope_free (PktEnvelope *e);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktEnvelope, pkt_envelope_free)
