/* The parts of a bounce in the mail's own bytes: nearly all bounces are one multipart with nothing
 * encoded, and reading them so takes a twentieth of the time. */
#include "packet/bounce/parts.h"
#include "packet/bounce/dsn.h"
#include "packet/bounce/header.h"

typedef struct {
  PktSlice header, body;
  PktSlice content_type; /* the field's value */
  PktSlice type;         /* "text/plain"; empty: not given */
  PktSlice encoding;     /* the field's value */
} Part;

/* UTF-16 and the Japanese and Chinese sets that hide ASCII. */
static gboolean
is_wide (PktSlice content_type)
{
  PktSlice charset = pkt_header_parameter (content_type, PKT_SLICE ("charset"));
  return pkt_slice_starts_nocase (charset, PKT_SLICE ("utf-16"))
         || pkt_slice_starts_nocase (charset, PKT_SLICE ("utf-32"))
         || pkt_slice_starts_nocase (charset, PKT_SLICE ("iso-2022"));
}

static gboolean
is_encoded (const Part *p)
{
  const PktSlice token = pkt_header_token (p->encoding);
  return is_wide (p->content_type)
         || (token.n && !pkt_slice_equal_nocase (token, PKT_SLICE ("7bit"))
             && !pkt_slice_equal_nocase (token, PKT_SLICE ("8bit"))
             && !pkt_slice_equal_nocase (token, PKT_SLICE ("binary")));
}

static Part
part_of (PktSlice bytes)
{
  Part p = { .body = bytes };
  PktHeader header;
  if (!pkt_header_begins (bytes))
    return p;
  p.body = pkt_header_index_mail (bytes, &header);
  p.header = header.bytes;
  pkt_header_content_of (&header, &p.content_type, &p.encoding);
  p.type = pkt_header_token (p.content_type);
  return p;
}

static gboolean
is_status (PktSlice type)
{
  return pkt_slice_equal_nocase (type, PKT_SLICE ("message/delivery-status"))
         || pkt_slice_equal_nocase (type, PKT_SLICE ("message/global-delivery-status"));
}

static gboolean
is_returned (PktSlice type)
{
  static const PktSlice types[] = { PKT_SLICE ("message/rfc822"), PKT_SLICE ("text/rfc822-headers"),
                                    PKT_SLICE ("message/global"),
                                    PKT_SLICE ("message/global-headers") };
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (pkt_slice_equal_nocase (type, types[i]))
      return TRUE;
  return FALSE;
}

static void
take_part (const Part *p, gboolean first, PktBounceParts *out)
{
  PktSlice rest;
  if (is_status (p->type)) {
    const gboolean encoded = is_encoded (p);
    out->hidden = out->hidden || encoded;
    if (!out->status.p && !encoded)
      out->status = p->body;
  } else if (is_returned (p->type)) {
    const gboolean encoded = is_encoded (p);
    out->hidden = out->hidden || encoded;
    if (!out->returned.n && !encoded)
      out->returned = pkt_header_split (p->body, &rest);
  } else if (pkt_slice_starts_nocase (p->type, PKT_SLICE ("multipart/")))
    out->nested = TRUE;
  else if (!out->text.n
           && (p->type.n == 0 || pkt_slice_starts_nocase (p->type, PKT_SLICE ("text/plain")))) {
    out->encoded = is_encoded (p);
    out->nested = out->nested || out->encoded;
    if (!out->encoded)
      out->text = p->body;
  } else if (first) /* HTML alone */
    out->nested = TRUE;
}

/* "--boundary" or "--boundary--" and nothing else? */
static gboolean
is_boundary (PktSlice line, PktSlice boundary, gboolean *last)
{
  if (!pkt_slice_starts (line, PKT_SLICE ("--"))
      || !pkt_slice_starts (pkt_slice_skip (line, 2), boundary))
    return FALSE;
  PktSlice tail = pkt_slice_skip (line, 2 + boundary.n);
  *last = pkt_slice_starts (tail, PKT_SLICE ("--"));
  return pkt_slice_trim (pkt_slice_skip (tail, *last ? 2 : 0)).n == 0;
}

