/* Counts of a group by something, and what is known of its days. */
#include "packet/request/view-errors.h"
#include "packet/base/clock.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/request/view.h"

#define ENTRY_NAME 10 /* "192.0.2.10", "icloud.com" */
#define ENTRY_COUNT 7
#define BETWEEN 5
#define FEW_DAYS 4 /* of a temporary answer: told in a sentence, without columns */

/* "2026-05-18" as "18 May", other names as they are. */
static char *
entry_name (const char *name)
{
  PktStamp stamp;
  g_autofree char *full = g_strdup_printf ("%sT00:00:00", name);
  if (strlen (name) == 10 && pkt_clock_parse_rfc3339 (pkt_slice_str (full), &stamp))
    return pkt_clock_format (stamp.us, NULL, "%-d %b");
  return g_strdup (name);
}

/* "By IP     192.0.2.10  4,662     192.0.2.11  4,600": three to a line, or two where there are
 * four, or as many as its columns hold. */
char *
pkt_view_counts (const char *key, const json_t *counts)
{
  gsize n = json_array_size (counts), per_line = n == 4 ? 2 : 3, width = ENTRY_NAME;
  GString *out = g_string_new (NULL);
  for (gsize i = 0; i < n; i++)
    width = MAX (width, pkt_text_width (pkt_json_text (json_array_get (counts, i), "name")));
  per_line = MIN (per_line, MAX (1, (PKT_TEXT_COLUMNS - PKT_VIEW_KEY + BETWEEN)
                                        / (width + ENTRY_COUNT + BETWEEN)));
  for (gsize i = 0; i < n; i++) {
    const json_t *c = json_array_get (counts, i);
    g_autofree char *raw = entry_name (pkt_json_text (c, "name")),
                    *name = pkt_text_pad (raw, width, FALSE),
                    *count = pkt_text_count (pkt_json_number (c, "count"));
    if (i % per_line == 0)
      g_string_append_printf (out, "%s%-*s", i ? "\n" : "", PKT_VIEW_KEY, i ? "" : key);
    else
      g_string_append (out, "     ");
    if (json_is_true (json_object_get (c, "tests"))) /* of days alone */
      g_string_append_printf (out, "%s  %s (test%s)", raw, count,
                              pkt_json_number (c, "count") == 1 ? "" : "s");
    else
      g_string_append_printf (out, "%s%*s", name, ENTRY_COUNT, count);
  }
  return g_string_free (out, FALSE);
}

/* "all within 4 minutes of 14:00:00; median of the 20 days before: 588. All got a final answer by
 * 14:26."; empty when none of it is known. */
static char *
habit_text (const json_t *g)
{
  const json_t *near = json_object_get (g, "near_hour"), *usual = json_object_get (g, "usual");
  const char *hour = pkt_json_text (near, "hour"), *settled = pkt_json_text (g, "settled_by");
  GString *s = g_string_new (NULL);
  if (json_is_object (near))
    g_string_append_printf (
        s, "all within %" G_GINT64_FORMAT " minute%s of %s", pkt_json_number (near, "minutes"),
        pkt_json_number (near, "minutes") == 1 ? "" : "s", hour ? hour : "a full hour");
  if (json_is_object (usual)) {
    g_autofree char *median = pkt_text_count (pkt_json_number (usual, "median"));
    g_string_append_printf (s, "%smedian of the %" G_GINT64_FORMAT " days before: %s",
                            s->len ? "; " : "", pkt_json_number (usual, "days"), median);
  }
  if (s->len)
    g_string_append_c (s, '.');
  if (settled)
    g_string_append_printf (s, "%sAll got a final answer by %s%s.", s->len ? " " : "", settled,
                            json_array_size (json_object_get (g, "by_day")) > 1 ? " that day" : "");
  return g_string_free (s, FALSE);
}

char *
pkt_view_wrapped (const char *key, const char *text)
{
  g_autofree char *first = g_strdup_printf ("%-*s", PKT_VIEW_KEY, key),
                  *indent = g_strnfill (PKT_VIEW_KEY, ' ');
  return g_strchomp (pkt_text_wrap (text, PKT_TEXT_COLUMNS, first, indent));
}

/* "By day    18 May 611, 19 May 208, all within …": a few days and what is known of them. */
static char *
day_sentence (const json_t *days, const char *habit)
{
  GString *s = g_string_new (NULL);
  for (gsize i = 0; i < json_array_size (days); i++) {
    const json_t *d = json_array_get (days, i);
    g_autofree char *name = entry_name (pkt_json_text (d, "name")),
                    *count = pkt_text_count (pkt_json_number (d, "count"));
    g_string_append_printf (s, "%s%s %s", i ? ", " : "", name, count);
  }
  if (g_str_has_prefix (habit, "all "))
    g_string_append_printf (s, ", %s", habit);
  else
    g_string_append_printf (s, ". %c%s", g_ascii_toupper (*habit), habit + 1);
  char *line = pkt_view_wrapped ("By day", s->str);
  g_string_free (s, TRUE);
  return line;
}

void
pkt_view_days (json_t *o, const json_t *g)
{
  const json_t *days = json_object_get (g, "by_day");
  g_autofree char *habit = habit_text (g);
  json_object_set_new (o, "by_day_note", json_null ());
  if (*habit && json_array_size (days) <= FEW_DAYS) {
    pkt_json_set_text (o, "by_day", day_sentence (days, habit));
    return;
  }
  pkt_json_set_text (o, "by_day", pkt_view_counts ("By day", days));
  if (*habit) {
    habit[0] = g_ascii_toupper (habit[0]);
    pkt_json_set_text (o, "by_day_note", pkt_view_wrapped ("", habit));
  }
}
