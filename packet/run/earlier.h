#pragma once
#include <jansson.h>
#include "packet/base/clock.h"

/* A packet as it lies in its folder, and what became of it: all that a follow-up, an answer and the
 * list of cases know of the past. Receipts are what `send` wrote into packet.json. */

typedef enum {
  PKT_SENT_NO,       /* nothing tells that it went out */
  PKT_SENT_REFUSED,  /* the server did not take it, or it came back */
  PKT_SENT_DRAFT,    /* lies in a mail client: who sends it from there is not seen */
  PKT_SENT_UNSURE,   /* the server went away after the last byte */
  PKT_SENT_STATED,   /* the sender says so: build --assume-sent */
  PKT_SENT_ANSWERED, /* an answer came */
  PKT_SENT_YES,      /* a server took it */
} PktSentState;

typedef struct {
  char *folder;
  json_t *manifest;                     /* packet.json */
  const char *id, *case_name, *subject; /* of it */
  const json_t *figures;                /* of it: pkt_figures_json (); NULL */
  char *message_id; /* under which it went out, without <>; NULL: there is no request */
  char *references; /* of request.eml, as it stands; NULL */
  gint64 made;
  PktSentState sent_state;
  gint64 sent;          /* microseconds UTC; PKT_NO_TIME */
  guint number;         /* 0: the first request, 1: the first follow-up … */
  gboolean resolved;    /* it says thank you */
  const json_t *answer; /* the newest recorded one that a person wrote; NULL */
} PktEarlier;

/* PKT_ERROR_NOINPUT where `folder` is no packet, DATA where it is damaged. */
PktEarlier *pkt_earlier_read (const char *folder, GError **error);
void pkt_earlier_free (PktEarlier *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktEarlier, pkt_earlier_free)

/* The stream that it is about; NULL: it does not tell, or cannot be read. `folder` may be NULL.
 * Caller frees. */
char *pkt_earlier_stream (const char *folder);
/* Microseconds UTC; PKT_NO_TIME without an answer. */
gint64 pkt_earlier_answered (const PktEarlier *p);

#define PKT_EARLIER_MAX_PACKETS 1000 /* read of one place */
#define PKT_EARLIER_MAX_DEPTH 4      /* folders below a place */

/* The packets at `place` and up to `depth` folders below, sorted by case, then by when they were
 * made; PktEarlier*, caller unrefs. Hidden folders and symbolic links are not entered; a packet
 * that cannot be read is told of in `problems` (char*, may be NULL). */
GPtrArray *pkt_earlier_find (const char *place, guint depth, GPtrArray *problems);
/* Of two PktEarlier**, for sorting: by case, then by when they were made. */
int pkt_earlier_compare (gconstpointer a, gconstpointer b);
