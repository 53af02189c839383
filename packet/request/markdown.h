#pragma once
#include "packet/base/slice.h"

/* The Markdown that a ticket is written in, a part of CommonMark 0.31: headings (4.2), paragraphs
 * (4.8), lists of one level (5.2), fenced code (4.5), code spans (6.1), **strong** (6.2) and
 * backslashes (2.4). All else, HTML above all, is text: somebody may have edited it. */

#define PKT_MARKDOWN_MAX (1024 * 1024) /* bytes; more is cut off */

typedef enum {
  PKT_MARKDOWN_HTML, /* a fragment: h1 to h6, p, ul, ol, li, pre, code, strong; no attributes */
  PKT_MARKDOWN_JIRA, /* wiki markup, as Jira's API version 2 reads descriptions */
} PktMarkdownTarget;

/* Caller frees. Invalid UTF-8 becomes U+FFFD, control characters go. */
char *pkt_markdown_convert (PktSlice markdown, PktMarkdownTarget target);
/* The text of the first heading, without its marks; NULL when there is none. Caller frees. */
char *pkt_markdown_title (PktSlice markdown);
/* A value so that it stands in a line of Markdown as what it is: nothing in it opens HTML, a link,
 * a picture, strong text or code, and it stays one line. Caller frees. */
char *pkt_markdown_escape (const char *value);
