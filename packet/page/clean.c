#include "packet/page/clean.h"
#include "packet/page/css.h"
#include "packet/page/css-names.h"
#include "packet/page/lines.h"
#include "packet/page/policy.h"
#include "packet/page/sight.h"
#include "packet/page/tree.h"

typedef struct {
  GString *out;
  const PktMask *mask;
  const PktAssets *assets;
  GHashTable *sheets; /* texts that are written; borrowed */
  PktCssNames *names; /* that those mention */
  gsize picture_bytes;
  GHashTable *lines; /* of pkt_lines_masked () */
  PktMaskPlace place;
  PktCleanCount count;
} Writer;

static void write_children (Writer *w, const xmlNode *node);

/* Control characters and non-characters are no HTML, whatever the escape. */
static void
write_text (Writer *w, const char *text)
{
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (c == '&')
      g_string_append (w->out, "&amp;");
    else if (c == '<')
      g_string_append (w->out, "&lt;");
    else if (c == '>')
      g_string_append (w->out, "&gt;");
    else if (c == '"')
      g_string_append (w->out, "&quot;");
    else if (c == '\'')
      g_string_append (w->out, "&#39;");
    else if (c == '\t' || c == '\n' || (!g_unichar_iscntrl (c) && (c & 0xfffe) != 0xfffe))
      g_string_append_unichar (w->out, c);
  }
}

static void
write_masked (Writer *w, const char *text)
{
  g_autofree char *masked = pkt_mask_text (w->mask, text);
  write_text (w, masked);
}

/* A cell or a line may hold what the one before is the label of. */
static void
write_words (Writer *w, const xmlNode *node)
{
  g_autofree char *own = pkt_tree_text (node);
  const char *line = g_hash_table_lookup (w->lines, node), *text = line ? line : own;
  if (text[strspn (text, " \t\r\n")] == '\0') {
    write_text (w, text);
    return;
  }
  g_autofree char *masked = pkt_mask_next (w->mask, &w->place, text);
  write_text (w, masked);
}

/* The lines of an address end where its block does. */
static void
end_block (Writer *w, const char *name)
{
  static const char *const lines[] = { "address", "div", "dd", "li", "p", "td", "th", "tr", NULL };
  if (g_strv_contains (lines, name))
    pkt_mask_end_line (&w->place);
}

static void
write_pair (Writer *w, const char *name, PktAttributeRule rule, const char *value)
{
  g_string_append_printf (w->out, " %s=\"", name);
  if (rule == PKT_ATTRIBUTE_TEXT) {
    write_masked (w, value);
  } else if (rule == PKT_ATTRIBUTE_STYLE) {
    GString *css = g_string_new (NULL);
    w->count.dropped += pkt_css_declarations (value, css);
    write_text (w, css->str);
    g_string_free (css, TRUE);
  } else {
    write_text (w, value);
  }
  g_string_append_c (w->out, '"');
}

/* FALSE where the policy leaves it out. A class that no sheet mentions is not missed. */
static gboolean
write_own (Writer *w, const xmlNode *node, const char *name)
{
  const PktAttributeRule rule = pkt_policy_attribute (name);
  g_autofree char *value = rule == PKT_ATTRIBUTE_DROP ? NULL : pkt_tree_attribute (node, name);
  if (value == NULL || !pkt_policy_value (rule, value))
    return FALSE;
  const gboolean named = g_str_equal (name, "class") || g_str_equal (name, "id");
  g_autofree char *kept = named ? pkt_css_names_kept (w->names, value) : g_steal_pointer (&value);
  if (kept)
    write_pair (w, name, rule, kept);
  return TRUE;
}

static void
write_attributes (Writer *w, const xmlNode *node)
{
  for (const xmlAttr *a = node->properties; a; a = a->next)
    if (a->ns || !write_own (w, node, (const char *)a->name))
      w->count.dropped++;
}

static void
write_size (Writer *w, const xmlNode *img, const char *name)
{
  g_autofree char *value = pkt_tree_attribute (img, name);
  if (value && pkt_policy_value (PKT_ATTRIBUTE_NUMBER, value))
    g_string_append_printf (w->out, "%s:%s%s;", name, value,
                            g_ascii_isdigit (value[strlen (value) - 1]) ? "px" : "");
}

static gboolean
has_size (const xmlNode *img)
{
  g_autofree char *width = pkt_tree_attribute (img, "width");
  g_autofree char *height = pkt_tree_attribute (img, "height");
  return width || height;
}

