/* Escapes in JSON strings: what is told of them is what a JSON parser tells. */
#include "packet/base/json.h"
#include "packet/log/event-escapes.h"

/* Held against jansson, which needs UTF-8. */
static void
check_raw (const char *raw, gsize size)
{
  gsize n = 0;
  const PktSlice slice = pkt_slice (raw, size);
  g_autofree char *utf8 = pkt_slice_utf8 (slice), *quoted = g_strconcat ("\"", utf8, "\"", NULL),
                  *text = pkt_escapes_decode (slice, &n);
  g_autoptr (json_t) said = json_loads (quoted, JSON_DECODE_ANY, NULL);
  g_test_message ("%s", quoted);
  if (said) {
    g_assert_cmpstr (text, ==, json_string_value (said));
    g_assert_cmpuint (n, ==, json_string_length (said));
  } else
    g_assert_null (text);
  if (pkt_escapes_are_good (slice))
    g_assert_nonnull (text);
  else if (memchr (raw, '\0', size) == NULL)
    g_assert_null (text);
}

static void
test_kinds (void)
{
  static const char *const all[] = {
    "https:\\/\\/example.com\\/",
    "\\\"\\\\\\/\\b\\f\\n\\r\\t",
    "Gr\\u00fc\\u00DFe",
    "\\u20ac\\uffff",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\ud83dx",
    "\\ud83d\\u0041",
    "\\ud83d\\ud83d",
    "\\ude00",
    "\\u0000",
    "\\u001f",
    "\\u00g0",
    "\\u+041",
    "\\u004",
    "\\x",
    "\\U0041",
    "\\a",
    "tab\tin it",
    "0123456789abcdef\t",
    "0123456789abc\tdef\\/",
    "\x7f\\/",
    "\\/ Gr\xc3\xbc\xc3\x9f",
    "\xfc\\/",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    check_raw (all[i], strlen (all[i]));
  check_raw ("a\0b\\/", 5);
}

static void
test_any (void)
{
  static const char *const pieces[]
      = { "\\",   "u",   "00", "d8", "dc", "3d",   "\\u",  "\\ud8", "\"", "/",     "\\\"",
          "\\\\", "\\/", "n",  "\t", "e",  "\xc3", "\xbc", "fc",    "x",  "\\u00", "\x01" };
  for (guint i = 0; i < 200000; i++) {
    g_autoptr (GString) raw = g_string_new (NULL);
    gboolean escaped = FALSE, ends = FALSE;
    for (gint k = g_test_rand_int_range (1, 12); k > 0; k--)
      g_string_append (raw, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
    for (gsize at = 0; at < raw->len; at++) { /* no string holds its own end */
      ends |= !escaped && raw->str[at] == '"';
      escaped = !escaped && raw->str[at] == '\\';
    }
    if (!ends && !escaped)
      check_raw (raw->str, raw->len);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/escapes/kinds", test_kinds);
  g_test_add_func ("/log/escapes/any", test_any);
  return g_test_run ();
}
