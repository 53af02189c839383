#include "cmd/explain.h"
#include <unistd.h>
#include "cmd/cmd.h"
#include "packet/apple/desk.h"
#include "packet/base/json.h"
#include "packet/base/text.h"

#define COLUMNS 100 /* of the table where stdout is no terminal, and at the least */
#define COLUMNS_MAX 200
#define TEXT_COLUMNS 80
#define LABEL "  %-11s"
#define INDENT "             "
#define MAX_EXAMPLES 2 /* the last ones are the newest */

/* "apple-cs02" as "cs02": the table has no room for what all have in common. */
static const char *
short_id (const PktRule *rule)
{
  return g_str_has_prefix (rule->id, "apple-") ? rule->id + strlen ("apple-") : rule->id;
}

static void
put_cell (GString *row, const char *text, gsize width)
{
  g_autofree char *cell = pkt_text_pad (text ? text : "-", width, FALSE);
  g_string_append_printf (row, "%s  ", cell);
}

static void
put_row (GString *out, const char *const cells[5], const gsize widths[5], const char *meaning,
         guint columns)
{
  g_autoptr (GString) row = g_string_new (NULL);
  for (guint i = 0; i < 5; i++)
    put_cell (row, cells[i], widths[i]);
  gsize used = pkt_text_width (row->str);
  g_autofree char *cut = pkt_text_quote (pkt_slice_str (meaning), columns - used - 1);
  g_string_append_printf (out, "%s%s\n", row->str, cut);
}

static void
cells_of (const PktRule *rule, const char *cells[5])
{
  cells[0] = short_id (rule);
  cells[1] = rule->code;
  cells[2] = rule->tag;
  cells[3] = pkt_category_name (rule->category);
  cells[4] = pkt_desk_word (rule->desk);
}

static void
put_table (Explain *x)
{
  const char *cells[5] = { "ENTRY", "CODE", "TAG", "CATEGORY", "DESK" };
  gsize widths[5];
  for (guint c = 0; c < 5; c++)
    widths[c] = strlen (cells[c]);
  for (guint i = 0; i < x->rules->len; i++) {
    const char *row[5];
    cells_of (g_ptr_array_index (x->rules, i), row);
    for (guint c = 0; c < 5; c++)
      widths[c] = MAX (widths[c], row[c] ? strlen (row[c]) : 1);
  }
  guint columns = cmd_columns (STDOUT_FILENO, COLUMNS, COLUMNS, COLUMNS_MAX);
  put_row (x->out, cells, widths, "MEANING", columns);
  for (guint i = 0; i < x->rules->len; i++) {
    const PktRule *rule = g_ptr_array_index (x->rules, i);
    cells_of (rule, cells);
    put_row (x->out, cells, widths, rule->meaning, columns);
  }
}

static void
put_text (GString *out, const char *label, const char *text)
{
  g_autofree char *first = g_strdup_printf (LABEL, label);
  g_autofree char *wrapped = pkt_text_wrap (text, TEXT_COLUMNS, first, INDENT);
  g_string_append (out, wrapped);
}

/* A reply or a part of one: hostile, so quoted. */
static void
put_foreign (GString *out, const char *label, PktSlice text)
{
  g_autofree char *quoted = pkt_text_quote (text, 600);
  if (text.n)
    put_text (out, label, quoted);
}

static void
put_desk (GString *out, PktDesk desk, const char *reason, PktSlice ip)
{
  const char *link = pkt_desk_link (desk);
  g_autofree char *address = pkt_text_quote (ip, 64);
  g_autofree char *query = desk == PKT_DESK_PROOFPOINT && ip.n ? g_strdup_printf ("?ip=%s", address)
                                                               : g_strdup ("");
  g_autofree char *name = g_strdup (pkt_desk_name (desk));
  *name = g_ascii_toupper (*name);
  g_autofree char *text = g_strdup_printf ("%s%s%s%s. %s", name, link ? ", " : "", link ? link : "",
                                           query, reason);
  put_text (out, "Whose desk", text);
}

