#pragma once
#include "packet/model/sample.h"

/* Fills s->recipients and s->names from s->fields: every address in a recipient's place, each once
 * (case folded), as written. Reads more than needed rather than less: these are what redaction
 * looks for. */
void pkt_people_collect (PktSample *s);
/* Takes out of `names` whoever the From address itself spells: who writes to his own mailbox is no
 * reader whom a text could give away. */
void pkt_people_drop_sender (const PktSample *s, GPtrArray *names);

/* Adds to s->greeted whom the recipients' local parts name: "Quill" of jane.quill77@…, unless the
 * mail has the word in small letters, too. Subject and text are known by then. */
void pkt_people_take_locals (PktSample *s);

/* Adds the display names of a list of addresses, as To has it, to `names`: char*, each once. */
void pkt_people_add_names (GPtrArray *names, const char *addresses);

/* Header text as UTF-8 on one line, encoded words decoded (RFC 2047). Caller frees. */
char *pkt_people_text (const char *raw);