/* The next such line, from `from` on, which begins one: what stands before it, and what follows it.
 * FALSE when there is none; *last when it is the closing one. */
static gboolean
next_boundary (PktSlice from, PktSlice boundary, PktSlice *before, PktSlice *after, gboolean *last)
{
  static const PktSlice dashes = PKT_SLICE ("\n--");
  PktSlice at = from;
  while (at.n) {
    PktSlice line = pkt_slice_starts (at, PKT_SLICE ("--")) ? pkt_slice_until (at, '\n')
                                                            : pkt_slice (at.p, 0);
    if (is_boundary (line, boundary, last)) {
      *before = pkt_slice (from.p, (gsize)(at.p - from.p));
      *after = pkt_slice_skip (at, line.n + 1);
      return TRUE;
    }
    at = pkt_slice_skip (pkt_slice_find (at, dashes), 1);
  }
  return FALSE;
}

/* The returned message is the last part, and the largest: where its header shows that it is one,
 * nobody asks where it ends. FALSE: it has to be cut out first. */
static gboolean
take_returned (PktSlice bytes, PktSlice boundary, PktBounceParts *out)
{
  PktSlice rest, before;
  gboolean last;
  const Part part = part_of (bytes);
  if (out->returned.n || !is_returned (part.type) || is_encoded (&part))
    return FALSE;
  const PktSlice header = pkt_header_split (part.body, &rest);
  const PktSlice seen = pkt_slice (bytes.p, (gsize)(rest.p - bytes.p));
  if (header.n == 0 || next_boundary (seen, boundary, &before, &rest, &last))
    return FALSE;
  out->returned = header;
  return TRUE;
}

static void
look_at_multipart (PktSlice body, PktSlice boundary, PktBounceParts *out)
{
  PktSlice before;
  gboolean last = FALSE;
  if (boundary.n == 0 || !next_boundary (body, boundary, &before, &body, &last))
    return;
  for (guint i = 0; i < PKT_DSN_MAX_PARTS && !last && body.n; i++) {
    PktSlice rest = pkt_slice (NULL, 0), bytes = body;
    if (take_returned (body, boundary, out))
      return;
    if (next_boundary (body, boundary, &bytes, &rest, &last) == FALSE)
      last = TRUE; /* cut short */
    Part part = part_of (bytes);
    take_part (&part, i == 0, out);
    if (out->returned.n)
      return;
    body = rest;
  }
}

void
pkt_bounce_parts_look (PktSlice mail, PktBounceParts *out)
{
  *out = (PktBounceParts){ 0 };
  Part top = part_of (mail);
  out->header = top.header;
  if (pkt_slice_starts_nocase (top.type, PKT_SLICE ("multipart/"))) {
    PktSlice boundary = pkt_header_parameter (top.content_type, PKT_SLICE ("boundary"));
    out->report = pkt_slice_equal_nocase (top.type, PKT_SLICE ("multipart/report"));
    out->nested = boundary.n == 0;
    out->hidden = boundary.n == 0;
    look_at_multipart (top.body, boundary, out);
    if (!out->status.p && !out->text.n)
      out->nested = TRUE;
  } else if (is_encoded (&top))
    out->nested = out->hidden = TRUE;
  else if (top.type.n == 0 || pkt_slice_starts_nocase (top.type, PKT_SLICE ("text/plain")))
    out->text = top.body;
  else
    out->nested = pkt_slice_starts_nocase (top.type, PKT_SLICE ("message/"));
}

void
pkt_bounce_parts_clear (PktBounceParts *parts)
{
  g_clear_pointer (&parts->owned, g_ptr_array_unref);
  g_clear_pointer (&parts->chunk, g_string_chunk_free);
}
