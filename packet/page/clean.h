#pragma once
#include <glib.h>
#include "packet/base/xml.h"
#include "packet/page/assets.h"
#include "packet/page/mask.h"

#define PKT_PAGE_CSP "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

#define PKT_CLEAN_MAX_PICTURES (16 * 1024 * 1024) /* bytes of data URLs, each use counted */

/* Links have no target left, and look like links all the same, unless the page says otherwise. */
#define PKT_CLEAN_LINKS "a{color:#0000ee;text-decoration:underline;}\n"

/* What writing left out, and how many pictures are shown. */
typedef struct {
  guint dropped, active, pictures;
} PktCleanCount;

/* The page written anew from the tree by the allow-list of policy.h, every text and attribute
 * escaped: nothing of the original's markup is copied. `dropped` counts elements and attributes
 * left out, `active` forms, frames and objects. `title` may be NULL. Caller frees. */
char *pkt_clean_page (xmlNode *root, const char *title, const PktMask *mask,
                      const PktAssets *assets, PktCleanCount *count);
