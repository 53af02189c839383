#pragma once
#include <glib.h>

/* Rows of one size that are told apart by their first bytes, one after the other in memory: a few
 * bytes each beside the row itself, where a GHashTable takes fifty. */
typedef struct PktRowSet PktRowSet;

/* Bytes of a row, and of these the key at its beginning; padding in the key counts. */
PktRowSet *pkt_row_set_new (gsize row_bytes, gsize key_bytes);
/* The row with the key of `row`, which is copied into the set when there was none. Index, kept by
 * the row until the set is emptied. */
guint32 pkt_row_set_add (PktRowSet *s, gconstpointer row, gboolean *is_new);
/* The row with the key of `row`; NULL: there is none. Borrowed until the next row is added. */
gpointer pkt_row_set_find (PktRowSet *s, gconstpointer row);
/* Borrowed until the next row is added. */
gpointer pkt_row_set_at (PktRowSet *s, guint32 index);
guint32 pkt_row_set_size (const PktRowSet *s);
void pkt_row_set_empty (PktRowSet *s);
/* All rows, caller's; the set is gone. */
GArray *pkt_row_set_take (PktRowSet *s);
void pkt_row_set_free (PktRowSet *s);
