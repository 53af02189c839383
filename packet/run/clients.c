#include "packet/run/clients.h"
#include "packet/base/domain.h"
#include "packet/base/name-list.h"
#include "packet/base/sort.h"
#include "packet/redact/places.h"

#define MAX_CLIENTS 20000
#define MIN_PARENT_LABEL 4 /* "co" of co.uk is nobody's */
#define MIN_LABEL 5        /* letters of one that is known alone */

typedef struct {
  const PktEvidence *e;
  PktRedactor *r;
  GHashTable *own; /* lower-case domains of this client (1: and all below) and of who writes (0) */
  GHashTable *own_labels; /* of those domains */
  GHashTable *number;     /* lower-case word of another client -> its number */
  guint clients;
} Teach;

gboolean
pkt_clients_apply (const PktCase *c)
{
  return c->company.role && !g_str_equal (c->company.role, "sender");
}

static gboolean
same_text (const char *a, const char *b)
{
  return a && b && g_ascii_strcasecmp (a, b) == 0;
}

gboolean
pkt_clients_is_other (const PktCase *c, const PktStream *chosen, const PktStream *s)
{
  const char *brand = chosen && chosen->brand ? chosen->brand : c->company.brand;
  return pkt_clients_apply (c) && chosen && s != chosen && !same_text (s->brand, brand)
         && !same_text (s->brand, c->company.name);
}

static gboolean
lists_domain (GStrv list, const char *domain)
{
  for (gsize i = 0; list && list[i]; i++)
    if (same_text (list[i], domain))
      return TRUE;
  return FALSE;
}

gboolean
pkt_clients_is_others_domain (const PktCase *c, const PktStream *chosen, const char *domain)
{
  gboolean others = FALSE;
  for (guint i = 0; i < c->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (c->streams, i);
    if (!lists_domain (s->from_domain, domain) && !lists_domain (s->return_path_domain, domain)
        && !lists_domain (s->dkim, domain))
      continue;
    if (!pkt_clients_is_other (c, chosen, s))
      return FALSE;
    others = TRUE;
  }
  return others;
}

static void
own_domain (Teach *t, const char *domain, gboolean below)
{
  g_autofree char *lower = domain && *domain ? g_ascii_strdown (domain, -1) : NULL;
  g_auto (GStrv) labels = g_strsplit (lower ? lower : "", ".", -1);
  for (char **l = labels; *l; l++)
    g_hash_table_add (t->own_labels, g_strdup (*l));
  if (lower && (below || !g_hash_table_contains (t->own, lower)))
    g_hash_table_replace (t->own, g_steal_pointer (&lower), GINT_TO_POINTER (below));
}

static void
own_domains (Teach *t, GStrv domains)
{
  for (gsize i = 0; domains && domains[i]; i++)
    own_domain (t, domains[i], TRUE);
}

static void
own_domain_of (Teach *t, const char *address)
{
  const char *at = address ? strrchr (address, '@') : NULL;
  own_domain (t, at ? at + 1 : NULL, FALSE);
}

/* Ids of this client's mail end in the name of the server that wrote them; it names nobody else. */
static void
own_message_hosts (Teach *t)
{
  const char *last = "";
  for (guint i = 0; i < t->e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (t->e->scan->events, i);
    const char *at = event->message_id ? strrchr (event->message_id, '@') : NULL;
    if (at == NULL || g_str_equal (at, last) || !pkt_evidence_in_stream (t->e, event))
      continue;
    last = at;
    char *lower = g_ascii_strdown (at + 1, -1);
    if (!g_hash_table_contains (t->own, lower))
      g_hash_table_insert (t->own, lower, GINT_TO_POINTER (FALSE));
    else
      g_free (lower);
  }
}

