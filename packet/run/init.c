#include "packet/run/init.h"
#include "packet/base/json.h"
#include "packet/run/scan-report.h"
#include "packet/trend/sum.h"

#define MAX_STREAMS 20
#define MAX_IPS 200

const PktInitQuestion pkt_init_questions[] = {
  { "company.name", "Legal or trading name of the company" },
  { "company.brand", "Brand that readers see in the inbox" },
  { "contact.name", "Name of the person who answers Apple" },
  { "contact.email", "Address for Apple's answer (read by a person)" },
  { "incident.description",
    "What you see, in your own words (60 characters or more, no guess at the cause)" },
  { NULL, NULL },
};

gboolean
pkt_init_answer (json_t *the_case, const char *path, const char *answer)
{
  g_auto (GStrv) keys = g_strsplit (path, ".", 2);
  json_t *parent = json_object_get (the_case, keys[0]);
  if (keys[1] == NULL || !json_is_object (parent))
    return FALSE;
  json_object_set_new (parent, keys[1], pkt_json_string (answer));
  return TRUE;
}

static json_t *
todo (const char *what)
{
  g_autofree char *text = g_strdup_printf ("TODO: %s", what);
  return json_string (text);
}

static json_t *
object_of_todos (const char *prefix)
{
  json_t *o = json_object ();
  gsize n = strlen (prefix);
  for (const PktInitQuestion *q = pkt_init_questions; q->path; q++)
    if (g_str_has_prefix (q->path, prefix) && q->path[n] == '.')
      json_object_set_new (o, q->path + n + 1, todo (q->question));
  return o;
}

static json_t *
paths_json (const char *const *sources)
{
  json_t *a = json_array ();
  for (gsize i = 0; sources[i]; i++) {
    g_autofree char *path = g_canonicalize_filename (sources[i], NULL);
    json_array_append_new (a, strcmp (sources[i], "-") == 0
                                  ? todo ("path of the log that the standard input held")
                                  : pkt_json_string (path));
  }
  return a;
}

/* Names of cells that hold refused mail, most refused first. */
typedef struct {
  guint id;
  gint64 refused, final;
} Name;

static int
compare_refused (gconstpointer x, gconstpointer y)
{
  const Name *a = x, *b = y;
  if (a->refused != b->refused)
    return a->refused > b->refused ? -1 : 1;
  if (a->final != b->final)
    return a->final > b->final ? -1 : 1;
  return (a->id > b->id) - (a->id < b->id);
}

static GArray *
rank (const PktTally *t, gboolean streams)
{
  GArray *names = g_array_new (FALSE, TRUE, sizeof (Name));
  g_array_set_size (names, t->names->len);
  for (guint i = 0; i < names->len; i++)
    g_array_index (names, Name, i).id = i;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    Name *n = &g_array_index (names, Name, streams ? c->key.stream : c->key.local_ip);
    if (!c->key.apple || n->id == 0
        || (c->key.outcome != PKT_BOUNCED && c->key.outcome != PKT_DELIVERED))
      continue;
    n->final += c->count;
    n->refused += c->key.policy && c->key.outcome == PKT_BOUNCED ? c->count : 0;
  }
  g_array_sort (names, compare_refused);
  return names;
}

/* The log has no envelope sender, or one of the From domain as well: a stream is then called by
 * that. */
static gboolean
is_from (const PktTally *t, guint stream)
{
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCellKey *key = &g_array_index (t->cells, PktCell, i).key;
    if (key->stream == stream && key->from_domain != stream)
      return FALSE;
  }
  return TRUE;
}

/* From domains of the stream with most refusals: of a platform others may be another client's. */
static json_t *
from_json (const PktTally *t)
{
  g_autoptr (GArray) names = rank (t, TRUE);
  const guint stream = names->len ? g_array_index (names, Name, 0).id : 0;
  g_autofree gboolean *there = g_new0 (gboolean, t->names->len + 1);
  json_t *a = json_array ();
  for (guint i = 0; stream && i < t->cells->len; i++) {
    const PktCellKey *key = &g_array_index (t->cells, PktCell, i).key;
    if (!key->apple || key->stream != stream || key->from_domain == 0 || there[key->from_domain]
        || json_array_size (a) == MAX_STREAMS)
      continue;
    there[key->from_domain] = TRUE;
    json_array_append_new (a, json_string (pkt_tally_name (t, key->from_domain)));
  }
  if (json_array_size (a) == 0)
    json_array_append_new (a, todo ("domain of the From address; logs do not hold it"));
  return a;
}

