/* Loki gives a list for each set of labels, one after the other, and each from its newest line on:
 * of Postfix's, one for each of its programs. A message's life is in several. */
#include <stdlib.h>
#include "packet/log/json-page.h"

#define MAX_HELD (16 * 1024 * 1024) /* bytes: what is more stays in the order it came in */

typedef struct {
  gint64 time;
  gsize at, n; /* of the line, its end too */
  gint64 place;
} Held;

struct PktPageOrder {
  GString *lines;
  GArray *held; /* Held */
  gboolean over;
};

PktPageOrder *
pkt_page_order_new (void)
{
  PktPageOrder *o = g_new0 (PktPageOrder, 1);
  o->lines = g_string_new (NULL);
  o->held = g_array_new (FALSE, FALSE, sizeof (Held));
  return o;
}

void
pkt_page_order_free (PktPageOrder *o)
{
  g_string_free (o->lines, TRUE);
  g_array_free (o->held, TRUE);
  g_free (o);
}

static void
give_up (PktPageOrder *o, GString *out)
{
  o->over = TRUE;
  g_string_append_len (out, o->lines->str, (gssize)o->lines->len);
  g_string_free (o->lines, TRUE);
  o->lines = g_string_new (NULL);
  g_array_set_size (o->held, 0);
}

void
pkt_page_order_add (PktPageOrder *o, gint64 time, gsize from, GString *out)
{
  if (o->over)
    return;
  const Held held = { time, o->lines->len, out->len - from, (gint64)o->held->len };
  g_array_append_val (o->held, held);
  g_string_append_len (o->lines, out->str + from, (gssize)held.n);
  g_string_truncate (out, from);
  if (o->lines->len > MAX_HELD)
    give_up (o, out);
}

static int
compare (gconstpointer x, gconstpointer y)
{
  const Held *a = x, *b = y;
  return a->time != b->time ? (a->time > b->time) - (a->time < b->time)
                            : (a->place > b->place) - (a->place < b->place);
}

/* Lines of one time stand the way round that the others do. */
static void
turn_places (GArray *held)
{
  guint back = 0, forth = 0;
  for (guint i = 1; i < held->len; i++) {
    const Held *h = &g_array_index (held, Held, i);
    back += h->time < h[-1].time;
    forth += h->time > h[-1].time;
  }
  for (guint i = 0; back > forth && i < held->len; i++)
    g_array_index (held, Held, i).place *= -1;
}

void
pkt_page_order_end (PktPageOrder *o, GString *out)
{
  turn_places (o->held);
  g_array_sort (o->held, compare);
  for (guint i = 0; i < o->held->len; i++) {
    const Held *h = &g_array_index (o->held, Held, i);
    g_string_append_len (out, o->lines->str + h->at, (gssize)h->n);
  }
  g_array_set_size (o->held, 0);
}
