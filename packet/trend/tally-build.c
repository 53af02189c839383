#include "packet/trend/tally-build.h"
#include "packet/base/digest-set.h"
#include "packet/base/row-set.h"
#include "packet/trend/tally-copies.h"
#include "packet/trend/tally-run.h"
#include "packet/trend/tally-sort.h"

/* A cell of one source: the slot still in the source's own clock. `part` tells which side of
 * --since and --until inside the slot an attempt fell on; that needs no year and no zone, since all
 * zones differ by whole slots. */
typedef struct {
  PktCellKey key;
  guint8 kind; /* PktStampKind */
  guint8 part;
} LocalKey;

/* First and last: microseconds inside the slot, fifteen minutes. */
typedef struct {
  LocalKey local;
  guint32 first, last;
  guint64 count, fingerprint;
} LocalCell;

#define N_RECENT 1024
#define N_KNOWN 512 /* names that are kept as they were written: sending IPs mostly */
#define KNOWN_BYTES 45

struct PktTallyBuild {
  gint64 since, until;
  PktRowSet *local;         /* LocalCell */
  guint32 recent[N_RECENT]; /* index + 1 of those counted lately, by hash: mostly among them */
  PktRowSet *cells;         /* PktCell */
  guint32 recent_cells[N_RECENT]; /* the same of these */
  PktRowSet *copies;              /* PktCell: of a source that ends; empty between */
  GArray *fresh;                  /* guint64: likewise, cells that are new to `seen` */
  PktDigestSet *seen;   /* cells of other receivers already counted, with their fingerprints */
  GHashTable *name_ids; /* char* -> id */
  PktTallyReplies *replies;
  struct {
    guint16 id;
    guint8 n; /* 0: none */
    char text[KNOWN_BYTES];
  } known[N_KNOWN];
  PktTally *tally;
};

static PktSlice
key_bytes (const PktCellKey *k)
{
  return pkt_slice ((const char *)k, sizeof *k);
}

static guint64
local_hash (const LocalKey *k)
{
  return pkt_slice_hash (pkt_slice ((const char *)k, sizeof *k), 0);
}

PktTallyBuild *
pkt_tally_build_new (gint64 since, gint64 until)
{
  PktTallyBuild *b = g_new0 (PktTallyBuild, 1);
  b->since = since;
  b->until = until;
  b->local = pkt_row_set_new (sizeof (LocalCell), sizeof (LocalKey));
  b->cells = pkt_row_set_new (sizeof (PktCell), sizeof (PktCellKey));
  b->copies = pkt_row_set_new (sizeof (PktCell), sizeof (PktCellKey));
  b->fresh = g_array_new (FALSE, FALSE, sizeof (guint64));
  b->seen = pkt_digest_set_new ();
  b->name_ids = g_hash_table_new (g_str_hash, g_str_equal);
  b->tally = g_new0 (PktTally, 1);
  b->tally->names = g_ptr_array_new_with_free_func (g_free);
  b->tally->replies = g_array_new (FALSE, TRUE, sizeof (PktReplyKind));
  b->replies = pkt_tally_replies_new (b->tally->replies);
  b->tally->first = b->tally->last = PKT_NO_TIME;
  g_ptr_array_add (b->tally->names, g_strdup (""));
  return b;
}

/* A name that is not there yet; bytes that are no UTF-8, or that its end cut, are none in what is
 * kept. */
static guint16
add_name (PktTallyBuild *b, const char *lower)
{
  g_autofree char *valid = g_utf8_make_valid (lower, -1);
  gpointer id = g_hash_table_lookup (b->name_ids, valid);
  const guint next = b->tally->names->len;
  if (id)
    return (guint16)GPOINTER_TO_UINT (id);
  if (next > PKT_TALLY_MAX_NAMES - 1)
    return PKT_TALLY_MAX_NAMES - 1;
  char *owned = next == PKT_TALLY_MAX_NAMES - 1 ? g_strdup ("(more)") : g_steal_pointer (&valid);
  g_ptr_array_add (b->tally->names, owned);
  g_hash_table_insert (b->name_ids, owned, GUINT_TO_POINTER (next));
  return (guint16)next;
}

