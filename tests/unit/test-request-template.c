#include <glib.h>
#include <jansson.h>
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/request/template.h"

static const PktTemplateOptions suite_options = { .escape_html = TRUE, .strict_names = FALSE };
static const PktTemplateOptions our_options = { .escape_html = FALSE, .strict_names = TRUE };

static const char view_json[]
    = "{\"name\": \"a<b\", \"none\": null, \"n\": 9262, \"zero\": 0, \"empty\": \"\", \"rows\": "
      "[{\"x\": 1}, {\"x\": 2}], \"no_rows\": [], \"o\": {\"p\": {\"q\": \"deep\"}}, "
      "\"two\": \"one\\ntwo\"}";

typedef struct {
  const char *text;
  const char *want;  /* NULL: an error */
  const char *error; /* its text begins so */
} Case;

static const Case cases[] = {
  { "plain", "plain", NULL },
  { "", "", NULL },
  { "{{name}}", "a<b", NULL },
  { "{{n}} {{zero}}", "9262 0", NULL },
  { "[{{none}}]", "[]", NULL },
  { "{{#none}}x{{/none}}{{^none}}y{{/none}}", "y", NULL },
  { "{{#none}}{{none.deeper}}{{/none}}{{none.deeper}}", "", NULL },
  { "{{#empty}}x{{/empty}}{{^empty}}y{{/empty}}", "y", NULL },
  { "{{#zero}}zero is a value: {{.}}{{/zero}}", "zero is a value: 0", NULL },
  { "{{o.p.q}} {{#o}}{{p.q}}{{n}}{{/o}}", "deep deep9262", NULL },
  { "{{#rows}}\n- {{x}}\n{{/rows}}\nend", "- 1\n- 2\nend", NULL },
  { "{{#no_rows}}{{unknown}}{{/no_rows}}{{^no_rows}}none{{/no_rows}}", "none", NULL },
  { "  {{>p}}\n", "  [one\ntwo]\n\n  end\n", NULL },
  { "{{=<% %>=}}<%n%>", "9262", NULL },
  { "a\nb {{unknwon}}", NULL, "t:2:3: unknwon: no such name" },
  { "\xc3\xa9\xc3\xa9 {{unknwon}}", NULL, "t:1:4: unknwon: no such name" },
  { "{{#o}}{{p.r}}{{/o}}", NULL, "t:1:7: p.r: no such name" },
  { "{{#nothing}}{{/nothing}}", NULL, "t:1:1: nothing: no such name" },
  { "{{rows}}", NULL, "t:1:1: rows: is a list" },
  { "{{o}}", NULL, "t:1:1: o: is a list" },
  { "{{>missing}}", NULL, "t:1:1: missing: there is no such partial" },
  { "x\n  {{>bad}}", NULL, "bad:2:3: wrong: no such name" },
  { "x\n  {{>open}}", NULL, "open:2:2: this section is never closed: never" },
  { "{{>self}}", NULL, "self:1:1: self: sections and partials go too deep" },
  { "a {{name", NULL, "t:1:3: this tag is not closed: {{name" },
  { "a {{{name}}", NULL, "t:1:3: this tag is not closed" },
  { "{{#rows}}", NULL, "t:1:1: this section is never closed: rows" },
  { "{{#rows}}{{#o}}{{/rows}}{{/o}}", NULL, "t:1:16: this does not close" },
  { "{{/rows}}", NULL, "t:1:1: no section is open" },
  { "{{}}", NULL, "t:1:1: this tag has no name" },
  { "{{a b}}", NULL, "t:1:1: a name has no blanks: a b" },
  { "{{=<% =}}", NULL, "t:1:1: two delimiters" },
  { "{{a\x1b[31m}}", NULL, "t:1:1: a?[31m: no such name" },
};

static PktSlice
our_partial (const char *name, gpointer data)
{
  (void)data;
  if (g_str_equal (name, "p"))
    return PKT_SLICE ("[{{two}}]\n\nend\n");
  if (g_str_equal (name, "bad"))
    return PKT_SLICE ("fine\n\xc3\xa9 {{wrong}}\n");
  if (g_str_equal (name, "open"))
    return PKT_SLICE ("fine\n {{#never}}\n");
  if (g_str_equal (name, "self"))
    return PKT_SLICE ("{{>self}}");
  return (PktSlice){ NULL, 0 };
}

