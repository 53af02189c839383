#pragma once
#include "packet/base/slice.h"

/* Encoded words of a header (RFC 2047). */

/* The words that begin at `at` and follow each other with nothing but blanks between, appended to
 * `out` as UTF-8, or as their bytes where their charset is not known. Their length; 0: there is
 * none at `at`. */
gsize pkt_encoded_words_at (PktSlice in, gsize at, GString *out);
/* The value with neighbours made one word of UTF-8 each, for GMime: it loses what follows padding
 * ("=?utf-8?B?SmFu?= =?utf-8?B?YQ==?= =?utf-8?B?UXVpbGw=?="). Caller frees. */
char *pkt_encoded_words_join (const char *value);
