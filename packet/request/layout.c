/* A template's text as it is read: lines that grew too long are wrapped, in the place where their
 * kind of line goes on. */
#include "packet/base/data.h"
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/request/template.h"
#include "packet/request/view.h"

#define KEY_COLUMNS 19 /* "Company:           " */

/* Where the next line of a wrapped one begins: behind a key, a bullet, a number, the line's own
 * indent, or at the margin. */
static gsize
hanging_indent (const char *line)
{
  const char *colon = strchr (line, ':');
  gsize blanks = strspn (line, " ");
  gsize digits = strspn (line + blanks, "0123456789");
  if (g_str_has_prefix (line + blanks, "- "))
    return blanks + 2;
  if (digits && g_str_has_prefix (line + blanks + digits, ". "))
    return blanks + digits + 2;
  if (colon && (gsize)(colon - line) < KEY_COLUMNS - 1 && strlen (line) > KEY_COLUMNS
      && line[KEY_COLUMNS - 1] == ' '
      && strspn (colon + 1, " ") == (gsize)(line + KEY_COLUMNS - colon - 1))
    return KEY_COLUMNS;
  return blanks;
}

static char *
wrap_line (const char *line)
{
  gsize indent = hanging_indent (line), lead = strspn (line, " ");
  gsize keep = indent == KEY_COLUMNS && lead < KEY_COLUMNS ? KEY_COLUMNS
                                                           : lead; /* blanks behind a key stay */
  g_autofree char *first = g_strndup (line, keep), *rest = g_strnfill (indent, ' ');
  return pkt_text_wrap (line + keep, PKT_TEXT_COLUMNS, first, rest);
}

static PktSlice
load_partial (const char *name, gpointer data)
{
  (void)data;
  return pkt_data (name);
}

static char *
render (const char *name, const json_t *view, gboolean html, GError **error)
{
  GError *e = NULL;
  const PktTemplateOptions options = { .escape_html = html, .strict_names = TRUE };
  char *text = pkt_template_render (name, pkt_data (name), view, options, load_partial, NULL, &e);
  if (text == NULL) {
    e->code = PKT_ERROR_BUG;
    g_propagate_prefixed_error (error, e, "templates/");
  }
  return text;
}

char *
pkt_html_render (const char *name, const json_t *view, GError **error)
{
  return render (name, view, TRUE, error);
}

char *
pkt_text_render (const char *name, const json_t *view, gboolean wrap, GError **error)
{
  g_autofree char *text = render (name, view, FALSE, error);
  if (text == NULL)
    return NULL;
  GString *out = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **l = lines; *l && (l[1] || **l); l++) {
    g_strchomp (*l);
    if (wrap && pkt_text_width (*l) > PKT_TEXT_COLUMNS) {
      g_autofree char *wrapped = wrap_line (*l);
      g_string_append (out, wrapped);
    } else
      g_string_append_printf (out, "%s\n", *l);
  }
  return g_string_free (out, FALSE);
}
