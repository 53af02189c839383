#pragma once
#include "packet/base/slice.h"

/* `text` begins with a word: its bytes that are part of the local part, in any case, as replies
 * write it; 0. "janequill" of jane.quill and of jane.quill77: without its signs, perhaps without
 * the number. "jane.qu" of "jane.qu...", "jan" of "jan***@": its beginning, where a sign says that
 * more lacks. */
gsize pkt_reply_local_part (PktSlice text, PktSlice local);
