#include "packet/page/css.h"
#include "packet/page/css-read.h"

#define MAX_URL 4096 /* further bytes tell nothing about the host */

/* Each stands for the name itself and every "name-…". */
static const char *const families[] = { "align",  "border",  "flex",    "grid", "justify",
                                        "margin", "outline", "padding", NULL };
static const char *const properties[] = { "background",
                                          "background-color",
                                          "bottom",
                                          "box-shadow",
                                          "box-sizing",
                                          "caption-side",
                                          "clear",
                                          "color",
                                          "column-count",
                                          "column-gap",
                                          "direction",
                                          "display",
                                          "empty-cells",
                                          "float",
                                          "font",
                                          "font-family",
                                          "font-size",
                                          "font-stretch",
                                          "font-style",
                                          "font-variant",
                                          "font-weight",
                                          "gap",
                                          "height",
                                          "hyphens",
                                          "left",
                                          "letter-spacing",
                                          "line-height",
                                          "list-style",
                                          "list-style-position",
                                          "list-style-type",
                                          "max-height",
                                          "max-width",
                                          "min-height",
                                          "min-width",
                                          "object-fit",
                                          "object-position",
                                          "opacity",
                                          "order",
                                          "overflow",
                                          "overflow-wrap",
                                          "position",
                                          "right",
                                          "row-gap",
                                          "table-layout",
                                          "text-align",
                                          "text-decoration",
                                          "text-decoration-color",
                                          "text-decoration-line",
                                          "text-decoration-style",
                                          "text-indent",
                                          "text-overflow",
                                          "text-shadow",
                                          "text-transform",
                                          "top",
                                          "vertical-align",
                                          "visibility",
                                          "white-space",
                                          "width",
                                          "word-break",
                                          "word-spacing",
                                          "word-wrap",
                                          "z-index",
                                          NULL };
static const char *const functions[]
    = { "rgb",   "rgba", "hsl",    "hsla",   "calc", "linear-gradient", "radial-gradient", "min",
        "clamp", "max",  "minmax", "repeat", NULL };

static gboolean
property_allowed (PktSlice name)
{
  for (gsize i = 0; i < name.n; i++)
    if (!g_ascii_isalpha (name.p[i]) && name.p[i] != '-')
      return FALSE;
  PktSlice family = pkt_slice_until (name, '-');
  if (pkt_css_listed (family, families)) /* border-image names a picture */
    return name.n < 12 || g_ascii_strncasecmp (name.p, "border-image", 12) != 0;
  return pkt_css_listed (name, properties);
}

/* "rgb(" of "1px solid rgb(…)": the word before an opening bracket must be a known function. */
static gboolean
function_allowed (PktSlice value, gsize bracket)
{
  gsize start = bracket;
  while (start > 0 && (g_ascii_isalnum (value.p[start - 1]) || value.p[start - 1] == '-'))
    start--;
  return pkt_css_listed (pkt_slice (value.p + start, bracket - start), functions);
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

/* The length of the `url(…)` at the start; 0: none. */
static gsize
url_length (PktSlice s)
{
  char quote = '\0';
  if (s.n < 4 || g_ascii_strncasecmp (s.p, "url(", 4) != 0)
    return 0;
  for (gsize i = 4; i < s.n; i++) {
    if (quote)
      quote = s.p[i] == quote ? '\0' : quote;
    else if (s.p[i] == '"' || s.p[i] == '\'')
      quote = s.p[i];
    else if (s.p[i] == ')')
      return i + 1;
  }
  return s.n;
}

/* "url(…) #eee" is shown in the colour while its picture is not there: so is it here. Caller frees;
 * NULL: nothing was taken out. */
static char *
without_urls (const PktCssDeclaration *d)
{
  if (!pkt_css_is (d->name, "background") && !pkt_css_is (d->name, "list-style"))
    return NULL;
  if (d->value.n > MAX_URL || memchr (d->value.p, '\\', d->value.n))
    return NULL;
  GString *out = g_string_sized_new (d->value.n);
  gboolean found = FALSE;
  for (gsize i = 0; i < d->value.n;) {
    gsize n = url_length (pkt_slice_skip (d->value, i));
    found |= n > 0;
    if (n == 0)
      g_string_append_c (out, d->value.p[i]);
    i += MAX (n, 1);
  }
  return g_string_free (out, !found);
}

static guint
write_declarations (PktSlice style, GString *out)
{
  guint dropped = 0;
  PktCssDeclaration d;
  while (pkt_css_next (&style, &d)) {
    g_autofree char *rest = without_urls (&d);
    dropped += rest != NULL;
    if (rest)
      d.value = pkt_slice_trim (pkt_slice_str (rest));
    if (!property_allowed (d.name) || !value_allowed (d.value)) {
      dropped += rest == NULL;
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
  g_autofree char *clean = pkt_css_without_comments (style);
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

/* Links of the closed page have no target, so no :link would fit them. */
static void
write_selector (PktSlice s, GString *out)
{
  static const char *const link[] = { ":link", ":any-link" };
  while (s.n > 0) {
    gsize n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS (link) && s.p[0] == ':'; i++) {
      gsize length = strlen (link[i]);
      if (pkt_css_begins (s, link[i])
          && (s.n == length || !(g_ascii_isalnum (s.p[length]) || s.p[length] == '-')))
        n = length;
    }
    if (n == 0)
      g_string_append_c (out, s.p[0]);
    else if (out->len == 0 || strchr ("\n ,>+~", out->str[out->len - 1]))
      g_string_append_c (out, 'a');
    s = pkt_slice_skip (s, MAX (n, 1));
  }
}

static guint
write_rule (PktSlice selector, PktSlice block, GString *out)
{
  if (!selector_allowed (selector, "#>+~:*[]="))
    return 1;
  write_selector (selector, out);
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
    PktSlice block = pkt_css_take_block (&sheet);
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
  g_autofree char *clean = pkt_css_without_comments (sheet);
  return write_rules (pkt_slice_str (clean), out, TRUE);
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
