#include "packet/bounce/header.h"

PktSlice
pkt_header_split (PktSlice mail, PktSlice *body)
{
  PktSlice rest = mail;
  while (rest.n) {
    PktSlice line = pkt_slice_until (rest, '\n');
    gsize whole = MIN (line.n + 1, rest.n);
    if (line.n == 0 || (line.n == 1 && line.p[0] == '\r')) {
      *body = pkt_slice_skip (rest, whole);
      return pkt_slice (mail.p, (gsize)(rest.p - mail.p));
    }
    rest = pkt_slice_skip (rest, whole);
  }
  *body = pkt_slice_skip (mail, mail.n);
  return mail;
}

/* Bytes in front of the first blank, control character, byte above 127 or `c`; s.n: there is none.
 */
static inline gsize
word_length (PktSlice s, char c)
{
  gsize n = 0;
#ifdef PKT_SSE2
  for (; n + 16 <= s.n; n += 16) {
    const __m128i v = _mm_loadu_si128 ((const __m128i *)(s.p + n)),
                  word = _mm_andnot_si128 (_mm_cmpeq_epi8 (v, _mm_set1_epi8 (c)),
                                           _mm_cmpgt_epi8 (v, _mm_set1_epi8 (' ')));
    const guint ends = (guint)_mm_movemask_epi8 (word) ^ 0xffffu;
    if (ends)
      return n + (gsize)__builtin_ctz (ends);
  }
#endif
  while (n < s.n && (guint8)(s.p[n] - '!') <= 0x7f - '!' && s.p[n] != c)
    n++;
  return n;
}

gboolean
pkt_header_begins (PktSlice bytes)
{
  const gsize n = word_length (bytes, ':');
  return n > 0 && n < bytes.n && bytes.p[n] == ':' && memchr (bytes.p, 0x7f, n) == NULL;
}

/* Its first line; *end is where its last one ends. */
static inline PktSlice
take_field (PktSlice *rest, const char **end)
{
  PktSlice line = pkt_slice_until (*rest, '\n');
  *end = line.p + line.n;
  *rest = pkt_slice_skip (*rest, line.n + 1);
  while (rest->n && (*rest->p == ' ' || *rest->p == '\t')) { /* folded */
    PktSlice more = pkt_slice_until (*rest, '\n');
    *end = more.p + more.n;
    *rest = pkt_slice_skip (*rest, more.n + 1);
  }
  return line;
}

static gboolean
is_empty_line (const char *begin, const char *end)
{
  return begin == end || (end - begin == 1 && *begin == '\r');
}

/* FALSE: its line has no colon. */
static inline gboolean
take_named (PktSlice *rest, PktSlice *name, PktSlice *value)
{
  const char *end;
  PktSlice line = take_field (rest, &end);
  *name = pkt_slice_until (line, ':');
  if (name->n == line.n)
    return FALSE;
  *value = pkt_slice (name->p + name->n + 1, (gsize)(end - name->p) - name->n - 1);
  *name = pkt_slice_trim (*name);
  return TRUE;
}

/* The next field from *rest on; FALSE at the end. */
static gboolean
next_field (PktSlice *rest, PktSlice *name, PktSlice *value)
{
  while (rest->n)
    if (take_named (rest, name, value))
      return TRUE;
  return FALSE;
}

gboolean
pkt_header_step (PktSlice *rest, PktSlice *name, PktSlice *value)
{
  while (rest->n && !is_empty_line (rest->p, rest->p + pkt_slice_until (*rest, '\n').n))
    if (take_named (rest, name, value))
      return TRUE;
  return FALSE;
}

