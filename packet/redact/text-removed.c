#include "packet/redact/redactor-priv.h"

#define MAX_BY_LINES (64 * 1024) /* bytes: of longer texts nothing is left, which costs no time */

static gboolean
breaks (PktRedactor *r, PktSlice text)
{
  return pkt_redact_breaks (r, text, PKT_FORM_ROLE) != NULL;
}

static gboolean
word_end (char c)
{
  return g_ascii_isspace (c) || (c && strchr ("<>()\"';,", c));
}

/* Words that hold a recipient in some encoding. */
static GString *
without_words (PktRedactor *r, PktSlice text)
{
  GString *out = g_string_new (NULL);
  for (gsize i = 0; i < text.n;) {
    gsize start = i;
    while (i < text.n && !word_end (text.p[i]))
      i++;
    PktSlice word = pkt_slice (text.p + start, i - start);
    if (word.n && breaks (r, word)) {
      pkt_redactor_count (r, "encoded");
      g_string_append (out, "[removed]");
    } else
      g_string_append_len (out, word.p, (gssize)word.n);
    while (i < text.n && word_end (text.p[i]))
      g_string_append_c (out, text.p[i++]);
  }
  return out;
}

/* Where a line begins, as near behind the middle as there is one; 0: it is one line. */
static gsize
middle_line (PktSlice text)
{
  gsize back = text.n / 2;
  while (back > 0 && text.p[back - 1] != '\n')
    back--;
  PktSlice rest = pkt_slice_skip (text, text.n / 2);
  gsize next = text.n / 2 + pkt_slice_until (rest, '\n').n + 1;
  while (back > 0 && pkt_slice_trim (pkt_slice (text.p, back)).n == 0)
    back = 0;
  return next < text.n && pkt_slice_trim (pkt_slice_skip (text, next)).n ? next : back;
}

static void
append_removed (PktRedactor *r, PktSlice line, GString *out)
{
  PktSlice seen = pkt_slice_trim (line);
  pkt_redactor_count (r, "encoded");
  g_string_append_len (out, line.p, seen.p - line.p);
  g_string_append (out, "[removed]");
  g_string_append_len (out, seen.p + seen.n, (gssize)(line.p + line.n - (seen.p + seen.n)));
}

/* Halves of a text that hold nothing, and together do: what stands at the seam goes. */
static void
append_seam (PktRedactor *r, PktSlice text, gsize middle, GString *out)
{
  PktSlice before = pkt_slice_trim (pkt_slice (text.p, middle)),
           after = pkt_slice_trim (pkt_slice_skip (text, middle));
  gsize start = (gsize)(before.p - text.p) + before.n,
        end = (gsize)(after.p - text.p) + pkt_slice_until (after, '\n').n;
  while (start > 0 && text.p[start - 1] != '\n')
    start--;
  g_string_append_len (out, text.p, (gssize)start);
  append_removed (r, pkt_slice (text.p + start, end - start), out);
  g_string_append_len (out, text.p + end, (gssize)(text.n - end));
}

/* Lines that hold one with blanks between: "jane (at) example dot net". What is encoded over
 * several lines goes whole: nobody can read what a rest of it says. */
static void
append_lines (PktRedactor *r, PktSlice text, gboolean spelled, GString *out)
{
  gsize middle = spelled ? middle_line (text) : 0;
  if (middle == 0) {
    append_removed (r, text, out);
    return;
  }
  const PktSlice halves[] = { pkt_slice (text.p, middle), pkt_slice_skip (text, middle) };
  gboolean alone[2], broken[] = { pkt_redact_breaks_spelled (r, halves[0], &alone[0]),
                                  pkt_redact_breaks_spelled (r, halves[1], &alone[1]) };
  if (!broken[0] && !broken[1]) {
    append_seam (r, text, middle, out);
    return;
  }
  for (guint i = 0; i < 2; i++)
    if (broken[i])
      append_lines (r, halves[i], alone[i], out);
    else
      g_string_append_len (out, halves[i].p, (gssize)halves[i].n);
}

char *
pkt_redact_without_encoded (PktRedactor *r, PktSlice text)
{
  g_autoptr (GString) words = without_words (r, text);
  gboolean spelled;
  if (!pkt_redact_breaks_spelled (r, pkt_slice (words->str, words->len), &spelled))
    return g_strdup (words->str);
  g_autoptr (GString) lines = g_string_new (NULL);
  if (words->len <= MAX_BY_LINES && spelled)
    append_lines (r, pkt_slice (words->str, words->len), TRUE, lines);
  if (lines->len && !breaks (r, pkt_slice (lines->str, lines->len)))
    return g_strdup (lines->str);
  pkt_redactor_count (r, "encoded");
  return g_strdup ("[removed]");
}
