#include "packet/run/check.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/dns/checks.h"
#include "packet/dns/lists.h"
#include "packet/dns/resolver.h"
#include "packet/run/check-sample.h"

#define MAX_KEY_FILE 4096

/* One look at one thing; it is called until it is done. */
typedef struct Task Task;
struct Task {
  const char *kind;
  gboolean (*look) (Task *task, PktDns *dns);
  const char *a, *b, *c; /* of the identity */
  const PktLists *lists;
  const PktSample *sample;
  const PktDkimMessage *message;
  guint signature;
  GPtrArray *rows; /* PktCheck* */
  gboolean done;
};

PktChecks *
pkt_checks_new (void)
{
  PktChecks *c = g_new0 (PktChecks, 1);
  c->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_check_free);
  c->at = PKT_NO_TIME;
  return c;
}

void
pkt_checks_free (PktChecks *c)
{
  g_ptr_array_unref (c->rows);
  json_decref (c->dns);
  g_free (c);
}

static void
task_free (gpointer p)
{
  g_ptr_array_unref (((Task *)p)->rows);
  g_free (p);
}

static gboolean
look_spf (Task *t, PktDns *dns)
{
  return pkt_check_spf (dns, t->a, t->b, t->c, t->rows);
}

static gboolean
look_dkim (Task *t, PktDns *dns)
{
  return pkt_check_dkim (dns, t->a, t->b, t->rows);
}

static gboolean
look_dmarc (Task *t, PktDns *dns)
{
  return pkt_check_dmarc (dns, t->a, t->rows);
}

static gboolean
look_reverse (Task *t, PktDns *dns)
{
  return pkt_check_reverse (dns, t->a, t->b, t->rows);
}

static gboolean
look_domain (Task *t, PktDns *dns)
{
  return pkt_check_domain (dns, t->a, t->rows);
}

static gboolean
look_list_ip (Task *t, PktDns *dns)
{
  return pkt_lists_check_ip (t->lists, dns, t->a, t->rows);
}

static gboolean
look_list_host (Task *t, PktDns *dns)
{
  return pkt_lists_check_host (t->lists, dns, t->a, t->rows);
}

static gboolean
look_signature (Task *t, PktDns *dns)
{
  return pkt_check_signature (dns, t->sample, t->message, t->signature, t->rows);
}

static gboolean
look_alignment (Task *t, PktDns *dns)
{
  return pkt_check_sample_alignment (dns, t->sample, t->rows);
}

const char *const *
pkt_check_kinds (void)
{
  static const char *const kinds[] = { "spf",    "dkim",  "dmarc",   "rdns",
                                       "domain", "lists", "headers", NULL };
  return kinds;
}

typedef struct {
  GPtrArray *tasks; /* Task* */
  const char *const *only;
  const PktLists *lists;
  GPtrArray *messages; /* PktDkimMessage* */
} Plan;

/* NULL: it is not wanted. */
static Task *
add (Plan *p, const char *kind, gboolean (*look) (Task *, PktDns *), const char *a, const char *b,
     const char *c)
{
  if (p->only && !g_strv_contains (p->only, kind))
    return NULL;
  Task *t = g_new0 (Task, 1);
  *t = (Task){ .kind = kind, .look = look, .a = a, .b = b, .c = c, .lists = p->lists };
  t->rows = g_ptr_array_new ();
  g_ptr_array_add (p->tasks, t);
  return t;
}

static void
add_sample (Plan *p, const PktSample *s)
{
  gsize n = 0;
  const char *bytes = g_bytes_get_data (s->raw, &n);
  PktDkimMessage *m = pkt_dkim_message_new (pkt_slice (bytes, n));
  g_ptr_array_add (p->messages, m);
  Task *t = add (p, "dmarc", look_alignment, NULL, NULL, NULL);
  if (t)
    t->sample = s;
  for (guint i = 0; i < pkt_dkim_count (m); i++) {
    t = add (p, "headers", look_signature, NULL, NULL, NULL);
    if (t == NULL)
      continue;
    t->sample = s;
    t->message = m;
    t->signature = i;
  }
}

static const char *
helo_of (const PktIdentity *id, const char *ip)
{
  for (guint i = 0; i < id->ips->len; i++) {
    const PktIdentityIp *known = g_ptr_array_index (id->ips, i);
    if (g_str_equal (known->ip, ip))
      return known->helo;
  }
  return NULL;
}

static void
make_plan (Plan *p, const PktIdentity *id)
{
  for (guint i = 0; i < id->pairs->len; i++) {
    const PktIdentityPair *pair = g_ptr_array_index (id->pairs, i);
    add (p, "spf", look_spf, pair->ip, pair->domain, helo_of (id, pair->ip));
  }
  for (guint i = 0; i < id->keys->len; i++) {
    const PktIdentityKey *key = g_ptr_array_index (id->keys, i);
    add (p, "dkim", look_dkim, key->selector, key->domain, NULL);
  }
  for (guint i = 0; i < id->from->len; i++)
    add (p, "dmarc", look_dmarc, id->from->pdata[i], NULL, NULL);
  for (guint i = 0; i < id->ips->len; i++) {
    const PktIdentityIp *ip = g_ptr_array_index (id->ips, i);
    add (p, "rdns", look_reverse, ip->ip, ip->helo, NULL);
  }
  for (guint i = 0; i < id->domains->len; i++)
    add (p, "domain", look_domain, id->domains->pdata[i], NULL, NULL);
  for (guint i = 0; i < id->ips->len; i++)
    add (p, "lists", look_list_ip, ((PktIdentityIp *)id->ips->pdata[i])->ip, NULL, NULL);
  for (guint i = 0; i < id->hosts->len; i++)
    add (p, "lists", look_list_host, id->hosts->pdata[i], NULL, NULL);
  for (guint i = 0; id->samples && i < id->samples->len; i++)
    add_sample (p, id->samples->pdata[i]);
}

