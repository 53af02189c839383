#include "packet/model/case-read.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/base/near.h"
#include "packet/base/text.h"
#include "packet/model/case-problem.h"
#include "packet/model/case-value.h"

typedef struct {
  PktCaseReport *report;
  GTimeZone *zone; /* of times without one */
} Reader;

static const char *
type_words (const json_t *json)
{
  switch (json_typeof (json)) {
  case JSON_OBJECT:
    return "an object";
  case JSON_ARRAY:
    return "a list";
  case JSON_STRING:
    return "a string";
  case JSON_INTEGER:
  case JSON_REAL:
    return "a number";
  case JSON_TRUE:
  case JSON_FALSE:
    return "true or false";
  default:
    return "null";
  }
}

static void
type_problem (Reader *r, const PktCaseRow *row, const json_t *json, const char *wanted)
{
  g_autofree char *what = g_strdup_printf ("is %s, not %s", type_words (json), wanted);
  pkt_case_report_row (r->report, PKT_CASE_WRONG_TYPE, row, what);
}

/* NULL, and a problem noted, when it is no right string for the row. */
static char *
read_string (Reader *r, const PktCaseRow *row, const json_t *json)
{
  char *text = NULL;
  if (!json_is_string (json)) {
    type_problem (r, row, json, "a string");
    return NULL;
  }
  if (pkt_case_is_todo (json_string_value (json))) {
    pkt_case_report_row (r->report, PKT_CASE_TODO_LEFT, row, "TODO is left");
    return NULL;
  }
  const char *wrong = pkt_case_value (row, json_string_value (json), json_string_length (json),
                                      &text);
  if (wrong)
    pkt_case_report_row (r->report, PKT_CASE_WRONG_VALUE, row, wrong);
  return text;
}

static void
add_string (GPtrArray *list, char *text)
{
  if (text)
    g_ptr_array_add (list, text);
}

static void
read_strings (Reader *r, const PktCaseRow *row, const json_t *json, GStrv *out)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  if (!json_is_array (json) && !json_is_string (json)) {
    type_problem (r, row, json, "a list of strings");
    return;
  }
  if (json_is_string (json))
    add_string (list, read_string (r, row, json));
  for (gsize i = 0; i < json_array_size (json); i++) {
    pkt_case_report_enter (r->report, NULL, i);
    add_string (list, read_string (r, row, json_array_get (json, i)));
    pkt_case_report_leave (r->report);
  }
  g_ptr_array_add (list, NULL);
  g_strfreev (*out);
  *out = (GStrv)g_ptr_array_free (g_steal_pointer (&list), FALSE);
}

static void
read_time (Reader *r, const PktCaseRow *row, const json_t *json, gint64 *out)
{
  g_autofree char *text = read_string (r, row, json);
  if (text && !pkt_clock_parse_user (text, r->zone, FALSE, out))
    pkt_case_report_row (r->report, PKT_CASE_WRONG_VALUE, row, "is no time");
}

static void
read_number (Reader *r, const PktCaseRow *row, const json_t *json, int *out)
{
  gboolean year = row->kind == PKT_CASE_YEAR;
  json_int_t v = json_integer_value (json), min = year ? 1970 : 0, max = year ? 9999 : 36500;
  if (!json_is_integer (json))
    type_problem (r, row, json, "a whole number");
  else if (v < min || v > max)
    pkt_case_report_row (r->report, PKT_CASE_WRONG_VALUE, row,
                         year ? "is not in 1970 to 9999" : "is not in 0 to 36500");
  else
    *out = (int)v;
}

static void
read_flag (Reader *r, const PktCaseRow *row, const json_t *json, int *out)
{
  if (json_is_boolean (json))
    *out = json_is_true (json);
  else
    type_problem (r, row, json, "true or false");
}

static void read_object (Reader *r, const PktCaseObject *object, json_t *json, gpointer base);

static void
read_member_object (Reader *r, const PktCaseRow *row, json_t *json, gpointer base)
{
  if (json_is_object (json))
    read_object (r, row->object, json, base);
  else
    type_problem (r, row, json, "an object");
}

static gpointer
new_object (const PktCaseObject *object)
{
  gpointer base = g_malloc0 (object->size);
  pkt_case_object_init (object, base);
  return base;
}

static void
read_list (Reader *r, const PktCaseRow *row, json_t *json, GPtrArray *out)
{
  const PktCaseObject *object = row->object;
  if (!json_is_array (json)) {
    type_problem (r, row, json, "a list");
    return;
  }
  if (object->max_items && json_array_size (json) > object->max_items)
    pkt_case_report_row (r->report, PKT_CASE_WRONG_VALUE, row, "holds too many");
  for (gsize i = 0; i < json_array_size (json); i++) {
    json_t *item = json_array_get (json, i);
    g_autoptr (json_t) wrapped = NULL;
    if (object->short_key && json_is_string (item) && !pkt_case_is_todo (json_string_value (item)))
      item = wrapped = json_pack ("{sO}", object->short_key, item);
    gpointer base = new_object (object);
    g_ptr_array_add (out, base);
    pkt_case_report_enter (r->report, NULL, i);
    if (json_is_string (item) && pkt_case_is_todo (json_string_value (item)))
      pkt_case_report_row (r->report, PKT_CASE_TODO_LEFT, row, "TODO is left");
    else
      read_member_object (r, row, item, base);
    pkt_case_report_leave (r->report);
  }
}

