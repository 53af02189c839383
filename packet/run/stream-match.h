#pragma once
#include "packet/model/case.h"
#include "packet/model/event.h"
#include "packet/model/sample.h"
#include "packet/model/tally.h"

/* Which mail a stream of the case is, by its `match` (postpacket-case(5)). Of what the source of a
 * mail does not tell nothing can be said: many logs have no From, exports no return path. */
typedef enum {
  PKT_MATCH_OUT,
  PKT_MATCH_IN,
  PKT_MATCH_UNTOLD, /* the source tells nothing that `match` asks for */
} PktMatch;

/* NULL or "": not told. */
typedef struct {
  const char *sender; /* domain of the return path, "<>", else the From domain */
  const char *from;   /* domain of the From header */
  const char *ip, *campaign;
} PktMatched;

PktMatched pkt_matched_cell (const PktTally *t, const PktCellKey *key);
PktMatched pkt_matched_event (const PktEvent *event);
/* Does a delivered sample show mail of the stream? s: NULL: of the case. By its From domain, else
 * by what else `match` names of it. */
gboolean pkt_stream_has_sample (const PktStream *s, const PktCase *c, const PktSample *sample);
/* Has it any `match` that a log can tell? */
gboolean pkt_stream_asks (const PktStream *s);
/* Campaigns have to be counted (PktScanOptions.campaigns). streams: PktStream*. */
gboolean pkt_streams_ask_campaign (const GPtrArray *streams);
/* samples: PktSample*, which show the return path that belongs to a From domain; may be NULL. */
PktMatch pkt_stream_match (const PktStream *s, const GPtrArray *samples, const PktMatched *mail);
