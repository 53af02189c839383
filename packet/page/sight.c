#include "packet/page/sight.h"
#include "packet/page/css.h"
#include "packet/page/tree.h"

#define MAX_CLASSES 50

gboolean
pkt_sight_enter (const xmlNode *element, PktSight *sight)
{
  g_autofree char *hidden = pkt_tree_attribute (element, "hidden");
  g_autofree char *style = pkt_tree_attribute (element, "style");
  PktCssSight css = { FALSE, sight->invisible, sight->no_size, -1, -1, FALSE };
  if (style)
    pkt_css_sight (style, &css);
  sight->invisible = css.invisible;
  sight->no_size = css.no_size;
  return hidden == NULL && !css.gone;
}

static int
size_of (const xmlNode *img, const char *name, int styled)
{
  g_autofree char *value = pkt_tree_attribute (img, name);
  if (styled >= 0 || value == NULL || !g_ascii_isdigit (value[0]) || g_str_has_suffix (value, "%"))
    return styled;
  return (int)MIN (g_ascii_strtoull (value, NULL, 10), 99999);
}

gboolean
pkt_sight_pixel (const xmlNode *img)
{
  g_autofree char *style = pkt_tree_attribute (img, "style");
  PktCssSight css = { FALSE, FALSE, FALSE, -1, -1, FALSE };
  if (style)
    pkt_css_sight (style, &css);
  int width = size_of (img, "width", css.width);
  int height = size_of (img, "height", css.height);
  return (width >= 0 && width <= 1) || (height >= 0 && height <= 1);
}

static gboolean
has_rule (GHashTable *hiding, const char *tag, char mark, const char *name)
{
  g_autofree char *alone = g_strdup_printf ("%c%s", mark, name);
  g_autofree char *with_tag = g_strconcat (tag, alone, NULL);
  return g_hash_table_contains (hiding, alone) || g_hash_table_contains (hiding, with_tag);
}

static gboolean
named_by (GHashTable *hiding, const xmlNode *element)
{
  const char *tag = (const char *)element->name;
  g_autofree char *id = pkt_tree_attribute (element, "id");
  g_autofree char *class = pkt_tree_attribute (element, "class");
  g_auto (GStrv) classes = g_strsplit_set (class ? class : "", " \t\r\n", MAX_CLASSES);
  if (g_hash_table_contains (hiding, tag) || (id && *id && has_rule (hiding, tag, '#', id)))
    return TRUE;
  for (char **c = classes; *c; c++)
    if (**c && has_rule (hiding, tag, '.', *c))
      return TRUE;
  return FALSE;
}

gboolean
pkt_sight_unseen (const xmlNode *element, GHashTable *hiding)
{
  g_autofree char *style = pkt_tree_attribute (element, "style");
  PktCssSight css = { FALSE, FALSE, FALSE, -1, -1, FALSE };
  if (style)
    pkt_css_sight (style, &css);
  return css.unseen || (g_hash_table_size (hiding) > 0 && named_by (hiding, element));
}
