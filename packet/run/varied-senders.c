#include "packet/run/varied-senders.h"
#include "packet/base/slice.h"
#include "packet/model/event.h"
#include "packet/redact/varied.h"

#define MIN_SENDERS 5 /* of one form: fewer may be mail servers */
#define SHARED 10     /* one in so many may have written to two recipients */

typedef struct {
  GHashTable *recipients; /* local part of the sender -> its recipient, "" when there are two */
  guint shared;
} Form;

static void
form_free (gpointer p)
{
  Form *f = p;
  g_hash_table_unref (f->recipients);
  g_free (f);
}

static Form *
form_of (GHashTable *forms, char *name_taken)
{
  Form *f = g_hash_table_lookup (forms, name_taken);
  if (f) {
    g_free (name_taken);
    return f;
  }
  f = g_new0 (Form, 1);
  f->recipients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (forms, name_taken, f);
  return f;
}

static void
take (GHashTable *forms, const PktEvent *e)
{
  const char *at = e->sender && e->recipient ? strrchr (e->sender, '@') : NULL;
  const PktSlice local = pkt_slice (e->sender, at ? (gsize)(at - e->sender) : 0);
  char *name = at ? pkt_varied_form (local) : NULL;
  if (name == NULL)
    return;
  Form *f = form_of (forms, name);
  g_autofree char *sender = g_ascii_strdown (local.p, (gssize)local.n);
  const char *known = g_hash_table_lookup (f->recipients, sender);
  if (known == NULL)
    g_hash_table_insert (f->recipients, g_steal_pointer (&sender), (gpointer)e->recipient);
  else if (*known && g_ascii_strcasecmp (known, e->recipient) != 0) {
    f->shared++;
    g_hash_table_insert (f->recipients, g_steal_pointer (&sender), (gpointer) "");
  }
}

GPtrArray *
pkt_varied_senders (const GPtrArray *events)
{
  g_autoptr (GHashTable) forms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, form_free);
  GPtrArray *out = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter it;
  gpointer name, value;
  for (guint i = 0; i < events->len; i++)
    take (forms, events->pdata[i]);
  g_hash_table_iter_init (&it, forms);
  while (g_hash_table_iter_next (&it, &name, &value)) {
    const Form *f = value;
    const guint senders = g_hash_table_size (f->recipients);
    if (senders >= MIN_SENDERS && f->shared * SHARED <= senders)
      g_ptr_array_add (out, g_strdup (name));
  }
  return out;
}
