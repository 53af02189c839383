#pragma once
#include <jansson.h>
#include "packet/run/build.h"

/* Builds `packet` (an absolute path) again as its record says (run/record.h), with what a person
 * changed in it. The process is in the folder of that build afterwards. */
PktBuildResult *cmd_build_again (const json_t *record, const char *packet, struct PktEdits *edits,
                                 GError **error);
