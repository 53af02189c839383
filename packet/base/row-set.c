#include "packet/base/row-set.h"
#include "packet/base/slice.h"

#define FIRST_SIZE 64 /* places of the index */

struct PktRowSet {
  gsize row_bytes, key_bytes;
  GArray *rows;
  guint32 *index; /* row + 1, 0: free; open addressing, linear probing, two thirds full at most */
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

static guint32
place_of (PktRowSet *s, gconstpointer row)
{
  guint32 i = (guint32)pkt_slice_hash (pkt_slice (row, s->key_bytes), 0) & s->mask;
  while (s->index[i] && memcmp (pkt_row_set_at (s, s->index[i] - 1), row, s->key_bytes) != 0)
    i = (i + 1) & s->mask;
  return i;
}

static void
grow (PktRowSet *s)
{
  g_free (s->index);
  s->mask = s->mask * 2 + 1;
  s->index = g_new0 (guint32, (gsize)s->mask + 1);
  for (guint32 row = 0; row < s->rows->len; row++)
    s->index[place_of (s, pkt_row_set_at (s, row))] = row + 1;
}

guint32
pkt_row_set_add (PktRowSet *s, gconstpointer row, gboolean *is_new)
{
  guint32 place = place_of (s, row);
  *is_new = s->index[place] == 0;
  if (*is_new) {
    g_array_append_vals (s->rows, row, 1);
    s->index[place] = s->rows->len;
    if (s->rows->len > s->mask / 3 * 2)
      grow (s);
    return s->rows->len - 1;
  }
  return s->index[place] - 1;
}

void
pkt_row_set_empty (PktRowSet *s)
{
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
