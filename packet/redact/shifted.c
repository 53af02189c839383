#include "packet/redact/shifted.h"

#define LETTERS 26

/* In which order, and in which direction of the alphabet. */
typedef struct {
  gboolean backwards, mirrored;
} Way;

static gint
place_of (char c)
{
  return pkt_ascii_lower (c) - 'a';
}

static char
letter_of (PktSlice word, gsize i, Way way)
{
  return word.p[way.backwards ? word.n - 1 - i : i];
}

/* How far the one was moved to be the other. */
static gint
shift_of (char from, char to, Way way)
{
  const gint start = way.mirrored ? LETTERS - 1 - place_of (from) : place_of (from);
  return (place_of (to) - start + LETTERS) % LETTERS;
}

/* Signs stand for any sign, digits for themselves. */
static gboolean
same_mark (char a, char b)
{
  return g_ascii_isalnum (a) || g_ascii_isalnum (b) ? a == b : TRUE;
}

static gboolean
is_at (const char *text, PktSlice word, Way way)
{
  gint shift = -1;
  for (gsize i = 0; i < word.n; i++) {
    const char c = letter_of (word, i, way);
    if (!g_ascii_isalpha (c) || !g_ascii_isalpha (text[i])) {
      if (g_ascii_isalpha (c) || g_ascii_isalpha (text[i]) || !same_mark (c, text[i]))
        return FALSE;
      continue;
    }
    const gint moved = shift_of (c, text[i], way);
    if (shift >= 0 && moved != shift)
      return FALSE;
    shift = moved;
  }
  return shift > 0 || way.backwards || way.mirrored;
}

static gboolean
holds (PktSlice text, PktSlice word)
{
  for (guint k = 0; k < 4; k++)
    for (gsize at = 0; at + word.n <= text.n; at++)
      if (is_at (text.p + at, word, (Way){ (k & 1) != 0, (k & 2) != 0 }))
        return TRUE;
  return FALSE;
}

static gsize
run_at (PktSlice s, gsize at)
{
  gsize n = 0;
  while (at + n < s.n && g_ascii_isalpha (s.p[at + n]))
    n++;
  return n;
}

/* Most words of ids are digits: their runs of letters alone are worth a look. */
gboolean
pkt_shifted_holds (PktSlice text, PktSlice letters)
{
  if (letters.n < PKT_SHIFTED_MIN)
    return FALSE;
  for (gsize at = 0, n; at < text.n; at += n ? n : 1) {
    n = run_at (text, at);
    if (n >= letters.n && holds (pkt_slice (text.p + at, n), letters))
      return TRUE;
  }
  return FALSE;
}

gboolean
pkt_shifted_tells (PktSlice text, PktSlice address)
{
  const PktSlice local = pkt_slice_until (address, '@');
  gsize letters = 0;
  for (gsize at = 0, n; at < local.n; at += n ? n : 1) {
    n = run_at (local, at);
    letters += n;
    if (pkt_shifted_holds (text, pkt_slice (local.p + at, n)))
      return TRUE;
  }
  return letters >= PKT_SHIFTED_MIN && holds (text, local);
}
