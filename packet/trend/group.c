#include "packet/trend/group.h"
#include "packet/base/sort.h"
#include "packet/base/text.h"

static const struct {
  const char *name, *words;
} dimensions[PKT_N_BY] = {
  { "stream", "stream" },
  { "ip", "sending IP" },
  { "domain", "From domain" },
  { "tag", "tag" },
  { "recipient-domain", "recipient domain" },
};

const char *
pkt_by_name (PktBy by)
{
  return dimensions[by].name;
}

const char *
pkt_by_words (PktBy by)
{
  return dimensions[by].words;
}

gboolean
pkt_by_from_name (const char *name, PktBy *out)
{
  for (guint i = 0; i < PKT_N_BY; i++)
    if (g_str_equal (name, dimensions[i].name)) {
      *out = (PktBy)i;
      return TRUE;
    }
  return FALSE;
}

char *
pkt_by_list (void)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < PKT_N_BY; i++)
    g_string_append_printf (out, "%s%s", i ? ", " : "", dimensions[i].name);
  return g_string_free (out, FALSE);
}

/* Cells of one name, with the name that the table shows. */
typedef struct {
  const char *name;
  GArray *cells; /* PktCell */
  guint8 *mask;  /* of replies with this tag; NULL */
  gint64 policy, final, tries;
} Part;

static void
part_free (gpointer p)
{
  Part *part = p;
  g_array_unref (part->cells);
  g_free (part->mask);
  g_free (part);
}

static Part *
part_new (const char *name)
{
  Part *part = g_new0 (Part, 1);
  part->name = name;
  part->cells = g_array_new (FALSE, FALSE, sizeof (PktCell));
  return part;
}

static guint16
id_of (const PktCell *c, PktBy by)
{
  switch (by) {
  case PKT_BY_STREAM:
    return c->key.stream;
  case PKT_BY_IP:
    return c->key.local_ip;
  case PKT_BY_DOMAIN:
    return c->key.from_domain;
  case PKT_BY_RCPT_DOMAIN:
    return c->key.rcpt_domain;
  case PKT_BY_TAG:
  case PKT_N_BY:
    break;
  }
  return 0;
}

static gboolean
is_final (const PktCell *c)
{
  return c->key.outcome == PKT_DELIVERED || c->key.outcome == PKT_BOUNCED;
}

static void
add_cell (Part *part, const PktCell *c)
{
  g_array_append_vals (part->cells, c, 1);
  if (!c->key.apple)
    return;
  part->final += is_final (c) ? c->count : 0;
  part->tries += is_final (c) || c->key.outcome == PKT_DEFERRED ? c->count : 0;
  part->policy += c->key.outcome == PKT_BOUNCED && c->key.policy ? c->count : 0;
}

/* Cells of both sides by name; a name that only other receivers' cells have makes no part. */
static GPtrArray *
split_by_name (const PktTally *t, const PktSumFilter *f, PktBy by)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (part_free);
  g_autofree Part **of_id = g_new0 (Part *, t->names->len);
  PktSumFilter both = *f;
  both.apple = -1;
  for (int apple = 1; apple >= 0; apple--)
    for (guint i = 0; i < t->cells->len; i++) {
      const PktCell *c = &g_array_index (t->cells, PktCell, i);
      guint16 id = id_of (c, by);
      if (c->key.apple != apple || id >= t->names->len || !pkt_sum_match (&both, c)
          || (!apple && (id == 0 || of_id[id] == NULL)))
        continue;
      if (of_id[id] == NULL) {
        of_id[id] = part_new (id ? pkt_tally_name (t, id) : PKT_GROUP_UNTOLD);
        g_ptr_array_add (parts, of_id[id]);
      }
      add_cell (of_id[id], c);
    }
  return parts;
}

static const char *
tag_of (const PktTally *t, guint16 reply)
{
  const char *tag = reply && reply <= t->replies->len
                        ? g_array_index (t->replies, PktReplyKind, reply - 1).tag
                        : NULL;
  return tag && *tag ? tag : "(no tag)";
}

/* Replies by tag. Each part has all final answers besides, which its rate is of. */
static GPtrArray *
split_by_tag (const PktTally *t, const PktSumFilter *f)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (part_free);
  g_autoptr (GHashTable) by_tag = g_hash_table_new (g_str_hash, g_str_equal);
  PktSumFilter apple = *f;
  apple.apple = 1;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (c->key.reply == 0 || !pkt_sum_match (&apple, c))
      continue;
    const char *tag = tag_of (t, c->key.reply);
    Part *part = g_hash_table_lookup (by_tag, tag);
    if (part == NULL) {
      part = part_new (tag);
      part->mask = g_new0 (guint8, t->replies->len + 1);
      g_hash_table_insert (by_tag, (gpointer)tag, part);
      g_ptr_array_add (parts, part);
    }
    part->mask[c->key.reply] = 1;
    add_cell (part, c);
  }
  return parts;
}

static int
compare_parts (gconstpointer x, gconstpointer y)
{
  const Part *a = *(Part *const *)x, *b = *(Part *const *)y;
  if (a->policy != b->policy)
    return a->policy > b->policy ? -1 : 1;
  if (a->final != b->final)
    return a->final > b->final ? -1 : 1;
  return strcmp (a->name, b->name);
}

