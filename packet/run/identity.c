#include "packet/run/identity.h"
#include "packet/dns/dns.h"
#include "packet/dns/ip.h"
#include "packet/model/sample.h"
#include "packet/page/url.h"
#include "packet/redact/token.h"
#include "packet/run/clients.h"

static void
ip_free (gpointer p)
{
  PktIdentityIp *ip = p;
  g_free (ip->ip);
  g_free (ip->helo);
  g_free (ip);
}

static void
pair_free (gpointer p)
{
  PktIdentityPair *pair = p;
  g_free (pair->ip);
  g_free (pair->domain);
  g_free (pair);
}

static void
key_free (gpointer p)
{
  PktIdentityKey *key = p;
  g_free (key->selector);
  g_free (key->domain);
  g_free (key);
}

PktIdentity *
pkt_identity_new (void)
{
  PktIdentity *id = g_new0 (PktIdentity, 1);
  id->ips = g_ptr_array_new_with_free_func (ip_free);
  id->pairs = g_ptr_array_new_with_free_func (pair_free);
  id->keys = g_ptr_array_new_with_free_func (key_free);
  id->from = g_ptr_array_new_with_free_func (g_free);
  id->domains = g_ptr_array_new_with_free_func (g_free);
  id->hosts = g_ptr_array_new_with_free_func (g_free);
  return id;
}

void
pkt_identity_free (PktIdentity *id)
{
  GPtrArray *const lists[] = { id->ips, id->pairs, id->keys, id->from, id->domains, id->hosts };
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    g_ptr_array_unref (lists[i]);
  g_free (id);
}

static gboolean
has_room (PktIdentity *id, const GPtrArray *list)
{
  id->cut |= list->len >= PKT_IDENTITY_MAX;
  return list->len < PKT_IDENTITY_MAX;
}

/* The address as it is compared; NULL where it is none. Caller frees. */
static char *
plain_ip (const char *text)
{
  PktIp ip;
  return text && pkt_ip_parse (text, &ip) ? pkt_ip_text (&ip) : NULL;
}

/* Two labels at least: no bare host name. Caller frees. */
static char *
plain_domain (const char *text)
{
  g_autofree char *name = text ? pkt_dns_name (text) : NULL;
  PktIp ip;
  return name && strchr (name, '.') && !pkt_ip_parse (name, &ip) ? g_steal_pointer (&name) : NULL;
}

static void
add_string (PktIdentity *id, GPtrArray *list, const char *text)
{
  if (text && !g_ptr_array_find_with_equal_func (list, text, g_str_equal, NULL)
      && has_room (id, list))
    g_ptr_array_add (list, g_strdup (text));
}

void
pkt_identity_add_ip (PktIdentity *id, const char *text, const char *helo)
{
  g_autofree char *ip = plain_ip (text), *name = plain_domain (helo);
  if (ip == NULL)
    return;
  for (guint i = 0; i < id->ips->len; i++) {
    PktIdentityIp *known = g_ptr_array_index (id->ips, i);
    if (!g_str_equal (known->ip, ip))
      continue;
    if (known->helo == NULL)
      known->helo = g_steal_pointer (&name);
    return;
  }
  if (!has_room (id, id->ips))
    return;
  PktIdentityIp *fresh = g_new0 (PktIdentityIp, 1);
  fresh->ip = g_steal_pointer (&ip);
  fresh->helo = g_steal_pointer (&name);
  g_ptr_array_add (id->ips, fresh);
}

/* Behind the last label that is made for one reader: nobody is asked about 7fq2mx9kd3.click.…; the
 * last two stay. */
static const char *
without_reader (const char *name)
{
  const char *rest = name;
  for (const char *p = name, *dot; (dot = strchr (p, '.')) && strchr (dot + 1, '.'); p = dot + 1)
    if (pkt_token_like (pkt_slice (p, (gsize)(dot - p))))
      rest = dot + 1;
  return rest;
}

void
pkt_identity_add_host (PktIdentity *id, const char *host)
{
  g_autofree char *name = plain_domain (host), *ip = plain_ip (host);
  add_string (id, id->hosts, name ? without_reader (name) : ip);
}

/* "https://www.example.com/x" and "www.example.com" in a text, which mail programs make links of.
 */
void
pkt_identity_add_text (PktIdentity *id, const char *text)
{
  static const char between[] = " \t\r\n<>\"'()[]{},;|";
  for (const char *p = text ? text : ""; *p;) {
    p += strspn (p, between);
    gsize n = strcspn (p, between);
    gboolean bare = g_ascii_strncasecmp (p, "www.", 4) == 0;
    g_autofree char *link = g_strdup_printf ("%s%.*s", bare ? "http://" : "",
                                             (int)MIN (n, PKT_URL_MAX), p);
    g_auto (PktUrl) url = { 0 };
    if ((bare || strstr (link, "://")) && pkt_url_read (pkt_slice_str (link), &url))
      pkt_identity_add_host (id, url.host);
    p += n;
  }
}

