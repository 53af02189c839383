#include <string.h>
#include "packet/redact/redactor-priv.h"

#define MIN_TEXT 6 /* bytes: nothing shorter is an address */

static const struct {
  const char *name;
  char c;
} entities[]
    = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&#39;", '\'' } };

static char *
unescaped (PktSlice s)
{
  GString *out = g_string_sized_new (s.n);
  for (gsize i = 0; i < s.n;) {
    gsize k = 0;
    while (k < G_N_ELEMENTS (entities)
           && !pkt_slice_starts (pkt_slice_skip (s, i), pkt_slice_str (entities[k].name)))
      k++;
    g_string_append_c (out, k < G_N_ELEMENTS (entities) ? entities[k].c : s.p[i]);
    i += k < G_N_ELEMENTS (entities) ? strlen (entities[k].name) : 1;
  }
  return g_string_free (out, FALSE);
}

static void
append_escaped (GString *out, const char *text)
{
  for (; *text; text++) {
    gsize k = 0;
    while (k < G_N_ELEMENTS (entities) && entities[k].c != *text)
      k++;
    if (k < G_N_ELEMENTS (entities))
      g_string_append (out, entities[k].name);
    else
      g_string_append_c (out, *text);
  }
}

/* The text as it may leave, not escaped; NULL where it may leave as it is. */
static char *
redacted (PktRedactor *r, PktSlice text)
{
  g_autofree char *plain = text.n < MIN_TEXT ? NULL : unescaped (text);
  g_autofree char *clean = plain ? pkt_redact_page (r, pkt_slice_str (plain)) : NULL;
  return clean && !g_str_equal (clean, plain) ? g_steal_pointer (&clean) : NULL;
}

/* What redaction leaves as it is, is copied byte by byte. */
static void
append_text (PktRedactor *r, GString *out, PktSlice text)
{
  g_autofree char *clean = redacted (r, text);
  if (clean)
    append_escaped (out, clean);
  else
    g_string_append_len (out, text.p, (gssize)text.n);
}

/* The values that a reader sees: alt="…" and its like. Others hold no words (page/policy.h). */
static gboolean
is_seen (PktSlice name)
{
  static const char *const seen[] = { "alt", "title", "summary", "abbr" };
  for (gsize i = 0; i < G_N_ELEMENTS (seen); i++)
    if (pkt_slice_equal (name, pkt_slice_str (seen[i])))
      return TRUE;
  return FALSE;
}

static void
append_tag (PktRedactor *r, GString *out, PktSlice tag)
{
  while (tag.n > 0) {
    PktSlice value = pkt_slice_find (tag, PKT_SLICE ("=\""));
    if (value.n == 0)
      break;
    PktSlice before = pkt_slice (tag.p, tag.n - value.n), name = before;
    for (gsize i = before.n; i > 0; i--)
      if (before.p[i - 1] == ' ') {
        name = pkt_slice_skip (before, i);
        break;
      }
    value = pkt_slice_until (pkt_slice_skip (value, 2), '"');
    g_string_append_len (out, tag.p, (gssize)(before.n + 2));
    if (is_seen (name))
      append_text (r, out, value);
    else
      g_string_append_len (out, value.p, (gssize)value.n);
    tag = pkt_slice_skip (tag, before.n + 2 + value.n);
  }
  g_string_append_len (out, tag.p, (gssize)tag.n);
}

/* ---- a line of text, with the tags inside it ---- */

typedef struct {
  PktSlice bytes;
  gboolean tag;
} Piece;

/* Tags that a reader does not see between two letters: "jo@<b>icloud</b>.com". */
static gboolean
is_inline (PktSlice tag)
{
  static const char *const names[] = { "a",   "abbr", "b",    "big",   "cite", "code",   "del",
                                       "dfn", "em",   "font", "i",     "ins",  "kbd",    "mark",
                                       "q",   "s",    "samp", "small", "span", "strike", "strong",
                                       "sub", "sup",  "time", "tt",    "u",    "var",    "wbr" };
  PktSlice name = pkt_slice_skip (tag, 1);
  name = pkt_slice_skip (name, name.n && name.p[0] == '/');
  gsize n = 0;
  while (n < name.n && name.p[n] != ' ' && name.p[n] != '>')
    n++;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (pkt_slice_equal (pkt_slice (name.p, n), pkt_slice_str (names[i])))
      return TRUE;
  return FALSE;
}

static const Piece *
piece_at (const GArray *line, guint i)
{
  return &g_array_index (line, Piece, i);
}

/* The whole line as it may leave, where its pieces one by one would not give the same; else NULL.
 */
static char *
redacted_whole (PktRedactor *r, const GArray *line)
{
  GString *whole = g_string_new (NULL), *each = g_string_new (NULL);
  guint texts = 0;
  for (guint i = 0; i < line->len; i++) {
    PktSlice text = piece_at (line, i)->bytes;
    if (piece_at (line, i)->tag || text.n == 0)
      continue;
    g_string_append_len (whole, text.p, (gssize)text.n);
    append_text (r, each, text);
    texts++;
  }
  char *clean = texts > 1 ? redacted (r, pkt_slice (whole->str, whole->len)) : NULL;
  g_autofree char *plain = clean ? unescaped (pkt_slice (each->str, each->len)) : NULL;
  if (clean && g_str_equal (clean, plain))
    g_clear_pointer (&clean, g_free);
  g_string_free (whole, TRUE);
  g_string_free (each, TRUE);
  return clean;
}

static void
flush_line (PktRedactor *r, GString *out, GArray *line)
{
  g_autofree char *whole = redacted_whole (r, line);
  gboolean written = FALSE;
  for (guint i = 0; i < line->len; i++) {
    const Piece *p = piece_at (line, i);
    if (p->tag)
      append_tag (r, out, p->bytes);
    else if (whole == NULL)
      append_text (r, out, p->bytes);
    else if (!written && p->bytes.n) {
      append_escaped (out, whole);
      written = TRUE;
    }
  }
  g_array_set_size (line, 0);
}

char *
pkt_redact_closed_page (PktRedactor *r, PktSlice html)
{
  GString *out = g_string_sized_new (html.n);
  g_autoptr (GArray) line = g_array_new (FALSE, FALSE, sizeof (Piece));
  while (html.n > 0) {
    Piece text = { pkt_slice_until (html, '<'), FALSE };
    g_array_append_val (line, text);
    html = pkt_slice_skip (html, text.bytes.n);
    gboolean sheet = pkt_slice_starts (html, PKT_SLICE ("<style>"));
    PktSlice end = pkt_slice_find (html, sheet ? PKT_SLICE ("</style>") : PKT_SLICE (">"));
    Piece tag = { pkt_slice (html.p, end.n == 0 ? html.n : html.n - end.n + !sheet), TRUE };
    html = pkt_slice_skip (html, tag.bytes.n);
    if (!sheet && is_inline (tag.bytes)) {
      g_array_append_val (line, tag);
      continue;
    }
    flush_line (r, out, line);
    if (sheet)
      g_string_append_len (out, tag.bytes.p, (gssize)tag.bytes.n);
    else
      append_tag (r, out, tag.bytes);
  }
  flush_line (r, out, line);
  return g_string_free (out, FALSE);
}
