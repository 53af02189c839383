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

/* A part of a log (log/part.h) is what all of it is. */
PktLogLook pkt_source_look (const char *path);
/* The format that the user says, else the one that such a look made sure of; NULL: neither. */
const PktFormat *pkt_source_known_format (const PktCounter *c, const char *path);
/* Gives a reader's state the header that stands above a part of a log; of what is none nothing. */
void pkt_source_feed_header (const PktFormat *format, gpointer state, const char *path);