/* Streams with refusals, each with a TODO for what only the sender knows of it. */
static json_t *
streams_json (const PktTally *t)
{
  g_autoptr (GArray) names = rank (t, TRUE);
  json_t *a = json_array ();
  for (guint i = 0; i < names->len && json_array_size (a) < MAX_STREAMS; i++) {
    const Name *n = &g_array_index (names, Name, i);
    const char *domain = pkt_tally_name (t, n->id);
    if (n->refused == 0 || g_str_equal (domain, "<>"))
      continue;
    json_t *match = json_object (), *domains = json_array (), *o = json_object ();
    json_array_append_new (domains, json_string (domain));
    json_object_set_new (match, is_from (t, n->id) ? "from_domain" : "return_path_domain", domains);
    json_object_set_new (o, "name", json_string (domain));
    json_object_set_new (o, "mail_type", todo ("marketing, transactional, personal or forwarded"));
    json_object_set_new (o, "match", match);
    json_array_append_new (a, o);
  }
  return a;
}

static json_t *
ips_json (const PktTally *t)
{
  g_autoptr (GArray) names = rank (t, FALSE);
  json_t *a = json_array ();
  for (guint i = 0; i < names->len && json_array_size (a) < MAX_IPS; i++) {
    const Name *n = &g_array_index (names, Name, i);
    if (n->final && n->id)
      json_array_append_new (a, json_string (pkt_tally_name (t, n->id)));
  }
  if (json_array_size (a) == 0)
    json_array_append_new (a, todo ("each sending IP, one a line; the logs do not tell them"));
  return a;
}

static json_t *
incident_json (const PktTally *t)
{
  json_t *o = object_of_todos ("incident");
  PktOnset onset;
  pkt_scan_onset (t, &onset);
  if (onset.found) /* else build finds it in the stream that the person names */
    json_object_set_new (o, "started", pkt_json_time (onset.rose_at));
  json_t *change = json_object (), *changes = json_array ();
  json_object_set_new (change, "date", todo ("YYYY-MM-DD"));
  json_object_set_new (change, "what",
                       todo ("what changed before the start (list, template, hosts, IPs); write [] "
                             "where nothing did"));
  json_array_append_new (changes, change);
  json_object_set_new (o, "changes", changes);
  return o;
}

json_t *
pkt_init_case (const PktScan *scan, const char *name, const char *const *sources,
               const PktScanOptions *options, const char *zone_name, const char *log_zone_name)
{
  json_t *o = json_object (), *evidence = json_object (), *opts = json_object (),
         *domains = json_object ();
  json_object_set_new (o, "case", json_string (name));
  json_object_set_new (o, "company", object_of_todos ("company"));
  json_object_set_new (o, "contact", object_of_todos ("contact"));
  json_object_set_new (o, "streams", streams_json (scan->tally));
  json_object_set_new (o, "incident", incident_json (scan->tally));
  json_object_set_new (evidence, "logs", paths_json (sources));
  json_object_set_new (evidence, "delivered", json_array ());
  json_object_set_new (o, "evidence", evidence);
  json_object_set_new (domains, "from", from_json (scan->tally));
  json_object_set_new (o, "domains", domains);
  json_object_set_new (o, "sending_ips", ips_json (scan->tally));
  if (zone_name)
    json_object_set_new (opts, "timezone", json_string (zone_name));
  if (log_zone_name)
    json_object_set_new (opts, "log_timezone", json_string (log_zone_name));
  if (options->year)
    json_object_set_new (opts, "year", json_integer (options->year));
  json_object_set_new (o, "options", opts);
  return o;
}
