#pragma once
#include "packet/headers/trace.h"
#include "packet/model/sample.h"

/* Reads one Authentication-Results value (RFC 8601 2.2: comments, folding, quoted strings) and adds
 * its results to `s`. Only Apple's ids count, bimi., arc., dmarc., dkim-verifier. and
 * spf.icloud.com, and of each only its own method (facts/apple.md 4.1). Returns the method, static,
 * or NULL when the id is not Apple's or holds no result. */
const char *pkt_authres_read (PktSample *s, const char *value);

/* All results of Apple's block: of each method the first header, of DKIM every one above
 * Received-SPF, which Apple writes last. */
void pkt_authres_collect (PktSample *s, const PktAppleBlock *block);

/* Any Authentication-Results value (RFC 8601 2.2), whoever wrote it: adds a PktAuthResult* for each
 * `method[/version]=result` to `out`, freed by it. Returns the authserv-id, lower case, caller
 * frees; NULL where there is none, as Microsoft writes it. The domain is that of smtp.mailfrom or
 * smtp.helo, of header.d or header.i, of header.from; ptype or not. */
char *pkt_authres_parse (const char *value, GPtrArray *out);
