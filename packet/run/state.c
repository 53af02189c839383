#include "packet/run/state.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/run/source.h"
#include "packet/run/state-form.h"

void
pkt_state_free (PktState *s)
{
  g_free (s->settings);
  g_array_unref (s->files);
  g_clear_pointer (&s->variant, g_variant_unref);
  g_clear_pointer (&s->tally, pkt_tally_free);
  g_free (s);
}

static PktState *
state_new (const char *settings)
{
  PktState *s = g_new0 (PktState, 1);
  s->settings = g_strdup (settings);
  s->files = g_array_new (FALSE, TRUE, sizeof (StateFile));
  g_array_set_clear_func (s->files, state_file_clear);
  return s;
}

/* --- reading --- */

static GVariantIter *
items (GVariant *v, gsize place)
{
  g_autoptr (GVariant) list = g_variant_get_child_value (v, place);
  return g_variant_iter_new (list);
}

static void
read_files (PktState *s)
{
  g_autoptr (GVariantIter) iter = items (s->variant, V_FILES);
  StateFile f;
  while (g_variant_iter_next (iter, "(sttxtutt)", &f.path, &f.device, &f.inode, &f.changed,
                              &f.offset, &f.head_n, &f.head, &f.turn))
    g_array_append_val (s->files, f);
}

static void
read_replies (GVariant *v, PktTally *t)
{
  g_autoptr (GVariantIter) iter = items (v, V_REPLIES);
  PktReplyKind k = { 0 };
  guint8 category;
  while (g_variant_iter_next (iter, "(msmsmsmsiybb)", &k.rule, &k.tag, &k.enhanced, &k.text,
                              &k.code, &category, &k.contactable, &k.policy)) {
    k.category = category < PKT_N_CATEGORIES ? (PktCategory)category : PKT_CAT_UNKNOWN;
    g_array_append_val (t->replies, k);
  }
}

static PktCell
cell_of (const StateCell *from)
{
  PktCell c;
  memset (&c, 0, sizeof c);
  c.key.slot = from->slot;
  c.key.apple = from->apple;
  c.key.outcome = from->outcome;
  c.key.category = from->category;
  c.key.policy = from->policy;
  c.key.reply = from->reply;
  c.key.rcpt_domain = from->rcpt_domain;
  c.key.local_ip = from->local_ip;
  c.key.stream = from->stream;
  c.key.from_domain = from->from_domain;
  c.count = from->count;
  c.first = from->first;
  c.last = from->last;
  return c;
}

#define FAR_SLOT (G_MAXINT64 / PKT_SLOT_US / 4)
#define MOST (G_GINT64_CONSTANT (1) << 40) /* attempts: so many cells can still be added up */

static gboolean
is_near (gint64 slot)
{
  return slot >= -FAR_SLOT && slot <= FAR_SLOT;
}

/* FALSE when an id points nowhere, or nobody can have counted so. */
static gboolean
is_sound (const PktCell *c, const PktTally *t)
{
  const PktCellKey *k = &c->key;
  const guint most = MAX (MAX (k->rcpt_domain, k->local_ip), MAX (k->stream, k->from_domain));
  return most < t->names->len && k->reply <= t->replies->len && k->outcome < PKT_N_OUTCOMES
         && k->category < PKT_N_CATEGORIES && c->count > 0 && c->count <= MOST && is_near (k->slot)
         && is_near (c->first / PKT_SLOT_US) && is_near (c->last / PKT_SLOT_US);
}

static gboolean
read_cells (GVariant *v, PktTally *t)
{
  g_autoptr (GVariant) list = g_variant_get_child_value (v, V_CELLS);
  gsize n;
  const StateCell *cells = g_variant_get_fixed_array (list, &n, sizeof (StateCell));
  for (gsize i = 0; i < n; i++) {
    const PktCell c = cell_of (&cells[i]);
    if (!is_sound (&c, t))
      return FALSE;
    g_array_append_val (t->cells, c);
  }
  return TRUE;
}

