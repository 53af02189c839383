#include "packet/trend/tally-replies.h"

struct PktTallyReplies {
  GArray *kinds;   /* borrowed */
  GHashTable *ids; /* "rule\ntext" -> id */
  GHashTable *now; /* id -> the one that it fell together with */
};

PktTallyReplies *
pkt_tally_replies_new (GArray *kinds)
{
  PktTallyReplies *r = g_new0 (PktTallyReplies, 1);
  r->kinds = kinds;
  r->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->now = g_hash_table_new (NULL, NULL);
  return r;
}

void
pkt_tally_replies_free (PktTallyReplies *r)
{
  g_hash_table_unref (r->ids);
  g_hash_table_unref (r->now);
  g_free (r);
}

static char *
key_of (const PktReplyKind *kind, const char *text)
{
  return g_strdup_printf ("%s\n%s", kind->rule ? kind->rule : "", text ? text : "");
}

static PktReplyKind *
kind_at (const PktTallyReplies *r, guint16 id)
{
  return &g_array_index (r->kinds, PktReplyKind, id - 1);
}

guint16
pkt_tally_replies_settled (const PktTallyReplies *r, guint16 id)
{
  gpointer now;
  while ((now = g_hash_table_lookup (r->now, GUINT_TO_POINTER (id))))
    id = (guint16)GPOINTER_TO_UINT (now);
  return id;
}

gboolean
pkt_tally_replies_fell_together (const PktTallyReplies *r)
{
  return g_hash_table_size (r->now) > 0;
}

guint16
pkt_tally_replies_id (PktTallyReplies *r, const PktReplyKind *kind)
{
  char *key = key_of (kind, kind->text);
  guint id = GPOINTER_TO_UINT (g_hash_table_lookup (r->ids, key));
  if (id == 0 && r->kinds->len < G_MAXUINT16 - 1) {
    PktReplyKind copy = *kind;
    copy.rule = g_strdup (kind->rule);
    copy.tag = g_strdup (kind->tag);
    copy.enhanced = g_strdup (kind->enhanced);
    copy.text = g_strdup (kind->text);
    g_array_append_val (r->kinds, copy);
    id = r->kinds->len;
    g_hash_table_insert (r->ids, g_steal_pointer (&key), GUINT_TO_POINTER (id));
  }
  g_free (key);
  return pkt_tally_replies_settled (r, (guint16)id);
}

const char *
pkt_tally_replies_text (const PktTallyReplies *r, guint16 id)
{
  return id ? kind_at (r, id)->text : NULL;
}

guint16
pkt_tally_replies_show (PktTallyReplies *r, guint16 id, const char *text)
{
  PktReplyKind *kind = kind_at (r, id);
  char *key = key_of (kind, text);
  const guint16 other = pkt_tally_replies_settled (
      r, (guint16)GPOINTER_TO_UINT (g_hash_table_lookup (r->ids, key)));
  g_free (kind->text);
  kind->text = NULL;
  if (other && other != id) {
    g_free (key);
    g_hash_table_insert (r->now, GUINT_TO_POINTER (id), GUINT_TO_POINTER (other));
    return other;
  }
  kind->text = g_strdup (text);
  g_hash_table_replace (r->ids, key, GUINT_TO_POINTER (id));
  return id;
}
