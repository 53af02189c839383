#pragma once
#include "packet/model/case-schema.h"
#include "packet/base/slice.h"

/* Reads a case file's bytes as pkt_case_load() does; `path` is what messages name and paths are
 * relative to. PKT_ERROR_DATA. */
PktCase *pkt_case_parse (const char *path, PktSlice bytes, GError **error);