PktSlice
pkt_header_find (PktSlice header, PktSlice name)
{
  PktSlice each, value;
  const char *end, first = name.n ? pkt_ascii_lower (*name.p) : '\0';
  while (header.n) {
    if (g_ascii_isalpha (*header.p) && pkt_ascii_lower (*header.p) != first)
      take_field (&header, &end); /* most are told by their first letter */
    else if (!next_field (&header, &each, &value))
      break;
    else if (each.n == name.n && pkt_slice_equal_nocase (each, name))
      return value;
  }
  return pkt_slice (NULL, 0);
}

#define MAX_NAME 0xffffff /* bytes; a mail has no more */

static inline guint32
key_of (PktSlice name)
{
  const guint32 n = (guint32)MIN (name.n, MAX_NAME);
  return n ? n << 8 | (guint8)pkt_ascii_lower (*name.p) : 0;
}

/* One more, or, where the line has no colon, none: *open says whether the lines that follow belong
 * to it. */
static void
note_line (PktHeader *h, const char *begin, const char *end, gboolean *open)
{
  const char *colon = pkt_find_byte (begin, end, ':');
  *open = colon != NULL;
  if (colon == NULL)
    return;
  PktSlice name = pkt_slice (begin, (gsize)(colon - begin));
  if (name.n && (*begin <= ' ' || colon[-1] <= ' '))
    name = pkt_slice_trim (name);
  h->fields[h->n].name = (guint32)(name.p - h->bytes.p);
  h->fields[h->n].key = key_of (name);
  h->fields[h->n].value = (guint32)(colon + 1 - h->bytes.p);
  h->fields[h->n].end = (guint32)(end - h->bytes.p);
  h->n++;
}

/* Up to an empty line where there is to be one (`mail`). What follows. */
static PktSlice
index_lines (PktSlice bytes, gboolean mail, PktHeader *h)
{
  bytes = bytes.p ? bytes : pkt_slice ("", 0);
  const char *p = bytes.p, *limit = bytes.p + bytes.n, *after = limit;
  gboolean open = FALSE, full = FALSE;
  h->bytes = bytes;
  h->n = 0;
  h->rest = 0;
  for (; p < limit; p = after) {
    const char *end = pkt_find_byte (p, limit, '\n');
    after = end ? end + 1 : limit;
    end = end ? end : limit;
    if (mail && is_empty_line (p, end))
      break;
    const gboolean folded = (*p == ' ' || *p == '\t') && p != bytes.p;
    if (!folded && !full && h->n == PKT_HEADER_INDEXED) {
      full = TRUE;
      h->rest = (guint32)(p - bytes.p);
    }
    if (full)
      continue;
    if (!folded)
      note_line (h, p, end, &open);
    else if (open)
      h->fields[h->n - 1].end = (guint32)(end - bytes.p);
  }
  h->bytes.n = (gsize)(p - bytes.p);
  h->rest = full ? h->rest : (guint32)h->bytes.n;
  return p < limit ? pkt_slice (after, (gsize)(limit - after)) : pkt_slice_skip (bytes, bytes.n);
}

void
pkt_header_index (PktSlice bytes, PktHeader *out)
{
  index_lines (bytes, FALSE, out);
}

PktSlice
pkt_header_index_mail (PktSlice mail, PktHeader *out)
{
  return index_lines (mail, TRUE, out);
}

PktSlice
pkt_header_name_at (const PktHeader *h, guint i)
{
  return pkt_slice (h->bytes.p + h->fields[i].name, h->fields[i].key >> 8);
}

PktSlice
pkt_header_value_at (const PktHeader *h, guint i)
{
  return pkt_slice (h->bytes.p + h->fields[i].value, h->fields[i].end - h->fields[i].value);
}

PktSlice
pkt_header_indexed (const PktHeader *h, PktSlice name)
{
  const guint32 key = key_of (name);
  for (guint i = 0; i < h->n; i++)
    if (h->fields[i].key == key && pkt_slice_equal_nocase (pkt_header_name_at (h, i), name))
      return pkt_header_value_at (h, i);
  return pkt_slice (NULL, 0);
}

