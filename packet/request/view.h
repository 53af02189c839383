#pragma once
#include "packet/model/public.h"

#define PKT_BODY_IPS 8     /* sending IPs named in the body; more are counted */
#define PKT_BODY_REPLIES 3 /* kinds of replies named in the body */
#define PKT_TEXT_COLUMNS 76

/* What the text templates read: the public facts with numbers, dates and columns written out.
 * `attached` lists what goes with the message, in words ("SMTP errors"), NULL-ended. New reference.
 */
json_t *pkt_view_make (const PktPublic *p, const char *const *attached);

/* `checked` of a view names nothing: its heading would stand alone. */
gboolean pkt_view_checked_nothing (const json_t *checked);

/* templates/NAME filled in with a view and laid out: paragraphs and lists wrapped at
 * PKT_TEXT_COLUMNS. Caller frees. PKT_ERROR_BUG where the template and the view do not fit. */
char *pkt_text_render (const char *name, const json_t *view, gboolean wrap, GError **error);
/* The same for HTML: values are escaped, nothing is wrapped. */
char *pkt_html_render (const char *name, const json_t *view, GError **error);
