#pragma once
#include <glib.h>

/* Who is known as a reader of a page, for addresses in it. */
typedef struct PktReaders PktReaders;

/* `names`: char*, "Jane Quill"; `recipients`: char*, their addresses. Either may be NULL; nothing
 * is kept of them. */
PktReaders *pkt_readers_new (const GPtrArray *names, const GPtrArray *recipients);
void pkt_readers_free (PktReaders *readers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktReaders, pkt_readers_free)

/* Whether an address, or a part of one, names one of them: by a word of a name in any case, by all
 * of it in one word, or by a digest of the local part or of the address (twelve hex digits of MD5,
 * SHA-1 or SHA-2 are enough). */
gboolean pkt_readers_in_url (const PktReaders *readers, const char *url);