static void
collect_own (Teach *t)
{
  const PktEvidence *e = t->e;
  const PktCase *c = e->the_case;
  GStrv lists[] = { c->domains.from, c->domains.return_path, c->domains.tracking, c->domains.dkim };
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    for (gsize k = 0; lists[i] && lists[i][k]; k++)
      if (!pkt_clients_is_others_domain (c, e->stream, lists[i][k]))
        own_domain (t, lists[i][k], TRUE);
  for (guint i = 0; i < c->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (c->streams, i);
    if (pkt_clients_is_other (c, e->stream, s))
      continue;
    own_domains (t, s->from_domain);
    own_domains (t, s->return_path_domain);
    own_domains (t, s->dkim);
  }
  for (guint i = 0; i < e->stream_ids->len; i++)
    own_domain (t, pkt_tally_name (e->scan->tally, g_array_index (e->stream_ids, guint16, i)),
                TRUE);
  for (guint i = 0; i < e->samples->len; i++) {
    const PktSample *sample = g_ptr_array_index (e->samples, i);
    own_domain (t, sample->from_domain, TRUE);
    own_domain (t, sample->return_path_domain, TRUE);
    own_domain (t, sample->policy_domain, FALSE);
  }
  own_domain_of (t, c->contact.email);
  own_domain_of (t, c->request.from);
  own_message_hosts (t);
}

/* Ours, below this client's, or above ours. */
static gboolean
is_own (const Teach *t, const char *lower)
{
  GHashTableIter it;
  gpointer own, below;
  if (g_hash_table_contains (t->own, lower))
    return TRUE;
  g_hash_table_iter_init (&it, t->own);
  while (g_hash_table_iter_next (&it, &own, &below)) {
    PktSlice o = pkt_slice_str (own), d = pkt_slice_str (lower);
    if (pkt_slice_ends_nocase (o, d) && o.p[o.n - d.n - 1] == '.')
      return TRUE;
    if (below && pkt_slice_ends_nocase (d, o) && d.p[d.n - o.n - 1] == '.')
      return TRUE;
  }
  return FALSE;
}

/* "bjork" and "bjoerk" of "Bjørk": so it stands in ids. */
static void
teach_plain (Teach *t, guint number, const char *lower)
{
  for (guint letters = 1; letters <= 2; letters++) {
    g_autofree char *plain = pkt_name_plain (lower, letters);
    if (plain && strchr (plain, ' '))
      pkt_redactor_add_client (t->r, number, plain);
    else if (plain && !g_hash_table_contains (t->own_labels, plain))
      pkt_redactor_add_client_label (t->r, number, plain);
  }
}

static void
teach_word (Teach *t, guint number, const char *word)
{
  char *lower = word ? g_utf8_strdown (word, -1) : NULL;
  if (lower == NULL || *lower == '\0' || g_hash_table_contains (t->number, lower)) {
    g_free (lower);
    return;
  }
  pkt_redactor_add_client (t->r, number, word);
  g_hash_table_insert (t->number, lower, GUINT_TO_POINTER (number));
  teach_plain (t, number, lower);
}

/* Words that many senders' domains have. */
static gboolean
is_common_label (const Teach *t, const char *label)
{
  static const char *const words[]
      = { "alerts", "click",    "clicks",  "digital", "group",   "images",   "links",
          "media",  "message",  "network", "notify",  "online",  "outbound", "public",
          "server", "servers",  "smtp",    "static",  "store",   "stores",   "track",
          "trade",  "tracking", "travel",  "updates", "weather", "world",    NULL };
  return strlen (label) < MIN_LABEL || strspn (label, "0123456789-") == strlen (label)
         || g_strv_contains (words, label) || pkt_place_role_words (pkt_slice_str (label))
         || g_hash_table_contains (t->own_labels, label);
}

/* "quayside" of news.quayside.example: it stands in host names, paths and ids of a shared platform
 * without its domain. Below a domain of ours the label before is the client's. */
static void
teach_label (Teach *t, guint number, const char *lower)
{
  g_autofree char *registered = pkt_domain_registered (lower);
  gsize n = strlen (lower), rest = strlen (registered);
  g_autofree char *before = g_strndup (lower, n > rest ? n - rest - 1 : 0);
  const char *dot = strrchr (before, '.'), *above = dot ? dot + 1 : before;
  registered[strcspn (registered, ".")] = '\0';
  const char *label = g_hash_table_contains (t->own_labels, registered) ? above : registered;
  if (!is_common_label (t, label))
    pkt_redactor_add_client_label (t->e->redactor, number, label);
}

