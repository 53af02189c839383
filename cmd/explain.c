#include "cmd/explain.h"
#include "cmd/cmd.h"
#include "packet/apple/reply.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/text.h"

/* "apple-cs02", "cs02", "[CS02]", "CS02"; upper or lower case. */
static const PktRule *
find_named (const PktCatalogue *cat, const char *operand)
{
  g_autofree char *bare = g_strdup (operand);
  gsize n = strlen (bare);
  if (n > 2 && bare[0] == '[' && bare[n - 1] == ']') {
    bare[n - 1] = '\0';
    memmove (bare, bare + 1, n - 1);
  }
  g_autofree char *upper = g_ascii_strup (bare, -1), *lower = g_ascii_strdown (bare, -1);
  g_autofree char *id = g_strconcat ("apple-", lower, NULL);
  const PktRule *rule = pkt_catalogue_find_tag (cat, pkt_slice_str (upper));
  rule = rule ? rule : pkt_catalogue_find (cat, lower);
  return rule ? rule : pkt_catalogue_find (cat, id);
}

static gboolean
in_list (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list ? list : "", "|", -1);
  return g_strv_contains ((const char *const *)words, word);
}

/* "550" or "5.7.1": every entry that has it. "4xx" is only taken where no other fits. */
static void
find_code (Explain *x)
{
  PktVerdict v;
  pkt_reply_read (pkt_slice_str (x->operand), &v);
  gboolean whole = v.enhanced.n == strlen (x->operand) || (v.code && strlen (x->operand) == 3);
  for (guint i = 0; whole && i < pkt_catalogue_size (x->cat); i++) {
    const PktRule *rule = pkt_catalogue_get (x->cat, i);
    if (in_list (rule->code, x->operand) || in_list (rule->enhanced, x->operand)
        || (x->rules->len == 0 && pkt_rule_is_catch_all (rule) && *rule->code == *x->operand))
      g_ptr_array_add (x->rules, (gpointer)rule);
  }
}

static void
find_reply (Explain *x)
{
  pkt_classify (x->cat, pkt_slice_str (x->operand), &x->verdict);
  const PktVerdict *v = &x->verdict;
  x->is_reply = v->rule || v->code || (v->enhanced.n && strchr (x->operand, ' '));
  if (v->rule)
    g_ptr_array_add (x->rules, (gpointer)v->rule);
}

static gboolean
find_operand (Explain *x, GError **error)
{
  const PktRule *named = find_named (x->cat, x->operand);
  if (named)
    g_ptr_array_add (x->rules, (gpointer)named);
  else
    find_code (x);
  if (x->rules->len == 0)
    find_reply (x);
  if (x->rules->len || x->is_reply)
    return TRUE;
  g_autofree char *quoted = pkt_text_quote (pkt_slice_str (x->operand), 80);
  g_set_error (
      error, PKT_ERROR, PKT_ERROR_DATA,
      "nothing is known of '%s'; give a code (550, 5.7.1), a tag (CS02), an entry's name or "
      "the whole reply, or run 'postpacket explain' to see all entries",
      quoted);
  return FALSE;
}

static gboolean
explain (const char *operand, gboolean json, GError **error)
{
  g_autoptr (PktCatalogue) cat = pkt_catalogue_new ();
  g_autoptr (GPtrArray) rules = g_ptr_array_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  Explain x = { .cat = cat, .operand = operand, .rules = rules, .out = out };
  if (*operand == '\0')
    for (guint i = 0; i < pkt_catalogue_size (cat); i++)
      g_ptr_array_add (rules, (gpointer)pkt_catalogue_get (cat, i));
  else if (!find_operand (&x, error))
    return FALSE;
  if (json)
    explain_as_json (&x);
  else
    explain_as_text (&x);
  return pkt_file_print (out->str, out->len, error);
}

int
cmd_run_explain (int argc, char **argv, GError **error)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL }, G_OPTION_ENTRY_NULL
  };
  if (!cmd_parse (&argc, &argv, entries, "[CODE|TAG|REPLY]",
                  "Says what a reply of Apple's means, what to do first and whose desk it is.",
                  error))
    return (*error)->code;
  g_autofree char *joined = g_strjoinv (" ", argv + 1); /* a reply without quotes is as good */
  return explain (g_strstrip (joined), json, error) ? 0 : (*error)->code;
}
