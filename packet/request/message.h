#pragma once
#include "packet/model/public.h"

#define PKT_MESSAGE_MAX_BYTES (10 * 1000 * 1000) /* refused above (design section 6) */
#define PKT_MESSAGE_MAX_BODY (64 * 1024)
#define PKT_MESSAGE_MAX_VALUE 900 /* bytes: RFC 5322 2.1.1 allows lines of 998 */
#define PKT_MESSAGE_MAX_NAME 64   /* bytes: GMime puts a line end into a longer quoted name */
#define PKT_MESSAGE_MAX_REFERENCES 20
#define PKT_MESSAGE_MAX_FILE_NAME 64

/* The request as it goes out. Strings are borrowed; header values are UTF-8 without control
 * characters. Blanks around a name, a subject or an address are left out, and those within an
 * ASCII subject become one. */
typedef struct {
  const char *from_name;                 /* or NULL */
  const char *from_address, *to_address; /* ASCII, name@domain */
  const char *subject;
  gint64 date;             /* microseconds UTC */
  const char *message_id;  /* without <>; NULL for a draft */
  const char *in_reply_to; /* an id, with or without <>; or NULL */
  const char *references;  /* such ids with blanks between; or NULL */
  const char *body;        /* text/plain, UTF-8, LF */
  GPtrArray *parts;        /* const PktPublicPart*, in order; or NULL */
  gboolean draft;          /* X-Unsent: 1, neither Date nor Message-ID: the mail client sets them */
  const char *boundary_seed;
} PktMessage;

/* The bytes of the message: CRLF, multipart/mixed, the body and each part. ASCII text in lines of
 * at most 76 goes as 7bit, all other text as quoted-printable, pictures as base64; either way no
 * transport has a reason to change a byte ("From ", a lone dot, trailing blanks). Header lines are
 * at most 78 where they can be folded. No tool is named. The same message gives the same bytes,
 * whatever the locale, the zone and the time. Caller frees.
 * PKT_ERROR_DATA: a header value with a control character, an address that is none, a word that is
 * too long to be encoded, more than PKT_MESSAGE_MAX_BYTES. PKT_ERROR_BUG: a part that may not leave
 * (only text/plain, text/csv and image/png, ASCII file names), text that is not UTF-8, a needed
 * value that is missing. */
GBytes *pkt_message_render (const PktMessage *m, GError **error);

/* "HEX@domain", the same for the same seed; caller frees. */
char *pkt_message_id_new (const char *seed, const char *domain);
