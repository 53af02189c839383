#include "cmd/verify.h"
#include "packet/base/autoptr.h"
#include "packet/base/json.h"
#include "packet/base/text.h"

#define MAX_QUOTED 4096 /* characters of a path in a packet of anybody's */

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

/* Bytes of "address" in "address (base64, tags)". */
static gsize
name_length (const char *rule)
{
  const char *open = strstr (rule, " (");
  return open ? (gsize)(open - rule) : strlen (rule);
}

/* The words of "(tags)" are all in "(base64, tags)"; no words are in any. */
static gboolean
are_in (const char *fewer, const char *more)
{
  g_auto (GStrv) words = g_strsplit_set (fewer, " (,)", -1),
                 all = g_strsplit_set (more, " (,)", -1);
  for (char **w = words; *w; w++)
    if (!g_strv_contains ((const char *const *)all, *w))
      return FALSE;
  return TRUE;
}

/* What stands in a part stands in its further decodings, too: of "address" and "address (tags)" the
 * first is enough to find it by. */
static gboolean
is_further (const GPtrArray *leaks, const PktLeak *leak)
{
  const gsize n = name_length (leak->rule);
  const char *path = leak->rule + n;
  for (guint i = 0; i < leaks->len && *path; i++) {
    const PktLeak *other = leaks->pdata[i];
    if (name_length (other->rule) == n && strlen (other->rule) < strlen (leak->rule)
        && strncmp (other->rule, leak->rule, n) == 0 && g_str_equal (other->part, leak->part)
        && are_in (other->rule + n, path))
      return TRUE;
  }
  return FALSE;
}

static void
append_table (GString *out, const GPtrArray *leaks)
{
  gsize width[2] = { 4, 4 };
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < leaks->len; i++) {
    const PktLeak *leak = leaks->pdata[i];
    g_ptr_array_add (parts, pkt_text_quote (pkt_slice_str (leak->part), MAX_QUOTED));
    width[0] = MAX (width[0], pkt_text_width (parts->pdata[i]));
    width[1] = MAX (width[1], pkt_text_width (leak->rule));
  }
  append_row (out, width, "PART", "RULE", "OFFSET");
  for (guint i = 0; i < leaks->len; i++) {
    const PktLeak *leak = leaks->pdata[i];
    g_autofree char *offset = g_strdup_printf ("%" G_GUINT64_FORMAT, leak->offset);
    append_row (out, width, parts->pdata[i], leak->rule, offset);
  }
}

static void
append_leaks (GString *out, const GPtrArray *leaks)
{
  g_autoptr (GPtrArray) first = g_ptr_array_new ();
  for (guint i = 0; i < leaks->len; i++)
    if (!is_further (leaks, leaks->pdata[i]))
      g_ptr_array_add (first, leaks->pdata[i]);
  append_table (out, first);
  if (first->len < leaks->len)
    g_string_append_printf (out, "and again in %u further decoding%s of these parts, see --json\n",
                            leaks->len - first->len, leaks->len - first->len == 1 ? "" : "s");
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
  gboolean one = json_integer_value (json_object_get (proof, "needles")) == 1;
  if (c->leaks->len)
    append_leaks (out, c->leaks);
  g_string_append_printf (
      out, "%s: %s surfaces, %s decoded views, %s candidates, %s known recipient%s\n",
      c->leaks->len ? "private data found" : "clean", surfaces, views, candidates, needles,
      one ? "" : "s");
  return g_string_free (out, FALSE);
}