void
pkt_identity_add_envelope (PktIdentity *id, const char *domain)
{
  g_autofree char *name = plain_domain (domain);
  add_string (id, id->domains, name);
  add_string (id, id->hosts, name);
}

void
pkt_identity_add_from (PktIdentity *id, const char *domain)
{
  g_autofree char *name = plain_domain (domain);
  add_string (id, id->from, name);
  pkt_identity_add_envelope (id, domain);
}

void
pkt_identity_add_key (PktIdentity *id, const char *selector, const char *domain)
{
  g_autofree char *name = plain_domain (domain);
  if (name == NULL || selector == NULL || *selector == '\0')
    return;
  g_autofree char *lower = g_ascii_strdown (selector, -1);
  for (guint i = 0; i < id->keys->len; i++) {
    const PktIdentityKey *k = g_ptr_array_index (id->keys, i);
    if (g_str_equal (k->selector, lower) && g_str_equal (k->domain, name))
      return;
  }
  if (!has_room (id, id->keys))
    return;
  PktIdentityKey *k = g_new0 (PktIdentityKey, 1);
  k->selector = g_steal_pointer (&lower);
  k->domain = g_steal_pointer (&name);
  g_ptr_array_add (id->keys, k);
}

void
pkt_identity_add_pair (PktIdentity *id, const char *ip_text, const char *domain)
{
  g_autofree char *ip = plain_ip (ip_text), *name = plain_domain (domain);
  if (ip == NULL || name == NULL)
    return;
  for (guint i = 0; i < id->pairs->len; i++) {
    const PktIdentityPair *p = g_ptr_array_index (id->pairs, i);
    if (g_str_equal (p->ip, ip) && g_str_equal (p->domain, name))
      return;
  }
  if (!has_room (id, id->pairs))
    return;
  PktIdentityPair *p = g_new0 (PktIdentityPair, 1);
  p->ip = g_steal_pointer (&ip);
  p->domain = g_steal_pointer (&name);
  g_ptr_array_add (id->pairs, p);
}

