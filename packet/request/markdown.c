#include "packet/request/markdown.h"
#include <string.h>

#define MAX_HEADING 6
#define MAX_NUMBER 9 /* digits of a list's number, CommonMark 5.2 */

/* How a target writes each thing; `list` and `item` by PARAGRAPH, BULLETS, NUMBERS. */
typedef enum { PARAGRAPH, BULLETS, NUMBERS, N_BLOCKS } Block;

typedef struct {
  const char *heading_open, *heading_close; /* with the level as %d */
  const char *open[N_BLOCKS], *close[N_BLOCKS];
  const char *item_open[N_BLOCKS], *item_close;
  const char *code_open, *code_close;
  const char *span_open, *span_close, *strong_open, *strong_close;
  void (*text) (GString *out, gunichar c);
  void (*code) (GString *out, gunichar c);
} Target;

static void
html_char (GString *out, gunichar c)
{
  switch (c) {
  case '<':
    g_string_append (out, "&lt;");
    break;
  case '>':
    g_string_append (out, "&gt;");
    break;
  case '&':
    g_string_append (out, "&amp;");
    break;
  case '"':
    g_string_append (out, "&quot;");
    break;
  case '\'':
    g_string_append (out, "&#39;");
    break;
  default:
    g_string_append_unichar (out, c);
  }
}

/* A backslash keeps what follows from being markup. Within a word these are none. */
static void
jira_char (GString *out, gunichar c)
{
  gboolean in_word = out->len && g_ascii_isalnum (out->str[out->len - 1]);
  if (c < 128 && (strchr ("{}[]*!|\\", (int)c) || (!in_word && strchr ("_-+^~?#", (int)c))))
    g_string_append_c (out, '\\');
  g_string_append_unichar (out, c);
}

/* Nothing is markup in {noformat} but its own end. */
static void
jira_code_char (GString *out, gunichar c)
{
  g_string_append_unichar (out, c);
  if (c == '{')
    g_string_append_unichar (out, 0x200b); /* zero width space: "{noformat}" ends nothing */
}

static const Target targets[] = {
  [PKT_MARKDOWN_HTML] = { .heading_open = "<h%d>",
                          .heading_close = "</h%d>\n",
                          .open = { "<p>", "<ul>\n", "<ol>\n" },
                          .close = { "</p>\n", "</ul>\n", "</ol>\n" },
                          .item_open = { "", "<li>", "<li>" },
                          .item_close = "</li>\n",
                          .code_open = "<pre><code>",
                          .code_close = "</code></pre>\n",
                          .span_open = "<code>",
                          .span_close = "</code>",
                          .strong_open = "<strong>",
                          .strong_close = "</strong>",
                          .text = html_char,
                          .code = html_char },
  [PKT_MARKDOWN_JIRA] = { .heading_open = "h%d. ",
                          .heading_close = "\n\n",
                          .open = { "", "", "" },
                          .close = { "\n\n", "\n", "\n" },
                          .item_open = { "", "* ", "# " },
                          .item_close = "\n",
                          .code_open = "{noformat}\n",
                          .code_close = "{noformat}\n\n",
                          .span_open = "{{",
                          .span_close = "}}",
                          .strong_open = "*",
                          .strong_close = "*",
                          .text = jira_char,
                          .code = jira_code_char },
};

typedef struct {
  const Target *t;
  GString *out;
  GString *words; /* of the paragraph or item that is open */
  Block block;    /* that is open: a list stays open from item to item */
  gboolean open;
} Writer;

static void
append_chars (GString *out, PktSlice s, void (*put) (GString *out, gunichar c))
{
  const char *end = s.p + s.n;
  for (const char *p = s.p; p < end; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (c == '\n' || c == '\t' || !g_unichar_iscntrl (c))
      put (out, c);
  }
}

/* Where the run of n times `c` that closes begins, behind `from`; -1 when there is none. */
static gssize
closing_run (PktSlice s, gsize from, char c, gsize n)
{
  for (gsize i = from; i < s.n;) {
    gsize run = 0;
    while (i + run < s.n && s.p[i + run] == c)
      run++;
    if (run == n)
      return (gssize)i;
    i += run ? run : 1;
  }
  return -1;
}

static gsize
run_length (PktSlice s, gsize at)
{
  gsize n = 0;
  while (at + n < s.n && s.p[at + n] == s.p[at])
    n++;
  return n;
}

