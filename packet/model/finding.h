#pragma once
#include <glib.h>

typedef enum {
  PKT_FINDING_NOTE,    /* the sender should know */
  PKT_FINDING_LACKING, /* not ready: no request.eml */
} PktFindingWeight;

/* Something the sender has to see before sending. */
typedef struct {
  char *id;     /* stable: "no-sending-ip" */
  char *text;   /* one sentence: what is */
  char *advice; /* one sentence: what to do next; may be NULL */
  PktFindingWeight weight;
} PktFinding;

/* Control characters in the text, which may quote what others wrote, become '?'. */
PktFinding *pkt_finding_new (const char *id, PktFindingWeight weight, char *text_taken,
                             const char *advice);
void pkt_finding_free (PktFinding *f);
