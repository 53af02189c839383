#pragma once
#include "packet/base/slice.h"

/* The pieces of a style sheet (CSS Syntax 3, in short): what the writer of the clean page and the
 * reader of what is seen have in common. */
typedef struct {
  PktSlice name, value; /* trimmed; name is empty where no colon stood */
} PktCssDeclaration;

/* Comments, and the marks with which old pages hide a sheet, become a blank; caller frees. */
char *pkt_css_without_comments (const char *css);
/* Takes the next declaration off `rest`; FALSE at the end. */
gboolean pkt_css_next (PktSlice *rest, PktCssDeclaration *d);
/* The text between `{`, where `rest` stands, and its `}`, which is taken off too. */
PktSlice pkt_css_take_block (PktSlice *rest);
/* In any case. */
gboolean pkt_css_is (PktSlice name, const char *property);
gboolean pkt_css_begins (PktSlice v, const char *word);
gboolean pkt_css_listed (PktSlice s, const char *const *list);
