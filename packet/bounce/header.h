#pragma once
#include "packet/base/slice.h"

/* Header fields where they stand in the bytes of a mail (RFC 5322 2.2): nothing is copied but what
 * is folded. Used inside packet/bounce only. */

/* The header of `mail` without the empty line that ends it, and what follows it. Line ends are LF
 * or CRLF. */
PktSlice pkt_header_split (PktSlice mail, PktSlice *body);
/* Does a line begin with a field's name and a colon? */
gboolean pkt_header_begins (PktSlice bytes);

/* A header read once: where its fields stand. */
#define PKT_HEADER_INDEXED 64 /* fields; the others are searched */
typedef struct {
  PktSlice bytes;
  guint n;
  guint32 rest; /* behind the fields that have a place */
  struct {
    guint32 name, value, end; /* offsets */
    guint32 key;              /* the name's length and its first letter */
  } fields[PKT_HEADER_INDEXED];
} PktHeader;

/* Of bytes that are nothing else. They must live as long. */
void pkt_header_index (PktSlice bytes, PktHeader *out);
/* pkt_header_split() that reads the header on the way; the body. */
PktSlice pkt_header_index_mail (PktSlice mail, PktHeader *out);
/* As pkt_header_find() among those that have a place, or all. */
PktSlice pkt_header_indexed (const PktHeader *header, PktSlice name);
PktSlice pkt_header_get (const PktHeader *header, PktSlice name);
/* "Content-Type" and "Content-Transfer-Encoding" of all, in one go; {NULL, 0}: not there. */
void pkt_header_content_of (const PktHeader *header, PktSlice *type, PktSlice *encoding);
/* Name and value of one that has a place, i < n. */
PktSlice pkt_header_name_at (const PktHeader *header, guint i);
PktSlice pkt_header_value_at (const PktHeader *header, guint i);

/* The value of the first field of that name (any case), folds and all; {NULL, 0} when there is
 * none.
 */
PktSlice pkt_header_find (PktSlice header, PktSlice name);
/* The next field of a mail's header, of which *rest is what is left with the body behind it; FALSE
 * at the empty line. */
gboolean pkt_header_step (PktSlice *rest, PktSlice *name, PktSlice *value);
/* One line without blanks at its ends; what had to be joined is kept in `chunk`, which is made when
 * it is NULL. */
PktSlice pkt_header_unfold (PktSlice value, GStringChunk **chunk);
/* A text kept there. */
PktSlice pkt_header_keep (GStringChunk **chunk, const char *text, gsize n);
/* A parameter of a structured value, "boundary" of `multipart/report; boundary="x"`, without
 * quotes; {NULL, 0} when there is none, or when it is escaped or RFC 2231's. */
PktSlice pkt_header_parameter (PktSlice value, PktSlice name);
/* What stands before the first `;`, blank or line end. */
PktSlice pkt_header_token (PktSlice value);
