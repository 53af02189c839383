#include "packet/page/css.h"

#define MAX_URL 4096 /* further bytes tell nothing about the host */

typedef struct {
  PktSlice name, value;
} Declaration;

/* Each stands for the name itself and every "name-…". */
static const char *const families[] = { "border", "margin", "padding", NULL };
static const char *const properties[]
    = { "background",  "background-color", "box-sizing",     "caption-side", "clear",
        "color",       "direction",        "display",        "empty-cells",  "float",
        "font",        "font-family",      "font-size",      "font-style",   "font-variant",
        "font-weight", "height",           "letter-spacing", "line-height",  "list-style-type",
        "max-height",  "max-width",        "min-height",     "min-width",    "opacity",
        "overflow",    "overflow-wrap",    "table-layout",   "text-align",   "text-decoration",
        "text-indent", "text-transform",   "vertical-align", "visibility",   "white-space",
        "width",       "word-break",       "word-spacing",   "word-wrap",    NULL };
static const char *const functions[] = { "rgb", "rgba", "hsl", "hsla", "calc", NULL };

static gboolean
listed (PktSlice s, const char *const *list)
{
  for (; *list; list++)
    if (pkt_slice_equal_nocase (s, pkt_slice_str (*list)))
      return TRUE;
  return FALSE;
}

static gboolean
property_allowed (PktSlice name)
{
  for (gsize i = 0; i < name.n; i++)
    if (!g_ascii_isalpha (name.p[i]) && name.p[i] != '-')
      return FALSE;
  PktSlice family = pkt_slice_until (name, '-');
  if (listed (family, families)) /* border-image names a picture */
    return name.n < 12 || g_ascii_strncasecmp (name.p, "border-image", 12) != 0;
  return listed (name, properties);
}

/* "rgb(" of "1px solid rgb(…)": the word before an opening bracket must be a known function. */
static gboolean
function_allowed (PktSlice value, gsize bracket)
{
  gsize start = bracket;
  while (start > 0 && (g_ascii_isalnum (value.p[start - 1]) || value.p[start - 1] == '-'))
    start--;
  return listed (pkt_slice (value.p + start, bracket - start), functions);
}

static gboolean
value_allowed (PktSlice v)
{
  char quote = '\0';
  if (v.n == 0 || v.n > PKT_CSS_MAX_VALUE || pkt_slice_find (v, PKT_SLICE ("//")).n > 0)
    return FALSE;
  for (gsize i = 0; i < v.n; i++) {
    char c = v.p[i];
    if (c == '"' || c == '\'')
      quote = quote == c ? '\0' : quote ? quote : c;
    else if (c == '(' && !function_allowed (v, i)) /* in quotes too: a line end would close them */
      return FALSE;
    else if (!g_ascii_isalnum (c) && (c == '\0' || !strchr (" \t\n#%.,()+-/!*_", c)))
      return FALSE;
  }
  return quote == '\0';
}

/* Comments, and the marks with which old pages hide a sheet, become a blank; caller frees. */
static char *
without_comments (const char *css)
{
  GString *out = g_string_sized_new (strlen (css));
  const char *p = css;
  while (*p) {
    if (p[0] == '/' && p[1] == '*') {
      for (p += 2; *p && (p[0] != '*' || p[1] != '/'); p++)
        ;
      p += *p ? 2 : 0;
      g_string_append_c (out, ' ');
    } else if (strncmp (p, "<!--", 4) == 0) {
      p += 4;
    } else if (strncmp (p, "-->", 3) == 0) {
      p += 3;
    } else {
      g_string_append_c (out, *p++);
    }
  }
  return g_string_free (out, FALSE);
}

/* Up to the ';' that is in no quotes and no brackets. */
static gsize
declaration_length (PktSlice s)
{
  char quote = '\0';
  int brackets = 0;
  for (gsize i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (quote)
      quote = c == quote ? '\0' : quote;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (c == '(')
      brackets++;
    else if (c == ')' && brackets > 0)
      brackets--;
    else if (c == ';' && brackets == 0)
      return i;
  }
  return s.n;
}

