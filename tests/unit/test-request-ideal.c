/* The texts of a case whose figures are those of the texts that we measure ourselves by: redacted,
 * laid out, and compared with golden copies. tests/cli/t0630-ideal.sh reads both side by side. */
#include <locale.h>
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/redact/publish.h"
#include "packet/request/body.h"
#include "packet/request/lint.h"
#include "packet/request/view.h"

static const char *const own[] = { "example.com", NULL };
static const char *const allowed[] = { "postmaster@example.com", "probe@own-mailbox.example.org",
                                       NULL };
static const PktRedactScope scope = { own, allowed };
static const guint8 key[32] = { 'i', 'd', 'e', 'a', 'l' };
static const char *const attached[] = {
  "SMTP errors", "headers of accepted samples", "Apple-only trend by date", "screenshot", "consent",
  NULL
};

static json_t *
load_facts (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden/ideal/facts.json", NULL);
  json_error_t error;
  json_t *facts = json_load_file (path, 0, &error);
  g_assert_nonnull (facts);
  return facts;
}

static void
add_recipients (PktRedactor *r, const json_t *facts)
{
  json_t *group, *sample;
  gsize i, k;
  json_array_foreach (json_object_get (facts, "errors"), i, group)
  {
    json_array_foreach (json_object_get (group, "samples"), k, sample) pkt_redactor_add_recipient (
        r, pkt_slice_str (json_string_value (json_object_get (sample, "recipient"))));
    sample = json_object_get (group, "neighbour");
    if (json_is_object (sample))
      pkt_redactor_add_recipient (
          r, pkt_slice_str (json_string_value (json_object_get (sample, "recipient"))));
  }
}

static json_t *
view_of (json_t *facts)
{
  g_autoptr (PktRedactor) r = pkt_redactor_new (key, &scope);
  g_autoptr (GError) error = NULL;
  add_recipients (r, facts);
  g_autoptr (PktPublic) public = pkt_publish_facts (r, facts, &error);
  g_assert_no_error (error);
  return pkt_view_make (public, attached);
}

static json_t *
make_view (void)
{
  g_autoptr (json_t) facts = load_facts ();
  return view_of (facts);
}

/* The table's columns stay below their heads, also where millions are in one. */
static void
test_columns (void)
{
  static const struct {
    json_int_t final, refused, other, accepted;
    const char *text;
  } rows[] = {
    { 18412, 7046, 26, 11340,
      "  iCloud, Mon 18 May          18,412  7,046   38.3%         26    11,340" },
    { 2070000, 0, 0, 2070000,
      "  iCloud, Mon 18 May       2,070,000      0                  0 2,070,000" },
    { 12070000, 1234567, 9, 10835424,
      "  iCloud, Mon 18 May      12,070,000 1,234,567 10.2%         9 10,835,424" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (json_t) facts = load_facts ();
    json_object_set_new (facts, "rows",
                         json_pack ("[{s:s, s:I, s:I, s:I, s:I}]", "label", "iCloud, Mon 18 May",
                                    "final", rows[i].final, "refused", rows[i].refused, "other",
                                    rows[i].other, "accepted", rows[i].accepted));
    g_autoptr (json_t) view = view_of (facts);
    g_assert_cmpstr (pkt_json_text (json_array_get (json_object_get (view, "rows"), 0), "text"), ==,
                     rows[i].text);
  }
}

/* UPDATE_GOLDEN=1 writes it anew. */
static void
assert_golden (const char *name, const char *text)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden/ideal", name, NULL);
  g_autofree char *golden = NULL;
  if (g_getenv ("UPDATE_GOLDEN"))
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (g_file_get_contents (path, &golden, NULL, NULL));
  g_assert_cmpstr (text, ==, golden);
}

static void
test_body (void)
{
  g_autoptr (json_t) view = make_view ();
  g_autoptr (GError) error = NULL;
  g_autofree char *body = pkt_body_render (view, &error);
  g_assert_no_error (error);
  assert_golden ("request-body.txt", body);
}

/* The body passes its own check, with the links that the case and Apple's answer hold. */
static void
test_body_is_clean (void)
{
  static const char *const ips[] = { "192.0.2.10", "192.0.2.11", NULL };
  static const char *const links[] = { "https://www.example.com/weekly/2026-05-18", NULL };
  const PktLintOptions options = { .sending_ips = ips, .links = links };
  g_autoptr (json_t) view = make_view ();
  g_autofree char *body = pkt_body_render (view, NULL);
  g_autoptr (GPtrArray) found = pkt_lint_body (body, &options);
  for (guint i = 0; i < found->len; i++)
    g_test_message ("%s", ((const PktFinding *)g_ptr_array_index (found, i))->text);
  g_assert_cmpuint (found->len, ==, 0);
}

static void
test_errors (void)
{
  g_autoptr (json_t) view = make_view ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = pkt_text_render ("smtp-errors.txt", view, FALSE, &error);
  g_assert_no_error (error);
  assert_golden ("smtp-errors.txt", text);
}

/* A long case gives up what is said elsewhere as well, in the order of facts' section 1, and never
 * the items, the transactions and the question. */
static void
test_space (void)
{
  static const char *const stay[] = { "Company:",
                                      "Sending IPs:",
                                      "Error:",
                                      "Started:",
                                      "To look up",
                                      "We ask you to check",
                                      "iCloud, Mon 18 May",
                                      NULL };
  g_autoptr (json_t) view = make_view ();
  json_t *stated = json_object_get (view, "stated");
  GString *s = g_string_new (json_string_value (json_object_get (stated, "description")));
  for (int i = 0; i < 6; i++)
    g_string_append (s, " This sentence fills up more than a line, so that something has to go.");
  json_object_set_new (stated, "description", json_string (s->str));
  g_string_free (s, TRUE);
  g_autofree char *body = pkt_body_render (view, NULL);
  g_auto (GStrv) lines = g_strsplit (body, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines) - 1, <=, PKT_BODY_LINES);
  for (gsize i = 0; stay[i]; i++)
    g_assert_nonnull (strstr (body, stay[i]));
  g_assert_null (strstr (body, "By our records"));
}

static const struct {
  const char *name;
  GTestFunc run;
} tests[] = {
  { "/request/ideal/body", test_body },
  { "/request/ideal/body-is-clean", test_body_is_clean },
  { "/request/ideal/errors", test_errors },
  { "/request/ideal/space", test_space },
};

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].name, tests[i].run);
  g_test_add_func ("/ideal/columns", test_columns);
  return g_test_run ();
}