static int
compare_slots (gconstpointer x, gconstpointer y)
{
  const PktCell *a = x, *b = y;
  return (a->key.slot > b->key.slot) - (a->key.slot < b->key.slot);
}

static void
group_free (gpointer p)
{
  PktGroup *g = p;
  g_array_unref (g->spans);
  g_array_unref (g->days);
  g_free (g);
}

/* Of Apple's policy replies in it: for a tag, of all final answers. */
static void
find_onset (const PktTally *t, const PktSumFilter *f, Part *part, PktOnset *out)
{
  PktTally own = *t;
  PktSumFilter apple = *f;
  own.cells = part->cells;
  apple.apple = 1;
  apple.replies = part->mask;
  g_array_sort (part->cells, compare_slots);
  pkt_onset_find (part->mask ? t : &own, &apple, out);
}

static PktGroup *
tell_part (const PktTally *t, const PktSumFilter *f, Part *part, gboolean hours, GTimeZone *zone)
{
  PktGroup *g = g_new0 (PktGroup, 1);
  PktTally own = *t;
  PktSumFilter apple = *f, other = *f;
  find_onset (t, f, part, &g->onset);
  own.cells = part->cells;
  const PktTally *all = part->mask ? t : &own;
  apple.apple = 1;
  other.apple = 0;
  g->name = part->name;
  pkt_sum (&own, &apple, &g->apple);
  pkt_sum (&own, &other, &g->other);
  PktSum whole;
  pkt_sum (all, &apple, &whole);
  g->final = pkt_sum_final (&whole);
  g->days = pkt_sum_days (&own, &apple, zone);
  g->spans = hours ? pkt_sum_hours (&own, &apple, zone) : g_array_ref (g->days);
  return g;
}

static void
drop_idle (GPtrArray *parts)
{
  for (guint i = parts->len; i-- > 0;)
    if (((Part *)g_ptr_array_index (parts, i))->tries == 0)
      g_ptr_array_remove_index_fast (parts, i);
}

PktGroups *
pkt_groups_new (const PktTally *t, const PktSumFilter *f, PktBy by, gboolean hours, GTimeZone *zone)
{
  PktGroups *g = g_new0 (PktGroups, 1);
  g_autoptr (GPtrArray) parts = by == PKT_BY_TAG ? split_by_tag (t, f) : split_by_name (t, f, by);
  g->by = by;
  g->list = g_ptr_array_new_with_free_func (group_free);
  drop_idle (parts);
  g_ptr_array_sort (parts, compare_parts);
  for (guint i = 0; i < parts->len; i++) {
    Part *part = g_ptr_array_index (parts, i);
    if (i < PKT_GROUPS_MAX)
      g_ptr_array_add (g->list, tell_part (t, f, part, hours, zone));
    else
      g->left_out_final = MAX (g->left_out_final, part->final);
  }
  g->left_out = parts->len - g->list->len;
  return g;
}

/* An incident was found, and no relief: it may be over in all together. */
static gboolean
goes_on (const PktOnset *o)
{
  return o->found && !o->over;
}

void
pkt_groups_widen (const PktTally *t, const PktSumFilter *f, PktBy by, gint64 *from, gint64 *to)
{
  g_autoptr (GPtrArray) parts = split_by_name (t, f, by);
  for (guint i = 0; i < parts->len; i++) {
    Part *part = g_ptr_array_index (parts, i);
    PktOnset onset;
    find_onset (t, f, part, &onset);
    if (!goes_on (&onset))
      continue;
    *from = MIN (*from, onset.rose_at);
    *to = MAX (*to, onset.last);
  }
}

GPtrArray *
pkt_group_names (const PktTally *t, const PktSumFilter *f, PktBy by)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autofree gboolean *met = g_new0 (gboolean, t->names->len);
  for (guint i = 0; by != PKT_BY_TAG && i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    const guint16 id = id_of (c, by);
    if (!is_final (c) || id >= t->names->len || met[id] || !pkt_sum_match (f, c))
      continue;
    met[id] = TRUE;
    g_ptr_array_add (names, g_strdup (id ? pkt_tally_name (t, id) : PKT_GROUP_UNTOLD));
  }
  g_ptr_array_sort (names, pkt_sort_by_text);
  return names;
}

char *
pkt_groups_going_on (const PktGroups *g)
{
  GString *on = g_string_new (NULL);
  for (guint i = 0; i < g->list->len; i++) {
    const PktGroup *one = g_ptr_array_index (g->list, i);
    g_autofree char *name = pkt_text_quote (pkt_slice_str (one->name), PKT_GROUP_NAME_CHARS);
    if (goes_on (&one->onset) && !g_str_equal (one->name, PKT_GROUP_UNTOLD))
      g_string_append_printf (on, "%s%s", on->len ? ", " : "", name);
  }
  return g_string_free (on, FALSE);
}

void
pkt_groups_free (PktGroups *g)
{
  g_ptr_array_unref (g->list);
  g_free (g);
}