static void
put_contact (GString *out, const PktRule *rule)
{
  if (!rule->contactable) {
    put_text (out, "Ask Apple", "No. Apple's postmaster does not act on this one.");
    return;
  }
  g_autofree char *text = rule->precondition ? g_strdup_printf ("Yes, once this is settled: %s.",
                                                                rule->precondition)
                                             : g_strdup ("Yes.");
  put_text (out, "Ask Apple", text);
}

static void
put_examples (GString *out, const PktRule *rule)
{
  const char *const *examples = pkt_catalogue_examples (rule);
  guint n = g_strv_length ((char **)examples), first = n > MAX_EXAMPLES ? n - MAX_EXAMPLES : 0;
  for (guint i = first; i < n; i++)
    put_foreign (out, i > first ? "" : "Seen as", pkt_slice_str (examples[i]));
  if (!examples[0])
    put_text (out, "Seen as", "No reply has been published word for word.");
}

static void
put_title (GString *out, const PktRule *rule)
{
  g_autofree char *code = rule->code ? g_strdup (rule->code) : g_strdup ("no SMTP reply");
  g_auto (GStrv) codes = g_strsplit (code, "|", -1);
  g_autofree char *either = g_strjoinv (" or ", codes);
  g_autofree char *tag = rule->tag ? g_strdup_printf (" [%s]", rule->tag) : g_strdup ("");
  g_string_append_printf (out, "%s (%s%s%s%s)\n", rule->id, either,
                          rule->code && rule->enhanced ? " " : "",
                          rule->code && rule->enhanced ? rule->enhanced : "", tag);
}

/* `v` where a reply was given, else NULL. */
static void
put_rule (GString *out, const PktRule *rule, const PktVerdict *v)
{
  const char *stage = rule->stage && !g_str_equal (rule->stage, "unknown") ? rule->stage : NULL;
  g_autofree char *kind = g_strdup_printf ("%s, %s%s%s.", pkt_category_name (rule->category),
                                           rule->temporary ? "temporary" : "permanent",
                                           stage ? "; given at " : "", stage ? stage : "");
  g_autofree char *evidence = g_strdup_printf (
      "%s; reported by senders and third parties, not by Apple.",
      rule->confidence ? rule->confidence : "low");
  *evidence = g_ascii_toupper (*evidence);
  put_title (out, rule);
  put_text (out, "Means", rule->meaning);
  put_text (out, "Do first", rule->first_action);
  put_desk (out, rule->desk, pkt_desk_reason (rule->desk), v ? v->named_ip : pkt_slice (NULL, 0));
  put_contact (out, rule);
  put_text (out, "Kind", kind);
  if (!v) { /* with a reply at hand they would only fill the screen */
    if (rule->notes)
      put_text (out, "Note", rule->notes);
    put_examples (out, rule);
  }
  put_text (out, "Evidence", evidence);
}

static void
put_unmatched (GString *out, const PktVerdict *v)
{
  g_string_append (out, "No entry of the catalogue has these words.\n");
  g_autofree char *kind = g_strdup_printf ("By its codes alone: %s, %s.",
                                           pkt_category_name (v->category),
                                           v->code / 100 == 4 ? "temporary" : "permanent");
  put_text (out, "Means", kind);
  PktDesk desk = pkt_desk_for_verdict (v);
  put_desk (out, desk,
            pkt_enhanced_is_about_sender (v->enhanced) ? pkt_desk_reason (desk)
                                                       : pkt_desk_reason_by_codes (desk),
            v->named_ip);
  put_text (out, "Do first",
            "Keep the reply word for word, group by it, and read it yourself before acting on it.");
}

static void
put_reply (Explain *x)
{
  const PktVerdict *v = &x->verdict;
  g_autofree char *code = g_strdup_printf ("%d", v->code);
  g_string_append (x->out,
                   "The reply, if it is Apple's (other receivers use some of these words too):\n");
  put_text (x->out, "Code", v->code ? code : "none");
  put_foreign (x->out, "Enhanced", v->enhanced);
  put_foreign (x->out, "Tag", v->tag);
  put_foreign (x->out, "Txn ID", v->txn_id);
  put_foreign (x->out, "Blames IP", v->named_ip);
  put_foreign (x->out, "DMARC of", v->named_domain);
  put_foreign (x->out, "Queued as", v->remote_queue_id);
  g_string_append_c (x->out, '\n');
  if (v->code / 100 == 2)
    g_string_append (x->out, "Apple took the message; there is nothing to explain.\n");
  else if (v->rule)
    put_rule (x->out, v->rule, v);
  else
    put_unmatched (x->out, v);
}