/* FALSE at the end; `d->name` is empty where no colon stood. */
static gboolean
next_declaration (PktSlice *rest, Declaration *d)
{
  *rest = pkt_slice_trim (*rest);
  while (rest->n > 0 && rest->p[0] == ';')
    *rest = pkt_slice_trim (pkt_slice_skip (*rest, 1));
  if (rest->n == 0)
    return FALSE;
  PktSlice whole = pkt_slice (rest->p, declaration_length (*rest));
  *rest = pkt_slice_skip (*rest, whole.n + 1);
  d->name = pkt_slice_until (whole, ':');
  d->value = pkt_slice_trim (pkt_slice_skip (whole, d->name.n + 1));
  d->name = pkt_slice_trim (d->name);
  return TRUE;
}

static guint
write_declarations (PktSlice style, GString *out)
{
  guint dropped = 0;
  Declaration d;
  while (next_declaration (&style, &d)) {
    if (!property_allowed (d.name) || !value_allowed (d.value)) {
      dropped++;
      continue;
    }
    g_string_append_len (out, d.name.p, (gssize)d.name.n);
    g_string_append_c (out, ':');
    g_string_append_len (out, d.value.p, (gssize)d.value.n);
    g_string_append_c (out, ';');
  }
  return dropped;
}

guint
pkt_css_declarations (const char *style, GString *out)
{
  g_autofree char *clean = without_comments (style);
  return write_declarations (pkt_slice_str (clean), out);
}

static gboolean
selector_allowed (PktSlice s, const char *also)
{
  if (s.n == 0 || s.n > PKT_CSS_MAX_SELECTOR)
    return FALSE;
  for (gsize i = 0; i < s.n; i++)
    if (!g_ascii_isalnum (s.p[i])
        && (s.p[i] == '\0' || (!strchr (" \t\r\n.,-_", s.p[i]) && !strchr (also, s.p[i]))))
      return FALSE;
  return TRUE;
}

/* The text between `{`, where `rest` stands, and its `}`. */
static PktSlice
take_block (PktSlice *rest)
{
  gsize n = 0;
  for (int depth = 0; n < rest->n; n++) {
    depth += rest->p[n] == '{' ? 1 : rest->p[n] == '}' ? -1 : 0;
    if (depth == 0)
      break;
  }
  PktSlice block = pkt_slice (rest->p + 1, n > 0 ? n - 1 : 0);
  *rest = pkt_slice_skip (*rest, n + 1);
  return block;
}

static guint write_rules (PktSlice sheet, GString *out, gboolean media_allowed);

static guint
write_media (PktSlice prelude, PktSlice block, GString *out)
{
  if (!selector_allowed (prelude, "@:/()"))
    return 1;
  for (gsize i = 1; i < prelude.n; i++) /* "and (max-width: …)", but no function */
    if (prelude.p[i] == '(' && prelude.p[i - 1] != ' ' && prelude.p[i - 1] != '(')
      return 1;
  g_string_append_len (out, prelude.p, (gssize)prelude.n);
  g_string_append (out, "{\n");
  guint dropped = write_rules (block, out, FALSE);
  g_string_append (out, "}\n");
  return dropped;
}

static guint
write_rule (PktSlice selector, PktSlice block, GString *out)
{
  if (!selector_allowed (selector, "#>+~:*[]="))
    return 1;
  g_string_append_len (out, selector.p, (gssize)selector.n);
  g_string_append_c (out, '{');
  guint dropped = write_declarations (block, out);
  g_string_append (out, "}\n");
  return dropped;
}

static guint
write_rules (PktSlice sheet, GString *out, gboolean media_allowed)
{
  guint dropped = 0;
  for (sheet = pkt_slice_trim (sheet); sheet.n > 0; sheet = pkt_slice_trim (sheet)) {
    gsize n = 0;
    while (n < sheet.n && sheet.p[n] != '{' && sheet.p[n] != ';')
      n++;
    PktSlice prelude = pkt_slice_trim (pkt_slice (sheet.p, n));
    sheet = pkt_slice_skip (sheet, n);
    if (sheet.n == 0 || sheet.p[0] == ';') { /* @import, @charset, or what is no rule */
      dropped++;
      sheet = pkt_slice_skip (sheet, 1);
      continue;
    }
    PktSlice block = take_block (&sheet);
    gboolean at = prelude.n > 0 && prelude.p[0] == '@';
    gboolean media = prelude.n > 6 && g_ascii_strncasecmp (prelude.p, "@media", 6) == 0;
    if (!at)
      dropped += write_rule (prelude, block, out);
    else
      dropped += media && media_allowed ? write_media (prelude, block, out) : 1;
  }
  return dropped;
}

