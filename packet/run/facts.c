#include "packet/run/campaign.h"
#include "packet/run/facts.h"
#include "packet/apple/relay.h"
#include "packet/base/json.h"
#include "packet/run/variant.h"
#include "packet/run/verified.h"
#include "packet/run/tracking.h"

#define MAX_LINK_HOSTS 4
#define MAX_RETURN_PATHS 3

const char *
pkt_facts_from_domain (const PktEvidence *e)
{
  if (e->samples->len && e->variant != PKT_VARIANT_FORWARDED) { /* there it is the author's */
    const PktSample *s = g_ptr_array_index (e->samples, 0);
    if (s->from_domain)
      return s->from_domain;
  }
  if (e->stream && e->stream->from_domain[0])
    return e->stream->from_domain[0];
  return e->the_case->domains.from[0];
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

/* "d=example.com s=nl25" of the first sample; NULL. */
static char *
dkim_words (const PktEvidence *e)
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
  g_autofree char *dkim = dkim_words (e);
  g_autofree char *note = dkim ? g_strdup_printf ("From; DKIM %s", dkim) : g_strdup ("From");
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

static void
add_return_paths (const PktEvidence *e, json_t *list)
{
  g_autoptr (GPtrArray) names = return_paths (e);
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

static json_t *
domains_json (const PktEvidence *e)
{
  json_t *list = json_array ();
  add_from (e, list);
  add_return_paths (e, list);
  add_link_hosts (e, list);
  return list;
}

/* HELO and PTR as Apple's own Received line shows them; else what the case says of the IP, and the
 * PTR that was seen to lead back to it. */
static void
ip_names (const PktEvidence *e, const char *ip, const char **helo, const char **ptr)
{
  *helo = *ptr = NULL;
  for (guint i = 0; i < e->samples->len; i++) {
    const PktSample *s = g_ptr_array_index (e->samples, i);
    if (g_strcmp0 (s->client_ip, ip) != 0)
      continue;
    *helo = s->helo;
    *ptr = s->ptr;
    return;
  }
  for (guint i = 0; i < e->the_case->sending_ips->len; i++) {
    const PktSendingIp *s = g_ptr_array_index (e->the_case->sending_ips, i);
    if (g_strcmp0 (s->address, ip) == 0)
      *helo = s->helo;
  }
  *ptr = pkt_verified_ptr (e, ip);
}

static json_t *
ip_json (const PktEvidence *e, const char *ip)
{
  const char *helo, *ptr;
  ip_names (e, ip, &helo, &ptr);
  g_autofree char *note = NULL;
  if (helo && ptr && g_ascii_strcasecmp (helo, ptr) == 0)
    note = g_strdup_printf ("HELO and PTR %s", helo);
  else if (helo && ptr)
    note = g_strdup_printf ("HELO %s, PTR %s", helo, ptr);
  else if (helo || ptr)
    note = g_strdup_printf ("%s %s", helo ? "HELO" : "PTR", helo ? helo : ptr);
  json_t *o = json_object ();
  json_object_set_new (o, "ip", pkt_json_string (ip));
  json_object_set_new (o, "helo", pkt_json_string (helo));
  json_object_set_new (o, "note", pkt_json_string (note));
  return o;
}

static json_t *
ips_json (const PktEvidence *e)
{
  json_t *list = json_array ();
  for (guint i = 0; i < e->ips->len; i++)
    json_array_append_new (list, ip_json (e, g_ptr_array_index (e->ips, i)));
  return list;
}

/* Kinds of recipient domains that the refused mail went to. */
static json_t *
affected_json (const PktEvidence *e)
{
  static const char *const classes[] = {
    "icloud.com", "me.com", "mac.com", "privaterelay.appleid.com", "private.icloud.com", "custom"
  };
  gboolean seen[G_N_ELEMENTS (classes)] = { FALSE };
  GString *s = g_string_new (NULL);
  for (guint i = 0; i < e->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (e->groups, i);
    for (guint k = 0; g->leads && k < g->events->len; k++) {
      const PktEvent *event = g_ptr_array_index (g->events, k);
      if (event->recipient == NULL)
        continue;
      const char *class = pkt_relay_domain_class (
          pkt_slice_domain (pkt_slice_str (event->recipient)));
      for (gsize c = 0; c < G_N_ELEMENTS (classes); c++)
        seen[c] = seen[c] || g_str_equal (class, classes[c]);
    }
  }
  for (gsize c = 0; c < G_N_ELEMENTS (classes); c++)
    if (seen[c])
      g_string_append_printf (s, "%s%s", s->len ? ", " : "",
                              c + 1 == G_N_ELEMENTS (classes) ? "custom domains" : classes[c]);
  json_t *v = s->len ? json_string (s->str) : json_null ();
  g_string_free (s, TRUE);
  return v;
}

/* The answers that lead: the most frequent first, then those that the sender's description does not
 * name by their tag. */
static json_t *
replies_json (const json_t *errors, const char *description)
{
  json_t *list = json_array (), *group;
  gsize i;
  json_array_foreach ((json_t *)errors, i, group)
  {
    const char *name = json_string_value (json_object_get (group, "short")),
               *open = name ? strchr (name, '[') : NULL;
    if (!json_is_true (json_object_get (group, "leads")))
      continue;
    if (json_array_size (list) && open && description && strstr (description, open))
      continue;
    json_t *o = json_object ();
    json_object_set (o, "reply", json_object_get (group, "reply"));
    json_object_set (o, "short", json_object_get (group, "short"));
    json_object_set (o, "stage", json_object_get (group, "stage"));
    json_object_set (o, "count", json_object_get (group, "count"));
    json_array_append_new (list, o);
  }
  return list;
}

static void
add_lookup (json_t *list, const json_t *sample, const char *note)
{
  json_t *o = json_deep_copy (sample);
  json_object_set_new (o, "note", pkt_json_string (note));
  json_object_set_new (o, "number", json_integer ((json_int_t)json_array_size (list) + 1));
  json_array_append_new (list, o);
}

/* Up to three transactions: the first refused, the accepted one beside it, the newest refused. */
static json_t *
lookups_json (const PktEvidence *e, const json_t *errors)
{
  json_t *list = json_array ();
  const json_t *lead = json_array_get (errors, 0);
  const json_t *samples = json_object_get (lead, "samples"),
               *neighbour = json_object_get (lead, "neighbour");
  gsize n = json_array_size (samples);
  if (!json_is_true (json_object_get (lead, "leads")) || n == 0)
    return list;
  add_lookup (list, json_array_get (samples, 0), NULL);
  if (json_is_object (neighbour))
    add_lookup (list, neighbour,
                pkt_facts_same_edition (g_ptr_array_index (e->groups, 0)) ? "same edition"
                                                                          : "same stream");
  if (n > 1) {
    const json_t *newest = json_array_get (samples, n - 1);
    add_lookup (list, newest,
                json_is_true (json_object_get (newest, "own")) ? "our test, to our own mailbox"
                                                               : NULL);
  }
  return list;
}

static void
set_helo_of_samples (const PktEvidence *e, json_t *errors)
{
  gsize i, k;
  json_t *group, *sample;
  json_array_foreach (errors, i, group)
  {
    json_t *samples = json_copy (json_object_get (group, "samples")),
           *neighbour = json_object_get (group, "neighbour");
    if (json_is_object (neighbour))
      json_array_append (samples, neighbour);
    json_array_foreach (samples, k, sample)
    {
      const char *helo, *ptr, *ip = json_string_value (json_object_get (sample, "local_ip"));
      if (ip == NULL || json_is_string (json_object_get (sample, "helo")))
        continue;
      ip_names (e, ip, &helo, &ptr);
      json_object_set_new (sample, "helo", pkt_json_string (helo));
    }
    json_decref (samples);
  }
}

/* Why the start may lie before what was read; NULL: it does not. */
static char *
or_earlier_why (const PktEvidence *e)
{
  const gint64 first = e->scan->tally->first;
  const char *what = e->scan->since == PKT_NO_TIME ? "our logs begin" : "our figures begin";
  if (!e->or_earlier)
    return NULL;
  if (!pkt_evidence_has_deliveries (e))
    return g_strdup (e->accepts_untold ? "our records do not show it"
                                       : "no accepted mail is on record");
  if (first == PKT_NO_TIME || e->started - first < PKT_HOUR)
    return g_strconcat (what, " there", NULL);
  g_autofree char *when = pkt_clock_format (first, NULL, "%Y-%m-%d %H:%M");
  return g_strdup_printf ("%s %s", what, when);
}

/* "postfix" as "Postfix logs"; "events-csv" as "platform's export", or PowerMTA's of one's own. */
static char *
format_words (const PktEvidence *e, const char *name)
{
  if (g_str_has_prefix (name, "events-"))
    return g_strdup (e->the_case->platform.name ? "platform's export" : "event export");
  if (g_str_equal (name, "dsn") || g_str_equal (name, "transcript"))
    return g_strdup (*name == 'd' ? "bounces" : "recorded sessions");
  g_autofree char *title = g_strdup (g_str_equal (name, "mapped") ? "Mail" : name);
  title[0] = g_ascii_toupper (title[0]);
  return g_strdup_printf ("%s logs", g_strdelimit (title, "-", ' '));
}

/* The kinds of sources read; the hosts are named by the IPs. */
static json_t *
source_json (const PktEvidence *e)
{
  json_t *o = json_object ();
  GString *formats = g_string_new (NULL);
  gint64 first = e->scan->tally->first, last = e->scan->tally->last;
  for (guint i = 0; i < e->scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (e->scan->sources, i);
    g_autofree char *words = s->format && s->apple ? format_words (e, s->format) : NULL;
    if (words && !strstr (formats->str, words))
      g_string_append_printf (formats, "%s%s", formats->len ? ", " : "", words);
  }
  json_object_set_new (o, "formats", pkt_json_string (formats->str));
  json_object_set_new (o, "first", pkt_facts_time (first));
  json_object_set_new (o, "last", pkt_facts_time (last));
  json_object_set_new (o, "zone_proof", pkt_json_string (e->zone_proof));
  json_object_set_new (o, "zone_stated",
                       json_boolean (!e->zone_proof && e->zone_needed && !e->zone_guessed));
  g_string_free (formats, TRUE);
  return o;
}

json_t *
pkt_facts_make (const PktEvidence *e)
{
  json_t *o = json_object (), *errors = pkt_facts_errors (e);
  g_autofree char *dkim = dkim_words (e);
  set_helo_of_samples (e, errors);
  json_object_set_new (o, "stated", pkt_facts_stated (e));
  json_object_set_new (o, "domain", pkt_json_string (pkt_facts_from_domain (e)));
  json_object_set_new (o, "domains", domains_json (e));
  json_object_set_new (o, "dkim", pkt_json_string (dkim));
  json_object_set_new (o, "ips", ips_json (e));
  json_object_set_new (o, "replies", replies_json (errors, e->the_case->incident.description));
  json_object_set_new (o, "started", pkt_facts_time (e->started));
  pkt_json_set_text (
      o, "started_day",
      e->started == PKT_NO_TIME ? NULL : pkt_clock_day_text (pkt_clock_day (e->started, e->zone)));
  json_object_set_new (o, "or_earlier", json_boolean (e->or_earlier));
  pkt_json_set_text (o, "or_earlier_why", or_earlier_why (e));
  json_object_set_new (o, "latest", pkt_facts_time (e->latest));
  json_object_set_new (o, "affected", affected_json (e));
  json_object_set_new (o, "alike", pkt_facts_alike (e));
  json_object_set_new (o, "rhythm", pkt_facts_rhythm (e));
  json_object_set_new (o, "one_per_message", json_boolean (pkt_facts_one_per_message (e)));
  json_object_set_new (o, "rows", pkt_facts_rows (e));
  json_object_set_new (o, "other_stream", pkt_facts_other_stream (e));
  json_object_set_new (o, "lookups", lookups_json (e, errors));
  json_object_set_new (o, "checked", pkt_facts_checked (e));
  if (e->variant != PKT_VARIANT_MARKETING) {
    json_object_set_new (o, "variant", json_string (pkt_variant_word (e->variant)));
    json_object_set_new (o, "special", pkt_facts_special (e));
  }
  if (e->follow_up) {
    json_object_set_new (o, "counted_from", pkt_facts_time (e->from));
    json_object_set_new (o, "follow_up", pkt_facts_follow_up (e, errors));
  }
  json_object_set_new (o, "errors", errors);
  json_object_set_new (o, "accepted",
                       pkt_evidence_has_deliveries (e) ? json_integer (e->accepted) : json_null ());
  json_object_set_new (o, "refused", json_integer (e->refused));
  json_object_set_new (o, "unknown_users", json_integer (e->recipient_trouble[0]));
  json_object_set_new (o, "full_mailboxes", json_integer (e->recipient_trouble[1]));
  json_object_set_new (o, "recipient_answers", pkt_facts_recipient_answers (e));
  json_object_set_new (o, "other_ends", pkt_facts_other_ends (e));
  json_object_set_new (o, "source", source_json (e));
  json_object_set_new (o, "suppression", pkt_facts_suppression (e));
  return o;
}
