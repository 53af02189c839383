#pragma once
#include "packet/base/slice.h"

/* "[token:43,base64url]": length and class of a value that must not leave; appended. */
void pkt_token_append (GString *out, PktSlice value);
/* Long or random enough to name a reader: a path segment or host label. */
gboolean pkt_token_like (PktSlice s);
/* A URL or mailto: as scheme, host and the classes of the rest; appended. */
void pkt_token_append_url (GString *out, PktSlice url);
