#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* What a format remembers of messages between their lines, also from one rotated file to the next:
 * recipients of a message whose results name none, the host that a session is with. Bounded: the
 * oldest message is forgotten for a new one. */
typedef struct PktMemory PktMemory;

#define PKT_MEMORY_MAX 65536                    /* messages */
#define PKT_MEMORY_MAX_BYTES (64 * 1024 * 1024) /* of all their texts, recipients and marks */
#define PKT_MEMORY_MAX_RECIPIENTS 1000          /* of a message; as many marks */
#define PKT_MEMORY_MAX_TEXT 2048                /* bytes of a text */

typedef struct {
  char *sender; /* NULL: not known; "" is <> */
  char *message_id, *host, *ip, *local_ip, *reply, *other;
  GPtrArray *recipients; /* char*; NULL: none */
  GHashTable *known;     /* hashes of recipients */
  guint64 mark;          /* whatever the format wants to find again: the first one, 0: none, */
  GHashTable *marks;     /* and guint64: further ones, as few messages have */
  guint state;           /* the format's own */
  gsize *bytes;          /* of the memory that it is in */
} PktRemembered;

PktMemory *pkt_memory_new (void);
void pkt_memory_free (PktMemory *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktMemory, pkt_memory_free)

gboolean pkt_memory_is_empty (const PktMemory *m);

/* By id within a scope (host, instance; may be empty). NULL when there is none. Good until the next
 * pkt_memory_take() or pkt_memory_drop(). */
PktRemembered *pkt_memory_find (PktMemory *m, PktSlice scope, PktSlice id);
/* The same by pkt_queue_key() of both. */
PktRemembered *pkt_memory_find_key (PktMemory *m, guint64 key);
void pkt_memory_drop_key (PktMemory *m, guint64 key);
/* Adds it where there is none. */
PktRemembered *pkt_memory_take (PktMemory *m, PktSlice scope, PktSlice id);
PktRemembered *pkt_memory_take_key (PktMemory *m, guint64 key);
void pkt_memory_drop (PktMemory *m, PktSlice scope, PktSlice id);
/* Calls tell for each message, the oldest first. */
void pkt_memory_each (const PktMemory *m,
                      void (*tell) (guint64 key, const PktRemembered *message, gpointer data),
                      gpointer data);

/* *field, a text of r, becomes a copy, cut at PKT_MEMORY_MAX_TEXT; the absent slice makes it NULL.
 */
void pkt_remember (PktRemembered *r, char **field, PktSlice value);
/* Adds an address that is not there yet (case folded). */
void pkt_remember_recipient (PktRemembered *r, PktSlice address);
gboolean pkt_remembers_recipient (const PktRemembered *r, PktSlice address);
void pkt_forget_recipients (PktRemembered *r);
/* TRUE when the mark is new. */
gboolean pkt_remember_mark (PktRemembered *r, guint64 mark);
gboolean pkt_remembers_mark (const PktRemembered *r, guint64 mark);
/* Remembers the mark and the second in which it was new. TRUE when it was known, and of another
 * second: a line of the same one is read once more, in a copy of the log. */
gboolean pkt_remember_again (PktRemembered *r, guint64 mark, gint64 second);