static guint16
name_id (PktTallyBuild *b, PktSlice name)
{
  char lower[256];
  gsize n = MIN (name.n, sizeof lower - 1);
  for (gsize i = 0; i < n; i++)
    lower[i] = pkt_ascii_lower (name.p[i]);
  lower[n] = '\0';
  gpointer id = g_hash_table_lookup (b->name_ids, lower);
  return id ? (guint16)GPOINTER_TO_UINT (id) : add_name (b, lower);
}

guint16
pkt_tally_build_name (PktTallyBuild *b, PktSlice name)
{
  if (name.n == 0 || name.n > KNOWN_BYTES)
    return name.n ? name_id (b, name) : 0;
  const guint i = (guint)(pkt_slice_hash (name, 0) % N_KNOWN);
  if (b->known[i].n != name.n || !pkt_bytes_same (b->known[i].text, name.p, name.n)) {
    b->known[i].id = name_id (b, name);
    b->known[i].n = (guint8)name.n;
    memcpy (b->known[i].text, name.p, name.n);
  }
  return b->known[i].id;
}

PktTallyReplies *
pkt_tally_build_replies (const PktTallyBuild *b)
{
  return b->replies;
}

static gint64
floor_slot (gint64 us)
{
  return us / PKT_SLOT_US - (us % PKT_SLOT_US < 0);
}

static gint64
in_slot (gint64 us)
{
  return us - floor_slot (us) * PKT_SLOT_US;
}

static LocalCell *
find_local (PktTallyBuild *b, LocalCell *probe, gint64 within)
{
  gboolean is_new;
  guint32 *recent = &b->recent[local_hash (&probe->local) % N_RECENT];
  LocalCell *cell = *recent ? pkt_row_set_at (b->local, *recent - 1) : NULL;
  if (cell
      && pkt_bytes_same ((const char *)&cell->local, (const char *)&probe->local,
                         sizeof probe->local))
    return cell;
  probe->first = probe->last = (guint32)within;
  *recent = pkt_row_set_add (b->local, probe, &is_new) + 1;
  return pkt_row_set_at (b->local, *recent - 1);
}

/* On which side of --since and --until inside its slot. */
static guint8
part_of (const PktTallyBuild *b, gint64 within)
{
  guint8 part = 0;
  if (b->since != PKT_NO_TIME && within >= in_slot (b->since))
    part |= 1;
  if (b->until != PKT_NO_TIME && within > in_slot (b->until))
    part |= 2;
  return part;
}

gboolean
pkt_tally_build_add (PktTallyBuild *b, PktCellKey key, const PktTallySum *sum)
{
  LocalCell probe;
  memset (&probe, 0, sizeof probe); /* padding is part of the key */
  probe.local.key = key;
  probe.local.key.slot = floor_slot (sum->first.us);
  probe.local.kind = (guint8)sum->first.kind;
  gint64 first = sum->first.us - probe.local.key.slot * PKT_SLOT_US,
         last = first + (sum->last_us - sum->first.us);
  probe.local.part = part_of (b, first);
  if (last >= PKT_SLOT_US || part_of (b, last) != probe.local.part)
    return FALSE;
  LocalCell *cell = find_local (b, &probe, first);
  cell->count += sum->n;
  cell->first = MIN (cell->first, (guint32)first);
  cell->last = MAX (cell->last, (guint32)last);
  cell->fingerprint += sum->fingerprint;
  return TRUE;
}

/* Whether a cell whose slot is known in UTC lies inside --since and --until. */
static gboolean
wanted (const PktTallyBuild *b, gint64 slot, guint8 part)
{
  if (b->since != PKT_NO_TIME) {
    gint64 s = floor_slot (b->since);
    if (slot < s || (slot == s && !(part & 1)))
      return FALSE;
  }
  if (b->until != PKT_NO_TIME) {
    gint64 u = floor_slot (b->until);
    if (slot > u || (slot == u && (part & 2)))
      return FALSE;
  }
  return TRUE;
}

