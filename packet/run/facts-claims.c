/* Sentences that state something: proven by a file at hand, or the sender's own words. What is
 * neither is left out. */
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/run/facts.h"
#include "packet/run/verified.h"

static json_t *
dated_json (const GPtrArray *list)
{
  json_t *a = json_array ();
  for (guint i = 0; i < list->len; i++) {
    const PktDated *d = g_ptr_array_index (list, i);
    json_t *o = json_object ();
    json_object_set_new (o, "date", pkt_json_string (d->date));
    json_object_set_new (o, "what", pkt_json_string (d->what));
    json_array_append_new (a, o);
  }
  return a;
}

static json_t *
consent_json (const PktConsent *c)
{
  if (c == NULL)
    return json_null ();
  json_t *o = json_object ();
  json_object_set_new (o, "source", pkt_json_string (c->source));
  json_object_set_new (o, "double_opt_in",
                       c->double_opt_in < 0 ? json_null () : json_boolean (c->double_opt_in));
  json_object_set_new (o, "policy", pkt_json_string (c->policy));
  json_object_set_new (o, "unsubscribe", pkt_json_string (c->unsubscribe));
  json_object_set_new (o, "suppression_policy", pkt_json_string (c->suppression_policy));
  json_object_set_new (o, "last_engagement_days",
                       c->last_engagement_days < 0 ? json_null ()
                                                   : json_integer (c->last_engagement_days));
  return o;
}

json_t *
pkt_facts_stated (const PktEvidence *e)
{
  const PktCase *c = e->the_case;
  const PktConsent *consent = e->stream && e->stream->consent ? e->stream->consent : c->consent;
  gboolean marketing = e->variant == PKT_VARIANT_MARKETING;
  const char *brand = e->stream && e->stream->brand ? e->stream->brand : c->company.brand;
  json_t *o = json_object ();
  json_object_set_new (o, "company", pkt_json_string (c->company.name));
  json_object_set_new (o, "brand", pkt_json_string (pkt_gates_brand_differs (e) ? NULL : brand));
  json_object_set_new (o, "name", pkt_json_string (c->contact.name));
  json_object_set_new (o, "email", pkt_json_string (c->contact.email));
  json_object_set_new (o, "phone", pkt_json_string (c->contact.phone));
  json_object_set_new (o, "hours", pkt_json_string (c->contact.hours));
  json_object_set_new (o, "platform", pkt_json_string (c->platform.name));
  json_object_set_new (o, "ticket", pkt_json_string (c->platform.ticket));
  json_object_set_new (o, "description", pkt_json_string (c->incident.description));
  json_object_set_new (o, "stream", pkt_json_string (e->stream_name));
  json_object_set_new (o, "mail_type", pkt_json_string (e->stream ? e->stream->mail_type : NULL));
  json_object_set_new (o, "impact", pkt_json_string (e->stream ? e->stream->impact : NULL));
  json_object_set_new (o, "changes",
                       c->incident.changes->len ? dated_json (c->incident.changes) : json_null ());
  json_object_set_new (o, "no_changes",
                       json_boolean (c->incident.changes_stated && c->incident.changes->len == 0));
  json_object_set_new (o, "remediation",
                       c->incident.remediation->len ? dated_json (c->incident.remediation)
                                                    : json_null ());
  json_object_set_new (o, "consent", marketing ? consent_json (consent) : json_null ());
  json_object_set_new (o, "page_url", pkt_json_string (c->evidence.page_url));
  return o;
}

void
pkt_facts_hide_contact (json_t *facts)
{
  static const char *const keys[] = { "name", "email", "phone", "hours", "ticket" };
  json_t *stated = json_object_get (facts, "stated");
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    json_object_set_new (stated, keys[i], json_null ());
}

