#pragma once
#include "packet/model/case-schema.h"

/* Checks one string of the case file and brings it into its form (trimmed; folded; hosts lower
 * case, IPs canonical). `text` is the JSON string's n bytes, UTF-8. NULL when it is right, with
 * the string in *out (caller frees); else what is wrong with it, a static clause that never holds
 * the value. */
const char *pkt_case_value (const PktCaseRow *row, const char *text, gsize n, char **out);
/* `TODO`, or begins with `TODO:`; blanks in front do not count. */
gboolean pkt_case_is_todo (const char *text);
