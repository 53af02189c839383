/* The domains of a request: who it is from, return paths, what its links lead to. */
#include "packet/base/domain.h"
#include "packet/base/json.h"
#include "packet/redact/token.h"
#include "packet/run/campaign.h"
#include "packet/run/facts.h"
#include "packet/run/tracking.h"

#define MAX_LINK_HOSTS 4
#define MAX_RETURN_PATHS 3

/* Of several that the case lists the one that the stream's return path belongs to. */
static const char *
nearest_from (GStrv from, const char *return_path)
{
  for (gsize i = 0; return_path && from[i]; i++)
    if (pkt_domain_within (return_path, from[i]) || pkt_domain_within (from[i], return_path))
      return from[i];
  return from[0];
}

const char *
pkt_facts_from_domain (const PktEvidence *e)
{
  const PktGroup *g = e->groups->len ? g_ptr_array_index (e->groups, 0) : NULL;
  const char *return_path = g           ? g->example->return_path_domain
                            : e->stream ? e->stream->return_path_domain[0]
                                        : NULL;
  if (e->samples->len && e->variant != PKT_VARIANT_FORWARDED) { /* there it is the author's */
    const PktSample *s = g_ptr_array_index (e->samples, 0);
    if (s->from_domain)
      return s->from_domain;
  }
  if (e->stream && e->stream->from_domain[0])
    return e->stream->from_domain[0];
  if (g && g->example->from_domain && e->variant != PKT_VARIANT_FORWARDED
      && g_strv_contains ((const char *const *)e->the_case->domains.from, g->example->from_domain))
    return g->example->from_domain;
  return nearest_from (e->the_case->domains.from, return_path);
}

static void
add_domain (json_t *list, const char *name, const char *note)
{
  json_t *o = json_object ();
  json_object_set_new (o, "name", pkt_json_string (name));
  json_object_set_new (o, "note", pkt_json_string (note));
  json_array_append_new (list, o);
}

/* The signature that the result is about, else the first. */
static const PktDkimSignature *
told_signature (const PktSample *s)
{
  const PktAuthResult *a = pkt_sample_auth (s, "dkim");
  for (guint i = 0; a && a->domain && i < s->dkim->len; i++) {
    const PktDkimSignature *d = g_ptr_array_index (s->dkim, i);
    if (d->domain && g_ascii_strcasecmp (d->domain, a->domain) == 0)
      return d;
  }
  return s->dkim->len ? g_ptr_array_index (s->dkim, 0) : NULL;
}

char *
pkt_facts_dkim (const PktEvidence *e)
{
  const PktSample *s = e->samples->len && e->variant != PKT_VARIANT_FORWARDED
                           ? g_ptr_array_index (e->samples, 0)
                           : NULL;
  const PktDkimSignature *d = s ? told_signature (s) : NULL;
  return d && d->domain && d->selector ? g_strdup_printf ("d=%s s=%s", d->domain, d->selector)
                                       : NULL;
}

static void
add_from (const PktEvidence *e, json_t *list)
{
  const char *domain = pkt_facts_from_domain (e);
  g_autofree char *dkim = pkt_facts_dkim (e);
  g_autofree char *note = e->variant == PKT_VARIANT_FORWARDED /* From is the author's */
                              ? g_strdup ("(forwarder)")
                              : dkim ? g_strdup_printf ("From; DKIM %s", dkim) : g_strdup ("From");
  if (domain)
    add_domain (list, domain, note);
}

/* Of the stream's senders those that are return paths: where a log has none a From domain stands
 * for it. */
static GPtrArray *
return_paths (const PktEvidence *e)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->return_path_domain)
      g_hash_table_add (known, (gpointer)event->return_path_domain);
  }
  for (guint i = 0; i < e->stream_ids->len; i++) {
    const char *name = pkt_tally_name (e->scan->tally, g_array_index (e->stream_ids, guint16, i));
    if (g_hash_table_contains (known, name))
      g_ptr_array_add (names, (gpointer)name);
  }
  return names;
}

/* The logs show mail to two people with it. */
static gboolean
is_shared (const PktEvidence *e, const char *domain)
{
  const char *one = NULL;
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->recipient == NULL || event->return_path_domain == NULL
        || g_ascii_strcasecmp (event->return_path_domain, domain) != 0)
      continue;
    if (one && g_ascii_strcasecmp (one, event->recipient) != 0)
      return TRUE;
    one = event->recipient;
  }
  return FALSE;
}