/* Places of the case file that `stated` was taken from; "*" stands for the stream's own. */
static const struct {
  const char *key, *place;
} places[] = {
  { "company", "$.company.name" },
  { "name", "$.contact.name" },
  { "email", "$.contact.email" },
  { "phone", "$.contact.phone" },
  { "hours", "$.contact.hours" },
  { "platform", "$.platform.name" },
  { "ticket", "$.platform.ticket" },
  { "description", "$.incident.description" },
  { "changes", "$.incident.changes" },
  { "remediation", "$.incident.remediation" },
  { "page_url", "$.evidence.page.url" },
  { "stream", "*.name" },
  { "mail_type", "*.mail_type" },
  { "impact", "*.impact" },
  { "subject_token", "$.request.subject_token" },
  { "inputs", "the name of an input file" },
  { "disclosed", "$.disclosed" },
  { "tighten", "$.tighten" },
  { "case", "$.case" },
  { "anyway", "--anyway" },
  { "neutral", "--url-is-neutral" },
};

static char *
place_of_stream (const PktEvidence *e, const char *key)
{
  guint i = 0;
  if (e->stream == NULL || !g_ptr_array_find (e->the_case->streams, e->stream, &i))
    return g_strdup_printf ("$%s", key);
  return g_strdup_printf ("$.streams[%u]%s", i, key);
}

/* "company" to "$.company.name"; NULL for what is not known. */
static char *
place_of_key (const PktEvidence *e, const char *key)
{
  if (g_str_equal (key, "brand"))
    return e->stream && e->stream->brand ? place_of_stream (e, ".brand")
                                         : g_strdup ("$.company.brand");
  if (g_str_equal (key, "consent"))
    return e->stream && e->stream->consent ? place_of_stream (e, ".consent")
                                           : g_strdup ("$.consent");
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_str_equal (key, places[i].key))
      return *places[i].place == '*' ? place_of_stream (e, places[i].place + 1)
                                     : g_strdup (places[i].place);
  return NULL;
}

void
pkt_facts_name_place (const PktEvidence *e, GError *error)
{
  static const char prefix[] = "$.stated.";
  static const char follow_up[] = "$.follow_up.stated.";
  if (!g_error_matches (error, PKT_ERROR, PKT_ERROR_PRIVACY))
    return;
  if (g_str_has_prefix (error->message, follow_up)) {
    char *told = g_strdup_printf ("%s: $.follow_up.%s", e->the_case->path,
                                  error->message + strlen (follow_up));
    g_free (error->message);
    error->message = told;
    return;
  }
  if (!g_str_has_prefix (error->message, prefix))
    return;
  const char *rest = error->message + strlen (prefix);
  gsize n = strcspn (rest, ".[:");
  g_autofree char *key = g_strndup (rest, n), *place = place_of_key (e, key);
  if (place == NULL)
    return;
  const gboolean option = g_str_has_prefix (place, "--");
  char *message = g_strdup_printf ("%s%s%s%s", option ? "" : e->the_case->path, option ? "" : ": ",
                                   place, rest + n);
  g_free (error->message);
  error->message = message;
}

/* One result that all samples share, else NULL. */
static const char *
common_result (const GPtrArray *samples, const char *method, gboolean domain)
{
  const char *common = NULL;
  for (guint i = 0; i < samples->len; i++) {
    const PktAuthResult *a = pkt_sample_auth (g_ptr_array_index (samples, i), method);
    const char *value = a ? (domain ? a->domain : a->result) : NULL;
    if (value == NULL || (common && !g_str_equal (common, value)))
      return NULL;
    common = value;
  }
  return common;
}

static int
key_bits (const GPtrArray *samples)
{
  int least = 0;
  for (guint i = 0; i < samples->len; i++) {
    const PktAuthResult *a = pkt_sample_auth (g_ptr_array_index (samples, i), "dkim");
    if (a && a->key_bits && (least == 0 || a->key_bits < least))
      least = a->key_bits;
  }
  return least;
}

/* Samples that prove something: delivered by Apple, not let in by the reader's own list. */
static GPtrArray *
proving (const PktEvidence *e)
{
  GPtrArray *out = g_ptr_array_new ();
  for (guint i = 0; i < e->samples->len; i++) {
    PktSample *s = g_ptr_array_index (e->samples, i);
    if (s->at_apple && !s->allow_listed)
      g_ptr_array_add (out, s);
  }
  return out;
}

/* The IP that samples came by where the refused mail came by others, "as well" where only some did;
 * NULL. Caller frees. */
