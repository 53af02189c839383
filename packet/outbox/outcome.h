#pragma once
#include <glib.h>

/* What became of a message that was handed over. */
typedef enum {
  PKT_OUTCOME_NOT,    /* it was not taken; trying again sends it once */
  PKT_OUTCOME_SENT,   /* the server took it and said so */
  PKT_OUTCOME_UNSURE, /* it was given whole, and no answer came: it may be there or not */
} PktOutcomeState;

typedef struct {
  PktOutcomeState state;
  const char *stage; /* connect, login, ehlo, mail, rcpt, data, end-of-data, list, append, run */
  int code;          /* of the last reply; 0: none */
  char *reply;       /* the last reply, its lines joined by blanks, without secrets; or NULL */
  char *queue_id;    /* of the reply, or the UID of a draft; or NULL */
  char *mailbox;     /* where a draft lies, or NULL */
  char *address;     /* the server's, as text; or NULL */
  gboolean dsn;      /* notices of failure and delay were asked for (RFC 3461) */
} PktOutcome;

static inline void
pkt_outcome_clear (PktOutcome *o)
{
  g_free (o->reply);
  g_free (o->queue_id);
  g_free (o->mailbox);
  g_free (o->address);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PktOutcome, pkt_outcome_clear)
