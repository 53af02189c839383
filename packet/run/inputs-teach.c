/* Whom redactor and verifier have to know. */
#include "packet/apple/reply.h"
#include "packet/base/greeting.h"
#include "packet/headers/people.h"
#include "packet/run/inputs.h"
#include "packet/run/own-words.h"
#include "packet/run/progress.h"
#include "packet/run/reply-names.h"
#include "packet/run/source.h"
#include "packet/run/varied-senders.h"

typedef void (*TakeAddress) (gpointer taker, PktSlice address);

#define TOLD_EVERY 4096 /* recipients */

typedef struct {
  const PktScanOptions *options;
  PktRedactor *r;
  guint64 done, total;
} Redactor;

static void
each_address (const PktInputs *in, TakeAddress take, gpointer taker)
{
  for (guint i = 0; i < in->scan->events->len; i++) {
    const PktEvent *e = g_ptr_array_index (in->scan->events, i);
    if (e->recipient)
      take (taker, pkt_slice_str (e->recipient));
  }
  for (guint i = 0; i < in->all_samples->len; i++) {
    const PktSample *s = g_ptr_array_index (in->all_samples, i);
    for (guint k = 0; k < s->recipients->len; k++)
      take (taker, pkt_slice_str (g_ptr_array_index (s->recipients, k)));
  }
  for (guint i = 0; in->suppression && i < in->suppression->addresses->len; i++)
    take (taker, pkt_slice_str (g_ptr_array_index (in->suppression->addresses, i)));
}

static void
to_redactor (gpointer data, PktSlice address)
{
  Redactor *l = data;
  if (l->done++ % TOLD_EVERY == 0)
    pkt_progress_step (l->options, "learning whom to keep out of it", l->done, l->total);
  pkt_redactor_add_recipient (l->r, address);
}

static void
to_verifier (gpointer v, PktSlice address)
{
  pkt_verifier_add_recipient (v, address);
}

/* Display names of returned mails: name -> whose it is (a set of addresses). "Valued Customer" is
 * everybody's. */
#define EVERYBODYS 3

static GHashTable *
returned_names (const PktInputs *in)
{
  GHashTable *all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify)g_hash_table_unref);
  for (guint i = 0; i < in->scan->events->len; i++) {
    const PktEvent *e = g_ptr_array_index (in->scan->events, i);
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
    if (e->addressed)
      pkt_people_add_names (names, e->addressed);
    for (guint k = 0; k < names->len; k++) {
      GHashTable *whose = g_hash_table_lookup (all, names->pdata[k]);
      if (whose == NULL) {
        whose = g_hash_table_new (g_str_hash, g_str_equal);
        g_hash_table_insert (all, g_strdup (names->pdata[k]), whose);
      }
      g_hash_table_add (whose, (gpointer)(e->recipient ? e->recipient : ""));
    }
  }
  return all;
}

static void
teach_returned (const PktInputs *in, void (*take) (gpointer taker, const char *name),
                gpointer taker)
{
  g_autoptr (GHashTable) all = returned_names (in);
  GHashTableIter it;
  gpointer name, whose;
  g_hash_table_iter_init (&it, all);
  while (g_hash_table_iter_next (&it, &name, &whose))
    if (g_hash_table_size (whose) < EVERYBODYS)
      take (taker, name);
}

static void
name_to_redactor (gpointer r, const char *name)
{
  pkt_redactor_add_full_name (r, name);
}

static void
name_to_verifier (gpointer v, const char *name)
{
  pkt_verifier_add_name (v, name);
}

#define MAX_REPLIES 4096 /* of which the words are kept */

typedef struct {
  char *text; /* pkt_reply_normalise() */
  guint64 starts;
} Reply;

static void
reply_free (gpointer p)
{
  g_free (((Reply *)p)->text);
  g_free (p);
}

/* Equal replies are one string of the pool. `spare` is for those beyond MAX_REPLIES. */
static const Reply *
reply_of (GHashTable *replies, PktReplyNames *names, const char *text, Reply *spare)
{
  Reply *r = g_hash_table_lookup (replies, text);
  if (r)
    return r;
  const gboolean kept = g_hash_table_size (replies) < MAX_REPLIES;
  r = kept ? g_new0 (Reply, 1) : spare;
  g_free (r->text);
  r->text = pkt_reply_normalise (pkt_slice_str (text));
  r->starts = pkt_reply_names_starts (names, r->text);
  if (kept)
    g_hash_table_insert (replies, (gpointer)text, r);
  return r;
}

