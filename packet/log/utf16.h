#pragma once
#include "packet/log/feed.h"

/* A stream of UTF-8 where the bytes are UTF-16 with a byte order mark, or plainly without one
 * ("t\0y\0"), as Windows and some exports write it; else the stream itself. Takes it. Half
 * surrogates become U+FFFD. Of UTF-8 the mark is left out. */
PktFeed *pkt_utf16_decode (PktFeed *below);
