#include "packet/base/file.h"
#include "packet/run/state-form.h"

GVariant *
state_maybe_bytes (PktSlice s)
{
  GVariant *bytes = s.p ? g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, s.p, s.n, 1) : NULL;
  return g_variant_new_maybe (G_VARIANT_TYPE_BYTESTRING, bytes);
}

typedef struct {
  GVariantBuilder messages, waiting;
} JoinBuilders;

void
state_add_packed (GVariantBuilder *out, GVariant *item)
{
  g_variant_get_data (item);
  g_variant_builder_add_value (out, item);
}

static void
keep_waiting (guint64 key, const PktAttempt *waiting, gboolean apple, gboolean offered,
              GVariantBuilder *out)
{
  PktAttempt a = *waiting;
  PktSlice *slices[STATE_SLICES];
  GVariantBuilder list;
  state_slices_of (&a, slices);
  g_variant_builder_init (&list, G_VARIANT_TYPE ("amay"));
  for (guint i = 0; i < STATE_SLICES; i++)
    g_variant_builder_add_value (&list, state_maybe_bytes (*slices[i]));
  state_add_packed (out, g_variant_new ("(tyybbbb@amay)", key, (guint8)a.outcome, (guint8)a.stage,
                                        a.smtp, a.reply_is_remote, apple, offered,
                                        g_variant_builder_end (&list)));
}

static void
keep_joined (guint64 key, const PktJoined *message, const PktAttempt *waiting, gboolean apple,
             gboolean offered, gpointer data)
{
  JoinBuilders *b = data;
  if (waiting)
    keep_waiting (key, waiting, apple, offered, &b->waiting);
  else
    state_add_packed (&b->messages,
                      g_variant_new ("(t@may@mayx)", key, state_maybe_bytes (message->sender),
                                     state_maybe_bytes (message->message_id), message->size));
}

static GVariant *
keep_files (const GArray *files)
{
  GVariantBuilder b;
  g_variant_builder_init (&b, G_VARIANT_TYPE (STATE_FILES));
  for (guint i = 0; i < files->len; i++) {
    const StateFile *f = &g_array_index (files, StateFile, i);
    g_autofree char *path = g_utf8_make_valid (f->path, -1);
    g_variant_builder_add (&b, "(sttxtutt)", path, f->device, f->inode, f->changed, f->offset,
                           f->head_n, f->head, f->turn);
  }
  return g_variant_builder_end (&b);
}

static GVariant *
keep_names (const PktTally *t)
{
  GVariantBuilder b;
  g_variant_builder_init (&b, G_VARIANT_TYPE (STATE_NAMES));
  for (guint i = 0; i < t->names->len; i++)
    g_variant_builder_add (&b, "s", pkt_tally_name (t, i));
  return g_variant_builder_end (&b);
}

static GVariant *
keep_replies (const PktTally *t)
{
  GVariantBuilder b;
  g_variant_builder_init (&b, G_VARIANT_TYPE (STATE_REPLIES));
  for (guint i = 0; i < t->replies->len; i++) {
    const PktReplyKind *k = &g_array_index (t->replies, PktReplyKind, i);
    g_variant_builder_add (&b, "(msmsmsmsiybb)", k->rule, k->tag, k->enhanced, k->text, k->code,
                           (guint8)k->category, k->contactable, k->policy);
  }
  return g_variant_builder_end (&b);
}

static GVariant *
keep_cells (const PktTally *t)
{
  g_autofree StateCell *cells = g_new0 (StateCell, t->cells->len);
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    const PktCellKey *k = &c->key;
    cells[i] = (StateCell){ .slot = k->slot,
                            .apple = k->apple,
                            .outcome = k->outcome,
                            .category = k->category,
                            .policy = k->policy,
                            .reply = k->reply,
                            .rcpt_domain = k->rcpt_domain,
                            .local_ip = k->local_ip,
                            .stream = k->stream,
                            .from_domain = k->from_domain,
                            .count = c->count,
                            .first = c->first,
                            .last = c->last };
  }
  return g_variant_new_fixed_array (G_VARIANT_TYPE (STATE_CELL), cells, t->cells->len,
                                    sizeof (StateCell));
}

static GVariant *
keep_custom (const PktRelay *relay)
{
  gsize n;
  g_autofree guint64 *hashes = pkt_relay_custom (relay, &n);
  return g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, hashes, n, sizeof *hashes);
}

gboolean
pkt_state_save (const PktState *s, const char *path, const PktTally *tally, const PktCounter *c,
                GError **error)
{
  JoinBuilders b;
  g_variant_builder_init (&b.messages, G_VARIANT_TYPE (STATE_MESSAGES));
  g_variant_builder_init (&b.waiting, G_VARIANT_TYPE (STATE_WAITING));
  pkt_join_each (c->join, keep_joined, &b);
  g_autoptr (GVariant) all = g_variant_ref_sink (
      g_variant_new ("(sst@" STATE_FILES "@" STATE_NAMES "@" STATE_REPLIES "@" STATE_CELLS
                     "x@" STATE_MESSAGES "@" STATE_WAITING "@" STATE_MEMORIES "@" STATE_CUSTOM ")",
                     STATE_MAGIC, s->settings, s->turn, keep_files (s->files), keep_names (tally),
                     keep_replies (tally), keep_cells (tally), tally->relayed,
                     g_variant_builder_end (&b.messages), g_variant_builder_end (&b.waiting),
                     state_keep_memories (c->memories), keep_custom (c->relay)));
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (all);
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  return pkt_file_write (path, p, n, 0600, error);
}
