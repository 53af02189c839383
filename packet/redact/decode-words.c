#include "packet/base/byte-table.h"
#include "packet/redact/decode-class.h"

#define MIN_SPACED 6 /* letters that stand alone */
#define MAX_LABELS 12
#define MIN_TELLING 4 /* letters of a local part: "B2B at", "v2.1 at" are none */
#define MAX_AROUND 4  /* blanks and brackets on one side of a word */

#define ROT13(c)                                                                                   \
  (char)(PKT_BYTE_IS_UPPER (c)   ? 'A' + ((c) - 'A' + 13) % 26                                     \
         : PKT_BYTE_IS_LOWER (c) ? 'a' + ((c) - 'a' + 13) % 26                                     \
                                 : (c))

static const char rot13[256] = { PKT_BYTE_TABLE (ROT13) };

/* Without any there is no address, whatever the letters are. */
static gboolean
has_sign (PktSlice in)
{
  for (gsize i = 0; i < in.n; i++)
    if (pkt_decode_is (in.p[i], PKT_DECODE_SIGN))
      return TRUE;
  return FALSE;
}

/* Room for what takes as many bytes as `in`. */
static char *
append_room (PktSlice in, GString *out)
{
  gsize at = out->len;
  g_string_set_size (out, at + in.n);
  return out->str + at;
}

gboolean
pkt_decode_rot13 (PktSlice in, GString *out)
{
  if (!has_sign (in))
    return FALSE;
  char *p = append_room (in, out);
  for (gsize i = 0; i < in.n; i++)
    p[i] = rot13[(guint8)in.p[i]];
  return TRUE;
}

gboolean
pkt_decode_reversed (PktSlice in, GString *out)
{
  if (!has_sign (in))
    return FALSE;
  char *p = append_room (in, out) + in.n;
  for (gsize i = 0; i < in.n; i++)
    *--p = in.p[i];
  return TRUE;
}

/* ---- host names turned round ---- */

static gboolean
in_label (char c)
{
  return pkt_decode_is (c, PKT_DECODE_LABEL);
}

static void
append_label (GString *out, PktSlice label, char mark)
{
  g_string_append_len (out, label.p, (gssize)label.n);
  g_string_append_c (out, mark);
}