static PktTally *
read_tally (GVariant *v)
{
  PktTally *t = g_new0 (PktTally, 1);
  t->cells = g_array_new (FALSE, TRUE, sizeof (PktCell));
  t->names = g_ptr_array_new_with_free_func (g_free);
  t->replies = g_array_new (FALSE, TRUE, sizeof (PktReplyKind));
  t->first = t->last = PKT_NO_TIME;
  g_autoptr (GVariantIter) names = items (v, V_NAMES);
  char *name;
  while (g_variant_iter_next (names, "s", &name))
    g_ptr_array_add (t->names, name);
  read_replies (v, t);
  g_variant_get_child (v, V_RELAYED, "x", &t->relayed);
  if (t->relayed >= 0 && t->relayed <= MOST && t->names->len > 0
      && t->names->len <= PKT_TALLY_MAX_NAMES && read_cells (v, t))
    return t;
  pkt_tally_free (t);
  return NULL;
}

static gboolean
fail (const char *path, const char *why, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: %s; remove it, and the next run reads the logs from their beginning", path,
               why);
  return FALSE;
}

static gboolean
begins_with (GVariant *v, const char *magic)
{
  const char *found;
  g_variant_get_child (v, V_MAGIC, "&s", &found);
  return g_str_equal (found, magic);
}

static gboolean
is_ours (GVariant *v)
{
  return begins_with (v, STATE_MAGIC);
}

static gboolean
read_variant (PktState *s, const char *path, GError **error)
{
  const char *settings;
  g_variant_get_child (s->variant, V_SETTINGS, "&s", &settings);
  if (begins_with (s->variant, STATE_MAGIC_BEFORE))
    return fail (path, "an older postpacket wrote it", error);
  if (!is_ours (s->variant)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is no state that trend has written; name another FILE for it", path);
    return FALSE;
  }
  if (!g_str_equal (settings, s->settings))
    return fail (path, "it was made with other options for reading logs", error);
  g_variant_get_child (s->variant, V_TURN, "t", &s->turn);
  read_files (s);
  s->tally = read_tally (s->variant);
  return s->tally ? TRUE : fail (path, "it is damaged", error);
}

PktState *
pkt_state_parse (const char *path, const char *settings, GBytes *bytes, GError **error)
{
  g_autoptr (PktState) s = state_new (settings);
  s->variant = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (STATE_TYPE), bytes, FALSE));
  /* Of what it knows to be in order GLib finds each item at once, else only behind all before. */
  if (!g_variant_is_normal_form (s->variant) && is_ours (s->variant)) {
    fail (path, "it is damaged", error);
    return NULL;
  }
  return read_variant (s, path, error) ? g_steal_pointer (&s) : NULL;
}

PktState *
pkt_state_load (const char *path, const char *settings, GError **error)
{
  gsize n;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return state_new (settings);
  char *text = pkt_file_read (path, PKT_STATE_MAX_BYTES, &n, error);
  if (text == NULL)
    return NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, n);
  return pkt_state_parse (path, settings, bytes, error);
}

/* --- what is new --- */

static void
forget_oldest (GArray *files)
{
  while (files->len > PKT_STATE_MAX_FILES) {
    guint oldest = 0;
    for (guint i = 1; i < files->len; i++)
      if (g_array_index (files, StateFile, i).turn < g_array_index (files, StateFile, oldest).turn)
        oldest = i;
    g_array_remove_index (files, oldest);
  }
}

static gboolean
add_parts (PktState *s, const char *path, GPtrArray *parts, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR) || state_files_know (s->files, path)) {
    return pkt_source_is_mail (path) || state_files_next (s->files, path, s->turn, parts, error);
  }
  if (g_str_equal (path, "-")) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                         "--state follows files; standard input has no place to go on from");
    return FALSE;
  }
  const char *const one[] = { path, NULL };
  g_autoptr (GPtrArray) files = pkt_scan_expand (one, error);
  for (guint i = 0; files && i < files->len; i++) {
    const char *file = g_ptr_array_index (files, i);
    if (!pkt_source_is_mail (file) && !state_files_next (s->files, file, s->turn, parts, error))
      return FALSE;
  }
  return files != NULL;
}

GPtrArray *
pkt_state_parts (PktState *s, const char *const *paths, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  s->turn++;
  for (gsize i = 0; paths[i]; i++)
    if (!add_parts (s, paths[i], parts, error))
      return NULL;
  forget_oldest (s->files);
  return g_steal_pointer (&parts);
}

