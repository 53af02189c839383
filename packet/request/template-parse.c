#include "packet/request/template-parse.h"
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/request/template.h"

#define MAX_DELIMITER 16
#define QUOTED 40 /* characters of a name in a message */

typedef struct {
  const PktTemplateSource *source;
  PktSlice text;
  gsize at;             /* what is before is done */
  PktSlice open, close; /* delimiters */
  GArray *steps;
  guint nested[PKT_TEMPLATE_MAX_DEPTH]; /* open sections: their steps */
  guint depth;
} Parser;

/* A tag as found: {{#name}}. */
typedef struct {
  gsize start, end; /* of the whole tag; end is the byte after */
  char sigil;       /* '#', '^', '/', '>', '!', '=', '&', '{' or 0 */
  PktSlice name;
} Tag;

void
pkt_template_fail (GError **error, const PktTemplateSource *source, gsize offset,
                   const char *format, ...)
{
  guint line = 1;
  gsize start = 0, column = 1;
  for (gsize i = 0; i < MIN (offset, source->text.n); i++)
    if (source->text.p[i] == '\n') {
      line++;
      start = i + 1;
    }
  for (gsize i = start + source->indent; i < MIN (offset, source->text.n); i++)
    column += ((guchar)source->text.p[i] & 0xc0) != 0x80;
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s:%u:%" G_GSIZE_FORMAT ": %s", source->name,
               line, column, message);
}

static gboolean
fail (Parser *p, gsize offset, const char *what, PktSlice quoted, GError **error)
{
  g_autofree char *q = pkt_text_quote (quoted, QUOTED);
  pkt_template_fail (error, p->source, offset, "%s%s%s", what, quoted.n > 0 ? " " : "", q);
  return FALSE;
}

static void
add_step (Parser *p, PktTemplateKind kind, PktSlice text, gsize offset)
{
  PktTemplateStep step = { .kind = kind, .text = text, .offset = offset };
  g_array_append_val (p->steps, step);
}

static void
add_text (Parser *p, gsize end)
{
  if (end > p->at)
    add_step (p, PKT_TEMPLATE_TEXT, pkt_slice (p->text.p + p->at, end - p->at), p->at);
}

/* {{{name}}} closes with one brace more, and {{=<% %>=}} with its own sign. */
static PktSlice
closing (const Parser *p, char sigil, char *buffer)
{
  if (sigil != '{' && sigil != '=')
    return p->close;
  buffer[0] = sigil == '{' ? '}' : '=';
  memcpy (buffer + 1, p->close.p, p->close.n);
  return pkt_slice (buffer, p->close.n + 1);
}

/* The next tag; tag->start is the end of the text when there is none. */
static gboolean
find_tag (Parser *p, Tag *tag, GError **error)
{
  PktSlice found = pkt_slice_find (pkt_slice_skip (p->text, p->at), p->open);
  tag->start = found.p == NULL ? p->text.n : (gsize)(found.p - p->text.p);
  if (found.p == NULL)
    return TRUE;
  PktSlice inner = pkt_slice_skip (found, p->open.n);
  tag->sigil = inner.n > 0 && strchr ("#^/>!=&{", inner.p[0]) != NULL ? inner.p[0] : '\0';
  if (tag->sigil != '\0')
    inner = pkt_slice_skip (inner, 1);
  char buffer[MAX_DELIMITER + 1];
  PktSlice close = closing (p, tag->sigil, buffer);
  PktSlice rest = pkt_slice_find (inner, close);
  if (rest.p == NULL)
    return fail (p, tag->start, "this tag is not closed:", pkt_slice_until (found, '\n'), error);
  tag->name = pkt_slice_trim (pkt_slice (inner.p, (gsize)(rest.p - inner.p)));
  tag->end = (gsize)(rest.p - p->text.p) + close.n;
  return TRUE;
}

/* A tag that makes no text of its own takes its line with it when nothing else is on it.
 * Sets the line's first byte and the byte after its line end. */
static gboolean
stands_alone (const Parser *p, const Tag *tag, gsize *line, gsize *next)
{
  if (tag->sigil == '\0' || tag->sigil == '&' || tag->sigil == '{')
    return FALSE;
  gsize a = tag->start, b = tag->end;
  while (a > p->at && (p->text.p[a - 1] == ' ' || p->text.p[a - 1] == '\t'))
    a--;
  if (a > 0 && p->text.p[a - 1] != '\n')
    return FALSE;
  while (b < p->text.n && (p->text.p[b] == ' ' || p->text.p[b] == '\t'))
    b++;
  if (b + 1 < p->text.n && p->text.p[b] == '\r' && p->text.p[b + 1] == '\n')
    b++;
  if (b < p->text.n && p->text.p[b] != '\n')
    return FALSE;
  *line = a;
  *next = MIN (b + 1, p->text.n);
  return TRUE;
}

