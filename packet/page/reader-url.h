#pragma once
#include <glib.h>

/* Who is known as a reader of a page, for its addresses; each may be NULL. */
typedef struct {
  const GPtrArray *names;      /* char*: "Jane Quill", in any case and joined by any sign */
  const GPtrArray *recipients; /* char*: addresses */
} PktReaders;

/* Whether an address, or a part of one, names one of them: by a word of a name, by all of it in one
 * word, or by a digest of the local part or of the address (twelve hex digits of MD5, SHA-1 or
 * SHA-2 are enough). */
gboolean pkt_readers_in_url (const PktReaders *readers, const char *url);
