#include "packet/model/case-problem.h"
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/model/case-locate.h"

#define MAX_NAMED_PROBLEMS 20 /* paths named in one message */
#define MAX_QUOTED_KEY 40     /* characters of a key that we do not know */

PktCaseReport *
pkt_case_report_new (const char *file, PktSlice json)
{
  PktCaseReport *r = g_new0 (PktCaseReport, 1);
  r->file = file;
  r->json = json;
  r->steps = g_array_new (FALSE, FALSE, sizeof (PktCaseStep));
  r->others = g_string_new (NULL);
  return r;
}

void
pkt_case_report_free (PktCaseReport *r)
{
  g_array_unref (r->steps);
  g_string_free (r->others, TRUE);
  if (r->message)
    g_string_free (r->message, TRUE);
  g_free (r);
}

void
pkt_case_report_enter (PktCaseReport *r, const char *key, gsize index)
{
  PktCaseStep step = { key, index };
  g_array_append_val (r->steps, step);
}

void
pkt_case_report_leave (PktCaseReport *r)
{
  g_array_set_size (r->steps, r->steps->len - 1);
}

/* "$.streams[0].name" */
static char *
json_path (const PktCaseReport *r)
{
  GString *out = g_string_new ("$");
  for (guint i = 0; i < r->steps->len; i++) {
    const PktCaseStep *step = &g_array_index (r->steps, PktCaseStep, i);
    if (step->key) {
      g_autofree char *key = pkt_text_quote (pkt_slice_str (step->key), MAX_QUOTED_KEY);
      g_string_append_printf (out, ".%s", key);
    } else
      g_string_append_printf (out, "[%" G_GSIZE_FORMAT "]", step->index);
  }
  return g_string_free (out, FALSE);
}

static void
add_other (PktCaseReport *r, const char *path)
{
  r->n_others++;
  if (r->n_others <= MAX_NAMED_PROBLEMS)
    g_string_append_printf (r->others, "%s%s", r->n_others > 1 ? ", " : "", path);
}

void
pkt_case_report_add (PktCaseReport *r, PktCaseProblem kind, const char *what, const char *advice)
{
  g_autofree char *path = json_path (r);
  if (r->message) {
    if (r->kind == kind)
      add_other (r, path);
    return;
  }
  PktCasePlace at = pkt_case_locate (r->json, (const PktCaseStep *)(void *)r->steps->data,
                                     r->steps->len, kind == PKT_CASE_UNKNOWN_KEY);
  r->kind = kind;
  r->message = g_string_new (NULL);
  g_string_printf (r->message, "%s:%u:%u: %s: %s; %s", r->file, at.line, at.column, path, what,
                   advice);
}

/* "write one of a, b, or leave the key out" */
void
pkt_case_report_row (PktCaseReport *r, PktCaseProblem kind, const PktCaseRow *row, const char *what)
{
  g_autoptr (GString) advice = g_string_new ("write ");
  if (row->kind == PKT_CASE_CHOICE) {
    g_string_append_printf (advice, "one of %s", row->hint);
    g_string_replace (advice, "|", ", ", 0);
  } else
    g_string_append (advice, row->hint);
  if (!row->required)
    g_string_append (advice, ", or leave the key out");
  pkt_case_report_add (r, kind, what, advice->str);
}

GError *
pkt_case_report_error (const PktCaseReport *r)
{
  if (r->message == NULL)
    return NULL;
  if (r->n_others > MAX_NAMED_PROBLEMS)
    g_string_append (r->others, ", …");
  if (r->n_others > 0)
    g_string_append_printf (r->message, " (and %u more like it: %s)", r->n_others, r->others->str);
  return g_error_new_literal (PKT_ERROR, PKT_ERROR_DATA, r->message->str);
}

/* How jansson's text begins, and what it was near (NULL: anything), to what is to be done. */
static const struct {
  const char *begins, *near, *advice;
} mistakes[] = {
  { "string or '}' expected", "near '}'", "; take out the comma before it" },
  { "unexpected token", "near ']'", "; take out the comma before it" },
  { "string or '}' expected", NULL, "; a key in \"\" goes here" },
  { "'}' expected", NULL, "; a comma is missing before it" },
  { "']' expected", NULL, "; a comma is missing before it" },
  { "':' expected", NULL, "; between a key and its value stands a colon" },
  { "end of file expected", NULL, "; nothing may follow the last }" },
  { "invalid token", "near '/'", "; JSON has no comments, take it out" },
  { "invalid token", "near '#'", "; JSON has no comments, take it out" },
  { "invalid token", NULL, "; texts and keys stand in \"\"" },
};

static const char *
syntax_advice (PktSlice bytes, const json_error_t *e)
{
  PktSlice begin = pkt_slice_trim (bytes);
  switch (json_error_code (e)) {
  case json_error_duplicate_key:
    return "; each key may stand once";
  case json_error_premature_end_of_input:
    return "; a closing \", ] or } is missing";
  case json_error_invalid_utf8:
    return "; save the file as UTF-8";
  default:
    break;
  }
  if (begin.n > 0 && !strchr ("{/#", begin.p[0]))
    return "; a case file begins with {: 'postpacket init' writes one";
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    if (g_str_has_prefix (e->text, mistakes[i].begins)
        && (mistakes[i].near == NULL || strstr (e->text, mistakes[i].near)))
      return mistakes[i].advice;
  return "";
}

GError *
pkt_case_syntax_error (const char *path, PktSlice bytes, const json_error_t *e)
{
  /* jansson quotes what it read so far, and that may end inside a character. */
  g_autofree char *text = pkt_text_quote (pkt_slice_str (e->text), JSON_ERROR_TEXT_LENGTH);
  return g_error_new (PKT_ERROR, PKT_ERROR_DATA, "%s:%d:%d: %s%s", path, e->line,
                      MAX (e->column, 1), text, syntax_advice (bytes, e));
}
