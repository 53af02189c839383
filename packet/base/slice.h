#pragma once
#include "packet/base/simd.h"
#include <string.h>

/* Bytes that somebody else owns: a log line, a field of one. Never NUL-terminated; absent is {NULL,
 * 0}, empty is n == 0. Everything here borrows; what a function returns lives as long as its
 * argument. */
typedef struct {
  const char *p;
  gsize n;
} PktSlice;

#define PKT_SLICE(literal) ((PktSlice){ (literal), sizeof (literal) - 1 })

static inline PktSlice
pkt_slice (const char *p, gsize n)
{
  return (PktSlice){ p, n };
}

static inline PktSlice
pkt_slice_str (const char *s)
{
  return (PktSlice){ s, s ? strlen (s) : 0 };
}

static inline gboolean
pkt_slice_equal (PktSlice a, PktSlice b)
{
  return a.n == b.n && (a.n == 0 || memcmp (a.p, b.p, a.n) == 0);
}

/* memcmp () == 0 without the call: short keys compared millions of times. */
static inline gboolean
pkt_bytes_same (const char *a, const char *b, gsize n)
{
  guint64 x, y;
  if (n < 8) {
    for (; n > 0; a++, b++, n--)
      if (*a != *b)
        return FALSE;
    return TRUE;
  }
  for (gsize i = 0; i + 8 < n; i += 8) {
    memcpy (&x, a + i, 8);
    memcpy (&y, b + i, 8);
    if (x != y)
      return FALSE;
  }
  memcpy (&x, a + n - 8, 8); /* the last word overlaps the one before */
  memcpy (&y, b + n - 8, 8);
  return x == y;
}

/* The first c from p on, NULL when there is none before limit. For bytes that are mostly near: no
 * call, sixteen at a time where the machine can. */
static inline const char *
pkt_find_byte (const char *p, const char *limit, char c)
{
#ifdef PKT_SSE2
  for (; limit - p >= 16; p += 16) {
    guint mask = pkt_mask_16 (p, c);
    if (mask)
      return p + __builtin_ctz (mask);
  }
#endif
  for (; p < limit; p++)
    if (*p == c)
      return p;
  return NULL;
}

/* The same for one of two. */
static inline const char *
pkt_find_either (const char *p, const char *limit, char a, char b)
{
#ifdef PKT_SSE2
  for (; limit - p >= 16; p += 16) {
    const __m128i bytes = _mm_loadu_si128 ((const __m128i *)p);
    guint mask = (guint)_mm_movemask_epi8 (_mm_or_si128 (
        _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 (a)), _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 (b))));
    if (mask)
      return p + __builtin_ctz (mask);
  }
#endif
  for (; p < limit; p++)
    if (*p == a || *p == b)
      return p;
  return NULL;
}

static inline gboolean
pkt_slice_starts (PktSlice s, PktSlice prefix)
{
  return s.n >= prefix.n && memcmp (s.p, prefix.p, prefix.n) == 0;
}

