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