/* alt="" says that it is decoration. */
static void
write_label (Writer *w, const char *alt)
{
  if (alt && *alt == '\0')
    return;
  g_string_append (w->out, "[image");
  if (alt) {
    g_string_append (w->out, ": ");
    write_masked (w, alt);
  }
  g_string_append_c (w->out, ']');
}

/* A box of the picture's size with its alt text, as mail programs show it before loading. What the
 * page says of the picture's size and place holds for it, too. */
static void
write_box (Writer *w, const xmlNode *img)
{
  g_autofree char *alt = pkt_tree_attribute (img, "alt");
  g_autofree char *style = pkt_tree_attribute (img, "style");
  if (alt && *alt == '\0' && !has_size (img))
    return;
  g_string_append (w->out, "<span");
  write_own (w, img, "class");
  write_own (w, img, "id");
  g_string_append (w->out, " style=\"display:inline-block;max-width:100%;");
  write_size (w, img, "width");
  write_size (w, img, "height");
  if (style && pkt_policy_value (PKT_ATTRIBUTE_STYLE, style)) {
    g_autoptr (GString) css = g_string_new (NULL);
    pkt_css_declarations (style, css);
    write_text (w, css->str);
  }
  g_string_append (w->out, "overflow:hidden;box-sizing:border-box;border:1px solid #999;"
                           "background:#eee;color:#555;font:12px sans-serif;\">");
  write_label (w, alt);
  g_string_append (w->out, "</span>");
}

/* What stands for src in the closed page; NULL: nothing. Each use costs its bytes anew, and none is
 * looked through that has no room: a page may use a large one a hundred thousand times. */
static const char *
picture_of (Writer *w, const char *src)
{
  const PktSlice data = src ? pkt_assets_picture (w->assets, src) : pkt_slice (NULL, 0);
  if (data.n == 0 || data.n > PKT_CLEAN_MAX_PICTURES - w->picture_bytes
      || !pkt_policy_image (data.p))
    return NULL;
  w->picture_bytes += data.n;
  return data.p;
}

static void
write_image (Writer *w, const xmlNode *img)
{
  g_autofree char *src = pkt_tree_attribute (img, "src");
  if (pkt_sight_pixel (img)) {
    w->count.dropped++;
    return;
  }
  const char *data = picture_of (w, src);
  if (data == NULL) {
    w->count.dropped++;
    write_box (w, img);
    return;
  }
  w->count.pictures++;
  g_string_append_printf (w->out, "<img src=\"%s\"", data);
  for (const xmlAttr *a = img->properties; a; a = a->next)
    write_own (w, img, (const char *)a->name);
  g_string_append_c (w->out, '>');
}

/* A link is shown as one; an anchor, which is none, is not. */
static const char *
written_name (const xmlNode *node)
{
  g_autofree char *href = pkt_tree_is (node, "a") ? pkt_tree_attribute (node, "href") : NULL;
  return pkt_tree_is (node, "a") && href == NULL ? "span" : (const char *)node->name;
}

