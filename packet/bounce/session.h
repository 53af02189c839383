#pragma once
#include "packet/model/attempt.h"
#include "packet/model/session.h"

/* Recorded SMTP sessions: facts/log-formats.md, section 21. */

#define PKT_SESSION_MAX_BYTES (16 << 20) /* of a text */
#define PKT_SESSION_MAX_THREADS 1000     /* sessions mixed in one log */
#define PKT_SESSION_MAX_RECIPIENTS 5000  /* of a transaction */

/* Gets one attempt, the transaction it is from (take a reference to keep it) and the line of the
 * text with the answer that decided. Slices live until the sink returns. */
typedef void (*PktSessionSink) (const PktAttempt *record, PktSession *session, guint64 line,
                                gpointer data);

/* TRUE when the first lines, or with `whole` all of them, are those of a recorded session. What
 * Postfix's smtp -v wrote is one only where it is known that the log holds no results besides. */
gboolean pkt_session_is (PktSlice head, gboolean whole);
/* Reads a text whole and hands out one attempt for each recipient of each transaction that came to
 * an answer: delivered after a 2xx to the message; bounced and deferred by the first refusal that
 * hit it (its own, or that of MAIL, DATA or the message). A session that was refused before anybody
 * was named gives one attempt without recipient. stamp: the message's own Date where it is shown,
 * else the time of the answer's line in a log, else `fallback`. Returns the number of connections;
 * 0: no session. */
guint pkt_session_read (PktSlice text, PktStamp fallback, PktSessionSink sink, gpointer data);
/* The same of the session in a notice that Postfix sends to its postmaster ("Transcript of session
 * follows."); its time is the mail's Date. 0 for every other mail. */
guint pkt_session_read_mail (PktSlice mail, PktSessionSink sink, gpointer data);
