#pragma once
#include "packet/base/clock.h"
#include "packet/base/slice.h"

/* A mail that answers ours. It comes from outside and is as hostile as anything else: it may be
 * forged, cut, packed into itself, or no mail at all. */

#define PKT_ANSWER_MAX_BYTES (4 * 1024 * 1024) /* a person's answer with all its quotations */
#define PKT_ANSWER_MAX_PARTS 50
#define PKT_ANSWER_MAX_DEPTH 10
#define PKT_ANSWER_MAX_TEXT (256 * 1024) /* bytes of text that are looked at */
#define PKT_ANSWER_MAX_IDS 50            /* Message-IDs that it refers to */
#define PKT_ANSWER_MAX_LINE 900          /* bytes of a header value that is kept */

/* Texts are UTF-8 without control characters; absent is NULL. */
typedef struct {
  gint64 time;          /* of Date, microseconds UTC; PKT_NO_TIME */
  char *from_domain;    /* lower case */
  char *subject;        /* decoded, one line */
  char *message_id;     /* without <>; NULL where it is none that could be referred to */
  GPtrArray *refers_to; /* char*: In-Reply-To and References, without <> */
  gboolean report;      /* multipart/report: a mail server's, not a person's */
  gboolean returned;    /* a report that the mail failed, or that does not say */
  gboolean automatic;   /* Auto-Submitted (RFC 3834 5) and its older kin, or a report */
  char *text;           /* the first text/plain part; NULL */
  char *html;           /* the first text/html part, where there is no text */
} PktAnswerMail;

/* PKT_ERROR_DATA with the file's name: no mail, over a bound above. The caller owns the result. */
PktAnswerMail *pkt_answer_read (const char *path, PktSlice mail, GError **error);
void pkt_answer_mail_free (PktAnswerMail *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktAnswerMail, pkt_answer_mail_free)

/* What its author wrote: without quoted lines, and without all that stands below "… wrote:" or
 * "-----Original Message-----". Blank lines at the ends are left out. Caller frees. */
char *pkt_answer_own_text (const char *text);
/* A Message-ID that may stand in a header of ours: `left@right` of printable ASCII, no blank. */
gboolean pkt_answer_is_id (PktSlice id);
