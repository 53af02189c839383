#include "packet/run/scan-report.h"
#include "packet/base/json.h"
#include "packet/base/sort.h"
#include "packet/base/text.h"
#include "packet/trend/sum.h"

#define PUT_BYTES 65536

static void
reply_sum_free (gpointer p)
{
  PktReplySum *r = p;
  g_ptr_array_unref (r->domains);
  g_ptr_array_unref (r->ips);
  g_ptr_array_unref (r->streams);
  g_ptr_array_unref (r->from);
  g_free (r);
}

/* met: pairs of a reply and a name, both by their ids. */
static void
add_once (GPtrArray *list, GHashTable *met, guint32 reply, const PktTally *t, guint16 id)
{
  const char *name = pkt_tally_name (t, id);
  if (*name && g_hash_table_add (met, GUINT_TO_POINTER (reply << 16 | id)))
    g_ptr_array_add (list, (gpointer)name);
}

static int
compare_replies (gconstpointer x, gconstpointer y)
{
  const PktReplySum *a = *(PktReplySum *const *)x, *b = *(PktReplySum *const *)y;
  if (a->bounced != b->bounced)
    return a->bounced > b->bounced ? -1 : 1;
  gint64 na = a->deferred + a->host_error, nb = b->deferred + b->host_error;
  if (na != nb)
    return na > nb ? -1 : 1;
  if (g_strcmp0 (a->kind->text, b->kind->text))
    return g_strcmp0 (a->kind->text, b->kind->text);
  return g_strcmp0 (a->kind->rule, b->kind->rule);
}

enum { DOMAINS, IPS, STREAMS, FROM, N_LISTS };

static void
add_cell (PktReplySum *r, const PktTally *t, const PktCell *c, GHashTable *met[N_LISTS])
{
  if (c->key.outcome == PKT_BOUNCED)
    r->bounced += c->count;
  else if (c->key.outcome == PKT_DEFERRED)
    r->deferred += c->count;
  else
    r->host_error += c->count;
  r->first = r->first == PKT_NO_TIME ? c->first : MIN (r->first, c->first);
  r->last = r->last == PKT_NO_TIME ? c->last : MAX (r->last, c->last);
  add_once (r->domains, met[DOMAINS], r->id, t, c->key.rcpt_domain);
  add_once (r->ips, met[IPS], r->id, t, c->key.local_ip);
  add_once (r->streams, met[STREAMS], r->id, t, c->key.stream);
  add_once (r->from, met[FROM], r->id, t, c->key.from_domain);
}

GPtrArray *
pkt_scan_replies (const PktTally *t)
{
  GPtrArray *out = g_ptr_array_new_with_free_func (reply_sum_free);
  GHashTable *met[N_LISTS];
  for (guint i = 0; i < N_LISTS; i++)
    met[i] = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < t->replies->len; i++) {
    PktReplySum *r = g_new0 (PktReplySum, 1);
    r->kind = &g_array_index (t->replies, PktReplyKind, i);
    r->id = i + 1;
    r->first = r->last = PKT_NO_TIME;
    r->domains = g_ptr_array_new ();
    r->ips = g_ptr_array_new ();
    r->streams = g_ptr_array_new ();
    r->from = g_ptr_array_new ();
    g_ptr_array_add (out, r);
  }
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (c->key.reply)
      add_cell (g_ptr_array_index (out, c->key.reply - 1), t, c, met);
  }
  for (guint i = 0; i < N_LISTS; i++)
    g_hash_table_unref (met[i]);
  for (guint i = out->len; i-- > 0;) {
    PktReplySum *r = g_ptr_array_index (out, i);
    g_ptr_array_sort (r->domains, pkt_sort_by_text);
    g_ptr_array_sort (r->ips, pkt_sort_by_text);
    g_ptr_array_sort (r->streams, pkt_sort_by_text);
    g_ptr_array_sort (r->from, pkt_sort_by_text);
    if (r->first == PKT_NO_TIME) /* outside --since and --until */
      g_ptr_array_remove_index (out, i);
  }
  g_ptr_array_sort (out, compare_replies);
  return out;
}

static json_t *
strings_json (const GPtrArray *list)
{
  json_t *a = json_array ();
  for (guint i = 0; i < list->len; i++)
    json_array_append_new (a, pkt_json_string (g_ptr_array_index (list, i)));
  return a;
}

static json_t *
sum_json (const PktSum *s, gboolean day)
{
  json_t *o = json_object ();
  json_object_set_new (o, "delivered", json_integer (s->delivered));
  json_object_set_new (o, "deferred", json_integer (s->deferred));
  json_object_set_new (o, "bounced", json_integer (s->bounced));
  if (day)
    json_object_set_new (o, "policy", json_integer (s->policy));
  else {
    json_object_set_new (o, "host_error", json_integer (s->host_error));
    json_object_set_new (o, "not_attempted", json_integer (s->not_attempted));
  }
  return o;
}

