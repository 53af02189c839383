#include "cmd/verify.h"
#include "packet/base/autoptr.h"
#include "packet/base/json.h"
#include "packet/base/text.h"

char *
verify_as_json (const VerifyCheck *c)
{
  json_t *findings = json_array ();
  for (guint i = 0; i < c->leaks->len; i++) {
    const PktLeak *leak = c->leaks->pdata[i];
    json_array_append_new (
        findings, json_pack ("{s:o, s:o, s:I}", "part", pkt_json_string (leak->part), "rule",
                             pkt_json_string (leak->rule), "offset", (json_int_t)leak->offset));
  }
  g_autoptr (json_t) root = json_pack ("{s:i, s:b, s:o, s:o}", "version", 1, "clean",
                                       c->leaks->len == 0, "findings", findings, "proof",
                                       pkt_verifier_proof (c->verifier));
  return pkt_json_dump (root);
}

static void
append_row (GString *out, const gsize width[2], const char *part, const char *rule,
            const char *offset)
{
  g_autofree char *a = pkt_text_pad (part, width[0], FALSE);
  g_autofree char *b = pkt_text_pad (rule, width[1], FALSE);
  g_autofree char *n = pkt_text_pad (offset, 9, TRUE);
  g_string_append_printf (out, "%s  %s  %s\n", a, b, n);
}

static void
append_table (GString *out, const VerifyCheck *c)
{
  gsize width[2] = { 4, 4 };
  for (guint i = 0; i < c->leaks->len; i++) {
    const PktLeak *leak = c->leaks->pdata[i];
    width[0] = MAX (width[0], pkt_text_width (leak->part));
    width[1] = MAX (width[1], pkt_text_width (leak->rule));
  }
  append_row (out, width, "PART", "RULE", "OFFSET");
  for (guint i = 0; i < c->leaks->len; i++) {
    const PktLeak *leak = c->leaks->pdata[i];
    g_autofree char *offset = g_strdup_printf ("%" G_GUINT64_FORMAT, leak->offset);
    append_row (out, width, leak->part, leak->rule, offset);
  }
  g_string_append_c (out, '\n');
}

static gint64
sum_of (const json_t *counts)
{
  gint64 sum = 0;
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *)counts, name, value) sum += json_integer_value (value);
  return sum;
}

char *
verify_as_text (const VerifyCheck *c)
{
  GString *out = g_string_new (NULL);
  g_autoptr (json_t) proof = pkt_verifier_proof (c->verifier);
  g_autofree char *surfaces = pkt_text_count (
      json_integer_value (json_object_get (proof, "surfaces")));
  g_autofree char *views = pkt_text_count (sum_of (json_object_get (proof, "decodings")));
  g_autofree char *candidates = pkt_text_count (
      json_integer_value (json_object_get (proof, "candidates")));
  g_autofree char *needles = pkt_text_count (
      json_integer_value (json_object_get (proof, "needles")));
  if (c->leaks->len)
    append_table (out, c);
  g_string_append_printf (
      out, "%s: %s surfaces, %s decoded views, %s candidates, %s known recipients\n",
      c->leaks->len ? "private data found" : "clean", surfaces, views, candidates, needles);
  return g_string_free (out, FALSE);
}