/* ASCII only; other bytes stay. */
static inline char
pkt_ascii_lower (char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Blank, tab, CR or LF. */
static inline gboolean
pkt_ascii_is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* pkt_ascii_lower() of eight bytes. */
static inline guint64
pkt_ascii_lower_8 (guint64 w)
{
  const guint64 each = G_GUINT64_CONSTANT (0x0101010101010101), low = w & each * 0x7f,
                from_a = low + each * (0x80 - 'A'), past_z = low + each * (0x7f - 'Z');
  return w | ((~w & (from_a ^ past_z) & each * 0x80) >> 2);
}

/* s without its first n bytes (all of them when n is larger). */
static inline PktSlice
pkt_slice_skip (PktSlice s, gsize n)
{
  n = MIN (n, s.n);
  if (n == 0) /* NULL + 0 is undefined in C */
    return s;
  return (PktSlice){ s.p + n, s.n - n };
}

#define PKT_UTF8_MARK "\xef\xbb\xbf" /* U+FEFF */
#define PKT_UTF8_MARK_BYTES 3

/* s without the mark that some programs write in front of UTF-8. */
static inline PktSlice
pkt_slice_skip_mark (PktSlice s)
{
  return pkt_slice_starts (s, PKT_SLICE (PKT_UTF8_MARK)) ? pkt_slice_skip (s, PKT_UTF8_MARK_BYTES)
                                                         : s;
}

/* From the first occurrence of needle to the end; {NULL, 0} when there is none. */
PktSlice pkt_slice_find (PktSlice s, PktSlice needle);
/* What stands before the first occurrence of c; the whole of s when there is none. */
static inline PktSlice
pkt_slice_until (PktSlice s, char c)
{
  const char *hit = s.n ? pkt_find_byte (s.p, s.p + s.n, c) : NULL;
  return hit ? (PktSlice){ s.p, (gsize)(hit - s.p) } : s;
}
/* The same for the first of several. */
PktSlice pkt_slice_until_any (PktSlice s, const char *ends);
/* Of as many bytes each. */
gboolean pkt_bytes_same_nocase (const char *a, const char *b, gsize n);
/* ASCII case folded. */
static inline gboolean
pkt_slice_equal_nocase (PktSlice a, PktSlice b)
{
  return a.n == b.n && pkt_bytes_same_nocase (a.p, b.p, a.n);
}
static inline gboolean
pkt_slice_starts_nocase (PktSlice s, PktSlice prefix)
{
  return s.n >= prefix.n && pkt_bytes_same_nocase (s.p, prefix.p, prefix.n);
}
gboolean pkt_slice_ends_nocase (PktSlice s, PktSlice suffix);
PktSlice pkt_slice_trim_blanks (PktSlice s); /* pkt_slice_trim() where there is something to trim */
/* Behind blanks and tabs. */
static inline PktSlice
pkt_slice_skip_blanks (PktSlice s)
{
  while (s.n && (*s.p == ' ' || *s.p == '\t'))
    s = pkt_slice_skip (s, 1);
  return s;
}
/* Moves *s behind the word when it begins with it. Here, since the length of a literal is known
 * where it is called. */
static inline gboolean
pkt_take (PktSlice *s, const char *word)
{
  gsize n = strlen (word);
  if (s->n < n || memcmp (s->p, word, n) != 0)
    return FALSE;
  *s = pkt_slice_skip (*s, n);
  return TRUE;
}

/* Without blanks, tabs, CR and LF at both ends; mostly there are none. */
static inline PktSlice
pkt_slice_trim (PktSlice s)
{
  return s.n && (guint8)s.p[0] > ' ' && (guint8)s.p[s.n - 1] > ' ' ? s : pkt_slice_trim_blanks (s);
}
/* What follows the last '@'; empty when there is none. */
PktSlice pkt_slice_domain (PktSlice address);
/* Decimal digits only; FALSE when empty, not digits, or over 18 of them. */
gboolean pkt_slice_number (PktSlice s, gint64 *out);
/* UTF-8, in which there may be NULs where all of it is ASCII; most texts are, and take no time. */
gboolean pkt_slice_is_utf8 (PktSlice s);
/* Caller frees; invalid UTF-8 becomes U+FFFD; NULL for the absent slice. */
char *pkt_slice_utf8 (PktSlice s);
static inline guint64
pkt_slice_hash (PktSlice s, guint64 seed)
{
  guint64 h = (seed + 0xcbf29ce484222325u)
              * 0x9e3779b97f4a7c15u; /* small seeds differ in all bits */
  h ^= (h >> 29) ^ s.n;
  guint64 w = 0;
  gsize i = 0;
  for (; i + 8 < s.n; i += 8) {
    memcpy (&w, s.p + i, 8);
    h = (h ^ w) * 0x9fb21c651e98df25u;
    h ^= h >> 29;
  }
  if (s.n >= 8)
    memcpy (&w, s.p + s.n - 8, 8); /* overlaps the word before */
  else if (s.n)
    memcpy (&w, s.p, s.n);
  h = (h ^ w) * 0x9fb21c651e98df25u;
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93u;
  return h ^ (h >> 32);
}

/* Another one, of texts of 16 to 32 bytes mostly: nothing in it depends on how many there are. */
static inline guint64
pkt_slice_hash_short (PktSlice s, guint64 seed)
{
#ifdef __SIZEOF_INT128__
  guint64 w[4];
  if (s.n >= 16 && s.n <= 32) {
    memcpy (w, s.p, 16);
    memcpy (w + 2, s.p + s.n - 16, 16); /* overlaps the first */
    seed ^= s.n * 0x9e3779b97f4a7c15u;
    const __uint128_t first = (__uint128_t)(w[0] ^ 0xa0761d6478bd642fu) * (w[1] ^ seed),
                      last = (__uint128_t)(w[2] ^ 0xe7037ed1a0b428dbu) * (w[3] ^ ~seed);
    guint64 h = (guint64)first ^ (guint64)(first >> 64) ^ (guint64)last * 3 ^ (guint64)(last >> 64);
    h *= 0x9fb21c651e98df25u;
    return h ^ (h >> 32);
  }
#endif
  return pkt_slice_hash (s, seed);
}
