#pragma once
#include "packet/bounce/dialogue.h"
#include "packet/bounce/session.h"

/* One connection of a recorded session. Used inside packet/bounce only. */
typedef struct {
  int code; /* 0: none yet */
  PktSlice text;
  guint64 line;
  PktStamp stamp; /* of that line; NONE where lines have no time */
} PktSessionReply;

typedef struct {
  PktSlice address;
  PktSessionReply reply;
} PktSessionRecipient;

typedef struct {
  PktStage stage; /* UNKNOWN: a command that decides nothing */
  guint recipient;
} PktSessionPending;

typedef struct {
  PktSlice host, ip, helo;
  gboolean tls, greeted;
  GArray *pending; /* PktSessionPending: from `next` on they wait */
  guint next;
  GString *lines; /* of a reply, joined by blanks */
  guint64 line;
  /* the transaction */
  gboolean open, in_data, in_header;
  PktAttempt attempt;         /* what its recipients share */
  PktSessionReply mail, last; /* last: to DATA or to the message */
  PktStage last_stage;
  GArray *recipients; /* PktSessionRecipient */
  PktSession *session;
  /* the connection */
  PktSessionReply refusal; /* of the greeting, EHLO, STARTTLS, or asked by nobody */
  PktStage refusal_stage;
  PktSlice error; /* the client's own words */
  gboolean handed_out;
} PktMachine;

typedef struct {
  const PktDialect *dialect;
  PktStamp fallback;
  PktSessionSink sink;
  gpointer data;
  GHashTable *machines; /* thread -> PktMachine */
  GStringChunk *chunk;
  guint connections;
  guint64 line;
  PktStamp stamp; /* of the line */
  PktYears years; /* of those without a year */
} PktSessionParser;

PktMachine *pkt_machine_new (void);
void pkt_machine_free (gpointer machine);
/* What was said. */
void pkt_machine_client (PktSessionParser *p, PktMachine *m, PktSlice said);
void pkt_machine_server (PktSessionParser *p, PktMachine *m, PktSlice said);
/* The connection is over: what has its answer is handed out. */
void pkt_machine_end (PktSessionParser *p, PktMachine *m);