PktSlice
pkt_header_get (const PktHeader *h, PktSlice name)
{
  const PktSlice value = pkt_header_indexed (h, name);
  return value.p || h->rest == h->bytes.n
             ? value
             : pkt_header_find (pkt_slice_skip (h->bytes, h->rest), name);
}

void
pkt_header_content_of (const PktHeader *h, PktSlice *type, PktSlice *encoding)
{
  const PktSlice type_name = PKT_SLICE ("Content-Type"),
                 encoding_name = PKT_SLICE ("Content-Transfer-Encoding");
  const guint32 type_key = key_of (type_name), encoding_key = key_of (encoding_name);
  *type = *encoding = pkt_slice (NULL, 0);
  for (guint i = 0; i < h->n; i++) {
    const gboolean is_type = h->fields[i].key == type_key;
    PktSlice *out = is_type ? type : encoding;
    if ((is_type || h->fields[i].key == encoding_key) && out->p == NULL
        && pkt_slice_equal_nocase (pkt_header_name_at (h, i), is_type ? type_name : encoding_name))
      *out = pkt_header_value_at (h, i);
  }
  if (h->rest < h->bytes.n && type->p == NULL)
    *type = pkt_header_get (h, type_name);
  if (h->rest < h->bytes.n && encoding->p == NULL)
    *encoding = pkt_header_get (h, encoding_name);
}

PktSlice
pkt_header_keep (GStringChunk **chunk, const char *text, gsize n)
{
  if (*chunk == NULL)
    *chunk = g_string_chunk_new (1024);
  return pkt_slice (g_string_chunk_insert_len (*chunk, text, (gssize)n), n);
}

PktSlice
pkt_header_unfold (PktSlice value, GStringChunk **chunk)
{
  value = pkt_slice_trim (value);
  if (value.n == 0 || !memchr (value.p, '\n', value.n))
    return value;
  g_autoptr (GString) out = g_string_sized_new (value.n);
  while (value.n) {
    PktSlice line = pkt_slice_until (value, '\n');
    value = pkt_slice_skip (value, line.n + 1);
    line = pkt_slice_trim (line);
    if (out->len)
      g_string_append_c (out, ' ');
    if (line.n)
      g_string_append_len (out, line.p, (gssize)line.n);
  }
  return pkt_header_keep (chunk, out->str, out->len);
}

PktSlice
pkt_header_token (PktSlice value)
{
  value = pkt_slice_trim (value);
  return pkt_slice (value.p, word_length (value, ';'));
}

/* `"x"`, `x`; an escaped quote is left to GMime. */
static PktSlice
parameter_value (PktSlice s)
{
  if (s.n == 0 || s.p[0] != '"')
    return pkt_header_token (s);
  PktSlice inside = pkt_slice_until (pkt_slice_skip (s, 1), '"');
  gboolean closed = inside.n + 1 < s.n;
  return closed && !memchr (inside.p, '\\', inside.n) ? inside : pkt_slice (NULL, 0);
}

PktSlice
pkt_header_parameter (PktSlice value, PktSlice name)
{
  if (value.n == 0)
    return pkt_slice (NULL, 0);
  const char *limit = value.p + value.n, *p = value.p;
  gboolean quoted = FALSE;
  for (; (p = pkt_find_either (p, limit, '"', ';')) != NULL; p++) {
    if (*p == '"')
      quoted = !quoted;
    if (quoted || *p != ';')
      continue;
    PktSlice part = pkt_slice_trim (pkt_slice_skip (value, (gsize)(p - value.p) + 1));
    if (part.n <= name.n || !pkt_slice_equal_nocase (pkt_slice (part.p, name.n), name))
      continue;
    part = pkt_slice_trim (pkt_slice_skip (part, name.n));
    if (part.n && part.p[0] == '=')
      return parameter_value (pkt_slice_trim (pkt_slice_skip (part, 1)));
  }
  return pkt_slice (NULL, 0);
}
