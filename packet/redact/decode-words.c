#include "packet/redact/decode-table.h"

#define MIN_SPACED 6 /* letters that stand alone */
#define MAX_LABELS 12
#define MAX_AROUND 4 /* blanks and brackets on one side of a word */

gboolean
pkt_decode_rot13 (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    char c = in.p[i];
    found |= strchr ("@=._-", c) && c;
    if (g_ascii_isalpha (c)) {
      char a = g_ascii_islower (c) ? 'a' : 'A';
      c = (char)(a + (c - a + 13) % 26);
    }
    g_string_append_c (out, c);
  }
  return found;
}

gboolean
pkt_decode_reversed (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n && !found; i++)
    found = strchr ("@=._-", in.p[i]) && in.p[i];
  if (!found)
    return FALSE;
  g_string_append_len (out, in.p, (gssize)in.n);
  for (gsize i = 0; i < in.n; i++)
    out->str[out->len - 1 - i] = in.p[i];
  return TRUE;
}

/* ---- host names turned round ---- */

static gboolean
in_label (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_' || c == '+' || (guint8)c >= 0x80;
}

/* "com.example.jane.doe" as doe@…, and as jane.doe@…: where the host ends is not written. */
static void
append_turned (const PktSlice *labels, guint n, GString *out)
{
  for (guint local = 1; local <= 3 && local + 2 <= n; local++) {
    for (guint i = n - local; i < n; i++)
      g_string_append_printf (out, "%.*s%s", (int)labels[i].n, labels[i].p, i + 1 < n ? "." : "@");
    for (guint i = n - local; i > 0; i--)
      g_string_append_printf (out, "%.*s%s", (int)labels[i - 1].n, labels[i - 1].p,
                              i > 1 ? "." : "\n");
  }
}

/* Labels with '.' or '@' between from *at on. */
static guint
labels_at (PktSlice in, gsize *at, PktSlice labels[MAX_LABELS])
{
  guint n = 0;
  gsize i = *at;
  while (i < in.n && in_label (in.p[i])) {
    gsize start = i;
    while (i < in.n && in_label (in.p[i]))
      i++;
    if (n < MAX_LABELS)
      labels[n++] = pkt_slice (in.p + start, i - start);
    if (i >= in.n || (in.p[i] != '.' && in.p[i] != '@'))
      break;
    i++;
  }
  *at = i;
  return n;
}

gboolean
pkt_decode_hosts (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    PktSlice labels[MAX_LABELS];
    guint n = labels_at (in, &i, labels);
    if (n < 3)
      continue;
    append_turned (labels, n, out);
    append_turned (labels, n - 1, out); /* "com.example.user.txt" */
    found = TRUE;
  }
  return found;
}

/* ---- "user at example dot com" ---- */

static const struct {
  const char *word;
  char c;
} spellings[] = {
  { "at sign", '@' }, { "at-sign", '@' }, { "arobase", '@' }, { "arroba", '@' }, { "ät", '@' },
  { "at", '@' },      { "@", '@' },       { "dot", '.' },     { "point", '.' },  { "punkt", '.' },
  { "punto", '.' },   { "period", '.' },  { ".", '.' },
};

/* One word of that kind with what stands around it. */
typedef struct {
  gsize n; /* bytes; 0: none */
  char c;
  gboolean bracketed; /* "(at)", "[.]": nobody writes so by chance */
  gboolean dot;       /* that word itself: " at this point" is no address */
} Spelled;

