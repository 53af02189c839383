#pragma once
#include <glib.h>
#include "packet/model/finding.h"

/* A text that was written by hand over one that was made from evidence. */

typedef struct {
  const char *where;           /* "the body", "parts/x.txt": for the sentences */
  const char *text, *original; /* as it is now, as it was made; UTF-8, LF */
  const char *const *evidence; /* all other texts that were made from evidence; NULL-ended */
} PktEdited;

#define PKT_EDITED_MAX_FINDINGS 40 /* of one text */

/* Figures that do not match the evidence any more, and sentences that claim a check which nobody
 * made: PktFinding*, none when all is well; caller frees the array, which frees them.
 *
 * edited-number: a word with a digit, or one such as "sixty-eight". A line whose other words are
 * those of a line that was made must have its figures, in its order. In any other line a figure
 * must stand beside a word that it stands beside in the evidence.
 * edited-claim: a word such as "verified" that is not as it was made. */
GPtrArray *pkt_edited_check (const PktEdited *e);

/* Lines of `text` that `original` has not, blanks folded; char*, caller unrefs. */
GPtrArray *pkt_edited_lines (const char *text, const char *original);
