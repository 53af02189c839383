#include "packet/request/template.h"
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/request/template-parse.h"

#define QUOTED 40 /* characters of a name in a message */

typedef struct {
  PktTemplateOptions options;
  PktPartialLoader partials;
  gpointer data;
  const json_t *scopes[PKT_TEMPLATE_MAX_DEPTH + 1]; /* innermost last */
  guint n_scopes;
  guint depth;
  gsize work;
  GString *out;
} Render;

typedef struct {
  PktTemplateSource source;
  GArray *steps;
} Program;

static gboolean run (Render *r, const Program *t, guint from, guint to, GError **error);

static gboolean
fail (const Program *t, const PktTemplateStep *step, const char *what, GError **error)
{
  g_autofree char *name = pkt_text_quote (step->text, QUOTED);
  pkt_template_fail (error, &t->source, step->offset, "%s: %s", name, what);
  return FALSE;
}

/* The value of one key in one scope; NULL when it has none. */
static const json_t *
get (const json_t *scope, PktSlice key)
{
  g_autofree char *k = g_strndup (key.p, key.n);
  return json_object_get (scope, k);
}

/* "a.b.c": a is sought from the innermost scope outwards, the rest only inside of what was found.
 * NULL when the view does not know it. */
static const json_t *
lookup (const Render *r, PktSlice name)
{
  if (pkt_slice_equal (name, PKT_SLICE (".")))
    return r->scopes[r->n_scopes - 1];
  PktSlice key = pkt_slice_until (name, '.');
  const json_t *value = NULL;
  for (guint i = r->n_scopes; i-- > 0 && value == NULL;)
    value = get (r->scopes[i], key);
  while (value != NULL && !json_is_null (value) && key.n < name.n) {
    name = pkt_slice_skip (name, key.n + 1);
    key = pkt_slice_until (name, '.');
    value = get (value, key);
  }
  return value;
}

static gboolean
find (const Render *r, const Program *t, const PktTemplateStep *step, const json_t **value,
      GError **error)
{
  *value = lookup (r, step->text);
  if (*value != NULL || !r->options.strict_names)
    return TRUE;
  return fail (t, step, "no such name is known here", error);
}

static void
append_real (GString *out, double x)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  for (int digits = 15; digits <= 17; digits++) {
    char format[] = "%.15g";
    format[3] = (char)('0' + digits - 10);
    g_ascii_formatd (buffer, sizeof buffer, format, x);
    if (g_ascii_strtod (buffer, NULL) == x)
      break;
  }
  g_string_append (out, buffer);
}

static void
append_string (GString *out, const char *s, gboolean escape)
{
  for (; escape && *s != '\0'; s++) {
    gsize plain = strcspn (s, "&<>\"'");
    g_string_append_len (out, s, (gssize)plain);
    s += plain;
    if (*s == '\0')
      return;
    g_string_append (out, *s == '&'   ? "&amp;"
                          : *s == '<' ? "&lt;"
                          : *s == '>' ? "&gt;"
                          : *s == '"' ? "&quot;"
                                      : "&#39;");
  }
  g_string_append (out, s);
}

