#pragma once
#include "packet/redact/decode.h"
#include "packet/redact/digests.h"
#include "packet/redact/redactor.h"

/* The verifier's own judgement over a view of bytes: written apart from the redactor's (needles.c,
 * text.c) on purpose, so that one fault does not blind both. */
typedef struct PktSuspects PktSuspects;

typedef enum {
  PKT_SURFACE_PLAIN,
  PKT_SURFACE_MESSAGE_ID, /* the value of a Message-ID header */
  PKT_SURFACE_RAW,        /* a message undecoded: line breaks cut addresses, so forms mean less */
} PktSurface;

typedef void (*PktSuspectFunc) (const char *rule, gsize at, gpointer data);

PktSuspects *pkt_suspects_new (const PktRedactScope *scope);
void pkt_suspects_free (PktSuspects *s);
void pkt_suspects_add (PktSuspects *s, PktSlice address);
/* A recipient's display name of two words or more; what only has words such as "iCloud Test" is
 * left out. Names that may stand are given first. */
void pkt_suspects_add_name (PktSuspects *s, const char *name);
void pkt_suspects_allow_name (PktSuspects *s, const char *name);
guint64 pkt_suspects_needles (const PktSuspects *s);
guint64 pkt_suspects_candidates (const PktSuspects *s);
/* Bytes before and behind a place that its judgement may look at. */
#define PKT_SUSPECT_REACH 640
/* Calls f for each finding whose place is in [from, to) of the view: "address", "recipient",
 * "verp", "local-part", "name", "hash". */
void pkt_suspects_judge (PktSuspects *s, const PktView *view, PktSurface surface, gsize from,
                         gsize to, PktSuspectFunc f, gpointer data);
/* The same for what the view is as a whole: "icl-info", "mantsh", "packed". */
void pkt_suspects_judge_whole (PktSuspects *s, const PktView *view, PktSurface surface,
                               PktSuspectFunc f, gpointer data);
