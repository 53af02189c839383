#pragma once
#include "packet/model/sample.h"
#include "packet/redact/redactor.h"

/* The headers of a delivered sample as they may leave, by the allow-list of templates/headers.json
 * (facts/apple.md 4.3): one field after the other, LF, UTF-8; rows "keep" are byte-identical.
 * out_removed (new reference, may be NULL) is [{"name", "reason"}] in order of first appearance;
 * never a value. Add the sample's recipients and names to the redactor first (this does it too).
 * Caller frees. */
char *pkt_redact_headers (PktRedactor *r, const PktSample *sample, json_t **out_removed);
