#pragma once
#include <glib.h>
#include "packet/base/xml.h"
#include "packet/page/page.h"
#include "packet/page/reader-url.h"

#define PKT_ASSETS_MAX_IMAGES 40 /* requests */
#define PKT_ASSETS_MAX_SHEETS 8
#define PKT_ASSETS_MAX_IMAGE (2 * 1024 * 1024)
#define PKT_ASSETS_MAX_SHEET (256 * 1024)
#define PKT_ASSETS_MAX_TOTAL (5 * 1024 * 1024) /* of all answers, beside the page's own */

#define PKT_ASSETS_MAX_SHOWN (8 * 1024 * 1024) /* of all pictures, wherever they come from */

/* Where pictures and style sheets may come from; any may be NULL. */
typedef struct {
  GHashTable *parts;        /* Content-ID without <>, or Content-Location -> GBytes*: of the mail */
  const PktRemote *base;    /* of the page, for relative references */
  const char *const *hosts; /* which may be asked */
  PktFetch *fetch;          /* NULL: nobody is asked */
  const PktReaders *readers; /* of a URL that names one of them nothing is asked */
  PktPageReader reader;      /* may be NULL */
  gpointer data;             /* for it */
} PktAssetSources;

/* The pictures and style sheets that the page shows: those in it (data:), those of its mail (cid:),
 * and those of listed hosts, each asked for once. Never a link, nothing hidden, of one pixel, or
 * with a tracker's shape (personal.h). */
typedef struct PktAssets PktAssets;

PktAssets *pkt_assets_gather (xmlNode *root, const PktAssetSources *from);
void pkt_assets_free (PktAssets *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktAssets, pkt_assets_free)

/* "data:image/png;base64,…" for the picture that src names, a NUL behind it; absent: none to show.
 * Borrowed. */
PktSlice pkt_assets_picture (const PktAssets *a, const char *src);
/* The text of the style sheet that href names; NULL: none. Borrowed. */
const char *pkt_assets_sheet (const PktAssets *a, const char *href);
/* PktPageMissing*; the caller owns the array. */
GPtrArray *pkt_assets_take_missing (PktAssets *a);
