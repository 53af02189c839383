#pragma once
#include "packet/redact/decode-table.h"

/* What a byte may be part of. */
enum {
  PKT_DECODE_XDIGIT = 1 << 0,
  PKT_DECODE_ALNUM = 1 << 1,
  PKT_DECODE_BLANK = 1 << 2,        /* and the ends of lines */
  PKT_DECODE_PRINTABLE = 1 << 3,    /* ASCII, blanks, ends of lines */
  PKT_DECODE_LABEL = 1 << 4,        /* of a host name, as people write it */
  PKT_DECODE_ATOM = 1 << 5,         /* RFC 5322, 3.2.3, and letters beyond ASCII */
  PKT_DECODE_AROUND = 1 << 6,       /* before and behind a spelled "at" */
  PKT_DECODE_SPELLING = 1 << 7,     /* begins a spelled "at" or "dot" */
  PKT_DECODE_CODE = 1 << 8,         /* in a list of numbers of characters */
  PKT_DECODE_HEX_PAUSE = 1 << 9,    /* in a run of hex digits or between two of them */
  PKT_DECODE_SIGN = 1 << 10,        /* of an address, in any order of letters */
  PKT_DECODE_HEADER_TEXT = 1 << 11, /* in what Apple encodes in its headers */
};

extern const guint16 pkt_decode_class[256];

static inline gboolean
pkt_decode_is (char c, guint what)
{
  return (pkt_decode_class[(guint8)c] & what) != 0;
}

/* -1: no digit. */
extern const gint8 pkt_decode_hex[256], pkt_decode_base64[256], pkt_decode_base32[256],
    pkt_decode_base32hex[256];

/* What stands from *done up to `to` as it is; *done moves there. */
static inline void
pkt_decode_keep (PktSlice in, gsize *done, gsize to, GString *out)
{
  if (to > *done)
    g_string_append_len (out, in.p + *done, (gssize)(to - *done));
  *done = to;
}

/* The rest, when something was found: what a decoder returns. */
static inline gboolean
pkt_decode_end (PktSlice in, gsize done, gboolean found, GString *out)
{
  if (found)
    pkt_decode_keep (in, &done, in.n, out);
  return found;
}

/* Moves *at to the next c; FALSE when there is none. */
static inline gboolean
pkt_decode_seek (PktSlice in, gsize *at, char c)
{
  const char *hit = *at < in.n ? memchr (in.p + *at, c, in.n - *at) : NULL;
  *at = hit ? (gsize)(hit - in.p) : in.n;
  return hit != NULL;
}

static inline gboolean
pkt_decode_seek_either (PktSlice in, gsize *at, char a, char b)
{
  const char *hit = *at < in.n ? pkt_find_either (in.p + *at, in.p + in.n, a, b) : NULL;
  *at = hit ? (gsize)(hit - in.p) : in.n;
  return hit != NULL;
}

#define PKT_DECODE_STRETCH 256 /* bytes of one that are looked at beforehand */

/* Moves *at to where `min` bytes of these kinds or more follow each other; up to *end all are.
 * FALSE when there is no such place. */
gboolean pkt_decode_stretch (PktSlice in, gsize *at, guint what, gsize min, gsize *end);
