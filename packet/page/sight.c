#include "packet/page/sight.h"
#include "packet/page/css.h"
#include "packet/page/tree.h"

gboolean
pkt_sight_enter (const xmlNode *element, PktSight *sight)
{
  g_autofree char *hidden = pkt_tree_attribute (element, "hidden");
  g_autofree char *style = pkt_tree_attribute (element, "style");
  PktCssSight css = { FALSE, sight->invisible, sight->no_size, -1, -1 };
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
  PktCssSight css = { FALSE, FALSE, FALSE, -1, -1 };
  if (style)
    pkt_css_sight (style, &css);
  int width = size_of (img, "width", css.width);
  int height = size_of (img, "height", css.height);
  return (width >= 0 && width <= 1) || (height >= 0 && height <= 1);
}
