#include "packet/run/copies.h"
#include "packet/base/digest-set.h"

#define NEAR 2 /* seconds between two loggers' stamps of one line */
#define SLOT (2 * NEAR)
#define QUARTER (15 * 60)

/* What the log being read told in a quarter of an hour. */
typedef struct {
  gint64 at;
  guint own, copied;
} Quarter;

struct PktCopies {
  GTimeZone *zone;
  PktDigestSet *written; /* by hash and slot: what the logs before told */
  GArray *writing;       /* guint64: the same of the one being read */
  GTree *quarters;       /* Quarter by time, itself the key */
  GPtrArray *formats;    /* const char*: of logs that told of what has an id in any format */
  Quarter *last;
  gboolean any_copied;
};

static int
by_time (gconstpointer a, gconstpointer b, gpointer unused)
{
  (void)unused;
  const gint64 x = ((const Quarter *)a)->at, y = ((const Quarter *)b)->at;
  return (x > y) - (x < y);
}

PktCopies *
pkt_copies_new (GTimeZone *zone)
{
  PktCopies *c = g_new0 (PktCopies, 1);
  c->zone = zone;
  c->written = pkt_digest_set_new ();
  c->writing = g_array_new (FALSE, FALSE, sizeof (guint64));
  c->formats = g_ptr_array_new ();
  c->quarters = g_tree_new_full (by_time, NULL, g_free, NULL);
  return c;
}

void
pkt_copies_free (PktCopies *c)
{
  pkt_digest_set_free (c->written);
  g_array_unref (c->writing);
  g_ptr_array_unref (c->formats);
  g_tree_unref (c->quarters);
  g_free (c);
}

static guint64
digest (guint64 hash, gint64 second)
{
  const gint64 slot = second / SLOT;
  return pkt_slice_hash (pkt_slice ((const char *)&slot, sizeof slot), hash);
}

/* What is NEAR lies in the slot of one of the two. */
gboolean
pkt_copies_told (PktCopies *c, guint64 hash, PktStamp stamp)
{
  const gint64 second = pkt_stamp_wall_second (stamp, c->zone);
  const gboolean told = pkt_digest_set_has (c->written, digest (hash, second - NEAR))
                        || pkt_digest_set_has (c->written, digest (hash, second + NEAR));
  if (!told) {
    const guint64 own = digest (hash, second);
    g_array_append_val (c->writing, own);
  }
  return told;
}

gboolean
pkt_copies_told_apart (PktCopies *c, guint64 own, guint64 theirs, PktStamp stamp)
{
  const gint64 second = pkt_stamp_wall_second (stamp, c->zone);
  const guint64 ours = digest (own, second);
  g_array_append_val (c->writing, ours);
  return pkt_digest_set_has (c->written, digest (theirs, second - NEAR))
         || pkt_digest_set_has (c->written, digest (theirs, second + NEAR));
}

gboolean
pkt_copies_told_elsewhere (PktCopies *c, guint64 hash, PktStamp stamp, const char *format)
{
  const gint64 second = pkt_stamp_wall_second (stamp, c->zone);
  gboolean own = format == NULL, told = FALSE;
  for (guint i = 0; i < c->formats->len; i++) {
    const char *f = g_ptr_array_index (c->formats, i);
    const guint64 theirs = pkt_slice_hash (pkt_slice_str (f), hash);
    if (g_strcmp0 (f, format) == 0)
      own = TRUE;
    else
      told = told || pkt_digest_set_has (c->written, digest (theirs, second - NEAR))
             || pkt_digest_set_has (c->written, digest (theirs, second + NEAR));
  }
  if (!own)
    g_ptr_array_add (c->formats, (gpointer)format);
  const guint64 ours = digest (pkt_slice_hash (pkt_slice_str (format), hash), second);
  g_array_append_val (c->writing, ours);
  return told;
}

void
pkt_copies_note (PktCopies *c, PktStamp stamp, gboolean copied)
{
  const Quarter wanted = { .at = pkt_stamp_wall_second (stamp, c->zone) / QUARTER };
  if (c->last == NULL || c->last->at != wanted.at)
    c->last = g_tree_lookup (c->quarters, &wanted);
  if (c->last == NULL) {
    c->last = g_new (Quarter, 1);
    *c->last = wanted;
    g_tree_insert (c->quarters, c->last, c->last);
  }
  c->last->own += !copied;
  c->last->copied += copied;
  c->any_copied |= copied;
}

/* The quarter of an hour in which something was told that is the nearest to `at`, by times; NULL.
 */
static const Quarter *
nearest (const PktCopies *c, gint64 at)
{
  const Quarter wanted = { .at = at };
  GTreeNode *after = g_tree_lower_bound (c->quarters, &wanted),
            *before = after ? g_tree_node_previous (after) : g_tree_node_last (c->quarters);
  const Quarter *next = after ? g_tree_node_value (after) : NULL,
                *last = before ? g_tree_node_value (before) : NULL;
  if (next == NULL || last == NULL)
    return next ? next : last;
  return next->at - at <= at - last->at ? next : last;
}

gboolean
pkt_copies_is_copy (const PktCopies *c, PktStamp slot)
{
  if (!c->any_copied)
    return FALSE;
  const Quarter *q = nearest (c, pkt_stamp_wall_second (slot, c->zone) / QUARTER);
  return q->copied > 9 * q->own; /* a tenth may be its own */
}

void
pkt_copies_end_source (PktCopies *c)
{
  for (guint i = 0; i < c->writing->len; i++)
    pkt_digest_set_add (c->written, g_array_index (c->writing, guint64, i));
  g_array_set_size (c->writing, 0);
  g_tree_remove_all (c->quarters);
  c->last = NULL;
  c->any_copied = FALSE;
}