void
state_slices_of (PktAttempt *a, PktSlice *out[STATE_SLICES])
{
  PktSlice *all[STATE_SLICES] = { &a->recipient, &a->sender,   &a->from_domain, &a->remote_host,
                                  &a->remote_ip, &a->local_ip, &a->transport,   &a->helo,
                                  &a->reply,     &a->queue_id, &a->queue_scope, &a->message_id,
                                  &a->campaign,  &a->label };
  memcpy (out, all, sizeof all);
}

PktSlice
state_maybe_slice (GVariant *maybe)
{
  g_autoptr (GVariant) bytes = g_variant_get_maybe (maybe);
  gsize n = 0;
  const char *p = bytes ? g_variant_get_fixed_array (bytes, &n, 1) : NULL;
  return bytes ? pkt_slice (p ? p : "", n) : pkt_slice (NULL, 0);
}

static void
restore_messages (GVariant *v, PktJoin *join)
{
  g_autoptr (GVariantIter) iter = items (v, V_MESSAGES);
  for (GVariant *item; (item = g_variant_iter_next_value (iter)); g_variant_unref (item)) {
    PktAttempt a = { .size = -1 };
    g_autoptr (GVariant) sender = g_variant_get_child_value (item, 1),
                         id = g_variant_get_child_value (item, 2);
    g_variant_get_child (item, 0, "t", &a.queue_key);
    g_variant_get_child (item, 3, "x", &a.size);
    a.sender = state_maybe_slice (sender);
    a.message_id = state_maybe_slice (id);
    if (a.queue_key == 0)
      continue;
    if (a.message_id.n)
      pkt_join_note (join, PKT_RECORD_MESSAGE_ID, &a);
    if (a.sender.p)
      pkt_join_note (join, PKT_RECORD_ARRIVAL, &a);
  }
}

static void
restore_slices (GVariant *item, PktAttempt *a)
{
  PktSlice *slices[STATE_SLICES];
  g_autoptr (GVariant) list = g_variant_get_child_value (item, 7);
  state_slices_of (a, slices);
  for (gsize i = 0; i < MIN (STATE_SLICES, g_variant_n_children (list)); i++) {
    g_autoptr (GVariant) maybe = g_variant_get_child_value (list, i);
    *slices[i] = state_maybe_slice (maybe);
  }
}

static void
restore_waiting (GVariant *v, PktJoin *join)
{
  g_autoptr (GVariantIter) iter = items (v, V_WAITING);
  for (GVariant *item; (item = g_variant_iter_next_value (iter)); g_variant_unref (item)) {
    PktAttempt a = { .size = -1 };
    guint8 outcome, stage;
    gboolean apple, offered;
    g_variant_get (item, "(tyybbbb@amay)", &a.queue_key, &outcome, &stage, &a.smtp,
                   &a.reply_is_remote, &apple, &offered, NULL);
    a.outcome = outcome == PKT_DEFERRED ? PKT_DEFERRED : PKT_NOT_ATTEMPTED;
    a.stage = stage <= PKT_STAGE_END_OF_DATA ? (PktStage)stage : PKT_STAGE_UNKNOWN;
    restore_slices (item, &a);
    PktAttempt before = a;
    before.reply_is_remote = TRUE;
    if (a.queue_key && offered && a.outcome == PKT_DEFERRED)
      pkt_join_put_off (join, &before, apple, NULL);
    if (a.queue_key)
      pkt_join_put_off (join, &a, apple, NULL);
  }
}

static void
restore_custom (GVariant *v, PktRelay *relay)
{
  g_autoptr (GVariant) list = g_variant_get_child_value (v, V_CUSTOM);
  gsize n;
  const guint64 *hashes = g_variant_get_fixed_array (list, &n, sizeof *hashes);
  for (gsize i = 0; i < n; i++)
    pkt_relay_know_custom (relay, hashes[i]);
}

void
pkt_state_restore (const PktState *s, PktCounter *counter)
{
  if (s->tally == NULL)
    return;
  pkt_tally_build_restore (counter->tally, s->tally);
  restore_messages (s->variant, counter->join);
  restore_waiting (s->variant, counter->join);
  g_autoptr (GVariant) memories = g_variant_get_child_value (s->variant, V_MEMORIES);
  state_restore_memories (memories, counter->memories);
  restore_custom (s->variant, counter->relay);
}
