#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* For messages that quote hostile text: control bytes become '?', invalid UTF-8 U+FFFD, cut at max
 * characters with "…". Caller frees. */
char *pkt_text_quote (PktSlice s, gsize max);
/* In place: control characters but TAB and LF become '?', so that nothing which others wrote moves
 * a terminal's cursor (C1, two bytes in UTF-8, becomes "??"). Returns text. */
char *pkt_text_disarm (char *text);
/* For what others may look at: of each address only the domain is left, "…@icloud.com", also where
 * its sign is written "%40", "\u0040", "=40", "&#64;". Caller frees. */
char *pkt_text_mask_addresses (const char *text);
/* 9262 -> "9,262"; caller frees. */
char *pkt_text_count (gint64 n);
/* Percentage as the texts print it: "38.3%", "0.01%" under 0.1 %, "0.00%" never for a count that is
 * not 0 (then "<0.01%");
 * "" when part is 0. Caller frees. */
char *pkt_text_percent (gint64 part, gint64 whole);
/* Columns on a terminal: code points, wide ones (CJK) as two, a byte that is no UTF-8 as one. */
gsize pkt_text_width (const char *utf8);
/* `text` filled up with blanks to `width` columns; on the left side when right-aligned. Caller
 * frees. */
char *pkt_text_pad (const char *text, gsize width, gboolean align_right);
/* A cell of a CSV file, quoted where it must be (RFC 4180); what a spreadsheet would take for a
 * formula gets an apostrophe in front. Caller frees. */
char *pkt_text_csv_cell (const char *value);
/* A letter or digit of any script is in it; TRUE, too, for what is no UTF-8. */
gboolean pkt_text_has_letter (PktSlice s);
/* "de", "pt-BR", "zh-Hant-TW" (RFC 5646), without what anybody may add. */
gboolean pkt_text_is_language (PktSlice s);
/* Folds blanks and wraps at `width` columns, not before "@icloud.com" or "*@icloud.com"; each line
 * gets `indent` in front, the first gets `first` instead. No blank is made inside a word, however
 * long. Lines end with LF. Caller frees.
 */
char *pkt_text_wrap (const char *text, gsize width, const char *first, const char *indent);
/* An IP address as inet_ntop(3) writes it; NULL for what is none, or has a zone ("fe80::1%eth0").
 * Caller frees. */
char *pkt_text_ip (const char *text);
/* The address stands in the text, and not as a part of another: 192.0.2.1 not in 192.0.2.10. */
gboolean pkt_text_has_ip (const char *text, const char *ip);
