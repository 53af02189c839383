#pragma once
#include "packet/base/slice.h"

/* Whether an id of a mail (a Message-ID, a sending service's own) was made of the address of its
 * own recipient: holds a digest of it or of its local part (MD5, SHA-1, SHA-2, SHA-3; twelve hex
 * digits are enough, or as many characters of base64 or base32), or either in base58 or base85.
 * What any recipient's address is found by in a text is pkt_redact_message_id_is_safe (). */
gboolean pkt_own_id_tells (PktSlice id, PktSlice recipient);

/* Stands the recipient's local part in this Message-ID, however short, between signs:
 * "<4711.nino@…>" of nino@ or nino+shop@? What roles are called is in many ids. */
gboolean pkt_own_id_names (PktSlice id, PktSlice recipient);

/* The same of any of a mail's recipients (char*). */
gboolean pkt_own_id_tells_one_of (const GPtrArray *recipients, const char *value);
/* Letters of one, moved, mirrored or backwards. In a long value letters follow each other so by
 * chance: for what is made for one mail. */
gboolean pkt_own_id_tells_shifted (const GPtrArray *recipients, const char *value);
/* Is this id made of one of them, by a digest, moved letters or a word of a local part? */
gboolean pkt_own_id_tells_reader (const GPtrArray *recipients, const char *id);
