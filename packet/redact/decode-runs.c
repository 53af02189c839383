#include "packet/redact/decode-class.h"

#define MIN_BASE64 11 /* of "a@me.com" */
#define MIN_HEX 12
#define MIN_BASE32 13
#define MIN_LINE 16 /* characters of a folded run that stand on one line */

static gboolean
is_blank (char c)
{
  return pkt_decode_is (c, PKT_DECODE_BLANK);
}

/* Is what stands at `at` the rest of something coded, and no word? */
static gboolean
looks_coded (PktSlice in, gsize at)
{
  gsize i = at;
  gboolean odd = FALSE;
  for (; i < in.n && pkt_decode_base64[(guint8)in.p[i]] >= 0; i++)
    odd |= g_ascii_isdigit (in.p[i]) || (i > at && g_ascii_isupper (in.p[i]));
  return i > at + 1 && (odd || i - at >= MIN_LINE || (i < in.n && in.p[i] == '='));
}

/* Where a run that pauses at `i` goes on: behind a line fold, or behind the blank or the "\n" that
 * somebody made of one, if what stands before is long; `i` when it ends. */
static gsize
resume (PktSlice in, gsize i, gsize piece)
{
  gsize j = i;
  while (j < in.n && is_blank (in.p[j]))
    j++;
  if (in.p[i] == '\r' || in.p[i] == '\n')
    return j;
  while (j + 1 < in.n && in.p[j] == '\\' && strchr ("rnt", in.p[j + 1]) && in.p[j + 1])
    j += 2;
  return piece >= MIN_LINE && j > i && looks_coded (in, j) ? j : i;
}

typedef struct {
  const gint8 *value;
  gsize min;
  gboolean one_case; /* letters are all upper or all lower case: "IDonswg" begins at "onswg" */
} Alphabet;

static inline gboolean
is_of (const Alphabet *a, char c)
{
  return a->value[(guint8)c] >= 0;
}

/* Does each run that reaches `i` in its first letters end there? A fold does not end it. */
static gboolean
ends_short_run (PktSlice in, gsize i, const Alphabet *a)
{
  char c = in.p[i];
  return !is_of (a, c)
         && (!is_blank (c) || (c != '\r' && c != '\n' && (i == 0 || !is_blank (in.p[i - 1]))));
}

/* Where a run that is long enough may begin, from `i` on: as far as a run must reach, nothing ends
 * it. Most text is passed by in steps of a run's length. */
static gsize
skip_short_runs (PktSlice in, gsize i, const Alphabet *a)
{
  for (gsize k; i + a->min <= in.n; i = k) {
    for (k = i + a->min; k > i && !ends_short_run (in, k - 1, a);)
      k--;
    if (k > i)
      continue;
    if (is_of (a, in.p[i]))
      return i;
    k = i + 1;
  }
  return in.n;
}

/* Letters of the alphabet from `i` on that may stand in one run: how many. */
static gsize
piece_at (PktSlice in, gsize i, const Alphabet *a, char *letter)
{
  gsize start = i;
  for (; i < in.n && is_of (a, in.p[i]); i++)
    if (a->one_case && g_ascii_isalpha (in.p[i])) {
      if (*letter && ((*letter ^ in.p[i]) & 0x20))
        break;
      *letter = in.p[i];
    }
  return i - start;
}

/* Finds the next run of an alphabet, folds of a line inside allowed. */
static gboolean
next_run (PktSlice in, gsize *at, gsize *start, GString *joined, const Alphabet *a)
{
  for (gsize i = skip_short_runs (in, *at, a); i < in.n; i = skip_short_runs (in, i, a)) {
    char letter = '\0';
    g_string_truncate (joined, 0);
    *start = i;
    for (;;) {
      gsize piece = piece_at (in, i, a, &letter);
      g_string_append_len (joined, in.p + i, (gssize)piece);
      i += piece;
      if (i == in.n || is_of (a, in.p[i])) /* the case changed */
        break;
      gsize next = resume (in, i, piece);
      if (next == i)
        break;
      i = next;
    }
    *at = i;
    if (joined->len >= a->min)
      return TRUE;
  }
  *at = in.n;
  return FALSE;
}

gboolean
pkt_decode_base64_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  static const Alphabet a = { pkt_decode_base64, MIN_BASE64, FALSE };
  return next_run (in, at, start, joined, &a);
}

gboolean
pkt_decode_base32_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  static const Alphabet a = { pkt_decode_base32, MIN_BASE32, TRUE };
  return next_run (in, at, start, joined, &a);
}

gboolean
pkt_decode_base32hex_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  static const Alphabet a = { pkt_decode_base32hex, MIN_BASE32, TRUE };
  return next_run (in, at, start, joined, &a);
}

/* "6A:61:6e", "6a61-6e65", "6a 61": pairs of digits go on behind one mark. */
static gboolean
hex_goes_on (PktSlice in, gsize i, gsize piece)
{
  gsize end = i + 1;
  if (piece == 0 || piece % 2 || !in.p[i] || !strchr (":- .,", in.p[i]))
    return FALSE;
  while (end < in.n && pkt_decode_is (in.p[end], PKT_DECODE_XDIGIT))
    end++;
  return end > i + 1 && (end - i - 1) % 2 == 0
         && (end == in.n || !pkt_decode_is (in.p[end], PKT_DECODE_ALNUM));
}

/* The run that begins at `start`; gives where it ends. */
static gsize
hex_run (PktSlice in, gsize start, GString *joined)
{
  gsize i = start, piece = 0;
  for (; i < in.n; i++) {
    if (pkt_decode_is (in.p[i], PKT_DECODE_XDIGIT)) {
      g_string_append_c (joined, in.p[i]);
      piece++;
      continue;
    }
    gboolean whole = joined->len >= MIN_HEX || start == 0
                     || !g_ascii_isalnum (in.p[start - 1]); /* no "ee" of "see" */
    gboolean on = whole && hex_goes_on (in, i, piece);
    gsize next = on ? i + 1 : resume (in, i, piece);
    if (next == i)
      break;
    i = next - 1;
    piece = 0;
  }
  return i;
}

gboolean
pkt_decode_hex_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  gsize i = *at, end;
  while (pkt_decode_stretch (in, &i, PKT_DECODE_HEX_PAUSE, MIN_HEX, &end))
    for (; i < end; i++) {
      if (!pkt_decode_is (in.p[i], PKT_DECODE_XDIGIT))
        continue;
      g_string_truncate (joined, 0);
      *start = i;
      *at = i = hex_run (in, i, joined);
      if (joined->len >= MIN_HEX)
        return TRUE;
    }
  *at = in.n;
  return FALSE;
}

static gboolean
decode_bits (PktSlice run, guint shift, guint width, const gint8 *value, GString *out)
{
  guint64 bits = 0;
  guint have = 0;
  if (shift >= run.n)
    return FALSE;
  gsize at = out->len;
  g_string_set_size (out, at + (run.n - shift) * width / 8);
  for (gsize i = shift; i < run.n; i++) {
    bits = bits << width | (guint64)value[(guint8)run.p[i]];
    have += width;
    if (have >= 8) {
      have -= 8;
      out->str[at++] = (char)(bits >> have & 0xff);
    }
  }
  return out->len >= 6;
}

gboolean
pkt_decode_base64_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 6, pkt_decode_base64, out);
}

gboolean
pkt_decode_base32_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 5, pkt_decode_base32, out);
}

gboolean
pkt_decode_base32hex_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 5, pkt_decode_base32hex, out);
}

gboolean
pkt_decode_hex_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 4, pkt_decode_hex, out);
}
