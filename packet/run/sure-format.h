#pragma once
#include "packet/log/format.h"
#include "packet/run/count.h"

/* What a log's first lines look like. */
typedef struct {
  const PktFormat *likely; /* NULL where they look like nothing, and for stdin */
  const PktFormat *sure;   /* the same where they leave no doubt; NULL: more of it has to be looked
                              at, or it may be a recorded session (Postfix's smtp -v looks like its
                              log) */
} PktLogLook;

PktLogLook pkt_source_look (const char *path);
/* The format that the user says, else the one that such a look made sure of; NULL: neither. */
const PktFormat *pkt_source_known_format (const PktCounter *c, const char *path);
