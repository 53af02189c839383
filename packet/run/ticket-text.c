#include "packet/run/ticket-text.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/redact/publish.h"
#include "packet/request/markdown.h"
#include "packet/request/view.h"
#include "packet/redact/own-id.h"
#include "packet/redact/shifted.h"

#define SHOWN_IDS 6 /* in the text: enough to find the others by */

/* Label-only rows of an ESP's export: what they answered is not shown. */
static gboolean
is_hidden (const PktPacketParts *p, const PktEvent *e)
{
  return e->outcome == PKT_BOUNCED && e->code == 0 && e->label != NULL
         && pkt_evidence_in_stream (p->evidence, e);
}

/* The service's own ids are its search key; one that names a recipient is none for us. */
static gboolean
has_id (const PktPacketParts *p, const PktEvent *e)
{
  return e->platform_id
         && pkt_redact_message_id_is_safe (p->redactor, pkt_slice_str (e->platform_id))
         && !pkt_own_id_tells (pkt_slice_str (e->platform_id), pkt_slice_str (e->recipient))
         && !pkt_shifted_tells (pkt_slice_str (e->platform_id), pkt_slice_str (e->recipient));
}

/* Of what the service is asked: whose answer the export hides, and what Apple cannot look up.
 * const PktEvent*, by time. */
static GPtrArray *
asked_for (const PktPacketParts *p)
{
  GPtrArray *out = g_ptr_array_new ();
  const GPtrArray *events = p->evidence->scan->events, *groups = p->evidence->groups;
  for (guint i = 0; i < events->len; i++)
    if (is_hidden (p, g_ptr_array_index (events, i)))
      g_ptr_array_add (out, g_ptr_array_index (events, i));
  for (guint i = 0; i < groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (groups, i);
    for (guint k = 0; pkt_group_is_lost (g) && k < g->events->len; k++)
      g_ptr_array_add (out, g_ptr_array_index (g->events, k));
  }
  return out;
}

/* Their answers, of which a request would tell; null where there are none. */
static json_t *
lost_view (const PktPacketParts *p)
{
  json_t *list = json_array ();
  for (guint i = 0; i < p->evidence->groups->len; i++) {
    const PktGroup *g = g_ptr_array_index (p->evidence->groups, i);
    if (!pkt_group_is_lost (g))
      continue;
    const char *unit = g->events->len == 1 ? "recipient" : "recipients";
    g_autofree char *reply = pkt_redact_reply (p->redactor, pkt_slice_str (g->example->reply)),
                    *count = pkt_text_count (g->events->len);
    json_array_append_new (list, json_pack ("{ss++++}", "text", reply, ": ", count, " ", unit));
  }
  if (json_array_size (list) == 0) {
    json_decref (list);
    return json_null ();
  }
  return json_pack ("{so}", "list", list);
}

static char *
time_of (const PktEvent *e)
{
  return pkt_clock_format (e->time, NULL, "%Y-%m-%d %H:%M:%S");
}

static void
set_asked (json_t *view, const PktPacketParts *p)
{
  g_autoptr (GPtrArray) asked = asked_for (p);
  const PktCase *c = p->evidence->the_case;
  json_t *ids = json_array (), *lost = lost_view (p);
  guint n = 0;
  for (guint i = 0; i < asked->len; i++) {
    const PktEvent *e = g_ptr_array_index (asked, i);
    n += is_hidden (p, e);
    if (json_array_size (ids) == SHOWN_IDS || !has_id (p, e))
      continue;
    g_autofree char *time = time_of (e);
    g_autofree char *line = g_strdup_printf ("%s  %s", e->platform_id, time);
    json_array_append_new (ids, json_pack ("{ss}", "text", line));
  }
  g_autofree char *count = pkt_text_count (n);
  gboolean shown = json_array_size (ids) && p->audience != PKT_AUDIENCE_PUBLIC;
  json_object_set_new (view, "hidden", n ? json_string (count) : json_null ());
  json_object_set_new (
      view, "ask_platform",
      json_boolean (n > 0 || (json_is_object (lost) && (c->platform.name || json_array_size (ids)))
                    || g_strcmp0 (c->platform.pool, "shared") == 0));
  json_object_set_new (view, "asks_answers", json_boolean (n > 0 || json_is_object (lost)));
  json_object_set_new (view, "lost", lost);
  json_object_set_new (view, "platform_ids",
                       shown ? json_pack ("{sO}", "list", ids) : json_null ());
  json_decref (ids);
}

static void
add_ids (PktFolder *folder, const PktPacketParts *p)
{
  g_autoptr (GPtrArray) asked = asked_for (p);
  GString *csv = g_string_new ("message id,time (UTC),label\r\n");
  guint n = 0;
  for (guint i = 0; i < asked->len; i++) {
    const PktEvent *e = g_ptr_array_index (asked, i);
    if (!has_id (p, e))
      continue;
    g_autofree char *time = time_of (e),
                    *label = pkt_redact_text (p->redactor, pkt_slice_str (e->label));
    g_autofree char *id_cell = pkt_text_csv_cell (e->platform_id),
                    *label_cell = pkt_text_csv_cell (label);
    g_string_append_printf (csv, "%s,%s,%s\r\n", id_cell, time, label_cell);
    n++;
  }
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (csv);
  if (n && p->audience != PKT_AUDIENCE_PUBLIC)
    pkt_folder_add (folder, "ticket/" PKT_TICKET_IDS, bytes);
}

