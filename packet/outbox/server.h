#pragma once
#include "packet/outbox/outcome.h"
#include "packet/outbox/wire.h"

#define PKT_SERVER_CONNECT_SECONDS 60 /* to connect, secure and log in */
#define PKT_SERVER_ANSWER_SECONDS 600 /* for one answer: RFC 5321 4.5.3.2.6 */

typedef enum { PKT_SERVER_SMTP, PKT_SERVER_IMAP } PktServerKind;

/* A mail server, and how to log in to it. Strings are owned; NULL where not given. */
typedef struct {
  PktServerKind kind;
  gboolean tls; /* from the first byte (smtps, imaps); else STARTTLS, without which nothing goes */
  char *host;   /* a name or an address without brackets */
  guint port;
  char *name; /* "mail.example.com:587", for messages and receipts */
  char *ca_file, *netrc_file, *user;
  char *password, *token; /* freed by pkt_secret_free */
  char *helo;
  guint timeout; /* seconds; 0: those above */
  char **secrets;
} PktServer;

/* "smtp://host[:port]" (587 without a port), "smtps://" (465), "imap://" (143), "imaps://" (993).
 * PKT_ERROR_USAGE: another scheme, a path, a user or password in it (they would stand in the
 * process list). */
PktServer *pkt_server_parse (const char *url, PktServerKind kind, GError **error);
void pkt_server_free (PktServer *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktServer, pkt_server_free)

/* Connects, checks the certificate, secures, and logs in where a user, token or netrc file is
 * given; what follows is the dialogue's. libcurl is begun here and nowhere before. out->address is
 * set, and out->reply where the server said why not. PKT_ERROR_AGAIN: not reached, or 4xx;
 * UNAVAILABLE: no such host, wrong certificate, no STARTTLS, 5xx; CONFIG: login refused or not
 * possible, a CA file that cannot be used. */
PktWire *pkt_server_connect (const PktServer *s, PktOutcome *out, GError **error);
