#pragma once
#include "packet/log/memory.h"
#include "packet/model/attempt.h"

/* A session of Exchange's SMTP send protocol log. Log files end at the hour or at a size, sessions
 * where they will: what is open then is kept for the next file. Used by format-exchange-send.c. */
#define PKT_EXCHANGE_MAX_COMMANDS 1200 /* that wait for their replies; recipients of a message */
#define PKT_EXCHANGE_MAX_TEXT 512      /* bytes of an address, a Message-ID, a name */

typedef struct {
  PktStage stage; /* of a command that waits for its reply */
  char *recipient;
} PktExchangeCommand;

typedef struct {
  GQueue commands;     /* PktExchangeCommand* */
  GPtrArray *accepted; /* char*: recipients of this message that were accepted */
  GString *reply;      /* lines of it so far */
  char *sender, *message_id, *helo, *local; /* local: "192.0.2.25:41000" */
  gboolean greeted, in_data;
  gboolean lost; /* its beginning was not read: nobody knows which command a reply answers */
} PktExchangeSession;

PktExchangeSession *pkt_exchange_session_new (void);
void pkt_exchange_session_free (gpointer session);

/* *field becomes a copy, cut at PKT_EXCHANGE_MAX_TEXT. */
void pkt_exchange_set_text (char **field, PktSlice v);
void pkt_exchange_push (PktExchangeSession *s, PktStage stage, PktSlice recipient);
void pkt_exchange_command_free (gpointer command);

/* Remembers an open session by its id and its end of the connection, as ids of two servers may be
 * the same. */
void pkt_exchange_session_keep (const PktExchangeSession *s, const char *id, PktMemory *memory);
/* Takes it out of the memory; NULL when it is not there. Caller frees. */
PktExchangeSession *pkt_exchange_session_take (PktMemory *memory, PktSlice local, PktSlice id);
