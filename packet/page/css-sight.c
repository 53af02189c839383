#include "packet/page/css-read.h"
#include "packet/page/css.h"

#define FAR_OFF 500 /* pixels beside the page */

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
is_place (PktSlice name)
{
  static const char *const places[] = { "left",        "top",        "right",       "bottom",
                                        "margin-left", "margin-top", "text-indent", NULL };
  return pkt_css_listed (name, places);
}

/* "-9999px" */
static gboolean
is_far_off (PktSlice v)
{
  return v.n > 1 && v.p[0] == '-' && pixels (pkt_slice_skip (v, 1)) >= FAR_OFF;
}

static void
sight_of (PktSlice rest, PktCssSight *sight)
{
  gboolean clipped = FALSE, flat = FALSE;
  PktCssDeclaration d;
  while (pkt_css_next (&rest, &d)) {
    if (pkt_css_is (d.name, "display"))
      sight->gone = pkt_css_begins (d.value, "none");
    else if (pkt_css_is (d.name, "visibility"))
      sight->invisible = pkt_css_begins (d.value, "hidden") || pkt_css_begins (d.value, "collapse");
    else if (pkt_css_is (d.name, "font-size"))
      sight->no_size = is_zero (d.value);
    else if (pkt_css_is (d.name, "width"))
      sight->width = pixels (d.value);
    else if (pkt_css_is (d.name, "height"))
      sight->height = pixels (d.value);
    else if (pkt_css_is (d.name, "max-height") || pkt_css_is (d.name, "max-width"))
      flat |= is_zero (d.value);
    else if (pkt_css_is (d.name, "opacity"))
      sight->unseen |= is_zero (d.value);
    else if (is_place (d.name))
      sight->unseen |= is_far_off (d.value);
    else if (pkt_css_is (d.name, "overflow"))
      clipped = pkt_css_begins (d.value, "hidden");
  }
  sight->unseen |= flat;
  sight->gone |= clipped && (flat || sight->height == 0);
}

void
pkt_css_sight (const char *style, PktCssSight *sight)
{
  g_autofree char *clean = pkt_css_without_comments (style);
  sight_of (pkt_slice_str (clean), sight);
}

/* "img.pixel" and its like; what has an ancestor or a state in it names too much. */
static gboolean
is_simple (PktSlice selector)
{
  for (gsize i = 0; i < selector.n; i++)
    if (!g_ascii_isalnum (selector.p[i]) && !strchr (".#-_", selector.p[i]))
      return FALSE;
  return selector.n > 0 && selector.n <= PKT_CSS_MAX_VALUE;
}

static void
take_hiding (PktSlice selectors, PktSlice block, GHashTable *out)
{
  PktCssSight sight = { .width = -1, .height = -1 };
  sight_of (block, &sight);
  gboolean pixel = (sight.width >= 0 && sight.width <= 1)
                   || (sight.height >= 0 && sight.height <= 1);
  if (!sight.gone && !sight.invisible && !sight.unseen && !pixel)
    return;
  while (selectors.n > 0) {
    PktSlice one = pkt_slice_until (selectors, ',');
    selectors = pkt_slice_skip (selectors, one.n + 1);
    one = pkt_slice_trim (one);
    if (is_simple (one))
      g_hash_table_add (out, g_strndup (one.p, one.n));
  }
}

void
pkt_css_hiding (const char *sheet, GHashTable *selectors)
{
  g_autofree char *clean = pkt_css_without_comments (sheet);
  PktSlice rest = pkt_slice_trim (pkt_slice_str (clean));
  while (rest.n > 0) {
    gsize n = 0;
    while (n < rest.n && rest.p[n] != '{' && rest.p[n] != ';')
      n++;
    PktSlice prelude = pkt_slice_trim (pkt_slice (rest.p, n));
    rest = pkt_slice_skip (rest, n);
    if (rest.n > 0 && rest.p[0] == '{') {
      PktSlice block = pkt_css_take_block (&rest);
      take_hiding (prelude, block, selectors);
    }
    rest = pkt_slice_trim (rest.n > 0 && rest.p[0] == ';' ? pkt_slice_skip (rest, 1) : rest);
  }
}