/* The code span that begins at i; its length, 0 when it is none. `none` remembers the lengths of
 * runs (up to 63) that nothing closes, so that each is searched for once. */
static gsize
code_span (const Writer *w, PktSlice s, gsize i, guint64 *none)
{
  gsize n = run_length (s, i);
  if (n < 64 && *none >> n & 1)
    return 0;
  gssize end = n < 64 ? closing_run (s, i + n, '`', n) : -1;
  if (end < 0) {
    *none |= n < 64 ? G_GUINT64_CONSTANT (1) << n : 0;
    return 0;
  }
  PktSlice code = pkt_slice (s.p + i + n, (gsize)end - i - n);
  if (code.n > 2 && code.p[0] == ' ' && code.p[code.n - 1] == ' ')
    code = pkt_slice (code.p + 1, code.n - 2);
  g_string_append (w->out, w->t->span_open);
  append_chars (w->out, code, w->t->text);
  g_string_append (w->out, w->t->span_close);
  return (gsize)end + n - i;
}

static void
append_inline (const Writer *w, PktSlice s)
{
  guint64 unclosed = 0;
  gboolean strong = FALSE;
  for (gsize i = 0; i < s.n;) {
    gsize took;
    if (s.p[i] == '\\' && i + 1 < s.n && g_ascii_ispunct (s.p[i + 1])) {
      w->t->text (w->out, (gunichar)s.p[i + 1]);
      i += 2;
    } else if (s.p[i] == '`') {
      took = code_span (w, s, i, &unclosed);
      if (took == 0) {
        took = run_length (s, i);
        append_chars (w->out, pkt_slice (s.p + i, took), w->t->text);
      }
      i += took;
    } else if (s.p[i] == '*' && i + 1 < s.n && s.p[i + 1] == '*') {
      g_string_append (w->out, strong ? w->t->strong_close : w->t->strong_open);
      strong = !strong;
      i += 2;
    } else {
      took = (gsize)(g_utf8_next_char (s.p + i) - (s.p + i));
      append_chars (w->out, pkt_slice (s.p + i, took), w->t->text);
      i += took;
    }
  }
  if (strong)
    g_string_append (w->out, w->t->strong_close);
}

/* Ends the paragraph or item, and keeps a list open. */
static void
end_words (Writer *w)
{
  if (w->words->len == 0)
    return;
  g_string_append (w->out, w->t->item_open[w->block]);
  append_inline (w, pkt_slice (w->words->str, w->words->len));
  if (w->block != PARAGRAPH)
    g_string_append (w->out, w->t->item_close);
  g_string_truncate (w->words, 0);
}

static void
end_block (Writer *w)
{
  end_words (w);
  if (w->open)
    g_string_append (w->out, w->t->close[w->block]);
  w->open = FALSE;
}

static void
begin_block (Writer *w, Block block)
{
  if (w->open && w->block == block && block != PARAGRAPH) {
    end_words (w);
    return;
  }
  end_block (w);
  g_string_append (w->out, w->t->open[block]);
  w->block = block;
  w->open = TRUE;
}

static void
add_words (Writer *w, PktSlice line)
{
  if (w->words->len)
    g_string_append_c (w->words, ' ');
  g_string_append_len (w->words, line.p, (gssize)line.n);
}

/* "## " and what follows; 0 when it is no heading. */
static guint
heading_level (PktSlice line)
{
  gsize n = line.n && line.p[0] == '#' ? run_length (line, 0) : 0;
  return n && n <= MAX_HEADING && (n == line.n || line.p[n] == ' ') ? (guint)n : 0;
}

static PktSlice
heading_text (PktSlice line)
{
  return pkt_slice_trim (pkt_slice_skip (line, heading_level (line)));
}

static void
write_heading (Writer *w, PktSlice line)
{
  int level = (int)heading_level (line);
  char mark[] = { (char)('0' + level), '\0' };
  const char *const around[] = { w->t->heading_open, w->t->heading_close };
  end_block (w);
  for (guint i = 0; i < G_N_ELEMENTS (around); i++) {
    g_auto (GStrv) pieces = g_strsplit (around[i], "%d", 2);
    g_autofree char *text = g_strjoinv (mark, pieces);
    g_string_append (w->out, text);
    if (i == 0)
      append_inline (w, heading_text (line));
  }
}

