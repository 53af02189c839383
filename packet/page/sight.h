#pragma once
#include <glib.h>
#include "packet/base/xml.h"

/* What of an element's style reaches the elements in it. */
typedef struct {
  gboolean invisible; /* visibility: hidden */
  gboolean no_size;   /* font-size: 0 */
} PktSight;

/* FALSE when the element and all in it are not shown: display: none, the hidden attribute, clipped
 * to no height. Else `sight`, that of the parent, is changed to the element's own. */
gboolean pkt_sight_enter (const xmlNode *element, PktSight *sight);
/* Is it shown where nobody sees it: by its own style (without opacity, far off the page), or by a
 * rule of `hiding` (pkt_css_hiding) that names it? */
gboolean pkt_sight_unseen (const xmlNode *element, GHashTable *hiding);
/* A picture of one pixel or none in either direction: it measures or fills, nobody sees it. */
gboolean pkt_sight_pixel (const xmlNode *img);
