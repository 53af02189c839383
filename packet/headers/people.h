#pragma once
#include "packet/model/sample.h"

/* Fills s->recipients and s->names from s->fields: every address in a recipient's place, each once
 * (case folded), as written. Reads more than needed rather than less: these are what redaction
 * looks for. */
void pkt_people_collect (PktSample *s);

/* Header text as UTF-8 on one line, encoded words decoded (RFC 2047). Caller frees. */
char *pkt_people_text (const char *raw);
