#include "packet/run/facts.h"
#include "packet/apple/relay.h"
#include "packet/base/json.h"
#include "packet/run/variant.h"
#include "packet/run/verified.h"

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
    *ptr = pkt_sample_ptr (s);
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
                pkt_facts_same_edition (e, g_ptr_array_index (e->groups, 0)) ? "same edition"
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
  if (e->gap_since != PKT_NO_TIME)
    return pkt_clock_format (e->gap_since, NULL, "our logs show no mail from %-d %B to then");
  if (!pkt_evidence_has_deliveries (e))
    return g_strdup (e->accepts_untold || e->all_samples->len ? "our records do not show it"
                                                              : "no accepted mail is on record");
  if (first == PKT_NO_TIME || e->started - first < PKT_HOUR)
    return g_strconcat (what, " there", NULL);
  g_autofree char *when = pkt_clock_format (first, NULL, "%Y-%m-%d %H:%M");
  return g_strdup_printf ("%s %s", what, when);
}

/* What happened at the start: "first" refusal of all, "rise" where single ones came before,
 * "stated" by the case alone; "told" in an earlier mail. */
static const char *
start_kind (const PktEvidence *e)
{
  if (e->follow_up)
    return "told";
  if (e->onset.first == PKT_NO_TIME || e->started == e->onset.first)
    return NULL;
  return e->started == e->the_case->incident.started ? "stated" : "rise";
}

/* A server as its makers write it: "opensmtpd" as "OpenSMTPD", others with a capital. Caller frees.
 */
static char *
server_name (const char *format)
{
  static const char *const names[][2]
      = { { "cisco-esa", "Cisco ESA" },   { "dma", "DragonFly Mail Agent" },
          { "greenarrow", "GreenArrow" }, { "mailcow", "Postfix" },
          { "mapped", "Mail" },           { "msmtp", "msmtp" },
          { "nullmailer", "nullmailer" }, { "opensmtpd", "OpenSMTPD" },
          { "qmail", "qmail" },           { "rspamd", "rspamd" },
          { "zonemta", "ZoneMTA" } };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (format, names[i][0]))
      return g_strdup (names[i][1]);
  char *name = g_strdelimit (g_strdup (format), "-", ' ');
  name[0] = g_ascii_toupper (name[0]);
  return name;
}

/* "postfix" as "Postfix logs"; "events-csv" as "platform's export", or PowerMTA's of one's own. */
static char *
format_words (const PktEvidence *e, const char *name)
{
  if (g_str_has_prefix (name, "events-"))
    return g_strdup (e->the_case->platform.name ? "platform's export" : "event export");
  if (g_str_equal (name, "dsn") || g_str_equal (name, "transcript"))
    return g_strdup (*name == 'd' ? "bounces" : "recorded sessions");
  g_autofree char *server = server_name (name);
  return g_strdup_printf ("%s logs", server);
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
  json_object_set_new (o, "few_tries", json_boolean (pkt_scan_holds_few_tries (e->scan)));
  g_string_free (formats, TRUE);
  return o;
}

json_t *
pkt_facts_make (const PktEvidence *e)
{
  json_t *o = json_object (), *errors = pkt_facts_errors (e);
  g_autofree char *dkim = pkt_facts_dkim (e);
  set_helo_of_samples (e, errors);
  json_object_set_new (o, "stated", pkt_facts_stated (e));
  json_object_set_new (o, "domain", pkt_json_string (pkt_facts_from_domain (e)));
  json_object_set_new (o, "domains", pkt_facts_domains (e));
  json_object_set_new (o, "dkim", pkt_json_string (dkim));
  json_object_set_new (o, "ips", ips_json (e));
  json_object_set_new (o, "replies", replies_json (errors, e->the_case->incident.description));
  json_object_set_new (o, "started", pkt_facts_time (e->started));
  pkt_json_set_text (
      o, "started_day",
      e->started == PKT_NO_TIME ? NULL : pkt_clock_day_text (pkt_clock_day (e->started, e->zone)));
  if (start_kind (e))
    json_object_set_new (o, "start_kind", json_string (start_kind (e)));
  json_object_set_new (o, "or_earlier", json_boolean (e->or_earlier));
  pkt_json_set_text (o, "or_earlier_why", or_earlier_why (e));
  json_object_set_new (o, "latest", pkt_facts_time (e->latest));
  json_object_set_new (o, "affected", affected_json (e));
  json_object_set_new (o, "alike", pkt_facts_alike (e));
  json_object_set_new (o, "rhythm", pkt_facts_rhythm (e));
  json_object_set_new (o, "one_per_message", json_boolean (pkt_facts_one_per_message (e)));
  json_object_set_new (o, "rows", pkt_facts_rows (e));
  json_object_set_new (o, "other_stream", pkt_facts_other_stream (e));
  json_object_set_new (o, "other_ips", pkt_facts_other_ips (e));
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
  if (e->again.unknown)
    json_object_set_new (o, "recipients_again", json_true ());
  json_object_set_new (o, "other_ends", pkt_facts_other_ends (e));
  json_object_set_new (o, "source", source_json (e));
  json_object_set_new (o, "suppression", pkt_facts_suppression (e));
  return o;
}
