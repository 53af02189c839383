#pragma once
#include <jansson.h>
#include "packet/base/slice.h"

/* Mustache, the core of its specification (mustache.github.io, spec 1.x: comments, delimiters,
 * interpolation, inverted sections, partials, sections), over JSON values. A list repeats its
 * section, an object opens it, any other value opens it unless it is false, null or "" (0 is a
 * value and opens). The specification's suite is run by test-request-template. */

#define PKT_TEMPLATE_MAX_TEXT (1024 * 1024)       /* bytes of one template */
#define PKT_TEMPLATE_MAX_NAME 256                 /* bytes of a name in a tag */
#define PKT_TEMPLATE_MAX_OUTPUT (4 * 1024 * 1024) /* bytes of what is made */
#define PKT_TEMPLATE_MAX_DEPTH 64                 /* sections and partials within each other */
#define PKT_TEMPLATE_MAX_WORK (16 * 1024 * 1024)  /* steps, and bytes of partials read */

typedef struct {
  gboolean escape_html; /* {{name}} as HTML text; {{{name}}} and {{&name}} never are */
  /* A name that nothing in the view knows, a partial that is not there, and a list or an object
   * where text is due are errors instead of empty text. A null is a known, empty name. */
  gboolean strict_names;
} PktTemplateOptions;

/* The text of a partial, borrowed until the rendering ends; {NULL, 0} when there is none. */
typedef PktSlice (*PktPartialLoader) (const char *name, gpointer data);

/* The text with everything filled in; caller frees. `name` is for messages, `partials` may be NULL.
 * PKT_ERROR_DATA "NAME:LINE:COLUMN: what is wrong" (columns count characters, from 1): syntax, a
 * strict name, a bound above. Whole numbers print as in JSON, others as short as they are exact. */
char *pkt_template_render (const char *name, PktSlice text, const json_t *view,
                           PktTemplateOptions options, PktPartialLoader partials, gpointer data,
                           GError **error);
