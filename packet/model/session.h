#pragma once
#include "packet/base/slice.h"

/* One transaction of a recorded SMTP session, as its client saw it: what Apple can compare with its
 * own record. */
typedef enum {
  PKT_TURN_COMMAND, /* a command as sent: "DATA", "RSET" */
  PKT_TURN_MAIL,    /* the address of MAIL FROM, without <> */
  PKT_TURN_RCPT,
  PKT_TURN_MESSAGE, /* the message itself; text is NULL */
  PKT_TURN_REPLY,   /* one line of a reply */
} PktTurnKind;

typedef struct {
  PktTurnKind kind;
  char *text;
} PktTurn;

typedef struct {
  GPtrArray *turns;   /* PktTurn* */
  const char *client; /* static: "swaks"; NULL where a mail server recorded it */
  gboolean tls;       /* after STARTTLS */
  gboolean signed_;   /* the message has a DKIM-Signature */
  gint64 bytes;       /* of the message; 0 where it is not shown */
} PktSession;

#define PKT_SESSION_MAX_TURNS 500 /* of a transaction; more are left out */

PktSession *pkt_session_new (void);
PktSession *pkt_session_ref (PktSession *s);
void pkt_session_unref (PktSession *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktSession, pkt_session_unref)
void pkt_session_add (PktSession *s, PktTurnKind kind, PktSlice text);
