#pragma once
#include <glib.h>

/* Senders' addresses and Message-IDs may hold a word of their own recipient's local part, alone or
 * with more: "b-n12-quill@", "<zquill.4711@…>" of zebulon.quill@icloud.com. Such words of letters
 * and digits, in lower case, but for those that stand in another's, too ("weekly"). `events`:
 * PktEvent*. char*; the caller frees the array. */
GPtrArray *pkt_own_words (const GPtrArray *events);