static PktCell *
find_cell (PktTallyBuild *b, const PktCell *probe)
{
  gboolean is_new;
  guint32 *recent = &b->recent_cells[pkt_slice_hash (key_bytes (&probe->key), 0) % N_RECENT];
  PktCell *cell = *recent ? pkt_row_set_at (b->cells, *recent - 1) : NULL;
  if (cell
      && pkt_bytes_same ((const char *)&cell->key, (const char *)&probe->key, sizeof probe->key))
    return cell;
  *recent = pkt_row_set_add (b->cells, probe, &is_new) + 1;
  return pkt_row_set_at (b->cells, *recent - 1);
}

/* Of an attempt in UTC whose cell cannot be a copy: it does not have to wait for the source's end.
 */
static void
count_at_once (PktTallyBuild *b, const PktCellKey *key, gint64 us)
{
  PktCell probe;
  memset (&probe, 0, sizeof probe);
  probe.key = *key;
  probe.key.slot = floor_slot (us);
  probe.first = probe.last = us;
  if (!wanted (b, probe.key.slot, part_of (b, in_slot (us))))
    return;
  PktCell *cell = find_cell (b, &probe);
  cell->count++;
  cell->first = MIN (cell->first, us);
  cell->last = MAX (cell->last, us);
}

void
pkt_tally_build_count (PktTallyBuild *b, PktCellKey key, PktStamp stamp, guint64 fingerprint)
{
  if (key.apple && fingerprint == 0 && stamp.kind == PKT_STAMP_UTC) {
    count_at_once (b, &key, stamp.us);
    return;
  }
  const PktTallySum sum = { stamp, stamp.us, 1, fingerprint };
  pkt_tally_build_add (b, key, &sum);
}

PktTallyRun
pkt_tally_run_start (const PktTallyBuild *b, PktStamp stamp)
{
  const gint64 slot = floor_slot (stamp.us) * PKT_SLOT_US, within = in_slot (stamp.us);
  const gint64 cuts[] = { b->since == PKT_NO_TIME ? 0 : in_slot (b->since),
                          b->until == PKT_NO_TIME ? 0 : in_slot (b->until) + 1 };
  PktTallyRun run = { .kind = stamp.kind, .begin = slot, .end = slot + PKT_SLOT_US };
  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++) {
    if (cuts[i] <= within)
      run.begin = MAX (run.begin, slot + cuts[i]);
    else
      run.end = MIN (run.end, slot + cuts[i]);
  }
  run.first = G_MAXINT64;
  run.last = G_MININT64;
  return run;
}

static gboolean
is_copy (PktTallyBuild *b, const PktCellKey *key, guint64 fingerprint)
{
  if (fingerprint == 0)
    return FALSE;
  guint64 h = pkt_slice_hash (key_bytes (key), fingerprint);
  if (pkt_digest_set_has (b->seen, h))
    return TRUE;
  g_array_append_val (b->fresh, h);
  return FALSE;
}

static void
merge (PktRowSet *cells, const PktCell *from)
{
  gboolean is_new;
  PktCell *cell = pkt_row_set_at (cells, pkt_row_set_add (cells, from, &is_new));
  if (is_new)
    return;
  cell->count += from->count;
  cell->first = MIN (cell->first, from->first);
  cell->last = MAX (cell->last, from->last);
}

static void
resolve (PktTallyBuild *b, const LocalCell *local, const PktStampRule *rule, PktRowSet *cells)
{
  const gint64 slot = local->local.key.slot * PKT_SLOT_US;
  const PktStampKind kind = (PktStampKind)local->local.kind;
  PktCell cell;
  memset (&cell, 0, sizeof cell);
  cell.key = local->local.key;
  cell.key.slot = floor_slot (pkt_stamp_resolve ((PktStamp){ slot, kind }, rule));
  cell.first = pkt_stamp_resolve ((PktStamp){ slot + local->first, kind }, rule);
  cell.last = pkt_stamp_resolve ((PktStamp){ slot + local->last, kind }, rule);
  cell.count = (gint64)local->count;
  if (wanted (b, cell.key.slot, local->local.part) && !is_copy (b, &cell.key, local->fingerprint))
    merge (cells, &cell);
}