static gboolean
is_paired (const PktIdentity *id, const char *ip, const char *domain)
{
  for (guint i = 0; i < id->pairs->len; i++) {
    const PktIdentityPair *p = g_ptr_array_index (id->pairs, i);
    if (g_strcmp0 (ip ? p->ip : p->domain, ip ? ip : domain) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Envelope domains, or where none is known the From domains, which then are the envelope's too. */
void
pkt_identity_pair_rest (PktIdentity *id)
{
  g_autoptr (GPtrArray) ips = g_ptr_array_new (), domains = g_ptr_array_new ();
  gboolean envelope = id->domains->len > id->from->len;
  for (guint i = 0; i < id->ips->len; i++) {
    const PktIdentityIp *ip = g_ptr_array_index (id->ips, i);
    if (!is_paired (id, ip->ip, NULL))
      g_ptr_array_add (ips, ip->ip);
  }
  for (guint i = 0; i < id->domains->len; i++) {
    char *domain = g_ptr_array_index (id->domains, i);
    gboolean only_from = envelope
                         && g_ptr_array_find_with_equal_func (id->from, domain, g_str_equal, NULL);
    if (!only_from && !is_paired (id, NULL, domain))
      g_ptr_array_add (domains, domain);
  }
  for (guint i = 0; i < ips->len; i++)
    for (guint k = 0; k < domains->len; k++)
      pkt_identity_add_pair (id, ips->pdata[i], domains->pdata[k]);
}

/* ---- from what was read ---- */

static void
each_string (PktIdentity *id, GStrv list, void (*add) (PktIdentity *id, const char *text))
{
  for (gsize i = 0; list && list[i]; i++)
    add (id, list[i]);
}

static gboolean
forwards (const PktCase *c)
{
  for (guint i = 0; i < c->streams->len; i++)
    if (g_strcmp0 (((const PktStream *)c->streams->pdata[i])->mail_type, "forwarded") == 0)
      return TRUE;
  return FALSE;
}

/* Of one that somebody else sent on neither IP nor return-path is the sender's. */
static void
take_sample (PktIdentity *id, const PktSample *s, gboolean is_ours)
{
  if (s->at_apple && is_ours) {
    pkt_identity_add_ip (id, s->client_ip, s->helo);
    pkt_identity_add_pair (id, s->client_ip, s->return_path_domain);
  }
  pkt_identity_add_from (id, s->from_domain);
  pkt_identity_add_envelope (id, is_ours ? s->return_path_domain : NULL);
  pkt_identity_add_text (id, s->text);
  for (guint i = 0; i < s->dkim->len; i++) {
    const PktDkimSignature *d = g_ptr_array_index (s->dkim, i);
    pkt_identity_add_key (id, d->selector, d->domain);
  }
}

static void
take_stream (PktIdentity *id, const PktStream *s)
{
  each_string (id, s->from_domain, pkt_identity_add_from);
  each_string (id, s->return_path_domain, pkt_identity_add_envelope);
  for (gsize i = 0; s->sending_ip[i]; i++) {
    pkt_identity_add_ip (id, s->sending_ip[i], NULL);
    for (gsize k = 0; s->return_path_domain[k]; k++)
      pkt_identity_add_pair (id, s->sending_ip[i], s->return_path_domain[k]);
  }
}

/* only: the one client that is asked about; NULL: all that the case names. */
static gboolean
is_wanted_ip (const PktSendingIp *ip, const PktEvidence *only)
{
  return only == NULL || only->stream == NULL || ip->streams == NULL || ip->streams[0] == NULL
         || g_strv_contains ((const char *const *)ip->streams, only->stream->name);
}

static void
take_case (PktIdentity *id, const PktCase *c, const PktEvidence *only)
{
  for (guint i = 0; i < c->sending_ips->len; i++) {
    const PktSendingIp *s = g_ptr_array_index (c->sending_ips, i);
    if (is_wanted_ip (s, only))
      pkt_identity_add_ip (id, s->address, s->helo);
  }
  for (guint i = 0; i < c->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (c->streams, i);
    if (only == NULL || !pkt_clients_is_other (c, only->stream, s))
      take_stream (id, s);
  }
  each_string (id, c->domains.from, pkt_identity_add_from);
  each_string (id, c->domains.return_path, pkt_identity_add_envelope);
  each_string (id, c->domains.tracking, pkt_identity_add_host);
  each_string (id, c->evidence.page_hosts, pkt_identity_add_host);
}

/* What an event says of its sender. Strings of the pool are kept once, so addresses tell them apart
 * and a million events of a few senders cost a look each. */
typedef struct {
  const char *ip, *helo, *envelope, *from;
} Sender;

static guint
sender_hash (gconstpointer p)
{
  const Sender *s = p;
  guint h = g_direct_hash (s->ip);
  h = h * 31 + g_direct_hash (s->helo);
  h = h * 31 + g_direct_hash (s->envelope);
  return h * 31 + g_direct_hash (s->from);
}

static gboolean
sender_equal (gconstpointer a, gconstpointer b)
{
  const Sender *x = a, *y = b;
  return x->ip == y->ip && x->helo == y->helo && x->envelope == y->envelope && x->from == y->from;
}

static void
take_events (PktIdentity *id, const PktScan *scan, const PktEvidence *only)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (sender_hash, sender_equal, g_free, NULL);
  for (guint i = 0; i < scan->events->len; i++) {
    const PktEvent *e = g_ptr_array_index (scan->events, i);
    const Sender s = { e->local_ip, e->helo, e->return_path_domain, e->from_domain };
    if (g_hash_table_contains (seen, &s) || (only && !pkt_evidence_in_stream (only, e)))
      continue;
    g_hash_table_add (seen, g_memdup2 (&s, sizeof s));
    pkt_identity_add_ip (id, e->local_ip, e->helo);
    pkt_identity_add_envelope (id, e->return_path_domain);
    pkt_identity_add_from (id, e->from_domain);
    pkt_identity_add_pair (id, e->local_ip, e->return_path_domain);
  }
}

static PktIdentity *
identity (const PktInputs *in, const GPtrArray *samples, const PktEvidence *only)
{
  PktIdentity *id = pkt_identity_new ();
  take_case (id, in->the_case, only);
  id->samples = samples;
  id->aggregate = in->aggregate;
  for (guint i = 0; i < samples->len; i++) {
    const PktSample *s = g_ptr_array_index (samples, i);
    take_sample (id, s, forwards (in->the_case) || !pkt_sample_sent_on (s));
  }
  for (guint i = 0; i < in->tracking->len; i++)
    pkt_identity_add_host (id, ((const PktTracking *)in->tracking->pdata[i])->host);
  take_events (id, in->scan, only);
  for (guint i = 0; in->page && i < in->page->hosts->len; i++)
    pkt_identity_add_host (id, ((const PktLinkHost *)in->page->hosts->pdata[i])->host);
  pkt_identity_add_text (id, in->page ? in->page->outline : NULL);
  pkt_identity_pair_rest (id);
  return id;
}

PktIdentity *
pkt_identity_of (const PktInputs *in)
{
  return identity (in, in->all_samples, NULL);
}

PktIdentity *
pkt_identity_of_client (const PktInputs *in)
{
  if (!pkt_clients_apply (in->the_case))
    return identity (in, in->samples, NULL);
  g_autoptr (PktEvidence) e = pkt_evidence_new (in->the_case, in->scan, NULL);
  e->all_samples = in->all_samples;
  pkt_evidence_choose_stream (e);
  return identity (in, in->samples, e);
}
