#pragma once
#include "packet/page/fetch.h"

/* Links that tell one reader from another, or that do something when they are asked for, by the
 * words of templates/trackers.json and by the form of their values. NULL: none is seen; else what
 * it looks like (static). */

/* A page: "an open, click or unsubscribe link", "one reader's token", "an address". */
const char *pkt_personal_page (const PktRemote *url);
/* A picture or a style sheet: a tracker's host, path or file name, or a token that is no part of a
 * file's name. */
const char *pkt_personal_asset (const PktRemote *url);