/* Within a day: what changed, the first refusal, what was done, the latest refusal. */
typedef struct {
  char *key; /* to sort by */
  char *when, *what;
} Moment;

static void
moment_free (gpointer p)
{
  Moment *m = p;
  g_free (m->key);
  g_free (m->when);
  g_free (m->what);
  g_free (m);
}

static int
moment_before (gconstpointer a, gconstpointer b)
{
  const Moment *const *x = a, *const *y = b;
  return strcmp ((*x)->key, (*y)->key);
}

static void
add_moment (GPtrArray *list, char rank, const char *date, const char *clock, const char *what)
{
  Moment *m = g_new0 (Moment, 1);
  m->key = g_strdup_printf ("%s %c %06u", date, rank, list->len);
  m->when = g_strdup_printf ("%s%s", date, clock);
  m->what = g_strdup (what);
  g_ptr_array_add (list, m);
}

static void
add_dated (GPtrArray *list, char rank, const json_t *dated)
{
  for (gsize i = 0; i < json_array_size (dated); i++) {
    const json_t *d = json_array_get (dated, i);
    const char *date = pkt_json_text (d, "date"), *what = pkt_json_text (d, "what");
    if (date && what)
      add_moment (list, rank, date, "", what);
  }
}

static void
add_time (GPtrArray *list, char rank, const char *time, const char *what)
{
  if (time == NULL || strlen (time) < 16)
    return;
  g_autofree char *date = g_strndup (time, 10), *clock = g_strdup_printf ("%.6s UTC", time + 10);
  add_moment (list, rank, date, clock, what);
}

/* What the times are of: refusals, or tries that came to nothing. */
static const struct {
  const char *variant, *kind, *start, *latest; /* NULL: any */
} moments[] = {
  { "deferral", NULL, "Mail is put off from here on.", "Latest deferral in the logs." },
  { "connection", NULL, "Connections fail from here on.", "Latest failed connection in the logs." },
  { NULL, "rise", "First refusal of the rise; others came before.", "Latest refusal in the logs." },
  { NULL, "stated", "Start, as stated.", "Latest refusal in the logs." },
  { NULL, "told", "Start, as told before.", "Latest refusal in the logs." },
  { NULL, NULL, "First refusal.", "Latest refusal in the logs." },
};

static gsize
moment_of (const json_t *facts)
{
  const char *variant = pkt_json_text (facts, "variant"),
             *kind = pkt_json_text (facts, "start_kind");
  gsize i = 0;
  while ((moments[i].variant && g_strcmp0 (moments[i].variant, variant) != 0)
         || (moments[i].kind && g_strcmp0 (moments[i].kind, kind) != 0))
    i++;
  return i;
}

static json_t *
timeline (const json_t *facts)
{
  const gsize m = moment_of (facts);
  const json_t *stated = json_object_get (facts, "stated");
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (moment_free);
  const char *why = pkt_json_text (facts, "or_earlier_why");
  g_autofree char *earlier = why ? g_strdup_printf ("Refused from here on, or earlier: %s.", why)
                                 : NULL;
  json_t *rows = json_array ();
  add_dated (list, '0', json_object_get (stated, "changes"));
  add_time (list, '1', pkt_json_text (facts, "started"), earlier ? earlier : moments[m].start);
  add_dated (list, '2', json_object_get (stated, "remediation"));
  add_time (list, '3', pkt_json_text (facts, "latest"), moments[m].latest);
  g_ptr_array_sort (list, moment_before);
  for (guint i = 0; i < list->len; i++) {
    const Moment *at = g_ptr_array_index (list, i);
    json_array_append_new (rows, json_pack ("{s:s, s:s}", "when", at->when, "what", at->what));
  }
  return rows;
}

/* The view with its strings as Markdown has them; `code`: they will stand between fences. */
static json_t *
escaped (const json_t *value, gboolean code)
{
  const char *key;
  json_t *child, *copy;
  gsize i;
  if (json_is_string (value) && !code) {
    g_autofree char *text = pkt_markdown_escape (json_string_value (value));
    return json_string (text);
  }
  if (json_is_array (value)) {
    copy = json_array ();
    json_array_foreach ((json_t *)value, i, child)
        json_array_append_new (copy, escaped (child, code));
    return copy;
  }
  if (!json_is_object (value))
    return json_copy ((json_t *)value);
  copy = json_object ();
  json_object_foreach ((json_t *)value, key, child) json_object_set_new (
      copy, key,
      escaped (child, code || g_str_equal (key, "rows") || g_str_equal (key, "platform_ids")));
  return copy;
}

gboolean
pkt_ticket_add (PktFolder *folder, const PktPacketParts *p, const json_t *view, GError **error)
{
  g_autoptr (json_t) own = json_copy ((json_t *)view);
  const json_t *facts = pkt_public_facts (p->facts), *moments;
  set_asked (own, p);
  json_object_set_new (own, "timeline", timeline (facts));
  moments = json_object_get (own, "timeline");
  json_object_set_new (own, "has_timeline", json_boolean (json_array_size (moments) > 0));
  g_autoptr (json_t) markdown = escaped (own, FALSE);
  g_autofree char *text = pkt_text_render ("ticket.md", markdown, FALSE, error);
  if (text == NULL)
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  pkt_folder_add (folder, "ticket/ticket.md", bytes);
  add_ids (folder, p);
  return TRUE;
}
