#pragma once
#include "packet/model/attempt.h"

/* One entry of Exim's mainlog behind time and pid (facts: log-formats 3). Slices borrow from it. */
typedef enum {
  PKT_EXIM_OTHER,     /* has a message id, says nothing for us; or a line about no message */
  PKT_EXIM_ARRIVAL,   /* <= */
  PKT_EXIM_DELIVERED, /* =>  ->  >> */
  PKT_EXIM_FAILED,    /* ** */
  PKT_EXIM_DEFERRED,  /* == */
  PKT_EXIM_HOST,      /* H=… : one host failed */
  PKT_EXIM_COMPLETED,
} PktEximKind;

typedef struct {
  PktEximKind kind;
  PktSlice id;        /* 16 or 23 characters */
  PktSlice recipient; /* as it was given where the log says so: <Customer.0213@icloud.com> */
  PktSlice sender;    /* return path; p NULL: not said */
  PktSlice message_id, router, transport, host, ip, local_ip;
  PktSlice message; /* the failure's text, or the reply of C="…" */
  int error;        /* of "defer (-44)" */
  gint64 size;      /* -1: not said */
} PktEximLine;

#define PKT_EXIM_SHORT_ID 16 /* 1vw7kN-0004uF-2b of 4.96 */
#define PKT_EXIM_LONG_ID 23  /* 10HmaX-000000005vi-0000 of 4.97 */

/* Bytes of the message id that the text begins with, 0 when it begins with none. */
gsize pkt_exim_id_length (PktSlice text);
/* A line of syslog with that tag is Exim's. */
static inline gboolean
pkt_exim_owns_tag (PktSlice tag)
{
  return pkt_slice_equal (tag, PKT_SLICE ("exim")) || pkt_slice_equal (tag, PKT_SLICE ("exim4"));
}

/* A line of Exim's that is about no message: "SMTP connection from …". */
gboolean pkt_exim_without_id (PktSlice text);
/* Of the word behind "<=": "<>" is an empty one. */
static inline PktSlice
pkt_exim_sender (PktSlice word)
{
  return word.n == 2 && word.p[0] == '<' && word.p[1] == '>' ? pkt_slice (word.p + 1, 0) : word;
}

/* What stands behind "<= ": sender, size and Message-ID alone are set. */
void pkt_exim_arrival (PktSlice rest, PktEximLine *out);
/* FALSE when it is none of Exim's. */
gboolean pkt_exim_line (PktSlice text, PktEximLine *out);
/* "SMTP error from remote mail server after RCPT TO:<a@b>: 550 …" and Exim's own words: stage,
 * reply, and host where an old Exim names it there. */
void pkt_exim_message (PktSlice message, PktAttempt *out);
/* "SMTP error from remote mail server after RCPT TO:<a@b>: 450 4.2.2 …": a receiver's own words, by
 * which the recipient has to wait. */
gboolean pkt_exim_is_put_off (PktSlice message);
/* FALSE: put off without a connection, "retry time not reached". */
gboolean pkt_exim_was_tried (const PktEximLine *l);
/* A try over SMTP although no host is named. */
gboolean pkt_exim_is_smtp (const PktEximLine *l);
/* Line ends written as \n become blanks, octal becomes bytes; in C="…" also \" and \\. The text
 * itself where nothing is to be done, else it lives in `buffer`. */
PktSlice pkt_exim_unescape (PktSlice reply, gboolean quoted, GString *buffer);
