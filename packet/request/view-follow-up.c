/* What a follow-up reads: only what changed. */
#include "packet/request/view-follow-up.h"
#include "packet/base/clock.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/request/view-stated.h"
#include "packet/request/view.h"

#define RATE_FROM 200 /* as in the request's table */
#define LABEL_COLUMNS 34

/* "20 May 2026, 09:40" of "2026-05-20 09:40:00"; "20 May 2026" where only the day is known. */
static json_t *
long_date (const char *time, gboolean day_only)
{
  PktStamp stamp;
  if (time == NULL || !pkt_clock_parse_rfc3339 (pkt_slice_str (time), &stamp))
    return json_null ();
  g_autofree char *text = pkt_clock_format (stamp.us, NULL,
                                            day_only ? "%-d %B %Y" : "%-d %B %Y, %H:%M UTC");
  return json_string (text);
}

static json_t *
day_of (const char *time)
{
  PktStamp stamp;
  if (time == NULL || !pkt_clock_parse_rfc3339 (pkt_slice_str (time), &stamp))
    return json_null ();
  g_autofree char *text = pkt_clock_format (stamp.us, NULL, "%-d %B");
  return json_string (text);
}

/* "  Mon 1 Jun                              400     88   22.0%" */
static json_t *
rows_view (const json_t *rows)
{
  json_t *out = json_array (), *row;
  gsize i;
  json_array_foreach ((json_t *)rows, i, row)
  {
    gint64 final = pkt_json_number (row, "final"), refused = pkt_json_number (row, "refused");
    g_autofree char *label = pkt_text_pad (pkt_json_text (row, "label"), LABEL_COLUMNS, FALSE),
                    *n_final = pkt_text_count (final), *n_refused = pkt_text_count (refused),
                    *percent = final >= RATE_FROM ? pkt_text_percent (refused, final)
                                                  : g_strdup ("");
    g_autofree char *line = g_strdup_printf ("  %s%8s%7s%8s", label, n_final, n_refused, percent);
    json_array_append_new (out, json_pack ("{s:s}", "text", g_strchomp (line)));
  }
  return out;
}

/* "[CS02]" of "550 5.7.1 [CS02]"; without a tag the code. */
static const char *
tag_of (const json_t *answer)
{
  const char *name = pkt_json_text (answer, "short"), *open = name ? strchr (name, '[') : NULL;
  return open ? open : name ? name : "";
}

/* "[CS01], [CS02] and [HM08]" */
static char *
tags_of (const json_t *answers)
{
  GString *s = g_string_new (NULL);
  gsize n = json_array_size (answers);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (s, "%s%s",
                            i == 0       ? ""
                            : i + 1 == n ? " and "
                                         : ", ",
                            tag_of (json_array_get (answers, i)));
  return g_string_free (s, FALSE);
}

static void
append_new (GString *s, const json_t *f)
{
  gsize i;
  json_t *answer;
  json_array_foreach (json_object_get (f, "new"), i, answer)
  {
    gint64 n = pkt_json_number (answer, "count");
    g_autofree char *count = pkt_text_count (n);
    g_string_append_printf (s, " New is %s: %s recipient%s since %s UTC.", tag_of (answer), count,
                            n == 1 ? "" : "s", pkt_json_text (answer, "first"));
  }
}

static void
append_vanished (GString *s, const json_t *f)
{
  gsize i;
  json_t *answer;
  json_array_foreach (json_object_get (f, "vanished"), i, answer) g_string_append_printf (
      s, " No %s since %s UTC.", tag_of (answer), pkt_json_text (answer, "last"));
}

static void
append_ips (GString *s, const json_t *facts, const json_t *f)
{
  const json_t *ips = json_object_get (f, "new_ips");
  gsize n = json_array_size (ips), shown = MIN (n, PKT_BODY_IPS);
  gboolean others = json_array_size (json_object_get (facts, "ips")) > n; /* of before */
  for (gsize i = 0; i < shown; i++)
    g_string_append_printf (s, "%s%s",
                            i == 0                         ? " Now from "
                            : i + 1 == shown && shown == n ? " and "
                                                           : ", ",
                            json_string_value (json_array_get (ips, i)));
  if (n > shown)
    g_string_append_printf (s, " and %" G_GSIZE_FORMAT " more", n - shown);
  if (n)
    g_string_append (s, others ? " as well." : ".");
}

/* "from 192.0.2.10", "from both IPs", "from all 3 IPs" */
static char *
from_ips (const json_t *facts)
{
  const json_t *ips = json_object_get (facts, "ips");
  gsize n = json_array_size (ips);
  if (n == 1)
    return g_strdup_printf (" from %s", pkt_json_text (json_array_get (ips, 0), "ip"));
  if (n == 2)
    return g_strdup (" from both IPs");
  return n ? g_strdup_printf (" from %" G_GSIZE_FORMAT " IPs", n) : g_strdup ("");
}