static void
test_cases (void)
{
  g_autoptr (json_t) view = json_loads (view_json, 0, NULL);
  g_assert_nonnull (view);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *got = pkt_template_render ("t", pkt_slice_str (cases[i].text), view,
                                                our_options, our_partial, NULL, &error);
    g_assert_cmpstr (got, ==, cases[i].want);
    if (cases[i].want != NULL) {
      g_assert_no_error (error);
      continue;
    }
    g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
    if (!g_str_has_prefix (error->message, cases[i].error))
      g_error ("wanted \"%s\", got \"%s\"", cases[i].error, error->message);
  }
}

static void
expect_bound (const char *text, gsize n, const json_t *view, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *got = pkt_template_render ("t", pkt_slice (text, n), view, our_options, NULL,
                                              NULL, &error);
  g_assert_null (got);
  g_assert_error (error, PKT_ERROR, PKT_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_bounds (void)
{
  g_autoptr (json_t) view = json_object ();
  json_t *list = json_array ();
  for (int i = 0; i < 3000; i++)
    json_array_append_new (list, json_integer (i));
  json_object_set_new (view, "a", list);
  g_autofree char *big = g_strnfill (4096, 'x');
  json_object_set_new (view, "s", json_string (big));

  expect_bound ("a\0b", 3, view, "NUL");
  g_autofree char *text = g_strnfill (PKT_TEMPLATE_MAX_TEXT + 1, ' ');
  expect_bound (text, PKT_TEMPLATE_MAX_TEXT + 1, view, "too long");
  g_autofree char *name = g_strdup_printf ("{{%.*s}}", PKT_TEMPLATE_MAX_NAME + 1, big);
  expect_bound (name, strlen (name), view, "too long");
  const char *output = "{{#a}}{{s}}{{/a}}";
  expect_bound (output, strlen (output), view, "becomes too long");
  /* A list within itself, with nothing in it, must not run on. */
  const char *nested = "{{#a}}{{#a}}{{#a}}{{/a}}{{/a}}{{/a}}";
  expect_bound (nested, strlen (nested), view, "too many repetitions");
  g_autoptr (GString) deep = g_string_new (NULL);
  for (int i = 0; i <= PKT_TEMPLATE_MAX_DEPTH; i++)
    g_string_append (deep, "{{#s}}");
  expect_bound (deep->str, deep->len, view, "too many sections");
}

static PktSlice
suite_partial (const char *name, gpointer data)
{
  return pkt_slice_str (json_string_value (json_object_get (data, name)));
}

static void
run_suite_test (const json_t *test, const char *file)
{
  g_autoptr (GError) error = NULL;
  const char *name = json_string_value (json_object_get (test, "name"));
  const char *text = json_string_value (json_object_get (test, "template"));
  g_autofree char *got = pkt_template_render (
      name, pkt_slice_str (text), json_object_get (test, "data"), suite_options, suite_partial,
      json_object_get (test, "partials"), &error);
  g_assert_no_error (error);
  const char *want = json_string_value (json_object_get (test, "expected"));
  if (g_strcmp0 (got, want) != 0)
    g_error ("%s, %s: wanted \"%s\", got \"%s\"", file, name, want, got);
}

static void
test_suite (void)
{
  static const struct {
    const char *file;
    gsize n;
  } files[] = { { "comments", 12 }, { "delimiters", 14 }, { "interpolation", 42 },
                { "inverted", 22 }, { "partials", 12 },   { "sections", 34 } };
  const char *vectors = g_getenv ("POSTPACKET_VECTORS");
  if (vectors == NULL || *vectors == '\0') {
    g_test_skip ("POSTPACKET_VECTORS does not name the folder of public test vectors");
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_strdup_printf ("%s/mustache/%s.json", vectors, files[i].file);
    g_autoptr (json_t) root = json_load_file (path, 0, NULL);
    const json_t *tests = json_object_get (root, "tests");
    g_assert_cmpuint (json_array_size (tests), ==, files[i].n);
    for (gsize k = 0; k < files[i].n; k++)
      run_suite_test (json_array_get (tests, k), files[i].file);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/template/cases", test_cases);
  g_test_add_func ("/request/template/bounds", test_bounds);
  g_test_add_func ("/request/template/suite", test_suite);
  return g_test_run ();
}