static json_t *
reply_json (const PktReplySum *r)
{
  json_t *o = json_object ();
  json_object_set_new (o, "rule", pkt_json_string (r->kind->rule));
  json_object_set_new (o, "tag",
                       pkt_json_string (r->kind->tag && *r->kind->tag ? r->kind->tag : NULL));
  json_object_set_new (o, "code", r->kind->code ? json_integer (r->kind->code) : json_null ());
  json_object_set_new (
      o, "enhanced",
      pkt_json_string (r->kind->enhanced && *r->kind->enhanced ? r->kind->enhanced : NULL));
  json_object_set_new (o, "category", pkt_json_string (pkt_category_name (r->kind->category)));
  json_object_set_new (o, "text", pkt_json_string (r->kind->text));
  json_object_set_new (o, "delivered", json_integer (0));
  json_object_set_new (o, "deferred", json_integer (r->deferred));
  json_object_set_new (o, "bounced", json_integer (r->bounced));
  json_object_set_new (o, "host_error", json_integer (r->host_error));
  json_object_set_new (o, "first", pkt_json_time (r->first));
  json_object_set_new (o, "last", pkt_json_time (r->last));
  json_object_set_new (o, "recipient_domains", strings_json (r->domains));
  json_object_set_new (o, "sending_ips", strings_json (r->ips));
  json_object_set_new (o, "from_domains", strings_json (r->from));
  json_object_set_new (o, "return_path_domains", strings_json (r->streams));
  return o;
}

void
pkt_scan_onset (const PktTally *t, PktOnset *out)
{
  PktSum sum;
  pkt_sum (t, &PKT_SUM_APPLE, &sum);
  pkt_onset_find (t, &PKT_SUM_APPLE, out);
  out->found = out->found && sum.delivered > 0;
}

static json_t *
onset_json (const PktTally *t)
{
  PktOnset onset;
  pkt_scan_onset (t, &onset);
  if (!onset.found)
    return json_null ();
  json_t *o = json_object ();
  json_object_set_new (o, "first", pkt_json_time (onset.first));
  json_object_set_new (o, "rose_at", pkt_json_time (onset.rose_at));
  json_object_set_new (o, "from_rate", json_real (onset.from_rate));
  json_object_set_new (o, "to_rate", json_real (onset.to_rate));
  return o;
}

static json_t *
days_json (const PktScan *scan, GTimeZone *zone)
{
  json_t *a = json_array ();
  g_autoptr (GArray) days = pkt_sum_days (scan->tally, &PKT_SUM_ALL, zone);
  for (guint i = 0; i < days->len; i++) {
    const PktDay *d = &g_array_index (days, PktDay, i);
    g_autofree char *date = pkt_clock_day_text (d->day);
    json_t *o = json_object ();
    json_object_set_new (o, "date", json_string (date));
    json_object_set_new (o, "apple", sum_json (&d->apple, TRUE));
    json_object_set_new (o, "other", scan->apple_only ? json_null () : sum_json (&d->other, TRUE));
    json_array_append_new (a, o);
  }
  return a;
}

static void
add_member (GString *out, const char *key, json_t *taken)
{
  g_string_append_printf (out, ",\n  \"%s\": ", key);
  pkt_json_append (out, taken, 1);
  json_decref (taken);
}

/* What follows path and format of a source. */
static const PktSlice source_keys[]
    = { PKT_SLICE (",\n      \"lines\": "), PKT_SLICE (",\n      \"bytes\": "),
        PKT_SLICE (",\n      \"attempts\": "), PKT_SLICE (",\n      \"unrecognised\": ") };

/* Written without a tree of it: a folder of bounces has thousands. */
static void
add_source (GString *out, const PktScanSource *s)
{
  const guint64 numbers[] = { s->lines, s->bytes, s->attempts, s->unrecognised };
  pkt_json_append_text (out, PKT_SLICE ("{\n      \"path\": "));
  pkt_json_append_string (out, s->path);
  pkt_json_append_text (out, PKT_SLICE (",\n      \"format\": "));
  pkt_json_append_string (out, s->format);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++) {
    pkt_json_append_text (out, source_keys[i]);
    pkt_json_append_integer (out, (gint64)numbers[i]);
  }
  pkt_json_append_text (out, PKT_SLICE (",\n      \"first\": "));
  pkt_json_append_time (out, s->first);
  pkt_json_append_text (out, PKT_SLICE (",\n      \"last\": "));
  pkt_json_append_time (out, s->last);
  pkt_json_append_text (out, PKT_SLICE ("\n    }"));
}