static gboolean
open_section (Parser *p, const Tag *tag, GError **error)
{
  if (p->depth == PKT_TEMPLATE_MAX_DEPTH)
    return fail (p, tag->start, "too many sections within each other at", tag->name, error);
  p->nested[p->depth++] = p->steps->len;
  add_step (p, tag->sigil == '#' ? PKT_TEMPLATE_SECTION : PKT_TEMPLATE_INVERTED, tag->name,
            tag->start);
  return TRUE;
}

static gboolean
close_section (Parser *p, const Tag *tag, GError **error)
{
  if (p->depth == 0)
    return fail (p, tag->start, "no section is open that this could close:", tag->name, error);
  PktTemplateStep *opened = &g_array_index (p->steps, PktTemplateStep, p->nested[--p->depth]);
  if (!pkt_slice_equal (opened->text, tag->name))
    return fail (p, tag->start, "this does not close the section that is open:", tag->name, error);
  opened->end = p->steps->len;
  return TRUE;
}

/* {{=<% %>=}} */
static gboolean
set_delimiters (Parser *p, const Tag *tag, GError **error)
{
  gsize n = 0;
  while (n < tag->name.n && !g_ascii_isspace (tag->name.p[n]))
    n++;
  PktSlice open = pkt_slice (tag->name.p, n);
  PktSlice close = pkt_slice_trim (pkt_slice_skip (tag->name, n));
  gboolean bad = open.n == 0 || close.n == 0 || open.n > MAX_DELIMITER || close.n > MAX_DELIMITER
                 || memchr (open.p, '=', open.n) != NULL || memchr (close.p, '=', close.n) != NULL;
  for (gsize i = 0; i < close.n; i++)
    bad = bad || g_ascii_isspace (close.p[i]);
  if (bad)
    return fail (p, tag->start, "two delimiters with a blank between are needed, not", tag->name,
                 error);
  p->open = open;
  p->close = close;
  return TRUE;
}

static gboolean
check_name (Parser *p, const Tag *tag, GError **error)
{
  if (tag->sigil == '!' || tag->sigil == '=')
    return TRUE;
  if (tag->name.n == 0)
    return fail (p, tag->start, "this tag has no name", tag->name, error);
  if (tag->name.n > PKT_TEMPLATE_MAX_NAME)
    return fail (p, tag->start, "this name is too long:", tag->name, error);
  for (gsize i = 0; i < tag->name.n; i++)
    if (g_ascii_isspace (tag->name.p[i]))
      return fail (p, tag->start, "a name has no blanks:", tag->name, error);
  return TRUE;
}

static gboolean
take_tag (Parser *p, const Tag *tag, PktSlice indent, GError **error)
{
  if (!check_name (p, tag, error))
    return FALSE;
  switch (tag->sigil) {
  case '!':
    return TRUE;
  case '=':
    return set_delimiters (p, tag, error);
  case '#':
  case '^':
    return open_section (p, tag, error);
  case '/':
    return close_section (p, tag, error);
  case '>':
    add_step (p, PKT_TEMPLATE_PARTIAL, tag->name, tag->start);
    g_array_index (p->steps, PktTemplateStep, p->steps->len - 1).indent = indent;
    return TRUE;
  default:
    add_step (p, tag->sigil == '\0' ? PKT_TEMPLATE_VALUE : PKT_TEMPLATE_RAW, tag->name, tag->start);
    return TRUE;
  }
}

static gboolean
parse (Parser *p, GError **error)
{
  if (p->text.n > PKT_TEMPLATE_MAX_TEXT)
    return fail (p, 0, "the template is too long", (PktSlice){ NULL, 0 }, error);
  const char *nul = p->text.n > 0 ? memchr (p->text.p, '\0', p->text.n) : NULL;
  if (nul != NULL)
    return fail (p, (gsize)(nul - p->text.p), "a NUL byte", (PktSlice){ NULL, 0 }, error);
  while (p->at < p->text.n) {
    Tag tag = { 0 };
    if (!find_tag (p, &tag, error))
      return FALSE;
    gsize line = tag.start, next = tag.end;
    gboolean alone = tag.start < p->text.n && stands_alone (p, &tag, &line, &next);
    add_text (p, line);
    if (tag.start == p->text.n)
      break;
    PktSlice indent = pkt_slice (p->text.p + line, alone ? tag.start - line : 0);
    if (!take_tag (p, &tag, indent, error))
      return FALSE;
    p->at = next;
  }
  if (p->depth == 0)
    return TRUE;
  const PktTemplateStep *open = &g_array_index (p->steps, PktTemplateStep, p->nested[p->depth - 1]);
  return fail (p, open->offset, "this section is never closed:", open->text, error);
}

GArray *
pkt_template_parse (const PktTemplateSource *source, GError **error)
{
  Parser p = { .source = source, .text = source->text };
  p.open = PKT_SLICE ("{{");
  p.close = PKT_SLICE ("}}");
  p.steps = g_array_new (FALSE, FALSE, sizeof (PktTemplateStep));
  if (parse (&p, error))
    return p.steps;
  g_array_unref (p.steps);
  return NULL;
}