/* What came of the others stays as far as it got: a task that never ends is a fault of ours. */
static void
run_tasks (const Plan *p, PktDns *dns, PktDnsWait wait, gpointer data)
{
  for (gboolean more = TRUE; more;) {
    for (guint i = 0; i < p->tasks->len; i++) {
      Task *t = g_ptr_array_index (p->tasks, i);
      t->done = t->done || t->look (t, dns);
    }
    more = wait && wait (data);
  }
}

static void
take_answers (PktChecks *c, PktDns *dns)
{
  c->dns = pkt_dns_json (dns);
  const json_t *list = json_object_get (c->dns, "answers");
  c->questions = (guint)json_array_size (list);
  for (gsize i = 0; i < c->questions; i++) {
    const char *time = pkt_json_text (json_array_get (list, i), "time");
    PktStamp stamp;
    if (time && pkt_clock_parse_rfc3339 (pkt_slice_str (time), &stamp))
      c->at = MAX (c->at, stamp.us);
  }
}

void
pkt_checks_look (PktChecks *c, const PktIdentity *id, const char *const *only, PktDns *dns,
                 const char *dqs_key, PktDnsWait wait, gpointer data)
{
  g_autoptr (PktLists) lists = pkt_lists_new (dqs_key, NULL);
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (task_free);
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (
      (GDestroyNotify)pkt_dkim_message_free);
  Plan p = { tasks, only, lists, messages };
  pkt_dns_hide (dns, dqs_key);
  c->cut = id->cut;
  make_plan (&p, id);
  run_tasks (&p, dns, wait, data);
  for (guint i = 0; i < tasks->len; i++) {
    const Task *t = g_ptr_array_index (tasks, i);
    for (guint k = 0; k < t->rows->len; k++)
      g_ptr_array_add (c->rows, t->rows->pdata[k]);
  }
  take_answers (c, dns);
}

/* ---- network and replay ---- */

typedef struct {
  PktResolver *resolver;
  const PktAskOptions *options;
} Network;

static gboolean
wait_network (gpointer data)
{
  const Network *n = data;
  gboolean more = pkt_resolver_wait (n->resolver);
  guint asked = pkt_resolver_sent (n->resolver),
        open = pkt_dns_open (pkt_resolver_dns (n->resolver));
  if (n->options->progress)
    n->options->progress (asked > open ? asked - open : 0, asked, n->options->progress_data);
  return more;
}

/* The first line; NULL with an error where the file is none. Caller frees. */
static char *
read_key (const char *path, GError **error)
{
  gsize n = 0;
  g_autofree char *text = pkt_file_read (path, MAX_KEY_FILE, &n, error);
  if (text == NULL)
    return NULL;
  text[strcspn (text, "\r\n")] = '\0';
  g_strstrip (text);
  g_autoptr (GError) problem = NULL;
  g_autoptr (PktLists) lists = pkt_lists_new (text, &problem);
  if (lists && *text)
    return g_steal_pointer (&text);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: holds no DQS key: one line of letters and digits", path);
  return NULL;
}

/* A replay of answers that were asked for with a key has them under the word for it. */
static gboolean
has_hidden_key (PktDns *dns)
{
  g_autoptr (json_t) all = pkt_dns_json (dns);
  gsize i;
  json_t *a;
  json_array_foreach (json_object_get (all, "answers"), i, a)
  {
    const char *name = pkt_json_text (a, "name");
    if (name && strstr (name, "." PKT_DNS_HIDDEN "."))
      return TRUE;
  }
  return FALSE;
}

gboolean
pkt_checks_ask (PktChecks *c, const PktIdentity *id, const char *const *only,
                const PktAskOptions *o, GError **error)
{
  g_autofree char *key = o->dqs_key_file ? read_key (o->dqs_key_file, error) : NULL;
  if (o->dqs_key_file && key == NULL)
    return FALSE;
  for (guint i = 0; id->samples && i < id->samples->len; i++)
    if (only == NULL || g_strv_contains (only, "headers"))
      pkt_check_sample (id->samples->pdata[i], c->rows);
  if (id->aggregate && (only == NULL || g_strv_contains (only, "dmarc")))
    pkt_check_aggregate (id->aggregate, id, c->rows);
  if (o->replay) {
    g_autoptr (PktDns) dns = pkt_dns_replay (o->replay, error);
    if (dns)
      pkt_checks_look (c, id, only, dns, has_hidden_key (dns) ? PKT_DNS_HIDDEN : NULL, NULL, NULL);
    return dns != NULL;
  }
  if (!o->online)
    return TRUE;
  g_autoptr (PktResolver) r = pkt_resolver_new (o->servers, o->timeout_ms, error);
  Network network = { r, o };
  if (r)
    pkt_checks_look (c, id, only, pkt_resolver_dns (r), key, wait_network, &network);
  return r != NULL;
}

const char *
pkt_check_advice (const char *rule, const char *what)
{
  static const json_t *table = NULL;
  const json_t *rules = json_object_get (pkt_json_table (&table, "checks.json"), "rules");
  return pkt_json_text (json_object_get (rules, rule), what);
}