static gboolean
is_around (char c)
{
  switch (c) {
  case ' ':
  case '\t':
  case '\r':
  case '\n':
  case '(':
  case ')':
  case '[':
  case ']':
  case '{':
  case '}':
  case '<':
  case '>':
  case '*':
  case '_':
  case '-':
  case '.':
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean
begins_spelling (char c)
{
  c = g_ascii_tolower (c);
  return c == 'a' || c == 'd' || c == 'p' || c == '@' || c == '.' || (guint8)c == 0xc3;
}

static Spelled
spelled_word (PktSlice in, gsize at, gsize word, gsize k)
{
  PktSlice name = pkt_slice_str (spellings[k].word);
  gsize end = word + name.n, i = end;
  if (end > in.n || !pkt_slice_equal_nocase (pkt_slice (in.p + word, name.n), name))
    return (Spelled){ 0 };
  while (i < in.n && i - end < MAX_AROUND && is_around (in.p[i]))
    i++;
  gboolean bracketed = i > end && strchr ("([{<", in.p[word - 1]) && strchr (")]}>", in.p[end]);
  gboolean mark = name.n == 1 && !g_ascii_isalpha (name.p[0]);
  return i == end || (mark && !bracketed)
             ? (Spelled){ 0 }
             : (Spelled){ i - at, spellings[k].c, bracketed, name.n == 3 && spellings[k].c == '.' };
}

/* " at ", "(at)", "[ at ]", "_AT_" and the same with "dot". */
static Spelled
spelled_at (PktSlice in, gsize at)
{
  for (gsize word = at; word < in.n && word - at < MAX_AROUND && is_around (in.p[word]);) {
    word++;
    for (gsize k = 0; word < in.n && begins_spelling (in.p[word]) && k < G_N_ELEMENTS (spellings);
         k++) {
      Spelled s = spelled_word (in, at, word, k);
      if (s.n)
        return s;
    }
  }
  return (Spelled){ 0 };
}

/* "userATexampleDOTcom" */
static Spelled
glued_at (PktSlice in, gsize at)
{
  static const char *const words[] = { "AT", "DOT" };
  for (gsize k = 0; at > 0 && k < G_N_ELEMENTS (words); k++) {
    gsize n = strlen (words[k]);
    if (at + n < in.n && memcmp (in.p + at, words[k], n) == 0 && g_ascii_islower (in.p[at + n])
        && !g_ascii_isupper (in.p[at - 1]) && g_ascii_isalnum (in.p[at - 1]))
      return (Spelled){ n, k ? '.' : '@', FALSE, FALSE };
  }
  return (Spelled){ 0 };
}

gboolean
pkt_decode_spelled (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    Spelled s = spelled_at (in, i);
    if (s.n == 0)
      s = glued_at (in, i);
    found |= s.n && s.c == '@';
    g_string_append_c (out, s.n ? s.c : in.p[i]);
    i += s.n ? s.n - 1 : 0;
  }
  return found;
}

/* Behind a plain " at ": does a host with a spelled dot follow? */
static gboolean
dot_follows (PktSlice in, gsize at)
{
  gsize i = at;
  while (i < in.n && i - at < 64 && in_label (in.p[i]))
    i++;
  Spelled dot = spelled_at (in, i);
  return i > at && (dot.dot || (dot.bracketed && dot.c == '.'));
}

/* Only what must be meant: brackets, or a host with spelled dots. */
gboolean
pkt_decode_marked (PktSlice in, GString *out)
{
  gboolean found = FALSE, host = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    Spelled s = spelled_at (in, i);
    gboolean meant = s.bracketed || (s.n && s.c == '@' && dot_follows (in, i + s.n))
                     || (s.dot && host);
    if (!meant) {
      host &= in_label (in.p[i]) || in.p[i] == '.';
      g_string_append_c (out, in.p[i]);
      continue;
    }
    host |= s.c == '@';
    found = TRUE;
    g_string_append_c (out, s.c);
    i += s.n - 1;
  }
  return found;
}

/* ---- "u s e r @ e x a m p l e . c o m" ---- */

static gsize
spaced_run (PktSlice in, gsize at)
{
  gsize i = at;
  while (i + 1 < in.n && in.p[i] > ' ' && in.p[i + 1] == ' ')
    i += 2;
  if (i < in.n && in.p[i] > ' ' && (i + 1 == in.n || in.p[i + 1] <= ' '))
    i++;
  return i - at;
}

gboolean
pkt_decode_spaced (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = 0; i < in.n; i++) {
    gsize n = i == 0 || in.p[i - 1] <= ' ' ? spaced_run (in, i) : 0;
    if (n < 2 * MIN_SPACED) {
      g_string_append_c (out, in.p[i]);
      continue;
    }
    for (gsize k = 0; k < n; k++)
      if (in.p[i + k] != ' ')
        g_string_append_c (out, in.p[i + k]);
    g_string_append_c (out, ' ');
    found = TRUE;
    i += n - 1;
  }
  return found;
}
