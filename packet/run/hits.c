#include "packet/run/hits.h"
#include "packet/redact/key.h"

void
pkt_hits_note (GHashTable *hits, PktSlice recipient)
{
  g_autofree char *text = pkt_slice_utf8 (recipient);
  if (text == NULL || *text == '\0')
    return;
  char *lower = g_ascii_strdown (text, -1);
  gpointer count = g_hash_table_lookup (hits, lower);
  if (count == NULL && g_hash_table_size (hits) >= PKT_HITS_MAX)
    g_free (lower);
  else
    g_hash_table_insert (hits, lower, GUINT_TO_POINTER (GPOINTER_TO_UINT (count) + 1));
}

typedef struct {
  const char *recipient;
  guint count;
} Hit;

static int
compare_hits (gconstpointer x, gconstpointer y)
{
  const Hit *a = x, *b = y;
  if (a->count != b->count)
    return a->count > b->count ? -1 : 1;
  return strcmp (a->recipient, b->recipient);
}

gboolean
pkt_hits_tell (GHashTable *hits, PktTrend *trend, GError **error)
{
  guint8 key[PKT_KEY_BYTES];
  const PktRedactScope scope = { NULL, NULL };
  g_autoptr (GArray) sorted = g_array_new (FALSE, FALSE, sizeof (Hit));
  GHashTableIter iter;
  gpointer recipient, count;
  if (g_hash_table_size (hits) == 0)
    return TRUE;
  if (!pkt_key_load ("default", NULL, key, error))
    return FALSE;
  g_hash_table_iter_init (&iter, hits);
  while (g_hash_table_iter_next (&iter, &recipient, &count)) {
    const Hit h = { recipient, GPOINTER_TO_UINT (count) };
    g_array_append_val (sorted, h);
  }
  g_array_sort (sorted, compare_hits);
  g_autoptr (PktRedactor) redactor = pkt_redactor_new (key, &scope);
  for (guint i = 0; i < sorted->len && i < PKT_HITS_SHOWN; i++) {
    const Hit *h = &g_array_index (sorted, Hit, i);
    pkt_redactor_add_recipient (redactor, pkt_slice_str (h->recipient));
    g_autofree char *mark = pkt_redact_recipient (redactor, pkt_slice_str (h->recipient));
    pkt_trend_add_hit (trend, mark, h->count);
  }
  return TRUE;
}
