#pragma once
#include <jansson.h>
#include "packet/redact/redactor.h"

/* For the review: what each rule did, and one place where it shows, after the fact. */

/* Keeps a place of each rule whose marks stand in `text`, which is public already: the first one
 * with some words around the mark. `place` is what a person calls it: "To", "errors[0].reply". */
void pkt_redactor_note_example (PktRedactor *r, const char *place, const char *text);
/* [{"rule", "count", "what", "place", "example"}], sorted by rule; place and example are null where
 * nothing shows of it. New reference. */
json_t *pkt_redactor_rules (const PktRedactor *r);
