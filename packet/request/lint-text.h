#pragma once
#include "packet/base/slice.h"
#include "packet/model/finding.h"

/* What lint.c looks for in a text. Case is ASCII and ignored throughout. */

#define PKT_LINT_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* A phrase that reads as a demand; the table ends with NULL. */
typedef struct {
  const char *phrase;
  PktFindingWeight weight;
} PktLintDemand;

extern const PktLintDemand pkt_lint_demands[];
/* Arguments that make a request worse; likewise. */
extern const PktLintDemand pkt_lint_arguments[];

/* The text as one line, each run of blanks as one, quoted replies left out. Caller frees. */
char *pkt_lint_fold (const char *text, const char *const *verbatim);
/* The line, without a label and blanks in front, is a piece of a quoted reply. */
gboolean pkt_lint_is_quoted (const char *line, const char *const *verbatim);
/* `word` stands in `text`, and none of `letters` right before or after it. */
gboolean pkt_lint_has_word (const char *text, const char *word, const char *letters);
/* From `start` at the start of a line to the first full stop at a word's end, or the paragraph's
 * end, as one line; "" when there is none. Caller frees. */
char *pkt_lint_sentence (const char *body, const char *start);
/* The next "scheme://…", without the punctuation behind it; NULL when there is none. */
const char *pkt_lint_next_link (const char *text, gsize *out_n);
/* The next "host/path?query" without a scheme; NULL when there is none. */
const char *pkt_lint_next_bare_link (const char *text, gsize *out_n);
/* Three words of capitals in a row, or more than one exclamation mark. */
gboolean pkt_lint_is_loud (const char *folded);
