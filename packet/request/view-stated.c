/* What the sender says, as the templates read it. */
#include "packet/request/view-stated.h"
#include "packet/base/clock.h"
#include "packet/base/json.h"

/* "2026-05-11" as "11 May"; other text stays. */
static char *
day_words (const char *date)
{
  PktStamp stamp;
  g_autofree char *full = g_strdup_printf ("%sT00:00:00", date ? date : "");
  if (date == NULL || strlen (date) != 10
      || !pkt_clock_parse_rfc3339 (pkt_slice_str (full), &stamp))
    return g_strdup (date ? date : "");
  return pkt_clock_format (stamp.us, NULL, "%-d %B");
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
pkt_view_dated (const json_t *list)
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
    g_autofree char *day = day_words (date), *what = without_stop (pkt_json_text (d, "what"));
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

void
pkt_view_stated (json_t *view, const json_t *stated, const char *rhythm)
{
  json_t *o = json_deep_copy (stated);
  const char *type = pkt_json_text (stated, "mail_type"),
             *stream = pkt_json_text (stated, "stream");
  const json_t *consent = json_object_get (stated, "consent");
  gboolean opted_in = json_is_true (json_object_get (consent, "double_opt_in"));
  json_object_set_new (o, "changes", pkt_view_dated (json_object_get (stated, "changes")));
  json_object_set_new (o, "remediation", pkt_view_dated (json_object_get (stated, "remediation")));
  json_object_set_new (o, "type_text", json_null ());
  const char *hours = pkt_json_text (stated, "hours");
  if (hours && !strstr (hours, "person"))
    pkt_json_set_text (o, "hours", g_strdup_printf ("%s; a person reads the replies", hours));
  if (type && g_str_equal (type, "marketing"))
    pkt_json_set_text (o, "type_text",
                       g_strdup_printf ("%s%s%s%s", opted_in ? "opted-in " : "",
                                        strchr (stream, '.') ? "marketing email" : stream,
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