/* What a reply calls its own recipient by is looked for in all of them. */
static void
teach_replies (const PktInputs *in, PktRedactor *r)
{
  PktReplyNames *names = pkt_reply_names_new (in->catalogue);
  g_autoptr (GHashTable) replies = g_hash_table_new_full (NULL, NULL, NULL, reply_free);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  Reply spare = { 0 };
  for (guint i = 0; i < in->scan->events->len; i++) {
    const PktEvent *e = g_ptr_array_index (in->scan->events, i);
    const PktAttempt a = { .recipient = pkt_slice_str (e->recipient),
                           .sender = pkt_slice_str (e->sender),
                           .from_domain = pkt_slice_str (e->from_domain),
                           .addressed = pkt_slice_str (e->addressed) };
    if (e->outcome == PKT_DELIVERED || e->reply == NULL || e->recipient == NULL)
      continue;
    const Reply *reply = reply_of (replies, names, e->reply, &spare);
    if (pkt_reply_names_may (reply->starts, &a))
      g_free (pkt_reply_names_mask (names, reply->text, &a, found));
  }
  for (guint i = 0; i < found->len; i++)
    pkt_redactor_add_reply_word (r, g_ptr_array_index (found, i));
  g_free (spare.text);
  pkt_reply_names_free (names);
}

static void
teach_own_words (const PktInputs *in, PktRedactor *r)
{
  g_autoptr (GPtrArray) words = pkt_own_words (in->scan->events);
  for (guint i = 0; i < words->len; i++)
    pkt_redactor_add_own_word (r, g_ptr_array_index (words, i));
  g_autoptr (GPtrArray) forms = pkt_varied_senders (in->scan->events);
  for (guint i = 0; i < forms->len; i++)
    pkt_redactor_add_varied (r, g_ptr_array_index (forms, i));
}

static void
teach_redactor (const PktInputs *in, const PktScanOptions *options, PktRedactor *r)
{
  const PktCase *c = in->the_case;
  Redactor redactor = { options, r, 0, in->scan->events->len };
  redactor.total += in->suppression ? in->suppression->addresses->len : 0;
  each_address (in, to_redactor, &redactor);
  for (guint i = 0; i < c->tighten->len; i++) {
    const PktTighten *t = g_ptr_array_index (c->tighten, i);
    if (t->word)
      pkt_redactor_add_private (r, t->word);
    else
      pkt_redactor_tighten_header (r, t->header, g_strcmp0 (t->to, "class") == 0, t->reason);
  }
  pkt_redactor_allow_name (r, c->contact.name);
  pkt_redactor_allow_name (r, c->company.name);
  if (c->company.brand)
    pkt_redactor_allow_name (r, c->company.brand);
  for (guint i = 0; i < in->all_samples->len; i++) {
    const PktSample *s = g_ptr_array_index (in->all_samples, i);
    for (guint k = 0; k < s->names->len; k++)
      pkt_redactor_add_name (r, g_ptr_array_index (s->names, k));
    for (guint k = 0; k < s->greeted->len; k++)
      pkt_redactor_add_greeted (r, g_ptr_array_index (s->greeted, k));
  }
  for (guint i = 0; in->page && i < in->page->names->len; i++) /* its copy may be one reader's */
    pkt_redactor_add_greeted (r, g_ptr_array_index (in->page->names, i));
  teach_returned (in, name_to_redactor, r);
  teach_replies (in, r);
  teach_own_words (in, r);
}

void
pkt_inputs_teach_verifier (const PktInputs *in, PktVerifier *v)
{
  const PktCase *c = in->the_case;
  each_address (in, to_verifier, v);
  pkt_verifier_allow_name (v, c->contact.name);
  pkt_verifier_allow_name (v, c->company.name);
  pkt_verifier_allow_name (v, c->company.brand);
  for (guint i = 0; i < in->all_samples->len; i++) {
    const PktSample *s = g_ptr_array_index (in->all_samples, i);
    for (guint k = 0; k < s->names->len; k++)
      pkt_verifier_add_name (v, g_ptr_array_index (s->names, k));
    for (guint k = 0; k < s->greeted->len; k++) /* of two words or more: it takes no others */
      if (!pkt_greeting_is_local_part (g_ptr_array_index (s->greeted, k)))
        pkt_verifier_add_name (v, g_ptr_array_index (s->greeted, k));
  }
  teach_returned (in, name_to_verifier, v);
}

typedef struct {
  const PktInputs *in;
  PktVerifier *v;
} Lesson;

static gpointer
teach_verifier (gpointer data)
{
  const Lesson *lesson = data;
  pkt_inputs_teach_verifier (lesson->in, lesson->v);
  return NULL;
}

void
pkt_inputs_teach (const PktInputs *in, const PktPrivacyScope *scope, const PktScanOptions *options,
                  PktRedactor *r, PktVerifier *v)
{
  Lesson lesson = { in, v };
  GThread *thread = pkt_source_jobs (options) > 1
                        ? g_thread_try_new ("verifier", teach_verifier, &lesson, NULL)
                        : NULL;
  teach_redactor (in, options, r);
  pkt_inputs_teach_tokens (in, scope, r);
  if (thread)
    g_thread_join (thread);
  else
    teach_verifier (&lesson);
}
