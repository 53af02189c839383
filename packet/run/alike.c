#include "packet/run/alike.h"

#define MAX_ALIKE 1000  /* with one digest: whoever is told of more often is told apart no more */
#define MAX_LOOKS 20000 /* for one that tells again */

typedef struct {
  PktAlikeTold told;
  PktStamp stamp;
  gboolean taken;
  PktAlikeTold by; /* whom it stands for… */
  GPtrArray *list; /* …among these */
  guint asked;     /* the search that came by last */
} Noted;

struct PktAlike {
  GPtrArray *all;    /* Noted* */
  guint resolved;    /* of them: those of earlier sources */
  GHashTable *lists; /* digest -> GPtrArray of Noted*, borrowed */
  guint searches, looks;
};

PktAlike *
pkt_alike_new (void)
{
  PktAlike *a = g_new0 (PktAlike, 1);
  a->all = g_ptr_array_new_with_free_func (g_free);
  a->lists = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                    (GDestroyNotify)g_ptr_array_unref);
  return a;
}

void
pkt_alike_free (PktAlike *a)
{
  g_hash_table_unref (a->lists);
  g_ptr_array_unref (a->all);
  g_free (a);
}

void
pkt_alike_note (PktAlike *a, const PktAlikeTold *told, PktStamp stamp,
                const guint64 digests[PKT_N_ALIKE])
{
  Noted *n = g_new0 (Noted, 1);
  n->told = *told;
  n->told.time = PKT_NO_TIME;
  n->stamp = stamp;
  g_ptr_array_add (a->all, n);
  for (guint i = 0; i < PKT_N_ALIKE; i++) {
    GPtrArray *list = digests[i] ? g_hash_table_lookup (a->lists, &digests[i]) : NULL;
    if (digests[i] && list == NULL) {
      list = g_ptr_array_new ();
      g_hash_table_insert (a->lists, g_memdup2 (&digests[i], sizeof digests[i]), list);
    }
    if (list && list->len < MAX_ALIKE)
      g_ptr_array_add (list, n);
  }
}

/* How far apart they are; more than PKT_ALIKE_NEAR where they are not one. */
static gint64
apart (const Noted *n, const PktAlikeTold *by)
{
  if (n->told.time == PKT_NO_TIME || n->told.kind == by->kind || (n->told.has_id && by->has_id))
    return G_MAXINT64;
  return ABS (n->told.time - by->time);
}

static gboolean
take (Noted *n, const PktAlikeTold *by, GPtrArray *list)
{
  n->taken = TRUE;
  n->by = *by;
  n->list = list;
  return TRUE;
}

/* The nearest that is free. */
static gboolean
take_nearest (PktAlike *a, const PktAlikeTold *by, GPtrArray *list)
{
  Noted *found = NULL;
  gint64 best = PKT_ALIKE_NEAR + 1;
  a->looks += list->len;
  for (guint i = 0; i < list->len; i++) {
    Noted *n = g_ptr_array_index (list, i);
    const gint64 far = n->taken ? G_MAXINT64 : apart (n, by);
    if (far < best) {
      best = far;
      found = n;
    }
  }
  return found && take (found, by, list);
}

/* Where the near ones are taken, the one that took such a one may have another. */
static gboolean
take_some (PktAlike *a, const PktAlikeTold *by, GPtrArray *list)
{
  if (a->looks > MAX_LOOKS)
    return FALSE;
  if (take_nearest (a, by, list))
    return TRUE;
  for (guint i = 0; i < list->len; i++) {
    Noted *n = g_ptr_array_index (list, i);
    if (n->asked == a->searches || apart (n, by) > PKT_ALIKE_NEAR)
      continue;
    n->asked = a->searches;
    const PktAlikeTold before = n->by;
    if (take_some (a, &before, n->list))
      return take (n, by, list);
  }
  return FALSE;
}

gboolean
pkt_alike_again (PktAlike *a, const PktAlikeTold *told, guint64 digest)
{
  GPtrArray *list = digest ? g_hash_table_lookup (a->lists, &digest) : NULL;
  if (list == NULL || told->time == PKT_NO_TIME)
    return FALSE;
  a->searches++;
  a->looks = 0;
  return take_some (a, told, list);
}

void
pkt_alike_end_source (PktAlike *a, const PktStampRule *rule)
{
  for (; a->resolved < a->all->len; a->resolved++) {
    Noted *n = g_ptr_array_index (a->all, a->resolved);
    n->told.time = pkt_stamp_resolve (n->stamp, rule);
  }
}
