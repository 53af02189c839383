#pragma once
#include "packet/base/slice.h"

/* What a bounce is made of: the text for people, the delivery status, the header of the returned
 * message. Found in the mail's own bytes where nothing is encoded, else by GMime. Used inside
 * packet/bounce only. */
typedef struct {
  PktSlice header;   /* the bounce's own */
  PktSlice text;     /* for people; of a mail without MIME its body */
  PktSlice status;   /* message/delivery-status; p NULL: there is none */
  PktSlice returned; /* header of the returned message; n 0: not there */
  gboolean report;   /* the status stands in a multipart/report */
  gboolean nested;   /* the text, or a report, may lie deeper, or is encoded: only GMime sees it */
  gboolean encoded;  /* the text is */
  gboolean hidden;   /* something that decides is encoded: a raw look at the mail tells nothing */
  GPtrArray *owned;  /* GByteArray*: what was decoded; NULL when nothing was */
  GStringChunk *chunk; /* unfolded fields; NULL: none */
} PktBounceParts;

/* Fills `out` from the bytes of a mail that lives as long. */
void pkt_bounce_parts_look (PktSlice mail, PktBounceParts *out);
/* The same by GMime, decoded, at any depth up to PKT_DSN_MAX_DEPTH; FALSE when the mail is nested
 * beyond all reason and was left alone. */
gboolean pkt_bounce_parts_parse (PktSlice mail, PktBounceParts *out);
void pkt_bounce_parts_clear (PktBounceParts *parts);

#ifdef PKT_WITH_GMIME
#include "packet/base/gmime.h"
/* The mail by GMime, the caller's; NULL: it is none. FALSE: more than so many boundaries stand in
 * it, each of which may cost GMime a stack frame and a look at each line below; it was left alone.
 */
gboolean pkt_bounce_message (PktSlice mail, guint max_boundaries, GMimeMessage **out);
#endif