/* "b-4711332": a part of it is an id. */
static gboolean
has_id (PktSlice label)
{
  for (gsize from = 0, i = 0; i <= label.n; i++) {
    if (i < label.n && g_ascii_isalnum (label.p[i]))
      continue;
    if (pkt_token_like (pkt_slice (label.p + from, i - from)))
      return TRUE;
    from = i + 1;
  }
  return FALSE;
}

/* "*.bounce.example.com" of x.4711332.bounce.example.com; NULL where no label is an id. */
static char *
without_ids (const char *domain)
{
  const char *rest = domain;
  for (const char *p = domain, *dot; (dot = strchr (p, '.')) && strchr (dot + 1, '.'); p = dot + 1)
    if (has_id (pkt_slice (p, (gsize)(dot - p))))
      rest = dot + 1;
  return rest == domain ? NULL : g_strconcat ("*.", rest, NULL);
}

char *
pkt_facts_envelope_domain (const PktEvidence *e, const char *domain)
{
  g_autofree char *pattern = without_ids (domain);
  return pattern == NULL || is_shared (e, domain) ? g_strdup (domain) : g_steal_pointer (&pattern);
}

/* Names that differ in an id alone are told as one. */
static GPtrArray *
told_return_paths (const PktEvidence *e)
{
  g_autoptr (GPtrArray) names = return_paths (e);
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *told = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *pattern = without_ids (name);
    const guint place = pattern ? GPOINTER_TO_UINT (g_hash_table_lookup (places, pattern)) : 0;
    if (place) {
      g_free (told->pdata[place - 1]);
      told->pdata[place - 1] = g_steal_pointer (&pattern);
      continue;
    }
    g_ptr_array_add (told, g_strdup (name));
    if (pattern)
      g_hash_table_insert (places, g_steal_pointer (&pattern), GUINT_TO_POINTER (told->len));
  }
  return told;
}

static void
add_return_paths (const PktEvidence *e, json_t *list)
{
  g_autoptr (GPtrArray) names = told_return_paths (e);
  for (guint i = 0; i < MIN (names->len, MAX_RETURN_PATHS); i++) {
    const gboolean cut = i + 1 == MAX_RETURN_PATHS && names->len > MAX_RETURN_PATHS;
    g_autofree char *note = cut ? g_strdup_printf ("(return-path, and %u more)",
                                                   names->len - MAX_RETURN_PATHS)
                                : g_strdup ("(return-path)");
    add_domain (list, g_ptr_array_index (names, i), note);
  }
}

static void
add_host (GPtrArray *hosts, const char *host)
{
  for (guint i = 0; i < hosts->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (hosts, i), host) == 0)
      return;
  g_ptr_array_add (hosts, (gpointer)host);
}

/* Hosts of links and images, never URLs. The tracking hosts first, those of the case and those that
 * the samples show: a neutral copy of the page has none of them. Then the page's, those that carry
 * most first. */
static void
add_link_hosts (const PktEvidence *e, json_t *list)
{
  if (e->variant == PKT_VARIANT_FORWARDED || e->variant == PKT_VARIANT_PERSONAL)
    return; /* what people write is theirs */
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();
  GString *names = g_string_new (NULL);
  for (gsize i = 0; e->the_case->domains.tracking[i]; i++)
    add_host (hosts, e->the_case->domains.tracking[i]);
  for (guint i = 0; e->tracking && i < e->tracking->len; i++) {
    const PktTracking *t = g_ptr_array_index (e->tracking, i);
    if (pkt_tracking_is (t))
      add_host (hosts, t->host);
  }
  for (guint i = 0; e->page && i < e->page->hosts->len; i++)
    add_host (hosts, ((const PktLinkHost *)g_ptr_array_index (e->page->hosts, i))->host);
  for (guint i = 0; i < MIN (hosts->len, MAX_LINK_HOSTS); i++) {
    g_autofree char *name = pkt_campaign_host (e->redactor, g_ptr_array_index (hosts, i));
    g_string_append_printf (names, "%s%s", i ? ", " : "", name);
  }
  if (hosts->len > MAX_LINK_HOSTS)
    g_string_append_printf (names, " and %u more", hosts->len - MAX_LINK_HOSTS);
  if (hosts->len)
    add_domain (list, names->str, "(links, images)");
  g_string_free (names, TRUE);
}

json_t *
pkt_facts_domains (const PktEvidence *e)
{
  json_t *list = json_array ();
  add_from (e, list);
  add_return_paths (e, list);
  add_link_hosts (e, list);
  return list;
}