/* What the table comes to, and what is new in the answers. */
static json_t *
verdict (const json_t *facts, const json_t *f, gboolean answered)
{
  const char *moved = pkt_json_text (f, "moved");
  const json_t *left = json_object_get (f, "left");
  g_autofree char *tags = tags_of (left), *ips = from_ips (facts);
  gboolean lower = g_strcmp0 (moved, "lower") == 0, higher = g_strcmp0 (moved, "higher") == 0,
           counts = json_is_true (json_object_get (f, "counts_agree"));
  GString *s = g_string_new (NULL);
  if (json_array_size (left) == 0 || !json_is_true (json_object_get (f, "fresh"))) {
    g_string_free (s, TRUE);
    return json_null ();
  }
  if (answered)
    g_string_append_printf (s, "%sWhat is left comes with %s%s.",
                            lower              ? "So it is better, not over. "
                            : higher && counts ? "So it is not over, and there is more of it than "
                                                 "before. "
                            : higher           ? "So it is not over, and its rate is higher than "
                                                 "before. "
                            : moved            ? "So it is as it was. "
                                               : "",
                            tags, ips);
  else
    g_string_append_printf (s, "Refusals go on%s.",
                            lower && counts    ? ", fewer than before"
                            : lower            ? ", at a lower rate than before"
                            : higher && counts ? ", more than before"
                            : higher           ? ", at a higher rate than before"
                                               : "");
  append_new (s, f);
  append_vanished (s, f);
  append_ips (s, facts, f);
  json_t *v = json_string (s->str);
  g_string_free (s, TRUE);
  return v;
}

static gboolean
is_empty (const json_t *o, const char *key)
{
  return json_array_size (json_object_get (o, key)) == 0;
}

static json_t *
found_view (const json_t *texts)
{
  json_t *out = json_array (), *text;
  gsize i;
  gboolean several = json_array_size (texts) > 1;
  json_array_foreach ((json_t *)texts, i, text)
  {
    json_t *o = json_object ();
    json_object_set_new (o, "number", several ? json_sprintf ("%zu. ", i + 1) : json_string (""));
    json_object_set (o, "text", text);
    json_array_append_new (out, o);
  }
  return out;
}

/* "192.0.2.10 and 192.0.2.11", the first few and how many more. */
static json_t *
ips_text (const json_t *facts)
{
  const json_t *ips = json_object_get (facts, "ips");
  gsize n = json_array_size (ips), shown = MIN (n, PKT_BODY_IPS);
  GString *s = g_string_new (NULL);
  for (gsize i = 0; i < shown; i++)
    g_string_append_printf (s, "%s%s",
                            i == 0                         ? ""
                            : i + 1 == shown && shown == n ? " and "
                                                           : ", ",
                            pkt_json_text (json_array_get (ips, i), "ip"));
  if (n > shown)
    g_string_append_printf (s, " and %" G_GSIZE_FORMAT " more", n - shown);
  json_t *v = s->len ? json_string (s->str) : json_null ();
  g_string_free (s, TRUE);
  return v;
}

/* "example.com newsletter mail" */
static json_t *
what_text (const json_t *facts)
{
  const char *domain = pkt_json_text (facts, "domain"),
             *stream = pkt_json_text (json_object_get (facts, "stated"), "stream");
  gboolean named = stream && !strchr (stream, '.') && !strstr (stream, "mail");
  return json_sprintf ("%s%s%s%smail", domain ? domain : "", domain ? " " : "", named ? stream : "",
                       named ? " " : "");
}

/* "21 to 27 May", "20 April to 27 May" */
static char *
span_text (const json_t *span)
{
  PktStamp a, b;
  const char *from = json_string_value (json_array_get (span, 0)),
             *to = json_string_value (json_array_get (span, 1));
  if (from == NULL || to == NULL || !pkt_clock_parse_rfc3339 (pkt_slice_str (from), &a)
      || !pkt_clock_parse_rfc3339 (pkt_slice_str (to), &b))
    return g_strdup ("");
  g_autofree char *first = pkt_clock_format (a.us, NULL, "%-d %B"),
                  *last = pkt_clock_format (b.us, NULL, "%-d %B"),
                  *month_a = pkt_clock_format (a.us, NULL, "%B %Y"),
                  *month_b = pkt_clock_format (b.us, NULL, "%B %Y"),
                  *day = pkt_clock_format (a.us, NULL, "%-d");
  if (g_str_equal (first, last) && g_str_equal (month_a, month_b))
    return g_strdup_printf (" %s", last);
  return g_strdup_printf (" %s to %s", g_str_equal (month_a, month_b) ? day : first, last);
}