static gboolean
run_value (Render *r, const Program *t, const PktTemplateStep *step, GError **error)
{
  const json_t *value;
  if (!find (r, t, step, &value, error))
    return FALSE;
  gboolean escape = r->options.escape_html && step->kind == PKT_TEMPLATE_VALUE;
  if (json_is_string (value))
    append_string (r->out, json_string_value (value), escape);
  else if (json_is_integer (value))
    g_string_append_printf (r->out, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
  else if (json_is_real (value))
    append_real (r->out, json_real_value (value));
  else if (json_is_boolean (value))
    g_string_append (r->out, json_is_true (value) ? "true" : "false");
  else if (r->options.strict_names && (json_is_object (value) || json_is_array (value)))
    return fail (t, step, "is a list or an object, open it with {{#…}}", error);
  return TRUE;
}

static gboolean
truthy (const json_t *value)
{
  if (value == NULL || json_is_null (value) || json_is_false (value))
    return FALSE;
  if (json_is_array (value))
    return json_array_size (value) > 0;
  return !json_is_string (value) || json_string_length (value) > 0;
}

static gboolean
run_scope (Render *r, const Program *t, guint i, const json_t *scope, GError **error)
{
  const PktTemplateStep *step = &g_array_index (t->steps, PktTemplateStep, i);
  if (r->depth == PKT_TEMPLATE_MAX_DEPTH)
    return fail (t, step, "sections and partials go too deep", error);
  if (++r->work > PKT_TEMPLATE_MAX_WORK)
    return fail (t, step, "too many repetitions", error);
  r->depth++;
  if (scope != NULL)
    r->scopes[r->n_scopes++] = scope;
  gboolean ok = run (r, t, i + 1, step->end, error);
  if (scope != NULL)
    r->n_scopes--;
  r->depth--;
  return ok;
}

static gboolean
run_section (Render *r, const Program *t, guint i, GError **error)
{
  const PktTemplateStep *step = &g_array_index (t->steps, PktTemplateStep, i);
  const json_t *value;
  if (!find (r, t, step, &value, error))
    return FALSE;
  if (truthy (value) == (step->kind == PKT_TEMPLATE_INVERTED))
    return TRUE;
  if (step->kind == PKT_TEMPLATE_INVERTED || !json_is_array (value))
    return run_scope (r, t, i, step->kind == PKT_TEMPLATE_INVERTED ? NULL : value, error);
  for (gsize k = 0; k < json_array_size (value); k++)
    if (!run_scope (r, t, i, json_array_get (value, k), error))
      return FALSE;
  return TRUE;
}

/* Each line that is not empty gets the partial's indent; values filled in later do not. */
static char *
indent_lines (PktSlice text, PktSlice indent, gsize *out_n)
{
  GString *s = g_string_sized_new (text.n + indent.n);
  while (text.n > 0) {
    PktSlice line = pkt_slice_until (text, '\n');
    if (line.n > 0)
      g_string_append_len (s, indent.p, (gssize)indent.n);
    gsize n = MIN (line.n + 1, text.n);
    g_string_append_len (s, text.p, (gssize)n);
    if (s->len > PKT_TEMPLATE_MAX_TEXT) /* the parser refuses it */
      break;
    text = pkt_slice_skip (text, n);
  }
  *out_n = s->len;
  return g_string_free (s, FALSE);
}

static gboolean
run_partial (Render *r, const Program *t, const PktTemplateStep *step, GError **error)
{
  g_autofree char *name = g_strndup (step->text.p, step->text.n);
  PktSlice text = { NULL, 0 };
  if (r->partials != NULL)
    text = r->partials (name, r->data);
  if (text.p == NULL)
    return r->options.strict_names ? fail (t, step, "there is no such partial", error) : TRUE;
  if (r->depth == PKT_TEMPLATE_MAX_DEPTH)
    return fail (t, step, "sections and partials go too deep", error);
  Program partial = { .source = { .name = name, .indent = step->indent.n } };
  g_autofree char *indented = indent_lines (text, step->indent, &partial.source.text.n);
  partial.source.text.p = indented;
  r->work += partial.source.text.n;
  g_autoptr (GArray) steps = pkt_template_parse (&partial.source, error);
  if (steps == NULL)
    return FALSE;
  partial.steps = steps;
  r->depth++;
  gboolean ok = run (r, &partial, 0, steps->len, error);
  r->depth--;
  return ok;
}

static gboolean
run_step (Render *r, const Program *t, guint *i, GError **error)
{
  const PktTemplateStep *step = &g_array_index (t->steps, PktTemplateStep, *i);
  switch (step->kind) {
  case PKT_TEMPLATE_TEXT:
    g_string_append_len (r->out, step->text.p, (gssize)step->text.n);
    return TRUE;
  case PKT_TEMPLATE_VALUE:
  case PKT_TEMPLATE_RAW:
    return run_value (r, t, step, error);
  case PKT_TEMPLATE_PARTIAL:
    return run_partial (r, t, step, error);
  case PKT_TEMPLATE_SECTION:
  case PKT_TEMPLATE_INVERTED:
    if (!run_section (r, t, *i, error))
      return FALSE;
    *i = step->end - 1;
    return TRUE;
  }
  g_assert_not_reached ();
}

static gboolean
run (Render *r, const Program *t, guint from, guint to, GError **error)
{
  for (guint i = from; i < to; i++) {
    const PktTemplateStep *step = &g_array_index (t->steps, PktTemplateStep, i);
    if (!run_step (r, t, &i, error))
      return FALSE;
    if (r->out->len > PKT_TEMPLATE_MAX_OUTPUT)
      return fail (t, step, "the text becomes too long", error);
    if (++r->work > PKT_TEMPLATE_MAX_WORK)
      return fail (t, step, "too many repetitions", error);
  }
  return TRUE;
}

char *
pkt_template_render (const char *name, PktSlice text, const json_t *view,
                     PktTemplateOptions options, PktPartialLoader partials, gpointer data,
                     GError **error)
{
  Program t = { .source = { .name = name, .text = text } };
  g_autoptr (GArray) steps = t.steps = pkt_template_parse (&t.source, error);
  if (steps == NULL)
    return NULL;
  Render r = { .options = options, .partials = partials, .data = data };
  r.scopes[r.n_scopes++] = view;
  r.out = g_string_new (NULL);
  gboolean ok = run (&r, &t, 0, steps->len, error);
  return g_string_free (r.out, !ok);
}