/* Written anew, so not missing. */
static gboolean
is_frame (const xmlNode *node)
{
  static const char *const names[] = { "html", "head", "body", "title", "style" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (pkt_tree_is (node, names[i]))
      return TRUE;
  return FALSE;
}

static void
write_element (Writer *w, const xmlNode *node)
{
  const char *name = (const char *)node->name;
  PktElementRule rule = node->ns ? PKT_ELEMENT_UNWRAP : pkt_policy_element (name);
  w->count.active += pkt_policy_active (name);
  if (rule != PKT_ELEMENT_KEEP) {
    w->count.dropped += !is_frame (node);
    if (rule == PKT_ELEMENT_UNWRAP)
      write_children (w, node);
    return;
  }
  if (pkt_tree_is (node, "img")) {
    write_image (w, node);
    return;
  }
  name = written_name (node);
  g_string_append_printf (w->out, "<%s", name);
  write_attributes (w, node);
  g_string_append_c (w->out, '>');
  write_children (w, node); /* of a void element too: libxml2 does not know wbr */
  end_block (w, name);
  if (!pkt_policy_void (name))
    g_string_append_printf (w->out, "</%s>", name);
}

static void
write_children (Writer *w, const xmlNode *node)
{
  for (const xmlNode *n = node->children; n; n = n->next) {
    if (n->type == XML_ELEMENT_NODE) {
      write_element (w, n);
    } else if (n->type == XML_TEXT_NODE) {
      write_words (w, n);
    } else {
      w->count.dropped++; /* comments, instructions, CDATA of unknown elements */
    }
  }
}

/* A sheet that was got counts where its link stands, the first time. */
static void
write_linked_sheet (Writer *w, const xmlNode *link)
{
  g_autofree char *href = pkt_tree_attribute (link, "href");
  const char *text = href ? pkt_assets_sheet (w->assets, href) : NULL;
  if (text && g_hash_table_add (w->sheets, (gpointer)text))
    w->count.dropped += pkt_css_sheet (text, w->out);
}

/* Sheets stand anywhere in a mail; together they are one. */
static void
write_sheets (Writer *w, xmlNode *root)
{
  g_string_append (w->out, "<style>\n" PKT_CLEAN_LINKS);
  for (xmlNode *n = root; n; n = pkt_tree_next (n, FALSE))
    if (pkt_tree_is (n, "link")) {
      write_linked_sheet (w, n);
    } else if (pkt_tree_is (n, "style")) {
      g_autofree char *sheet = pkt_tree_text (n);
      w->count.dropped += pkt_css_sheet (sheet, w->out);
    }
  g_string_append (w->out, "</style>\n");
}

/* html and body are written here, once; what a broken page has beside its body is kept too. */
static void
write_body (Writer *w, xmlNode *root)
{
  const xmlNode *body = NULL;
  for (xmlNode *n = root; n && !body; n = pkt_tree_next (n, FALSE))
    body = pkt_tree_is (n, "body") ? n : NULL;
  g_string_append (w->out, "<body");
  if (body)
    write_attributes (w, body);
  g_string_append (w->out, ">\n");
  for (const xmlNode *n = root; n; n = n->next)
    if (n->type == XML_ELEMENT_NODE)
      write_element (w, n);
  g_string_append (w->out, "\n</body></html>\n");
}

static gboolean
begins (const xmlChar *text, const char *start)
{
  return text && g_ascii_strncasecmp ((const char *)text, start, strlen (start)) == 0;
}

/* The page is laid out by the rules that its own doctype asks for (WHATWG HTML 13.2.6.4.1, as far
 * as mails have them): without one, or with an old one, by those of old browsers. */
static const char *
doctype_of (const xmlDoc *doc)
{
  static const char *const old[] = { "-//IETF//", "-//W3C//DTD HTML 3",
                                     "-//W3C//DTD HTML 4.0 Transitional",
                                     "-//W3C//DTD HTML 4.0 Frameset" };
  static const char *const almost[]
      = { "-//W3C//DTD XHTML 1.0 Transitional", "-//W3C//DTD XHTML 1.0 Frameset",
          "-//W3C//DTD HTML 4.01 Transitional", "-//W3C//DTD HTML 4.01 Frameset" };
  const xmlDtd *dtd = doc->intSubset;
  if (dtd == NULL)
    return "";
  for (gsize i = 0; i < G_N_ELEMENTS (old); i++)
    if (begins (dtd->ExternalID, old[i]))
      return "";
  for (gsize i = 0; i < G_N_ELEMENTS (almost); i++)
    if (begins (dtd->ExternalID, almost[i]))
      return i >= 2 && dtd->SystemID == NULL
                 ? ""
                 : "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"\">\n";
  return "<!DOCTYPE html>\n";
}

char *
pkt_clean_page (xmlNode *root, const char *title, const PktMask *mask, const PktAssets *assets,
                PktCleanCount *count)
{
  g_autoptr (GHashTable) sheets = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) lines = pkt_lines_masked (root, mask);
  Writer w = {
    .out = g_string_new (NULL), .mask = mask, .assets = assets, .sheets = sheets, .lines = lines
  };
  g_string_append (w.out, root ? doctype_of (root->doc) : "");
  g_string_append (w.out, "<html><head><meta charset=\"utf-8\">\n"
                          "<meta http-equiv=\"Content-Security-Policy\" content=\"" PKT_PAGE_CSP
                          "\">\n<title>");
  if (title)
    write_masked (&w, title);
  g_string_append (w.out, "</title>\n");
  const gsize sheets_at = w.out->len;
  write_sheets (&w, root);
  g_autoptr (PktCssNames) names = pkt_css_names_new (w.out->str + sheets_at);
  w.names = names;
  g_string_append (w.out, "</head>\n");
  write_body (&w, root);
  *count = w.count;
  return g_string_free (w.out, FALSE);
}
