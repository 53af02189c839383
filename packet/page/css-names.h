#pragma once
#include <glib.h>

/* The names of classes and ids that a style sheet mentions. Others have no effect, and may be made
 * of whom a page is for. */
typedef struct PktCssNames PktCssNames;

PktCssNames *pkt_css_names_new (const char *sheet);
void pkt_css_names_free (PktCssNames *names);
/* Of the value of a class or id attribute the names that the sheet mentions, also by a part of them
 * ([class*=col-]), a blank between; NULL: none. Case is ignored, as old pages have it. Caller
 * frees. */
char *pkt_css_names_kept (const PktCssNames *names, const char *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktCssNames, pkt_css_names_free)