static void
read_value (Reader *r, const PktCaseRow *row, json_t *json, gpointer base)
{
  gpointer value = (char *)base + row->offset;
  if (json_is_string (json) && pkt_case_is_todo (json_string_value (json))) {
    pkt_case_report_row (r->report, PKT_CASE_TODO_LEFT, row, "TODO is left");
    return;
  }
  switch (row->kind) {
  case PKT_CASE_INSIDE:
    read_member_object (r, row, json, base);
    break;
  case PKT_CASE_OWNED:
    *(gpointer *)value = new_object (row->object);
    read_member_object (r, row, json, *(gpointer *)value);
    break;
  case PKT_CASE_LIST:
    read_list (r, row, json, *(GPtrArray **)value);
    break;
  case PKT_CASE_TEXTS:
  case PKT_CASE_HOSTS:
  case PKT_CASE_IPS:
    read_strings (r, row, json, value);
    break;
  case PKT_CASE_TIME:
    read_time (r, row, json, value);
    break;
  case PKT_CASE_FLAG:
    read_flag (r, row, json, value);
    break;
  case PKT_CASE_DAYS:
  case PKT_CASE_YEAR:
    read_number (r, row, json, value);
    break;
  default:
    *(char **)value = read_string (r, row, json);
    break;
  }
}

static const PktCaseRow *
find_row (const PktCaseObject *object, const char *key)
{
  for (const PktCaseRow *row = object->rows; row->key; row++)
    if (g_str_equal (row->key, key))
      return row;
  return NULL;
}

static void
unknown_key (Reader *r, const PktCaseObject *object, const char *key)
{
  PktNear near = { .word = key };
  for (const PktCaseRow *row = object->rows; row->key; row++)
    pkt_near_offer (&near, row->key);
  g_autoptr (GString) advice = g_string_new (NULL);
  if (near.best)
    g_string_printf (advice, "is %s meant? else ", near.best);
  g_string_append (advice, "take it out; known here:");
  for (const PktCaseRow *row = object->rows; row->key; row++)
    g_string_append_printf (advice, "%s %s", row == object->rows ? "" : ",", row->key);
  pkt_case_report_add (r->report, PKT_CASE_UNKNOWN_KEY, "is an unknown key", advice->str);
}

/* An object that is needed and not there is named by what is needed in it. */
static void
missing_keys (Reader *r, const PktCaseObject *object, const json_t *json)
{
  for (const PktCaseRow *row = object->rows; row->key; row++) {
    if (!row->required || json_object_get (json, row->key))
      continue;
    pkt_case_report_enter (r->report, row->key, 0);
    if (row->kind == PKT_CASE_INSIDE)
      missing_keys (r, row->object, NULL);
    else
      pkt_case_report_row (r->report, PKT_CASE_MISSING, row, "is missing");
    pkt_case_report_leave (r->report);
  }
}

static void
read_object (Reader *r, const PktCaseObject *object, json_t *json, gpointer base)
{
  const char *key;
  json_t *value;
  json_object_foreach (json, key, value)
  {
    const PktCaseRow *row = find_row (object, key);
    pkt_case_report_enter (r->report, key, 0);
    if (row)
      read_value (r, row, value, base);
    else
      unknown_key (r, object, key);
    pkt_case_report_leave (r->report);
  }
  missing_keys (r, object, json);
}

/* Notes a problem for each item whose string at `offset` was there before; the strings. */
static GHashTable *
check_once (PktCaseReport *r, const char *list_key, const char *key, GPtrArray *list, gsize offset)
{
  GHashTable *seen = g_hash_table_new (g_str_hash, g_str_equal);
  pkt_case_report_enter (r, list_key, 0);
  for (guint i = 0; i < list->len; i++) {
    pkt_case_report_enter (r, NULL, i);
    pkt_case_report_enter (r, key, 0);
    if (!g_hash_table_add (seen, *(char **)((char *)g_ptr_array_index (list, i) + offset)))
      pkt_case_report_add (r, PKT_CASE_WRONG_VALUE, "stands twice", "take one of them out");
    pkt_case_report_leave (r);
    pkt_case_report_leave (r);
  }
  pkt_case_report_leave (r);
  return seen;
}