/* What goes with it, each with the days that it is about. */
static void
set_attached (json_t *view, const json_t *f)
{
  const char *words = pkt_json_text (view, "attached");
  g_auto (GStrv) names = g_strsplit (words ? words : "", ", ", -1);
  g_autofree char *errors = span_text (json_object_get (f, "errors_span")),
                  *trend = span_text (json_object_get (f, "trend_span"));
  GString *s = g_string_new (NULL);
  for (gsize i = 0; names[i]; i++)
    g_string_append_printf (s, "%s%s%s", i ? ", " : "", names[i],
                            strstr (names[i], "trend") ? trend : errors);
  json_object_set_new (view, "attached", s->len ? json_string (s->str) : json_null ());
  g_string_free (s, TRUE);
}

static gboolean
are_5_7_1 (const json_t *answers)
{
  gsize n = json_array_size (answers);
  for (gsize i = 0; i < n; i++) {
    const char *name = pkt_json_text (json_array_get (answers, i), "short");
    if (name == NULL || !strstr (name, "5.7.1"))
      return FALSE;
  }
  return n > 0;
}

/* A thank-you has no answer that leads, and is about those of the mail before. */
static json_t *
refused_head (const json_t *f)
{
  const json_t *left = json_object_get (f, "left"), *told = json_object_get (f, "told");
  return json_string (are_5_7_1 (json_array_size (left) ? left : told) ? "refused 5.7.1"
                                                                       : "      refused");
}

/* "2 since 2026-06-03 14:00:00", where single ones came after it was over; null. */
static json_t *
stray_text (const json_t *f)
{
  g_autofree char *n = pkt_text_count (pkt_json_number (f, "stray"));
  return pkt_json_number (f, "stray")
             ? json_sprintf ("%s since %s UTC", n, pkt_json_text (f, "relief"))
             : json_null ();
}

static void
set_said (json_t *o, const json_t *facts, const json_t *f, const char *kind)
{
  const json_t *stated = json_object_get (f, "stated");
  gboolean answered = g_str_equal (kind, "answered");
  json_object_set_new (o, "verdict", verdict (facts, f, answered));
  json_object_set_new (o, "found", found_view (json_object_get (stated, "found")));
  json_object_set_new (o, "has_found", json_boolean (!is_empty (stated, "found")));
  json_object_set_new (o, "remediation",
                       pkt_view_dated (json_object_get (stated, "remediation"), NULL));
  json_object_set_new (o, "changes", pkt_view_dated (json_object_get (stated, "changes"), NULL));
  json_object_set (o, "question", json_object_get (stated, "question"));
  json_object_set (o, "plan", json_object_get (stated, "plan"));
  json_object_set_new (
      o, "unchanged",
      json_boolean (is_empty (f, "new") && is_empty (f, "vanished") && is_empty (f, "new_ips")
                    && !json_is_true (json_object_get (f, "ips_changed"))
                    && is_empty (stated, "changes") && is_empty (stated, "remediation")));
}

void
pkt_view_follow_up (json_t *view, const json_t *facts)
{
  const json_t *f = json_object_get (facts, "follow_up");
  const char *kind = pkt_json_text (f, "kind");
  json_object_set_new (view, "follow_up", json_null ());
  if (kind == NULL)
    return;
  static const char *const kinds[] = { "no-answer", "reminder", "answered", "resolved" };
  static const char *const names[] = { "no_answer", "reminder", "answered", "resolved" };
  json_t *o = json_object ();
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    json_object_set_new (o, names[i], json_boolean (g_str_equal (kind, kinds[i])));
  json_object_set_new (
      o, "sent",
      long_date (pkt_json_text (f, "sent"), json_is_true (json_object_get (f, "sent_stated"))));
  json_object_set_new (o, "answered_on", day_of (pkt_json_text (f, "answered")));
  json_object_set (o, "resend", json_object_get (f, "resend"));
  json_object_set_new (o, "has_rows", json_boolean (!is_empty (f, "rows")));
  json_object_set_new (o, "refused_head", refused_head (f));
  json_object_set_new (o, "rows", rows_view (json_object_get (f, "rows")));
  json_object_set_new (o, "stray", stray_text (f));
  json_object_set (o, "last_refusal", json_object_get (f, "last_refusal"));
  json_object_set_new (o, "ips", ips_text (facts));
  json_object_set_new (o, "what", what_text (facts));
  set_attached (view, f);
  set_said (o, facts, f, kind);
  json_object_set_new (view, "follow_up", o);
}
