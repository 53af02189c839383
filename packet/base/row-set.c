#include "packet/base/row-set.h"
#include "packet/base/slice.h"

#define FIRST_SIZE 64 /* places of the index */

struct PktRowSet {
  gsize row_bytes, key_bytes;
  GArray *rows;
  /* Open addressing, linear probing, two thirds full at most; 0: free. Under the mask row + 1,
   * above it what there is room for of the key's hash: rows that differ are hardly ever looked at.
   */
  guint32 *index;
  guint32 mask;
};

PktRowSet *
pkt_row_set_new (gsize row_bytes, gsize key_bytes)
{
  PktRowSet *s = g_new0 (PktRowSet, 1);
  s->row_bytes = row_bytes;
  s->key_bytes = key_bytes;
  s->rows = g_array_new (FALSE, FALSE, (guint)row_bytes);
  s->mask = FIRST_SIZE - 1;
  s->index = g_new0 (guint32, FIRST_SIZE);
  return s;
}

gpointer
pkt_row_set_at (PktRowSet *s, guint32 index)
{
  return s->rows->data + index * s->row_bytes;
}

guint32
pkt_row_set_size (const PktRowSet *s)
{
  return s->rows->len;
}

static inline guint32
row_in (const PktRowSet *s, guint32 place)
{
  return (s->index[place] & s->mask) - 1;
}

/* *tag: what stands above the mask there, or is to. */
static guint32
place_of (PktRowSet *s, gconstpointer row, guint32 *tag)
{
  const guint64 hash = pkt_slice_hash (pkt_slice (row, s->key_bytes), 0);
  guint32 i = (guint32)hash & s->mask;
  *tag = (guint32)(hash >> 32) & ~s->mask;
  while (s->index[i]
         && ((s->index[i] & ~s->mask) != *tag
             || !pkt_bytes_same (pkt_row_set_at (s, row_in (s, i)), row, s->key_bytes)))
    i = (i + 1) & s->mask;
  return i;
}

static void
set_place (PktRowSet *s, guint32 row)
{
  guint32 tag, place = place_of (s, pkt_row_set_at (s, row), &tag);
  s->index[place] = tag | (row + 1);
}

static void
grow (PktRowSet *s)
{
  g_free (s->index);
  s->mask = s->mask * 2 + 1;
  s->index = g_new0 (guint32, (gsize)s->mask + 1);
  for (guint32 row = 0; row < s->rows->len; row++)
    set_place (s, row);
}

guint32
pkt_row_set_add (PktRowSet *s, gconstpointer row, gboolean *is_new)
{
  guint32 tag, place = place_of (s, row, &tag);
  *is_new = s->index[place] == 0;
  if (!*is_new)
    return row_in (s, place);
  g_array_append_vals (s->rows, row, 1);
  s->index[place] = tag | s->rows->len;
  if (s->rows->len > s->mask / 3 * 2)
    grow (s);
  return s->rows->len - 1;
}

gpointer
pkt_row_set_find (PktRowSet *s, gconstpointer row)
{
  guint32 tag, place = place_of (s, row, &tag);
  return s->index[place] ? pkt_row_set_at (s, row_in (s, place)) : NULL;
}

void
pkt_row_set_empty (PktRowSet *s)
{
  if (s->mask == FIRST_SIZE - 1) { /* as a source of few rows leaves it: there may be thousands */
    g_array_set_size (s->rows, 0);
    memset (s->index, 0, FIRST_SIZE * sizeof *s->index);
    return;
  }
  g_array_unref (s->rows);
  g_free (s->index);
  s->rows = g_array_new (FALSE, FALSE, (guint)s->row_bytes);
  s->mask = FIRST_SIZE - 1;
  s->index = g_new0 (guint32, FIRST_SIZE);
}

GArray *
pkt_row_set_take (PktRowSet *s)
{
  GArray *rows = g_steal_pointer (&s->rows);
  g_free (s->index);
  g_free (s);
  return rows;
}

void
pkt_row_set_free (PktRowSet *s)
{
  g_array_unref (pkt_row_set_take (s));
}