static char *
other_ip (const PktEvidence *e, const GPtrArray *samples)
{
  const char *other = NULL;
  guint n = 0;
  for (guint i = 0; i < samples->len; i++) {
    const char *ip = ((const PktSample *)g_ptr_array_index (samples, i))->client_ip;
    if (ip == NULL || g_ptr_array_find_with_equal_func (e->ips, ip, g_str_equal, NULL))
      continue;
    other = other && !g_str_equal (other, ip) ? "other IPs" : ip;
    n++;
  }
  return other ? g_strconcat (other, n < samples->len ? " as well" : "", NULL) : NULL;
}

#define OLD                                                                                        \
  (30 * PKT_DAY) /* what was shown before the newest refusal by so much is told with its day */

/* "of 18 May 2025", "the newest of 18 May 2025"; NULL where they are of these days. */
static char *
day_of_old (const PktEvidence *e, const GPtrArray *samples)
{
  gint64 newest = PKT_NO_TIME;
  for (guint i = 0; i < samples->len; i++)
    newest = MAX (newest, ((const PktSample *)g_ptr_array_index (samples, i))->received);
  if (newest == PKT_NO_TIME || e->latest == PKT_NO_TIME || e->latest - newest < OLD)
    return NULL;
  return pkt_clock_format (newest, NULL,
                           samples->len > 1 ? "the newest of %-d %B %Y" : "of %-d %B %Y");
}

json_t *
pkt_facts_checked (const PktEvidence *e)
{
  static const char *const counts[] = { "No", "One", "Two", "Three", "Four" };
  g_autoptr (GPtrArray) samples = proving (e);
  gboolean marketing = e->variant == PKT_VARIANT_MARKETING && samples->len, one_click = marketing,
           unsubscribe = marketing; /* of each of them */
  g_autofree char *dns = pkt_verified_sentence (e);
  if (samples->len == 0 && dns == NULL)
    return json_null ();
  for (guint i = 0; i < samples->len; i++) {
    const PktSample *s = g_ptr_array_index (samples, i);
    one_click = one_click && s->one_click;
    unsubscribe = unsubscribe && s->has_unsubscribe;
  }
  const char *dkim = common_result (samples, "dkim", FALSE);
  int bits = dkim && g_str_equal (dkim, "pass") ? key_bits (samples) : 0;
  json_t *o = json_object ();
  if (dns)
    pkt_json_set_text (o, "at", pkt_clock_format (pkt_verified_at (e), NULL, "%Y-%m-%d %H:%M"));
  else
    json_object_set_new (o, "at", json_null ());
  json_object_set_new (o, "count",
                       samples->len < G_N_ELEMENTS (counts) ? json_string (counts[samples->len])
                                                            : json_sprintf ("%u", samples->len));
  json_object_set_new (o, "several", json_boolean (samples->len > 1));
  g_autofree char *sent_from = other_ip (e, samples);
  json_object_set_new (o, "sent_from", pkt_json_string (sent_from));
  char *day = day_of_old (e, samples);
  if (day)
    pkt_json_set_text (o, "of_day", day);
  json_object_set_new (o, "spf", pkt_json_string (common_result (samples, "spf", FALSE)));
  const char *envelope = common_result (samples, "spf", TRUE);
  g_autofree char *told = envelope ? pkt_facts_envelope_domain (e, envelope) : NULL;
  json_object_set_new (o, "spf_domain", pkt_json_string (told));
  json_object_set_new (o, "dkim", pkt_json_string (dkim));
  json_object_set_new (o, "dkim_domain",
                       e->variant
                               == PKT_VARIANT_FORWARDED /* its author's, who is no party to this */
                           ? json_null ()
                           : pkt_json_string (common_result (samples, "dkim", TRUE)));
  json_object_set_new (o, "dkim_bits", bits ? json_integer (bits) : json_null ());
  json_object_set_new (o, "dmarc", pkt_json_string (common_result (samples, "dmarc", FALSE)));
  json_object_set_new (o, "one_click", json_boolean (one_click));
  json_object_set_new (o, "unsubscribe", json_boolean (unsubscribe && !one_click));
  json_object_set_new (o, "dns", pkt_json_string (dns));
  return o;
}