guint
pkt_css_sheet (const char *sheet, GString *out)
{
  g_autofree char *clean = without_comments (sheet);
  return write_rules (pkt_slice_str (clean), out, TRUE);
}

/* "0", "0px", ".0em", "0 !important": a length of nothing. */
static gboolean
is_zero (PktSlice v)
{
  gsize i = 0;
  while (i < v.n && (v.p[i] == '0' || v.p[i] == '.'))
    i++;
  return i > 0 && (i == v.n || !g_ascii_isdigit (v.p[i]));
}

static int
pixels (PktSlice v)
{
  gsize n = 0;
  while (n < v.n && n < 6 && g_ascii_isdigit (v.p[n]))
    n++;
  gint64 px = 0;
  if (!pkt_slice_number (pkt_slice (v.p, n), &px))
    return -1;
  PktSlice unit = pkt_slice_trim (pkt_slice_until (pkt_slice_skip (v, n), '!'));
  return unit.n == 0 || pkt_slice_equal_nocase (unit, PKT_SLICE ("px")) ? (int)px
         : px == 0                                                      ? 0
                                                                        : -1;
}

static gboolean
begins (PktSlice v, const char *word)
{
  gsize n = strlen (word);
  return v.n >= n && g_ascii_strncasecmp (v.p, word, n) == 0;
}

static gboolean
is_property (PktSlice name, const char *property)
{
  return pkt_slice_equal_nocase (name, pkt_slice_str (property));
}

void
pkt_css_sight (const char *style, PktCssSight *sight)
{
  g_autofree char *clean = without_comments (style);
  PktSlice rest = pkt_slice_str (clean);
  gboolean clipped = FALSE, flat = FALSE;
  Declaration d;
  while (next_declaration (&rest, &d)) {
    if (is_property (d.name, "display"))
      sight->gone = begins (d.value, "none");
    else if (is_property (d.name, "visibility"))
      sight->invisible = begins (d.value, "hidden") || begins (d.value, "collapse");
    else if (is_property (d.name, "font-size"))
      sight->no_size = is_zero (d.value);
    else if (is_property (d.name, "width"))
      sight->width = pixels (d.value);
    else if (is_property (d.name, "height"))
      sight->height = pixels (d.value);
    else if (is_property (d.name, "max-height"))
      flat = is_zero (d.value);
    else if (is_property (d.name, "overflow"))
      clipped = begins (d.value, "hidden");
  }
  sight->gone |= clipped && (flat || sight->height == 0);
}

/* The URL at the start of `target`, quoted or up to `end`; the bytes it takes. */
static gsize
report_url (PktSlice target, char end, void (*found) (gpointer, PktSlice), gpointer data)
{
  target.n = MIN (target.n, MAX_URL);
  PktSlice url = pkt_slice_trim (target);
  if (url.n > 0 && (url.p[0] == '"' || url.p[0] == '\'')) {
    end = url.p[0];
    url = pkt_slice_skip (url, 1);
  }
  url = pkt_slice_until (url, end);
  found (data, pkt_slice_trim (url));
  return (gsize)(url.p + url.n - target.p);
}

void
pkt_css_urls (const char *css, void (*found) (gpointer data, PktSlice url), gpointer data)
{
  PktSlice s = pkt_slice_str (css);
  for (gsize i = 0; i < s.n; i++) {
    PktSlice here = pkt_slice_skip (s, i);
    if (here.n > 4 && g_ascii_strncasecmp (here.p, "url(", 4) == 0)
      i += 3 + report_url (pkt_slice_skip (here, 4), ')', found, data);
    else if (here.n > 7 && g_ascii_strncasecmp (here.p, "@import", 7) == 0
             && !pkt_slice_find (pkt_slice (here.p, MIN (here.n, 20)), PKT_SLICE ("url")).n)
      i += 6 + report_url (pkt_slice_skip (here, 7), ';', found, data);
  }
}
