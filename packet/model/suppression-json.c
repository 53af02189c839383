#include "packet/model/suppression-json.h"
#include <jansson.h>
#include <math.h>
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/model/suppression-row.h"

#define MAX_DEPTH 8

gboolean
pkt_suppression_is_json (PktSlice begin)
{
  begin = pkt_slice_trim (pkt_slice_skip_mark (begin));
  return begin.n && (begin.p[0] == '{' || begin.p[0] == '[');
}

/* Of a number its whole part: "created": 1793959200.25. */
static char *
text_of (const json_t *value)
{
  if (json_is_string (value))
    return g_strndup (json_string_value (value), json_string_length (value));
  if (json_is_number (value))
    return g_strdup_printf ("%.0f", floor (json_number_value (value)));
  return NULL;
}

static void
append_row (GString *out, char *const cells[PKT_SUPPRESSION_COLUMNS])
{
  for (int i = 0; i < PKT_SUPPRESSION_COLUMNS; i++) {
    g_autofree char *plain = g_strdelimit (g_strdup (cells[i] ? cells[i] : ""), "\r\n", ' ');
    g_auto (GStrv) parts = g_strsplit (plain, "\"", -1);
    g_autofree char *doubled = g_strjoinv ("\"\"", parts);
    g_string_append_printf (out, "%s\"%s\"", i ? "," : "", doubled);
  }
  g_string_append_c (out, '\n');
}

/* TRUE when the object is a row. A date that cannot be read is none: it has not the name that would
 * promise one. */
static gboolean
take_object (json_t *object, GString *out)
{
  guint best[PKT_SUPPRESSION_COLUMNS] = { G_MAXUINT, G_MAXUINT, G_MAXUINT }, rank;
  char *cells[PKT_SUPPRESSION_COLUMNS] = { NULL };
  PktSuppressionColumn which;
  const char *key;
  json_t *value;
  gint64 day;
  json_object_foreach (object, key, value)
  {
    g_autofree char *text = text_of (value);
    if (!text || !pkt_suppression_column (pkt_slice_str (key), &which, &rank) || rank >= best[which]
        || (which == PKT_SUPPRESSION_DAY && !pkt_suppression_day (pkt_slice_str (text), &day)))
      continue;
    best[which] = rank;
    g_free (cells[which]);
    cells[which] = g_steal_pointer (&text);
  }
  const gboolean is_row = cells[PKT_SUPPRESSION_ADDRESS] != NULL;
  if (is_row)
    append_row (out, cells);
  for (int i = 0; i < PKT_SUPPRESSION_COLUMNS; i++)
    g_free (cells[i]);
  return is_row;
}

static void
walk (json_t *value, guint depth, GString *out)
{
  const char *key;
  json_t *member;
  gsize i;
  if (depth == MAX_DEPTH)
    return;
  json_array_foreach (value, i, member) walk (member, depth + 1, out);
  if (!json_is_object (value) || take_object (value, out))
    return;
  json_object_foreach (value, key, member) walk (member, depth + 1, out);
}

GString *
pkt_suppression_of_json (PktSlice json, const char *path, GError **error)
{
  GString *out = g_string_new (NULL);
  for (json = pkt_slice_trim (pkt_slice_skip_mark (json)); json.n;) {
    json_error_t why;
    json_t *value = json_loadb (json.p, json.n, JSON_DISABLE_EOF_CHECK, &why);
    if (value == NULL) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                   "%s: what it holds is no whole JSON; fetch it again, or make it lines of "
                   "address,reason,date",
                   path);
      g_string_free (out, TRUE);
      return NULL;
    }
    walk (value, 0, out);
    json_decref (value);
    json = pkt_slice_trim (pkt_slice_skip (json, (gsize)why.position));
  }
  return out;
}
