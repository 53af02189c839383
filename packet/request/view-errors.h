#pragma once
#include <jansson.h>

/* Adds to a view what templates/smtp-errors.txt reads: the list of groups, each with its columns
 * written out. */
void pkt_view_errors (json_t *view, const json_t *facts);