static json_t *
texts_json (const char *const *texts)
{
  json_t *list = json_array ();
  for (; *texts; texts++)
    json_array_append_new (list, pkt_json_string (*texts));
  return list;
}

static json_t *
rule_json (const PktRule *r)
{
  json_t *o = json_object ();
  json_object_set_new (o, "id", pkt_json_string (r->id));
  json_object_set_new (o, "code", pkt_json_string (r->code));
  json_object_set_new (o, "enhanced", pkt_json_string (r->enhanced));
  json_object_set_new (o, "tag", pkt_json_string (r->tag));
  json_object_set_new (o, "category", pkt_json_string (pkt_category_name (r->category)));
  json_object_set_new (o, "temporary", json_boolean (r->temporary));
  json_object_set_new (o, "stage", pkt_json_string (r->stage));
  json_object_set_new (o, "meaning", pkt_json_string (r->meaning));
  json_object_set_new (o, "first_action", pkt_json_string (r->first_action));
  json_object_set_new (o, "desk", pkt_json_string (pkt_desk_word (r->desk)));
  json_object_set_new (o, "desk_link", pkt_json_string (pkt_desk_link (r->desk)));
  json_object_set_new (o, "contactable", json_boolean (r->contactable));
  json_object_set_new (o, "contact_precondition", pkt_json_string (r->precondition));
  json_object_set_new (o, "confidence", pkt_json_string (r->confidence));
  json_object_set_new (o, "notes", pkt_json_string (r->notes));
  json_object_set_new (o, "examples", texts_json (pkt_catalogue_examples (r)));
  json_object_set_new (o, "sources", texts_json (pkt_catalogue_sources (r)));
  return o;
}

static json_t *
reply_json (const PktVerdict *v)
{
  json_t *o = json_object ();
  json_object_set_new (o, "code", v->code ? json_integer (v->code) : json_null ());
  json_object_set_new (o, "enhanced", pkt_json_slice (v->enhanced));
  json_object_set_new (o, "tag", pkt_json_slice (v->tag));
  json_object_set_new (o, "txn_id", pkt_json_slice (v->txn_id));
  json_object_set_new (o, "named_ip", pkt_json_slice (v->named_ip));
  json_object_set_new (o, "named_domain", pkt_json_slice (v->named_domain));
  json_object_set_new (o, "remote_queue_id", pkt_json_slice (v->remote_queue_id));
  json_object_set_new (o, "rule", pkt_json_string (v->rule ? v->rule->id : NULL));
  json_object_set_new (o, "category", pkt_json_string (pkt_category_name (v->category)));
  json_object_set_new (o, "contactable", json_boolean (v->contactable));
  json_object_set_new (o, "desk", pkt_json_string (pkt_desk_word (pkt_desk_for_verdict (v))));
  return o;
}

void
explain_as_json (Explain *x)
{
  g_autoptr (json_t) root = json_object ();
  json_t *entries = json_array ();
  for (guint i = 0; i < x->rules->len; i++)
    json_array_append_new (entries, rule_json (g_ptr_array_index (x->rules, i)));
  json_object_set_new (root, "version", json_integer (1));
  json_object_set_new (root, "reply", x->is_reply ? reply_json (&x->verdict) : json_null ());
  json_object_set_new (root, "entries", entries);
  g_autofree char *text = pkt_json_dump (root);
  g_string_append (x->out, text);
}

void
explain_as_text (Explain *x)
{
  if (x->is_reply)
    put_reply (x);
  else if (x->rules->len == 1)
    put_rule (x->out, g_ptr_array_index (x->rules, 0), NULL);
  else {
    put_table (x);
    g_string_append (x->out,
                     "\n'postpacket explain ENTRY' tells more of one. The meanings are reported by "
                     "senders and third\nparties, not by Apple.\n");
  }
}
