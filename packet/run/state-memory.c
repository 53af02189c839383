/* What formats remember of messages, between two runs: Exim's that failed before, the connection
 * that a line of Haraka's is of. */
#include "packet/log/format.h"
#include "packet/run/state-form.h"

#define TEXTS 7

static void
texts_of (PktRemembered *r, char **out[TEXTS])
{
  char **all[TEXTS] = { &r->sender,   &r->message_id, &r->host, &r->ip,
                        &r->local_ip, &r->reply,      &r->other };
  memcpy (out, all, sizeof all);
}

/* --- writing --- */

static GVariant *
keep_texts (const PktRemembered *message)
{
  PktRemembered r = *message;
  char **texts[TEXTS];
  GVariantBuilder b;
  texts_of (&r, texts);
  g_variant_builder_init (&b, G_VARIANT_TYPE ("amay"));
  for (guint i = 0; i < TEXTS; i++)
    g_variant_builder_add_value (
        &b, state_maybe_bytes (*texts[i] ? pkt_slice_str (*texts[i]) : pkt_slice (NULL, 0)));
  return g_variant_builder_end (&b);
}

static GVariant *
keep_recipients (const PktRemembered *message)
{
  GVariantBuilder b;
  g_variant_builder_init (&b, G_VARIANT_TYPE ("aay"));
  for (guint i = 0; message->recipients && i < message->recipients->len; i++) {
    const char *address = g_ptr_array_index (message->recipients, i);
    g_variant_builder_add_value (
        &b, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, address, strlen (address), 1));
  }
  return g_variant_builder_end (&b);
}

static GVariant *
keep_marks (const PktRemembered *message)
{
  GVariantBuilder b;
  GHashTableIter it;
  gpointer mark;
  g_variant_builder_init (&b, G_VARIANT_TYPE ("at"));
  if (message->marks)
    for (g_hash_table_iter_init (&it, message->marks); g_hash_table_iter_next (&it, &mark, NULL);)
      g_variant_builder_add (&b, "t", *(const guint64 *)mark);
  return g_variant_builder_end (&b);
}

static void
keep_message (guint64 key, const PktRemembered *message, gpointer builder)
{
  state_add_packed (builder, g_variant_new ("(t@amay@aayt@atu)", key, keep_texts (message),
                                            keep_recipients (message), message->mark,
                                            keep_marks (message), message->state));
}

GVariant *
state_keep_memories (GHashTable *memories)
{
  GVariantBuilder b;
  GHashTableIter it;
  gpointer format, memory;
  g_variant_builder_init (&b, G_VARIANT_TYPE (STATE_MEMORIES));
  for (g_hash_table_iter_init (&it, memories); g_hash_table_iter_next (&it, &format, &memory);) {
    GVariantBuilder messages;
    g_variant_builder_init (&messages, G_VARIANT_TYPE (STATE_REMEMBERED));
    pkt_memory_each (memory, keep_message, &messages);
    g_variant_builder_add (&b, "(s@" STATE_REMEMBERED ")", ((const PktFormat *)format)->name,
                           g_variant_builder_end (&messages));
  }
  return g_variant_builder_end (&b);
}

/* --- reading --- */

static void
restore_texts (GVariant *list, PktRemembered *r)
{
  char **texts[TEXTS];
  texts_of (r, texts);
  for (gsize i = 0; i < MIN (TEXTS, g_variant_n_children (list)); i++) {
    g_autoptr (GVariant) maybe = g_variant_get_child_value (list, i);
    pkt_remember (r, texts[i], state_maybe_slice (maybe));
  }
}

static void
restore_recipients (GVariant *list, PktRemembered *r)
{
  for (gsize i = 0; i < g_variant_n_children (list); i++) {
    g_autoptr (GVariant) address = g_variant_get_child_value (list, i);
    gsize n;
    const char *p = g_variant_get_fixed_array (address, &n, 1);
    pkt_remember_recipient (r, pkt_slice (p, n));
  }
}

static void
restore_message (GVariant *item, PktMemory *memory)
{
  g_autoptr (GVariant) texts = NULL, recipients = NULL, marks = NULL;
  guint64 key, mark;
  guint32 state;
  g_variant_get (item, "(t@amay@aayt@atu)", &key, &texts, &recipients, &mark, &marks, &state);
  PktRemembered *r = pkt_memory_take_key (memory, key);
  restore_texts (texts, r);
  restore_recipients (recipients, r);
  r->mark = mark;
  r->state = state;
  gsize n;
  const guint64 *more = g_variant_get_fixed_array (marks, &n, sizeof *more);
  for (gsize i = 0; i < n; i++)
    pkt_remember_mark (r, more[i]);
}

void
state_restore_memories (GVariant *list, GHashTable *memories)
{
  GVariantIter formats;
  const char *name;
  GVariant *messages;
  g_variant_iter_init (&formats, list);
  while (g_variant_iter_next (&formats, "(&s@" STATE_REMEMBERED ")", &name, &messages)) {
    const PktFormat *format = pkt_format_find (name);
    if (format && format->share) {
      PktMemory *memory = pkt_format_memory (memories, format);
      for (gsize i = 0; i < g_variant_n_children (messages); i++) {
        g_autoptr (GVariant) item = g_variant_get_child_value (messages, i);
        restore_message (item, memory);
      }
    }
    g_variant_unref (messages);
  }
}