/* A source's cells are counted lately no more. */
static void
forget_recent (PktTallyBuild *b)
{
  for (guint32 i = 0; i < pkt_row_set_size (b->local); i++) {
    const LocalCell *cell = pkt_row_set_at (b->local, i);
    b->recent[local_hash (&cell->local) % N_RECENT] = 0;
  }
}

void
pkt_tally_build_end_source (PktTallyBuild *b, const PktStampRule *rule, PktIsCopy copy,
                            gpointer data)
{
  for (guint32 i = 0; i < pkt_row_set_size (b->local); i++) {
    const LocalCell *local = pkt_row_set_at (b->local, i);
    const PktStamp slot = { local->local.key.slot * PKT_SLOT_US, (PktStampKind)local->local.kind };
    const gboolean apple = local->local.key.apple;
    if (slot.kind != PKT_STAMP_NONE && (apple || copy))
      resolve (b, local, rule, !apple && copy (slot, data) ? b->copies : b->cells);
  }
  pkt_tally_merge_copies (b->cells, b->copies);
  for (guint i = 0; i < b->fresh->len; i++)
    pkt_digest_set_add (b->seen, g_array_index (b->fresh, guint64, i));
  forget_recent (b);
  g_array_set_size (b->fresh, 0);
  if (pkt_row_set_size (b->copies))
    pkt_row_set_empty (b->copies);
  if (pkt_row_set_size (b->local))
    pkt_row_set_empty (b->local);
}

void
pkt_tally_build_relayed (PktTallyBuild *b)
{
  b->tally->relayed++;
}

void
pkt_tally_build_restore (PktTallyBuild *b, const PktTally *tally)
{
  g_autofree guint16 *names = g_new0 (guint16, tally->names->len),
                     *replies = g_new0 (guint16, tally->replies->len + 1);
  for (guint i = 1; i < tally->names->len; i++)
    names[i] = pkt_tally_build_name (b, pkt_slice_str (pkt_tally_name (tally, i)));
  for (guint i = 0; i < tally->replies->len; i++)
    replies[i + 1] = pkt_tally_replies_id (b->replies,
                                           &g_array_index (tally->replies, PktReplyKind, i));
  for (guint i = 0; i < tally->cells->len; i++) {
    PktCell cell;
    memcpy (&cell, &g_array_index (tally->cells, PktCell, i), sizeof cell);
    cell.key.reply = replies[cell.key.reply];
    cell.key.rcpt_domain = names[cell.key.rcpt_domain];
    cell.key.local_ip = names[cell.key.local_ip];
    cell.key.stream = names[cell.key.stream];
    cell.key.from_domain = names[cell.key.from_domain];
    cell.key.campaign = names[cell.key.campaign];
    merge (b->cells, &cell);
  }
  b->tally->relayed += tally->relayed;
}

/* Cells of replies that came to be shown with one text. */
static void
merge_replies (PktTallyBuild *b)
{
  if (!pkt_tally_replies_fell_together (b->replies))
    return;
  g_autoptr (GArray) cells = pkt_row_set_take (b->cells);
  b->cells = pkt_row_set_new (sizeof (PktCell), sizeof (PktCellKey));
  for (guint i = 0; i < cells->len; i++) {
    PktCell *cell = &g_array_index (cells, PktCell, i);
    cell->key.reply = pkt_tally_replies_settled (b->replies, cell->key.reply);
    merge (b->cells, cell);
  }
}

PktTally *
pkt_tally_build_finish (PktTallyBuild *b)
{
  PktTally *t = b->tally;
  merge_replies (b);
  t->cells = pkt_row_set_take (b->cells);
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *cell = &g_array_index (t->cells, PktCell, i);
    t->first = t->first == PKT_NO_TIME ? cell->first : MIN (t->first, cell->first);
    t->last = t->last == PKT_NO_TIME ? cell->last : MAX (t->last, cell->last);
  }
  pkt_tally_sort (t->cells);
  pkt_row_set_free (b->local);
  pkt_row_set_free (b->copies);
  g_array_unref (b->fresh);
  pkt_digest_set_free (b->seen);
  g_hash_table_unref (b->name_ids);
  pkt_tally_replies_free (b->replies);
  g_free (b);
  return t;
}