static void
check_ip_streams (PktCaseReport *r, GHashTable *names, GStrv streams)
{
  pkt_case_report_enter (r, "streams", 0);
  for (gsize i = 0; streams[i]; i++) {
    pkt_case_report_enter (r, NULL, i);
    if (!g_hash_table_contains (names, streams[i]))
      pkt_case_report_add (r, PKT_CASE_WRONG_VALUE, "is no stream of this case",
                           "write a name of $.streams[]");
    pkt_case_report_leave (r);
  }
  pkt_case_report_leave (r);
}

/* RFC 5322 3.6.8, a * at its end: "X-Mailer:" would be no field's name, and tighten nothing. */
static gboolean
is_field_name (const char *name)
{
  gsize n = strlen (name);
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isgraph (name[i]) || name[i] == ':' || (name[i] == '*' && i + 1 < n))
      return FALSE;
  return TRUE;
}

/* A rule is for a field or for a word. */
static void
check_tighten (PktCaseReport *r, const PktCase *c)
{
  pkt_case_report_enter (r, "tighten", 0);
  for (guint i = 0; i < c->tighten->len; i++) {
    const PktTighten *t = g_ptr_array_index (c->tighten, i);
    pkt_case_report_enter (r, NULL, i);
    if ((t->header == NULL) == (t->word == NULL))
      pkt_case_report_add (r, PKT_CASE_WRONG_VALUE, "needs one of header and word",
                           "write the name of a header field, or a word, and not both");
    else if (t->to && t->header == NULL)
      pkt_case_report_add (r, PKT_CASE_WRONG_VALUE, "has 'to' without a header",
                           "take it out: a word is always replaced");
    else if (t->header && !is_field_name (t->header))
      pkt_case_report_add (r, PKT_CASE_WRONG_VALUE, "has a header that is no field's name",
                           "write it without a colon or a blank, and * at its end only");
    pkt_case_report_leave (r);
  }
  pkt_case_report_leave (r);
}

/* What can only be seen with the whole case read: names that stand twice or lead nowhere. */
static void
check_names (PktCaseReport *r, const PktCase *c)
{
  g_autoptr (GHashTable) names = check_once (r, "streams", "name", c->streams,
                                             offsetof (PktStream, name));
  g_hash_table_unref (
      check_once (r, "sending_ips", "ip", c->sending_ips, offsetof (PktSendingIp, address)));
  if (c->streams->len == 0) /* they come out of the evidence, with names we do not know yet */
    return;
  pkt_case_report_enter (r, "sending_ips", 0);
  for (guint i = 0; i < c->sending_ips->len; i++) {
    const PktSendingIp *ip = g_ptr_array_index (c->sending_ips, i);
    pkt_case_report_enter (r, NULL, i);
    check_ip_streams (r, names, ip->streams);
    pkt_case_report_leave (r);
  }
  pkt_case_report_leave (r);
}

/* Needed before the walk: times stand in front of options. A wrong zone is a problem of its own
 * there. */
static GTimeZone *
report_zone (const json_t *root)
{
  json_t *name = json_object_get (json_object_get (root, "options"), "timezone");
  const PktCaseRow row = { "timezone", PKT_CASE_ZONE, FALSE, 0, "", NULL };
  g_autofree char *text = NULL;
  if (json_is_string (name))
    pkt_case_value (&row, json_string_value (name), json_string_length (name), &text);
  return text ? pkt_clock_zone (text) : NULL;
}

static GError *
read_case (PktCase *c, PktSlice json, json_t *root)
{
  g_autoptr (PktCaseReport) report = pkt_case_report_new (c->path, json);
  g_autoptr (GTimeZone) zone = report_zone (root);
  Reader r = { report, zone };
  if (json_is_object (root))
    read_object (&r, &pkt_case_schema, root, c);
  else
    pkt_case_report_add (report, PKT_CASE_WRONG_TYPE, "is no object",
                         "write { \"case\": … } as postpacket-case(5) shows");
  if (report->message == NULL)
    check_names (report, c);
  if (report->message == NULL)
    check_tighten (report, c);
  json_t *incident = json_object_get (root, "incident");
  c->incident.changes_stated = json_object_get (incident, "changes") != NULL;
  return pkt_case_report_error (report);
}

PktCase *
pkt_case_parse (const char *path, PktSlice bytes, GError **error)
{
  json_error_t e;
  bytes = pkt_slice_skip_mark (bytes);
  g_autoptr (json_t) root = json_loadb (
      bytes.p, bytes.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &e);
  if (root == NULL) {
    g_propagate_error (error, pkt_case_syntax_error (path, bytes, &e));
    return NULL;
  }
  g_autoptr (PktCase) c = new_object (&pkt_case_schema);
  c->path = g_strdup (path);
  c->dir = g_path_get_dirname (path);
  GError *wrong = read_case (c, bytes, root);
  if (wrong) {
    g_propagate_error (error, wrong);
    return NULL;
  }
  return g_steal_pointer (&c);
}
