#pragma once
#include "packet/base/slice.h"

/* A local part that stands in every packet: "apple.com" of apple.com@example.net (who takes a name
 * for each shop), "content-type". Alone it names nobody, and would be found in texts of ours;
 * redactor and verifier look for such a one as part of its address only. The same of the name that
 * an address spells, "content type". */
gboolean pkt_our_words_have (PktSlice local);
