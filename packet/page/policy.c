#include "packet/page/policy.h"
#include <string.h>
#include "packet/base/text.h"

#define MAX_TOKEN 200
#define MAX_STYLE (16 * 1024)
#define TOKEN_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#.,_%+- "
#define BASE64_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/="

static const char *const kept[] = {
  "a",      "abbr",  "address", "article",    "b",        "big",    "blockquote", "br",  "caption",
  "center", "cite",  "code",    "col",        "colgroup", "dd",     "del",        "dfn", "div",
  "dl",     "dt",    "em",      "figcaption", "figure",   "font",   "footer",     "h1",  "h2",
  "h3",     "h4",    "h5",      "h6",         "header",   "hr",     "i",          "img", "ins",
  "kbd",    "li",    "main",    "mark",       "nav",      "ol",     "p",          "pre", "q",
  "s",      "samp",  "section", "small",      "span",     "strike", "strong",     "sub", "sup",
  "table",  "tbody", "td",      "tfoot",      "th",       "thead",  "time",       "tr",  "tt",
  "u",      "ul",    "var",     "wbr",        NULL
};
/* An element that has no content in HTML (embed, source, input) is not among them: libxml2 does not
 * know all of these, and puts what follows into it. */
static const char *const dropped[]
    = { "applet",   "audio",     "canvas",  "datalist", "dialog",   "frameset", "head",
        "iframe",   "math",      "noembed", "noframes", "noscript", "object",   "optgroup",
        "option",   "plaintext", "script",  "select",   "style",    "svg",      "template",
        "textarea", "title",     "video",   "xmp",      "xml",      NULL };
/* What begins a line of its own. */
static const char *const blocks[]
    = { "address", "article", "aside",   "blockquote", "body",     "caption",    "center", "dd",
        "details", "div",     "dl",      "dt",         "fieldset", "figcaption", "figure", "footer",
        "form",    "h1",      "h2",      "h3",         "h4",       "h5",         "h6",     "header",
        "hr",      "html",    "li",      "legend",     "main",     "menu",       "nav",    "ol",
        "p",       "pre",     "section", "summary",    "table",    "tbody",      "td",     "tfoot",
        "th",      "thead",   "tr",      "ul",         NULL };
static const char *const voids[] = { "br", "col", "hr", "img", "wbr", NULL };
static const char *const actives[]
    = { "applet", "embed", "form", "frame", "iframe", "object", NULL };

static const struct {
  const char *name;
  PktAttributeRule rule;
} attributes[] = {
  { "abbr", PKT_ATTRIBUTE_TEXT },          { "align", PKT_ATTRIBUTE_TOKEN },
  { "alt", PKT_ATTRIBUTE_TEXT },           { "bgcolor", PKT_ATTRIBUTE_TOKEN },
  { "border", PKT_ATTRIBUTE_NUMBER },      { "cellpadding", PKT_ATTRIBUTE_NUMBER },
  { "cellspacing", PKT_ATTRIBUTE_NUMBER }, { "class", PKT_ATTRIBUTE_TOKEN },
  { "clear", PKT_ATTRIBUTE_TOKEN },        { "color", PKT_ATTRIBUTE_TOKEN },
  { "colspan", PKT_ATTRIBUTE_NUMBER },     { "dir", PKT_ATTRIBUTE_TOKEN },
  { "face", PKT_ATTRIBUTE_TOKEN },         { "height", PKT_ATTRIBUTE_NUMBER },
  { "hidden", PKT_ATTRIBUTE_TOKEN },       { "hspace", PKT_ATTRIBUTE_NUMBER },
  { "id", PKT_ATTRIBUTE_TOKEN },           { "lang", PKT_ATTRIBUTE_LANGUAGE },
  { "nowrap", PKT_ATTRIBUTE_TOKEN },       { "role", PKT_ATTRIBUTE_TOKEN },
  { "rowspan", PKT_ATTRIBUTE_NUMBER },     { "scope", PKT_ATTRIBUTE_TOKEN },
  { "size", PKT_ATTRIBUTE_TOKEN },         { "span", PKT_ATTRIBUTE_NUMBER },
  { "start", PKT_ATTRIBUTE_NUMBER },       { "style", PKT_ATTRIBUTE_STYLE },
  { "text", PKT_ATTRIBUTE_TOKEN },         { "summary", PKT_ATTRIBUTE_TEXT },
  { "title", PKT_ATTRIBUTE_TEXT },         { "type", PKT_ATTRIBUTE_TOKEN },
  { "valign", PKT_ATTRIBUTE_TOKEN },       { "value", PKT_ATTRIBUTE_NUMBER },
  { "vspace", PKT_ATTRIBUTE_NUMBER },      { "width", PKT_ATTRIBUTE_NUMBER },
};

static gboolean
listed (const char *name, const char *const *list)
{
  for (; *list; list++)
    if (strcmp (name, *list) == 0)
      return TRUE;
  return FALSE;
}

PktElementRule
pkt_policy_element (const char *name)
{
  return listed (name, kept)      ? PKT_ELEMENT_KEEP
         : listed (name, dropped) ? PKT_ELEMENT_DROP
                                  : PKT_ELEMENT_UNWRAP;
}

PktAttributeRule
pkt_policy_attribute (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
    if (strcmp (name, attributes[i].name) == 0)
      return attributes[i].rule;
  return PKT_ATTRIBUTE_DROP;
}

gboolean
pkt_policy_value (PktAttributeRule rule, const char *value)
{
  gsize n = strlen (value);
  gsize digits = strspn (value, "0123456789");
  switch (rule) {
  case PKT_ATTRIBUTE_TOKEN:
    return n <= MAX_TOKEN && strspn (value, TOKEN_CHARACTERS) == n;
  case PKT_ATTRIBUTE_LANGUAGE:
    return pkt_text_is_language (pkt_slice_str (value));
  case PKT_ATTRIBUTE_NUMBER:
    return digits > 0 && digits <= 4
           && (value[digits] == '\0' || strcmp (value + digits, "%") == 0
               || strcmp (value + digits, "px") == 0);
  case PKT_ATTRIBUTE_STYLE:
    return n <= MAX_STYLE;
  case PKT_ATTRIBUTE_TEXT:
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean
pkt_policy_block (const char *name)
{
  return listed (name, blocks);
}

gboolean
pkt_policy_void (const char *name)
{
  return listed (name, voids);
}

gboolean
pkt_policy_active (const char *name)
{
  return listed (name, actives);
}

gboolean
pkt_policy_image (const char *src)
{
  static const char *const starts[] = { "data:image/png;base64,", "data:image/gif;base64,",
                                        "data:image/jpeg;base64,", "data:image/jpg;base64,",
                                        "data:image/webp;base64," };
  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++) {
    gsize n = strlen (starts[i]);
    if (g_ascii_strncasecmp (src, starts[i], n) == 0)
      return src[n] != '\0' && strspn (src + n, BASE64_CHARACTERS) == strlen (src + n);
  }
  return FALSE;
}