/* "- " or "3. " at its beginning: how long it is, and which list it belongs to. */
static gsize
item_mark (PktSlice line, Block *out)
{
  gsize n = 0;
  if (line.n >= 2 && (line.p[0] == '-' || line.p[0] == '*') && line.p[1] == ' ') {
    *out = BULLETS;
    return 2;
  }
  while (n < line.n && n < MAX_NUMBER && g_ascii_isdigit (line.p[n]))
    n++;
  *out = NUMBERS;
  return n && n + 1 < line.n && line.p[n] == '.' && line.p[n + 1] == ' ' ? n + 2 : 0;
}

static gboolean
is_fence (PktSlice line)
{
  return pkt_slice_starts (pkt_slice_trim (line), PKT_SLICE ("```"));
}

static void
write_line (Writer *w, PktSlice line)
{
  Block block;
  PktSlice words = pkt_slice_trim (line);
  gsize mark = item_mark (words, &block);
  if (words.n == 0)
    end_block (w);
  else if (heading_level (line))
    write_heading (w, line);
  else if (mark) {
    begin_block (w, block);
    add_words (w, pkt_slice_trim (pkt_slice_skip (words, mark)));
  } else {
    if (!w->open)
      begin_block (w, PARAGRAPH);
    add_words (w, words);
  }
}

char *
pkt_markdown_convert (PktSlice markdown, PktMarkdownTarget target)
{
  g_autofree char *text = g_utf8_make_valid (markdown.p ? markdown.p : "",
                                             (gssize)MIN (markdown.n, PKT_MARKDOWN_MAX));
  PktSlice rest = pkt_slice_str (text);
  Writer w = { &targets[target], g_string_new (NULL), g_string_new (NULL), PARAGRAPH, FALSE };
  gboolean code = FALSE;
  while (rest.n) {
    PktSlice line = pkt_slice_until (rest, '\n');
    rest = pkt_slice_skip (rest, line.n + 1);
    if (line.n && line.p[line.n - 1] == '\r')
      line.n--;
    if (is_fence (line)) {
      end_block (&w);
      g_string_append (w.out, code ? w.t->code_close : w.t->code_open);
      code = !code;
    } else if (code) {
      append_chars (w.out, line, w.t->code);
      g_string_append_c (w.out, '\n');
    } else
      write_line (&w, line);
  }
  end_block (&w);
  if (code)
    g_string_append (w.out, w.t->code_close);
  g_string_free (w.words, TRUE);
  return g_string_free (w.out, FALSE);
}

/* Marks are taken off; what they enclose stays. */
static char *
plain_words (PktSlice s)
{
  GString *out = g_string_new (NULL);
  for (gsize i = 0; i < s.n; i++) {
    if (s.p[i] == '\\' && i + 1 < s.n && g_ascii_ispunct (s.p[i + 1]))
      i++;
    else if (s.p[i] == '`' || s.p[i] == '*')
      continue;
    g_string_append_c (out, s.p[i]);
  }
  g_autofree char *raw = g_string_free (out, FALSE);
  char *valid = g_utf8_make_valid (raw, -1);
  for (char *p = valid; *p; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  return valid;
}

char *
pkt_markdown_title (PktSlice markdown)
{
  PktSlice rest = pkt_slice (markdown.p, MIN (markdown.n, PKT_MARKDOWN_MAX));
  while (rest.n) {
    PktSlice line = pkt_slice_until (rest, '\n');
    rest = pkt_slice_skip (rest, line.n + 1);
    if (heading_level (line) && heading_text (line).n)
      return plain_words (heading_text (line));
  }
  return NULL;
}

char *
pkt_markdown_escape (const char *value)
{
  GString *out = g_string_new (NULL);
  value += strspn (value, " \t\r\n");          /* blanks begin no line: what is next does */
  gsize number = strspn (value, "0123456789"); /* "3. " would begin a list */
  for (const char *p = value; *p; p++) {
    gboolean blank = *p == '\n' || *p == '\r' || *p == '\t';
    gboolean link = *p == ']' && (p[1] == '(' || p[1] == '[' || p[1] == ':');
    gboolean first = p == value && strchr ("#-+>=~|", *p);
    gboolean listed = number && p == value + number && (*p == '.' || *p == ')')
                      && (p[1] == '\0' || strchr (" \t\r\n", p[1]));
    if (link || first || listed || strchr ("\\`*<&", *p) || (*p == '_' && !g_ascii_isalnum (p[1]))
        || (*p == '!' && p[1] == '['))
      g_string_append_c (out, '\\');
    g_string_append_c (out, blank ? ' ' : *p);
  }
  return g_string_free (out, FALSE);
}