/* What is written so far is put out: a folder of bounces has as many sources. */
static gboolean
put_out (GString *out, PktScanPut put, GError **error)
{
  const gboolean ok = put (out->str, out->len, error);
  g_string_truncate (out, 0);
  return ok;
}

static gboolean
add_sources (GString *out, const GPtrArray *sources, PktScanPut put, GError **error)
{
  g_string_append (out, ",\n  \"sources\": [");
  for (guint i = 0; i < sources->len; i++) {
    pkt_json_append_text (out, i ? PKT_SLICE (",\n    ") : PKT_SLICE ("\n    "));
    add_source (out, g_ptr_array_index (sources, i));
    if (out->len >= PUT_BYTES && !put_out (out, put, error))
      return FALSE;
  }
  g_string_append (out, sources->len ? "\n  ]" : "]");
  return TRUE;
}

static json_t *
replies_json (const PktTally *t)
{
  json_t *replies = json_array ();
  g_autoptr (GPtrArray) sums = pkt_scan_replies (t);
  for (guint i = 0; i < sums->len; i++)
    json_array_append_new (replies, reply_json (g_ptr_array_index (sums, i)));
  return replies;
}

gboolean
pkt_scan_json (const PktScan *scan, const char *zone_name, GTimeZone *zone, PktScanPut put,
               GError **error)
{
  const PktTally *t = scan->tally;
  g_autoptr (GString) out = g_string_new ("{");
  PktSum apple, other;
  PktSumFilter others = PKT_SUM_APPLE;
  others.apple = 0;
  pkt_sum (t, &PKT_SUM_APPLE, &apple);
  pkt_sum (t, &others, &other);
  g_string_append (out, "\n  \"version\": 1");
  add_member (out, "timezone", pkt_json_string (zone_name));
  if (!add_sources (out, scan->sources, put, error))
    return FALSE;
  add_member (out, "apple", sum_json (&apple, FALSE));
  add_member (out, "other", scan->apple_only ? json_null () : sum_json (&other, FALSE));
  add_member (out, "days", days_json (scan, zone));
  add_member (out, "replies", replies_json (t));
  add_member (out, "onset", onset_json (t));
  add_member (out, "warnings", strings_json (scan->warnings));
  g_string_append (out, "\n}\n");
  return put_out (out, put, error);
}

json_t *
pkt_scan_event_json (const PktEvent *e)
{
  json_t *o = json_object ();
  json_object_set_new (o, "time", pkt_json_time (e->time));
  json_object_set_new (o, "outcome", json_string (pkt_outcome_name (e->outcome)));
  json_object_set_new (o, "recipient", pkt_json_string (e->recipient));
  json_object_set_new (o, "sender", pkt_json_string (e->sender));
  json_object_set_new (o, "from_domain", pkt_json_string (e->from_domain));
  json_object_set_new (o, "return_path_domain", pkt_json_string (e->return_path_domain));
  json_object_set_new (o, "remote_host", pkt_json_string (e->remote_host));
  json_object_set_new (o, "remote_ip", pkt_json_string (e->remote_ip));
  json_object_set_new (o, "local_ip", pkt_json_string (e->local_ip));
  json_object_set_new (o, "helo", pkt_json_string (e->helo));
  json_object_set_new (o, "size", e->size >= 0 ? json_integer (e->size) : json_null ());
  json_object_set_new (o, "stage", pkt_json_string (pkt_stage_name (e->stage)));
  json_object_set_new (o, "code", e->code ? json_integer (e->code) : json_null ());
  json_object_set_new (o, "enhanced", pkt_json_string (e->enhanced));
  json_object_set_new (o, "tag", pkt_json_string (e->tag));
  json_object_set_new (o, "txn_id", pkt_json_string (e->txn_id));
  json_object_set_new (o, "remote_queue_id", pkt_json_string (e->remote_queue_id));
  json_object_set_new (o, "reply", pkt_json_string (e->reply));
  json_object_set_new (o, "rule", pkt_json_string (e->rule ? e->rule->id : NULL));
  json_object_set_new (o, "category",
                       e->outcome == PKT_DELIVERED
                           ? json_null ()
                           : pkt_json_string (pkt_category_name (e->category)));
  json_object_set_new (o, "queue_id", pkt_json_string (e->queue_id));
  json_object_set_new (o, "message_id", pkt_json_string (e->message_id));
  json_object_set_new (o, "campaign", pkt_json_string (e->campaign));
  json_object_set_new (o, "platform_id", pkt_json_string (e->platform_id));
  json_object_set_new (o, "label", pkt_json_string (e->label));
  json_object_set_new (o, "format", pkt_json_string (e->format));
  json_object_set_new (o, "file", pkt_json_string (e->file));
  json_object_set_new (o, "line", json_integer ((json_int_t)e->line));
  json_object_set_new (o, "year_inferred", json_boolean (e->year_inferred));
  return o;
}