/* news.client.example gives client.example too, where that is nobody's of ours. */
static void
teach_domain (Teach *t, guint number, const char *domain)
{
  g_autofree char *lower = g_ascii_strdown (domain, -1), *shown = g_hostname_to_unicode (lower);
  const char *parent = strchr (lower, '.');
  if (parent == NULL || is_own (t, lower) || pkt_place_apple_domain (pkt_slice_str (lower)))
    return;
  teach_word (t, number, lower);
  teach_label (t, number, lower);
  if (shown && !g_str_equal (shown, lower)) { /* xn--… as people see it */
    teach_word (t, number, shown);
    teach_label (t, number, shown);
  }
  parent++;
  if (strchr (parent, '.') && strcspn (parent, ".") >= MIN_PARENT_LABEL && !is_own (t, parent))
    teach_word (t, number, parent);
}

static void
teach_domains (Teach *t, guint number, GStrv domains)
{
  for (gsize i = 0; domains && domains[i]; i++)
    teach_domain (t, number, domains[i]);
}

/* "newsletter" and "receipts" are kinds of mail, not names. */
static gboolean
is_kind_of_mail (const PktEvidence *e, const char *name)
{
  static const char *const kinds[]
      = { "newsletter",    "newsletters", "receipts",  "orders",   "marketing", "mail", "news",
          "transactional", "personal",    "forwarded", "campaign", "campaigns", NULL };
  g_autofree char *lower = g_ascii_strdown (name, -1);
  return g_strv_contains (kinds, lower) || pkt_place_role_words (pkt_slice_str (lower))
         || (e->stream_name && same_text (name, e->stream_name));
}

static void
teach_stream (Teach *t, const PktStream *s)
{
  guint number = ++t->clients;
  if (s->brand)
    teach_word (t, number, s->brand);
  if (!is_kind_of_mail (t->e, s->name))
    teach_word (t, number, s->name);
  teach_domains (t, number, s->from_domain);
  teach_domains (t, number, s->return_path_domain);
  teach_domains (t, number, s->dkim);
  for (gsize i = 0; s->campaign && s->campaign[i]; i++)
    if (!is_kind_of_mail (t->e, s->campaign[i]))
      teach_word (t, number, s->campaign[i]);
}

static void
teach_sender (Teach *t, const char *domain)
{
  g_autofree char *lower = domain ? g_ascii_strdown (domain, -1) : NULL;
  if (lower && strchr (lower, '.') && t->clients < MAX_CLIENTS
      && !g_hash_table_contains (t->number, lower) && !is_own (t, lower))
    teach_domain (t, ++t->clients, lower);
}

/* Sorted, so that the numbers do not depend on the order of the logs. */
static void
teach_logs (Teach *t)
{
  const PktTally *tally = t->e->scan->tally;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < tally->cells->len; i++) {
    const PktCell *c = &g_array_index (tally->cells, PktCell, i);
    g_ptr_array_add (names, (gpointer)pkt_tally_name (tally, c->key.stream));
  }
  for (guint i = 0; i < t->e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (t->e->scan->events, i);
    if (event->from_domain)
      g_ptr_array_add (names, (gpointer)event->from_domain);
    if (event->return_path_domain)
      g_ptr_array_add (names, (gpointer)event->return_path_domain);
  }
  g_ptr_array_sort (names, pkt_sort_by_text);
  for (guint i = 0; i < names->len; i++)
    if (i == 0 || strcmp (names->pdata[i], names->pdata[i - 1]) != 0)
      teach_sender (t, names->pdata[i]);
}

void
pkt_clients_teach (const PktEvidence *e)
{
  if (!pkt_clients_apply (e->the_case))
    return;
  g_autoptr (GHashTable) own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) number = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Teach t = { e, e->redactor, own, labels, number, 0 };
  collect_own (&t);
  for (guint i = 0; i < e->the_case->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (e->the_case->streams, i);
    if (pkt_clients_is_other (e->the_case, e->stream, s))
      teach_stream (&t, s);
  }
  if (e->narrowed) /* else all mail together is the one client's */
    teach_logs (&t);
}
