#include "packet/redact/decode-table.h"

#define MIN_BASE64 11 /* of "a@me.com" */
#define MIN_HEX 12
#define MIN_BASE32 13
#define MIN_LINE 16 /* characters of a folded run that stand on one line */

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Is what stands at `at` the rest of something coded, and no word? */
static gboolean
looks_coded (PktSlice in, gsize at)
{
  gsize i = at;
  gboolean odd = FALSE;
  for (; i < in.n && (g_ascii_isalnum (in.p[i]) || strchr ("+/-_", in.p[i])) && in.p[i]; i++)
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
  int (*value) (char);
  gsize min;
  gboolean one_case; /* letters are all upper or all lower case: "IDonswg" begins at "onswg" */
} Alphabet;

/* Finds the next run of an alphabet, folds of a line inside allowed. */
static gboolean
next_run (PktSlice in, gsize *at, gsize *start, GString *joined, const Alphabet *a)
{
  for (gsize i = *at; i < in.n;) {
    if (a->value (in.p[i]) < 0) {
      i++;
      continue;
    }
    g_string_truncate (joined, 0);
    gsize piece = 0;
    char letter = '\0';
    *start = i;
    while (i < in.n) {
      if (a->one_case && g_ascii_isalpha (in.p[i])) {
        if (letter && g_ascii_isupper (letter) != g_ascii_isupper (in.p[i]))
          break;
        letter = in.p[i];
      }
      if (a->value (in.p[i]) >= 0) {
        g_string_append_c (joined, in.p[i++]);
        piece++;
        continue;
      }
      gsize next = resume (in, i, piece);
      if (next == i)
        break;
      i = next;
      piece = 0;
    }
    *at = i;
    if (joined->len >= a->min)
      return TRUE;
  }
  *at = in.n;
  return FALSE;
}

static int
base64_value (char c)
{
  if (g_ascii_isupper (c))
    return c - 'A';
  if (g_ascii_islower (c))
    return c - 'a' + 26;
  if (g_ascii_isdigit (c))
    return c - '0' + 52;
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static int
base32_value (char c)
{
  return g_ascii_isalpha (c) ? g_ascii_toupper (c) - 'A' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

static int
base32hex_value (char c)
{
  if (g_ascii_isdigit (c))
    return c - '0';
  c = g_ascii_toupper (c);
  return c >= 'A' && c <= 'V' ? c - 'A' + 10 : -1;
}

gboolean
pkt_decode_base64_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  static const Alphabet a = { base64_value, MIN_BASE64, FALSE };
  return next_run (in, at, start, joined, &a);
}

gboolean
pkt_decode_base32_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  static const Alphabet a = { base32_value, MIN_BASE32, TRUE };
  return next_run (in, at, start, joined, &a);
}

gboolean
pkt_decode_base32hex_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  static const Alphabet a = { base32hex_value, MIN_BASE32, TRUE };
  return next_run (in, at, start, joined, &a);
}

/* "6A:61:6e", "6a61-6e65", "6a 61": pairs of digits go on behind one mark. */
static gboolean
hex_goes_on (PktSlice in, gsize i, gsize piece)
{
  gsize end = i + 1;
  while (end < in.n && g_ascii_isxdigit (in.p[end]))
    end++;
  return piece && piece % 2 == 0 && strchr (":- .,", in.p[i]) && in.p[i] && end > i + 1
         && (end - i - 1) % 2 == 0 && (end == in.n || !g_ascii_isalnum (in.p[end]));
}

gboolean
pkt_decode_hex_next (PktSlice in, gsize *at, gsize *start, GString *joined)
{
  for (gsize i = *at; i < in.n; i++) {
    if (!g_ascii_isxdigit (in.p[i]))
      continue;
    g_string_truncate (joined, 0);
    gsize piece = 0;
    for (*start = i; i < in.n; i++) {
      if (g_ascii_isxdigit (in.p[i])) {
        g_string_append_c (joined, in.p[i]);
        piece++;
        continue;
      }
      gboolean whole = joined->len >= MIN_HEX || *start == 0
                       || !g_ascii_isalnum (in.p[*start - 1]); /* no "ee" of "see" */
      gboolean on = whole && hex_goes_on (in, i, piece);
      gsize next = on ? i + 1 : resume (in, i, piece);
      if (next == i)
        break;
      i = next - 1;
      piece = 0;
    }
    *at = i;
    if (joined->len >= MIN_HEX)
      return TRUE;
  }
  *at = in.n;
  return FALSE;
}

static gboolean
decode_bits (PktSlice run, guint shift, guint width, int (*value) (char), GString *out)
{
  guint64 bits = 0;
  guint have = 0;
  for (gsize i = shift; i < run.n; i++) {
    bits = bits << width | (guint64)value (run.p[i]);
    have += width;
    while (have >= 8) {
      have -= 8;
      g_string_append_c (out, (char)(bits >> have & 0xff));
    }
  }
  return out->len >= 6;
}

gboolean
pkt_decode_base64_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 6, base64_value, out);
}

gboolean
pkt_decode_base32_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 5, base32_value, out);
}

gboolean
pkt_decode_base32hex_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 5, base32hex_value, out);
}

gboolean
pkt_decode_hex_run (PktSlice run, guint shift, GString *out)
{
  return decode_bits (run, shift, 4, g_ascii_xdigit_value, out);
}
