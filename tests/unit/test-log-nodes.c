/* A JSON text read as nodes says what jansson makes of it, and what is none to the one is none to
 * the other. */
#include "packet/log/json-nodes.h"
#include <jansson.h>

#define DAMAGED 40000 /* texts */

static void compare (PktJsonNodes *nodes, guint32 i, const json_t *v);

static void
compare_members (PktJsonNodes *nodes, guint32 i, const json_t *object)
{
  for (void *at = json_object_iter ((json_t *)object); at;
       at = json_object_iter_next ((json_t *)object, at)) {
    const guint32 k = pkt_json_nodes_member (nodes, i, pkt_slice_str (json_object_iter_key (at)));
    g_assert_cmpuint (k, >, i);
    compare (nodes, k, json_object_iter_value (at));
  }
  g_assert_cmpuint (pkt_json_nodes_member (nodes, i, PKT_SLICE ("not there")), ==, 0);
}

static void
compare (PktJsonNodes *nodes, guint32 i, const json_t *v)
{
  const PktJsonKind kind = nodes->all[i].kind;
  guint32 k = i + 1;
  PktSlice text = pkt_json_nodes_text (nodes, i);
  g_assert_true ((kind == PKT_JSON_OBJECT) == json_is_object (v));
  g_assert_true ((kind == PKT_JSON_ARRAY) == json_is_array (v));
  g_assert_true ((kind == PKT_JSON_NULL) == json_is_null (v));
  g_assert_true ((kind == PKT_JSON_STRING) == json_is_string (v));
  g_assert_true ((text.p != NULL) == (kind == PKT_JSON_WORD || kind == PKT_JSON_STRING));
  if (json_is_string (v))
    g_assert_true (
        pkt_slice_equal (text, pkt_slice (json_string_value (v), json_string_length (v))));
  if (json_is_object (v))
    compare_members (nodes, i, v);
  for (gsize n = 0; n < json_array_size (v); n++, k = nodes->all[k].next)
    compare (nodes, k, json_array_get (v, n));
  if (json_is_array (v))
    g_assert_cmpuint (k, ==, nodes->all[i].next);
}

static void
test_damaged (void)
{
  static const char whole[] = "{\"a\":{\"b\":[1,-2.5e+3,\"x\\n\\u00fc\\ud83d\\ude00\",{\"c\":null}]"
                              ",\"b\":[ ]}, \"a\" :\n[true,"
                              "false,{},\"caf\xc3\xa9 \\\"\\\\\"],\"\\u0061\\/\":0}";
  static const char odd[] = "\"\"\"\\\\{}[]:,,  \t\n\x01u0e-.+1n";
  GRand *rand = g_rand_new_with_seed (20261122);
  g_auto (PktJsonNodes) nodes = { 0 };
  guint good = 0;
  for (guint i = 0; i < DAMAGED; i++) {
    g_autoptr (GString) text = g_string_new (whole);
    for (gint k = g_rand_int_range (rand, 0, 4); k > 0 && text->len; k--) {
      const gint at = g_rand_int_range (rand, 0, (gint32)text->len);
      if (g_rand_boolean (rand))
        text->str[at] = odd[g_rand_int_range (rand, 0, sizeof odd - 1)];
      else
        g_string_erase (text, at, 1);
    }
    if (!g_utf8_validate_len (text->str, text->len, NULL))
      continue;
    g_autofree char *exact = g_memdup2 (text->str, text->len); /* a sanitizer sees who reads on */
    const gboolean is_json = pkt_json_nodes_read (&nodes, pkt_slice (exact, text->len));
    json_t *v = json_loadb (text->str, text->len, 0, NULL);
    if ((v != NULL) != is_json)
      g_test_message ("%s", text->str);
    g_assert_true ((v != NULL) == is_json);
    good += is_json;
    if (v)
      compare (&nodes, 0, v);
    json_decref (v);
  }
  g_rand_free (rand);
  g_assert_cmpuint (good, >, DAMAGED / 5);
  g_assert_cmpuint (good, <, DAMAGED / 2);
}

static void
test_bounds (void)
{
  g_auto (PktJsonNodes) nodes = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < PKT_JSON_NODES_DEPTH; i++)
    g_string_prepend_c (g_string_append_c (text, ']'), '[');
  g_assert_true (pkt_json_nodes_read (&nodes, pkt_slice (text->str, text->len)));
  g_string_prepend_c (g_string_append_c (text, ']'), '[');
  g_assert_false (pkt_json_nodes_read (&nodes, pkt_slice (text->str, text->len)));
  g_string_assign (text, "[0");
  for (guint i = 2; i < PKT_JSON_NODES_MAX; i++)
    g_string_append (text, ",0");
  g_string_append_c (text, ']');
  g_assert_true (pkt_json_nodes_read (&nodes, pkt_slice (text->str, text->len)));
  g_string_insert (text, 1, "0,");
  g_assert_false (pkt_json_nodes_read (&nodes, pkt_slice (text->str, text->len)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/json-nodes/damaged", test_damaged);
  g_test_add_func ("/log/json-nodes/bounds", test_bounds);
  return g_test_run ();
}