/* "com.example.jane.doe" as doe@…, and as jane.doe@…: where the host ends is not written. */
static void
append_turned (const PktSlice *labels, guint n, GString *out)
{
  for (guint local = 1; local <= 3 && local + 2 <= n; local++) {
    for (guint i = n - local; i < n; i++)
      append_label (out, labels[i], i + 1 < n ? '.' : '@');
    for (guint i = n - local; i > 0; i--)
      append_label (out, labels[i - 1], i > 1 ? '.' : '\n');
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

/* Where the word before the next '.' or '@' begins, from `from` on; the end when there is none. */
static gsize
next_host (PktSlice in, gsize from)
{
  gsize at = from;
  if (pkt_decode_seek_either (in, &at, '.', '@'))
    while (at > from && in_label (in.p[at - 1]))
      at--;
  return at;
}

gboolean
pkt_decode_hosts (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  for (gsize i = next_host (in, 0); i < in.n; i = next_host (in, i + 1)) {
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
  PktSlice word;
  char c;
} spellings[] = {
  { PKT_SLICE ("at sign"), '@' }, { PKT_SLICE ("at-sign"), '@' }, { PKT_SLICE ("arobase"), '@' },
  { PKT_SLICE ("arroba"), '@' },  { PKT_SLICE ("ät"), '@' },      { PKT_SLICE ("at"), '@' },
  { PKT_SLICE ("@"), '@' },       { PKT_SLICE ("dot"), '.' },     { PKT_SLICE ("point"), '.' },
  { PKT_SLICE ("punkt"), '.' },   { PKT_SLICE ("punto"), '.' },   { PKT_SLICE ("period"), '.' },
  { PKT_SLICE ("."), '.' },
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
  return pkt_decode_is (c, PKT_DECODE_AROUND);
}

static Spelled
spelled_word (PktSlice in, gsize at, gsize word, gsize k)
{
  PktSlice name = spellings[k].word;
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
    if (word == in.n || !pkt_decode_is (in.p[word], PKT_DECODE_SPELLING))
      continue;
    for (gsize k = 0; k < G_N_ELEMENTS (spellings); k++) {
      if (pkt_ascii_lower (in.p[word]) != spellings[k].word.p[0])
        continue;
      Spelled s = spelled_word (in, at, word, k);
      if (s.n)
        return s;
    }
  }
  return (Spelled){ 0 };
}

/* Most blanks are seen to be none with one look at what follows. */
static inline gboolean
may_spell (PktSlice in, gsize at)
{
  return is_around (in.p[at]) && at + 1 < in.n
         && pkt_decode_is (in.p[at + 1], PKT_DECODE_AROUND | PKT_DECODE_SPELLING);
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
  gsize done = 0;
  for (gsize i = 0; i < in.n; i++) {
    char c = in.p[i];
    if (c != 'A' && c != 'D' && !may_spell (in, i))
      continue;
    Spelled s = is_around (c) ? spelled_at (in, i) : glued_at (in, i);
    if (s.n == 0)
      continue;
    pkt_decode_keep (in, &done, i, out);
    g_string_append_c (out, s.c);
    found |= s.c == '@';
    i += s.n - 1;
    done = i + 1;
  }
  return pkt_decode_end (in, done, found, out);
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

/* "users at icloud.com" tells of nobody, "jane.q at icloud.com" does: a word with a dot or a digit
 * inside that is no host. */
static gboolean
telling_before (PktSlice in, gsize at)
{
  gsize i = at, marks = 0, letters = 0;
  while (i > 0 && at - i < 64 && (in_label (in.p[i - 1]) || in.p[i - 1] == '.'))
    i--;
  PktSlice word = pkt_slice (in.p + i, at - i);
  if (word.n == 0 || !g_ascii_isalpha (word.p[0]) || !g_ascii_isalnum (word.p[word.n - 1]))
    return FALSE;
  for (gsize k = 1; k < word.n; k++)
    marks += word.p[k] == '.' || word.p[k] == '_' || g_ascii_isdigit (word.p[k]);
  for (gsize k = 0; k < word.n; k++)
    letters += in_label (word.p[k]) && !g_ascii_isdigit (word.p[k]);
  const char *dot = memrchr (word.p, '.', word.n);
  g_autofree char *last = dot ? g_ascii_strdown (dot + 1, (gssize)(word.p + word.n - dot - 1))
                              : NULL;
  static const char *const tops[] = { "com", "net", "org", "example", "edu", "gov", "io", NULL };
  return marks > 0 && letters >= MIN_TELLING && !(last && g_strv_contains (tops, last));
}

/* One of Apple's mailbox domains; ".txt" may follow in the name of a file. */
static gboolean
mailbox_domain_at (PktSlice in, gsize at)
{
  static const PktSlice names[] = { PKT_SLICE ("icloud.com"), PKT_SLICE ("me.com"),
                                    PKT_SLICE ("mac.com") };
  for (gsize k = 0; k < G_N_ELEMENTS (names); k++) {
    gsize end = at + names[k].n;
    if (end <= in.n && pkt_slice_equal_nocase (pkt_slice (in.p + at, names[k].n), names[k])
        && (end == in.n || !in_label (in.p[end])))
      return TRUE;
  }
  return FALSE;
}

/* "jane.q @ icloud.com", "jane.q@ icloud.com" */
static Spelled
spaced_sign (PktSlice in, gsize at)
{
  gsize sign = at, i;
  while (sign < in.n && sign - at < MAX_AROUND && pkt_decode_is (in.p[sign], PKT_DECODE_BLANK))
    sign++;
  if (sign == in.n || in.p[sign] != '@')
    return (Spelled){ 0 };
  for (i = sign + 1; i < in.n && i - sign <= MAX_AROUND; i++)
    if (!pkt_decode_is (in.p[i], PKT_DECODE_BLANK))
      break;
  return i - at > 1 ? (Spelled){ i - at, '@', FALSE, FALSE } : (Spelled){ 0 };
}

/* " AT ", "_at_", "-at-": nobody writes so of a place. */
static gboolean
oddly_written (PktSlice in, gsize at, gsize n)
{
  PktSlice s = pkt_slice (in.p + at, n);
  return pkt_slice_find (s, PKT_SLICE ("AT")).p || memchr (s.p, '_', n) || memchr (s.p, '-', n)
         || memchr (s.p, '*', n);
}

static gboolean
names_mailbox (PktSlice in, gsize at, const Spelled *s)
{
  return s->n && s->c == '@' && in.p[at] != '.' && mailbox_domain_at (in, at + s->n)
         && ((telling_before (in, at) && strchr (" \t\r\n@_-", in.p[at]))
             || (oddly_written (in, at, s->n) && at > 0 && in_label (in.p[at - 1])));
}

/* Only what must be meant: brackets, a host with spelled dots, a mailbox at Apple. */
gboolean
pkt_decode_marked (PktSlice in, GString *out)
{
  gboolean found = FALSE, host = FALSE;
  gsize done = 0;
  for (gsize i = 0; i < in.n; i++) {
    if (!host && !may_spell (in, i) && in.p[i] != '@')
      continue;
    Spelled s = spelled_at (in, i);
    s = s.n ? s : spaced_sign (in, i);
    gboolean meant = s.bracketed || (s.n && s.c == '@' && dot_follows (in, i + s.n))
                     || (s.dot && host) || names_mailbox (in, i, &s);
    if (!meant) {
      host &= in_label (in.p[i]) || in.p[i] == '.';
      continue;
    }
    host |= s.c == '@';
    found = TRUE;
    pkt_decode_keep (in, &done, i, out);
    g_string_append_c (out, s.c);
    i += s.n - 1;
    done = i + 1;
  }
  return pkt_decode_end (in, done, found, out);
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

/* Such a run begins with a letter before a blank, and behind one. */
static gboolean
next_spaced (PktSlice in, gsize *at)
{
  for (gsize blank = *at + 1; pkt_decode_seek (in, &blank, ' '); blank++)
    if (in.p[blank - 1] > ' ' && (blank == 1 || in.p[blank - 2] <= ' ')) {
      *at = blank - 1;
      return TRUE;
    }
  return FALSE;
}

gboolean
pkt_decode_spaced (PktSlice in, GString *out)
{
  gboolean found = FALSE;
  gsize done = 0;
  for (gsize i = 0; next_spaced (in, &i); i++) {
    gsize n = spaced_run (in, i);
    if (n < 2 * MIN_SPACED)
      continue;
    pkt_decode_keep (in, &done, i, out);
    for (gsize k = 0; k < n; k++)
      if (in.p[i + k] != ' ')
        g_string_append_c (out, in.p[i + k]);
    g_string_append_c (out, ' ');
    found = TRUE;
    i += n - 1;
    done = i + 1;
  }
  return pkt_decode_end (in, done, found, out);
}
