/* What the sender says, as the templates read it. */
#include "packet/request/view-stated.h"
#include "packet/base/clock.h"
#include "packet/base/json.h"

#define FAR_DAYS 180 /* from there on a day needs its year */

/* Days since 1970; FALSE: it is none. */
static gboolean
read_day (const char *date, gint64 *out)
{
  PktStamp stamp;
  g_autofree char *full = g_strdup_printf ("%sT00:00:00", date ? date : "");
  if (date == NULL || strlen (date) != 10
      || !pkt_clock_parse_rfc3339 (pkt_slice_str (full), &stamp))
    return FALSE;
  *out = pkt_clock_day (stamp.us, NULL);
  return TRUE;
}

/* "2026-05-11" as "11 May", far from the start with its year; other text stays. */
static char *
day_words (const char *date, const char *start)
{
  gint64 day, first;
  if (!read_day (date, &day))
    return g_strdup (date ? date : "");
  const gboolean far = read_day (start, &first) && ABS (day - first) > FAR_DAYS;
  return pkt_clock_format (day * PKT_DAY, NULL, far ? "%-d %B %Y" : "%-d %B");
}

/* "No refused message was sent again." without its full stop. */
static char *
without_stop (const char *sentence)
{
  char *s = g_strdup (sentence ? sentence : "");
  g_strstrip (s);
  while (g_str_has_suffix (s, "."))
    s[strlen (s) - 1] = '\0';
  return s;
}

json_t *
pkt_view_dated (const json_t *list, const char *start)
{
  if (!json_is_array (list) || json_array_size (list) == 0)
    return json_null ();
  GString *s = g_string_new (NULL);
  gsize i;
  json_t *d;
  const char *last = NULL;
  json_array_foreach ((json_t *)list, i, d)
  {
    const char *date = pkt_json_text (d, "date");
    g_autofree char *day = day_words (date, start),
                    *what = without_stop (pkt_json_text (d, "what"));
    if (i && g_strcmp0 (date, last) == 0)
      g_string_append_printf (s, "; %s", what);
    else if (*day)
      g_string_append_printf (s, "%s %s: %s", i ? ". On" : ", on", day, what);
    else
      g_string_append_printf (s, "%s %s", i ? "." : ":", what);
    last = date;
  }
  g_string_append_c (s, '.');
  json_t *v = json_string (s->str);
  g_string_free (s, TRUE);
  return v;
}

/* Those of the list whose day lies behind the start's by at least `least` days, or the others. */
static json_t *
dated_part (const json_t *list, const char *start, gint64 least, gboolean behind)
{
  json_t *part = json_array (), *d;
  gint64 first, day;
  gsize i;
  json_array_foreach ((json_t *)list, i, d)
  {
    const gboolean known = read_day (start, &first) && read_day (pkt_json_text (d, "date"), &day);
    if (known && (day - first >= least) == behind)
      json_array_append (part, d);
    else if (!known && behind == (least == 0))
      json_array_append (part, d);
  }
  json_t *view = pkt_view_dated (part, start);
  json_decref (part);
  return view;
}

/* What changed before, and what was done since, as their days say and not the key. Where the logs
 * begin inside the incident, a day before their first refusal may lie behind its start. */
static void
set_dated (json_t *o, const json_t *stated, const json_t *facts)
{
  const char *start = pkt_json_text (facts, "started_day");
  const gboolean earlier = json_is_true (json_object_get (facts, "or_earlier"));
  const json_t *changes = json_object_get (stated, "changes"),
               *done = json_object_get (stated, "remediation");
  json_object_set_new (o, earlier ? "changes_undecided" : "changes",
                       dated_part (changes, start, 1, FALSE));
  json_object_set_new (o, earlier ? "changes" : "changes_undecided", json_null ());
  json_object_set_new (o, "changes_since", dated_part (changes, start, 1, TRUE));
  json_object_set_new (o, earlier ? "done_undecided" : "done_before",
                       dated_part (done, start, 0, FALSE));
  json_object_set_new (o, earlier ? "done_before" : "done_undecided", json_null ());
  json_object_set_new (o, "remediation", dated_part (done, start, 0, TRUE));
}

static json_t *
consent_view (const json_t *consent)
{
  if (!json_is_object (consent))
    return json_null ();
  json_t *o = json_deep_copy (consent);
  const json_t *twice = json_object_get (consent, "double_opt_in");
  json_object_set_new (o, "double_opt_in_text",
                       json_is_boolean (twice) ? json_string (json_is_true (twice) ? "yes" : "no")
                                               : json_null ());
  return o;
}

/* "newsletter" is what the mail is; "Example Weekly", as init's "news.example.com", only its name.
 */
static char *
marketing_text (const char *stream)
{
  g_autofree char *lower = g_utf8_strdown (stream, -1);
  if (strchr (stream, '.'))
    return g_strdup ("marketing email");
  return g_str_equal (lower, stream) ? g_strdup (stream)
                                     : g_strdup_printf ("marketing email (%s)", stream);
}

/* Behind "Example Company", and nothing behind "Example Inc.". */
static const char *
full_stop (const json_t *stated)
{
  static const char *const names[] = { "platform", "brand", "company" };
  if (pkt_json_text (stated, "ticket"))
    return ".";
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *name = pkt_json_text (stated, names[i]);
    if (name)
      return g_str_has_suffix (name, ".") ? "" : ".";
  }
  return ".";
}

void
pkt_view_stated (json_t *view, const json_t *facts)
{
  const json_t *stated = json_object_get (facts, "stated");
  json_t *o = json_deep_copy (stated);
  const char *type = pkt_json_text (stated, "mail_type"),
             *stream = pkt_json_text (stated, "stream"), *rhythm = pkt_json_text (facts, "rhythm");
  const json_t *consent = json_object_get (stated, "consent");
  gboolean opted_in = json_is_true (json_object_get (consent, "double_opt_in"));
  set_dated (o, stated, facts);
  json_object_set_new (o, "mail", json_string (strchr (stream, '.') ? "mail" : stream));
  json_object_set_new (
      o, "apart", /* who writes for himself is not named twice */
      json_boolean (g_strcmp0 (pkt_json_text (stated, "name"), pkt_json_text (stated, "company"))
                    != 0));
  json_object_set_new (o, "type_text", json_null ());
  json_object_set_new (o, "full_stop", json_string (full_stop (stated)));
  const char *hours = pkt_json_text (stated, "hours");
  if (hours && !strstr (hours, "person"))
    pkt_json_set_text (o, "hours", g_strdup_printf ("%s; a person reads the replies", hours));
  g_autofree char *marketing = marketing_text (stream);
  if (type && g_str_equal (type, "marketing"))
    pkt_json_set_text (o, "type_text",
                       g_strdup_printf ("%s%s%s%s", opted_in ? "opted-in " : "", marketing,
                                        rhythm ? ", " : "", rhythm ? rhythm : ""));
  else if (type)
    pkt_json_set_text (o, "type_text",
                       g_strdup_printf ("%s mail%s%s%s", type, strchr (stream, '.') ? "" : " (",
                                        strchr (stream, '.') ? "" : stream,
                                        strchr (stream, '.') ? "" : ")"));
  json_object_set_new (o, "has_consent", json_boolean (json_is_object (consent)));
  json_object_set_new (o, "consent", consent_view (json_object_get (stated, "consent")));
  json_object_set_new (view, "stated", o);
}
