#pragma once
#include "packet/base/slice.h"

/* Who said what in a recorded SMTP session, line by line, in the notations of swaks, curl -v, msmtp
 * --debug, smtp-cli, openssl s_client and telnet, Postfix's notices and smtp -v, Sendmail, and
 * others: facts/log-formats.md, section 21. Used inside packet/bounce only. */
typedef enum {
  PKT_SPEECH_NOTHING,
  PKT_SPEECH_CLIENT,
  PKT_SPEECH_SERVER,
  PKT_SPEECH_CONNECT, /* host, ip: a connection begins */
  PKT_SPEECH_TLS,     /* what follows is encrypted */
  PKT_SPEECH_ERROR,   /* the client's own words: "Remote host closed connection unexpectedly." */
  PKT_SPEECH_CLOSE,
} PktSpeechKind;

#define PKT_SPEECH_ROOM 1024 /* RFC 5321 4.5.3.1.5: a line of a reply has 512 bytes */

typedef struct {
  PktSpeechKind kind;
  PktSlice text;
  PktSlice host, ip;          /* of CONNECT; with Postfix smtp -v of each line */
  PktSlice time;              /* as a log wrote it; empty where there is none */
  guint64 thread;             /* sessions that are mixed in one log are told apart by it */
  char room[PKT_SPEECH_ROOM]; /* of a text that is put together */
} PktSpeech;

typedef struct {
  const char *name;   /* "swaks" */
  const char *client; /* what the user ran; NULL: a mail server's own record */
  PktSpeechKind (*read) (PktSlice line, PktSpeech *out);
  gboolean bare;   /* lines have no sign of who speaks: between DATA and "." it is the client */
  gboolean folded; /* lines that begin with five blanks go on with the line before */
  gboolean crlf;   /* line ends of the other side are written out: <CRLF> */
} PktDialect;

/* The notation of a text, by its first PKT_DIALECT_LINES lines; NULL when it is no session. */
#define PKT_DIALECT_LINES 400
const PktDialect *pkt_dialect_find (PktSlice text);
/* "mx01.mail.icloud.com[17.57.154.33]:25" at the start of s: fills host and ip. What follows it;
 * {NULL, 0} when it is none. */
PktSlice pkt_dialect_peer (PktSlice s, PktSpeech *out);
