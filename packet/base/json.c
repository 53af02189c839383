#include "packet/base/json.h"
#include <stdlib.h>
#include <string.h>
#include "packet/base/clock.h"
#include "packet/base/data.h"

json_t *
pkt_json_slice (PktSlice s)
{
  if (s.n && g_utf8_validate (s.p, (gssize)s.n, NULL))
    return json_stringn_nocheck (s.p, s.n);
  g_autofree char *text = pkt_slice_utf8 (s);
  return text ? json_string (text) : json_null ();
}

json_t *
pkt_json_string (const char *s)
{
  return pkt_json_slice (pkt_slice_str (s));
}

json_t *
pkt_json_time (gint64 us)
{
  if (us == PKT_NO_TIME)
    return json_null ();
  g_autofree char *text = pkt_clock_rfc3339 (us);
  return json_string (text);
}

/* A high bit for each of eight bytes that must be escaped (below 0x20, a quote, a backslash), and
 * maybe for others behind one. */
static inline guint64
escaped_of_8 (guint64 w)
{
  const guint64 each = G_GUINT64_CONSTANT (0x0101010101010101), quote = w ^ each * '"',
                backslash = w ^ each * '\\';
  return (((w - each * 0x20) & ~w) | ((quote - each) & ~quote) | ((backslash - each) & ~backslash))
         & each * 0x80;
}

/* Where the first byte stands that must be escaped; n: nowhere. */
static gsize
plain_bytes (PktSlice s)
{
  gsize i = 0;
  guint64 w;
  for (; i + sizeof w <= s.n; i += sizeof w) {
    memcpy (&w, s.p + i, sizeof w);
    if (escaped_of_8 (w))
      break;
  }
  for (; i < s.n; i++)
    if ((guint8)s.p[i] < 0x20 || s.p[i] == '"' || s.p[i] == '\\')
      break;
  return i;
}

static void
append_escaped (GString *out, guint8 c)
{
  static const char letters[] = "btn\0fr"; /* of 8 to 13 */
  g_string_append_c (out, '\\');
  if (c >= 0x20)
    g_string_append_c (out, (char)c);
  else if (c >= 8 && c <= 13 && c != 11)
    g_string_append_c (out, letters[c - 8]);
  else
    g_string_append_printf (out, "u%04X", c);
}

/* As jansson writes it: control characters, quotes and backslashes escaped, all else as it is. */
static void
append_string (GString *out, PktSlice s)
{
  g_string_append_c (out, '"');
  for (gsize n; (n = plain_bytes (s)) < s.n; s = pkt_slice_skip (s, n + 1)) {
    pkt_json_append_text (out, pkt_slice (s.p, n));
    append_escaped (out, (guint8)s.p[n]);
  }
  pkt_json_append_text (out, s);
  g_string_append_c (out, '"');
}

void
pkt_json_append_integer (GString *out, gint64 value)
{
  char digits[24], *p = digits + sizeof digits;
  guint64 rest = value < 0 ? -(guint64)value : (guint64)value;
  do
    *--p = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (value < 0)
    *--p = '-';
  pkt_json_append_text (out, pkt_slice (p, (gsize)(digits + sizeof digits - p)));
}

static gboolean
is_ascii (PktSlice s)
{
  guint64 all = 0, w;
  gsize i = 0;
  for (; i + sizeof w <= s.n; i += sizeof w) {
    memcpy (&w, s.p + i, sizeof w);
    all |= w;
  }
  for (; i < s.n; i++)
    all |= (guint8)s.p[i];
  return (all & G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
}

void
pkt_json_append_string (GString *out, const char *s)
{
  const PktSlice text = pkt_slice_str (s);
  g_autofree char *valid = is_ascii (text) ? NULL : pkt_slice_utf8 (text);
  if (s == NULL)
    pkt_json_append_text (out, PKT_SLICE ("null"));
  else
    append_string (out, valid ? pkt_slice_str (valid) : text);
}

void
pkt_json_append_time (GString *out, gint64 us)
{
  char text[PKT_CLOCK_ROOM + 2];
  if (us == PKT_NO_TIME) {
    pkt_json_append_text (out, PKT_SLICE ("null"));
    return;
  }
  text[0] = '"';
  const gsize n = pkt_clock_write_rfc3339 (us, text + 1);
  text[n + 1] = '"';
  pkt_json_append_text (out, pkt_slice (text, n + 2));
}

static void
append_line_end (GString *out, guint depth)
{
  gsize at = out->len;
  g_string_set_size (out, at + 1 + 2 * (gsize)depth);
  memset (out->str + at, ' ', 1 + 2 * (gsize)depth);
  out->str[at] = '\n';
}

static void
append_object (GString *out, const json_t *value, guint depth)
{
  const char *key, *comma = "";
  json_t *each;
  g_string_append_c (out, '{');
  json_object_foreach ((json_t *)value, key, each)
  {
    g_string_append (out, comma);
    append_line_end (out, depth + 1);
    append_string (out, pkt_slice_str (key));
    pkt_json_append_text (out, PKT_SLICE (": "));
    pkt_json_append (out, each, depth + 1);
    comma = ",";
  }
  if (*comma)
    append_line_end (out, depth);
  g_string_append_c (out, '}');
}

static void
append_array (GString *out, const json_t *value, guint depth)
{
  json_t *each;
  gsize i;
  g_string_append_c (out, '[');
  json_array_foreach (value, i, each)
  {
    if (i)
      g_string_append_c (out, ',');
    append_line_end (out, depth + 1);
    pkt_json_append (out, each, depth + 1);
  }
  if (json_array_size (value))
    append_line_end (out, depth);
  g_string_append_c (out, ']');
}

void
pkt_json_append (GString *out, const json_t *value, guint depth)
{
  switch (value ? json_typeof (value) : JSON_NULL) {
  case JSON_OBJECT:
    append_object (out, value, depth);
    break;
  case JSON_ARRAY:
    append_array (out, value, depth);
    break;
  case JSON_STRING:
    append_string (out, pkt_slice (json_string_value (value), json_string_length (value)));
    break;
  case JSON_INTEGER:
    pkt_json_append_integer (out, json_integer_value (value));
    break;
  case JSON_NULL:
    pkt_json_append_text (out, PKT_SLICE ("null"));
    break;
  case JSON_TRUE:
    pkt_json_append_text (out, PKT_SLICE ("true"));
    break;
  case JSON_FALSE:
    pkt_json_append_text (out, PKT_SLICE ("false"));
    break;
  default: { /* a number with a point */
    char *text = json_dumps (value, JSON_ENCODE_ANY);
    g_string_append (out, text ? text : "null");
    free (text);
  }
  }
}

/* Not json_dumps(): a folder of bounces has a source each, and that takes a thousand instructions a
 * member. */
char *
pkt_json_dump (const json_t *value)
{
  GString *out = g_string_sized_new (4096);
  pkt_json_append (out, value, 0);
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}

char *
pkt_json_line (const json_t *value)
{
  char *raw = json_dumps (value, JSON_ENCODE_ANY);
  char *text = g_strdup (raw ? raw : "null");
  free (raw);
  return text;
}

const json_t *
pkt_json_table (const json_t **kept, const char *name)
{
  if (g_once_init_enter (kept)) {
    const PktSlice data = pkt_data (name);
    const json_t *read = json_loadb (data.p, data.n, JSON_REJECT_DUPLICATES, NULL);
    if (read == NULL)
      g_error ("%s cannot be read", name);
    g_once_init_leave (kept, read);
  }
  return *kept;
}
