#include "packet/apple/fold.h"
#include "packet/base/byte-table.h"

typedef struct {
  PktSlice in;
  gsize i;
  GString *out;
  PktFoldFor purpose;
  PktReplyHead head;
  gboolean blank;   /* one is due before the next byte */
  gboolean several; /* a "550-" was seen: the reply has several lines */
  gboolean coded;   /* addresses are to be masked whose '@' is encoded, and there may be some */
} Fold;

enum { ATEXT = 1, BLANK = 2 };

/* RFC 5322 3.2.3, with the bytes of RFC 6531: "!#$%&'*+-/=?^_`{|}~.". */
#define IS_ATEXT(c)                                                                                \
  (PKT_BYTE_IS_ALNUM (c) || PKT_BYTE_IS_HIGH (c) || (c) == '!' || PKT_BYTE_IN (c, '#', '\'')       \
   || (c) == '*' || (c) == '+' || PKT_BYTE_IN (c, '-', '/') || (c) == '=' || (c) == '?'            \
   || PKT_BYTE_IN (c, '^', '`') || PKT_BYTE_IN (c, '{', '~'))
#define CLASS(c) ((IS_ATEXT (c) ? ATEXT : 0) | ((c) <= ' ' || (c) == 0x7f ? BLANK : 0))

static const guint8 classes[256] = { PKT_BYTE_TABLE (CLASS) };

static inline gboolean
is_atext (char c)
{
  return (classes[(guint8)c] & ATEXT) != 0;
}

static inline gboolean
is_blank (char c)
{
  return (classes[(guint8)c] & BLANK) != 0;
}

static PktSlice
ahead (const Fold *f)
{
  return pkt_slice_skip (f->in, f->i);
}

/* Length of `"quoted \" local"` at the start of s, 0 when it is none. */
static gsize
quoted_length (PktSlice s)
{
  gsize max = MIN (s.n, PKT_FOLD_MAX_LOCAL);
  if (max == 0 || s.p[0] != '"')
    return 0;
  for (gsize i = 1; i < max; i++) {
    if (s.p[i] == '\\')
      i++;
    else if (s.p[i] == '"')
      return i + 1;
  }
  return 0;
}

static gsize
atext_length (PktSlice s)
{
  gsize n = 0;
  while (n < s.n && is_atext (s.p[n]))
    n++;
  return n;
}

static gsize
domain_length (PktSlice s)
{
  gsize n = 0;
  if (s.n && s.p[0] == '[') { /* address literal */
    PktSlice inside = pkt_slice_until (pkt_slice (s.p, MIN (s.n, 64)), ']');
    return inside.n < MIN (s.n, 64) ? inside.n + 1 : 0;
  }
  while (n < s.n && (g_ascii_isalnum (s.p[n]) || strchr ("-._", s.p[n]) || (guchar)s.p[n] >= 0x80)
         && s.p[n])
    n++;
  while (n && s.p[n - 1] == '.')
    n--;
  return n;
}

/* `local@domain` at the start of s: its length, and the length of the local part. */
static gsize
address_length (PktSlice s, gsize *local)
{
  *local = s.n && s.p[0] == '"' ? quoted_length (s) : atext_length (s);
  if (*local == 0 || *local >= s.n || s.p[*local] != '@')
    return 0;
  gsize domain = domain_length (pkt_slice_skip (s, *local + 1));
  return domain ? *local + 1 + domain : 0;
}

/* `<local@domain>`, also with what only a hostile sender writes between the brackets. */
static gsize
path_length (PktSlice s, PktSlice *domain)
{
  gsize max = MIN (s.n, PKT_FOLD_MAX_PATH), i = 1, at = 0;
  gsize quoted = quoted_length (pkt_slice_skip (s, 1));
  for (i += quoted; i < max && s.p[i] != '>'; i++) {
    if (s.p[i] == '<' || is_blank (s.p[i]))
      return 0;
    if (s.p[i] == '@')
      at = i;
  }
  if (i >= max || at == 0)
    return 0;
  *domain = pkt_slice (s.p + at + 1, i - at - 1);
  return i + 1;
}

static void
flush_blank (Fold *f)
{
  if (f->blank && f->out->len)
    g_string_append_c (f->out, ' ');
  f->blank = FALSE;
}

static void
put_address (Fold *f, PktSlice domain, gboolean path)
{
  flush_blank (f);
  if (f->purpose == PKT_FOLD_PUBLIC) {
    g_string_append (f->out, "<recipient>");
    return;
  }
  g_string_append (f->out, path ? "<x@" : "x@");
  g_string_append_len (f->out, domain.p, (gssize)domain.n);
  if (path)
    g_string_append_c (f->out, '>');
}

/* "user%40icloud.com", "<user=40icloud.com>" */
static gboolean
take_coded (Fold *f)
{
  const gsize open = f->in.p[f->i] == '<';
  const PktSlice s = pkt_slice_skip (ahead (f), open);
  gsize start, end;
  if (!pkt_fold_coded (s, atext_length (s), &start, &end))
    return FALSE;
  const gboolean enclosed = open && start == 0 && end < s.n && s.p[end] == '>';
  flush_blank (f);
  g_string_append_len (f->out, s.p - open, (gssize)(start + (enclosed ? 0 : open)));
  g_string_append (f->out, "<recipient>");
  f->i += open + end + enclosed;
  return TRUE;
}

static gboolean
take_address (Fold *f)
{
  PktSlice s = ahead (f), domain;
  gsize local, n;
  if (s.p[0] == '<' && (n = path_length (s, &domain)) > 0) {
    put_address (f, domain, TRUE);
    f->i += n;
    return TRUE;
  }
  /* Only where a run of atext begins: each run is looked at once. */
  gboolean begins = f->i == 0 || !is_atext (f->in.p[f->i - 1]);
  if ((s.p[0] != '"' && !(is_atext (s.p[0]) && begins)) || (n = address_length (s, &local)) == 0)
    return f->coded && (s.p[0] == '<' || (is_atext (s.p[0]) && begins)) && take_coded (f);
  put_address (f, pkt_slice (s.p + local + 1, n - local - 1), FALSE);
  f->i += n;
  return TRUE;
}

static gsize
blanks (PktSlice s)
{
  gsize n = 0;
  while (n < s.n && is_blank (s.p[n]))
    n++;
  return n;
}

/* Length of the head's enhanced code at the start of s, 0 when it is another or none. */
static gsize
same_enhanced (const Fold *f, PktSlice s)
{
  gsize n = f->head.enhanced.n;
  gboolean same = n && pkt_slice_starts (s, f->head.enhanced) && (s.n == n || is_blank (s.p[n]));
  return same ? n : 0;
}

/* "550-5.7.1 first 550-5.7.1 second 550 5.7.1 last": the later prefixes of a flattened reply. */
static gboolean
drop_prefix (Fold *f)
{
  PktSlice s = ahead (f);
  if (!f->head.code || !pkt_slice_starts (s, f->head.digits))
    return FALSE;
  if (s.n > 3 && s.p[3] == '-') {
    f->several = TRUE;
    f->i += 4 + same_enhanced (f, pkt_slice_skip (s, 4));
    return TRUE;
  }
  if (s.n > 3 && !is_blank (s.p[3]))
    return FALSE;
  gsize gap = blanks (pkt_slice_skip (s, 3));
  gsize n = same_enhanced (f, pkt_slice_skip (s, 3 + gap));
  if (n == 0 && !f->several)
    return FALSE;
  f->i += n ? 3 + gap + n : 3;
  return TRUE;
}

/* Exim writes a reply's line ends as the two characters \n. */
static gboolean
written_line_end (PktSlice s)
{
  return s.n > 5 && s.p[0] == '\\' && s.p[1] == 'n' && g_ascii_isdigit (s.p[2])
         && g_ascii_isdigit (s.p[3]) && g_ascii_isdigit (s.p[4])
         && (s.p[5] == '-' || s.p[5] == ' ');
}

static void
copy_one (Fold *f)
{
  flush_blank (f);
  if (pkt_slice_starts (ahead (f), PKT_SLICE ("\xe2\x80\x99"))) { /* U+2019 */
    g_string_append_c (f->out, '\'');
    f->i += 3;
  } else
    g_string_append_c (f->out, f->in.p[f->i++]);
}

/* The rest of a run of atext, where no address begins; U+2019 ends it. */
static void
copy_run (Fold *f)
{
  gsize n = 0;
  PktSlice s = ahead (f);
  if (!is_atext (f->in.p[f->i - 1]))
    return;
  while (n < s.n && is_atext (s.p[n]) && (guint8)s.p[n] != 0xe2)
    n++;
  if (n)
    g_string_append_len (f->out, s.p, (gssize)n);
  f->i += n;
}

static void
fold_rest (Fold *f)
{
  gboolean word = TRUE;
  while (f->i < f->in.n) {
    gsize skip = written_line_end (ahead (f)) ? 2 : is_blank (f->in.p[f->i]) ? 1 : 0;
    if (skip) {
      f->i += skip;
      f->blank = word = TRUE;
    } else if (word && drop_prefix (f)) {
      f->blank = TRUE;
    } else {
      word = FALSE;
      if (!take_address (f)) {
        copy_one (f);
        copy_run (f);
      }
    }
  }
}

GString *
pkt_reply_fold (PktSlice unwrapped, PktFoldFor purpose)
{
  Fold f = { .out = g_string_sized_new (unwrapped.n + 1), .purpose = purpose };
  f.head = pkt_reply_head (unwrapped);
  f.in = f.head.rest;
  f.coded = purpose == PKT_FOLD_PUBLIC && pkt_fold_may_be_coded (f.in);
  f.several = f.head.code && f.head.digits.p + 3 < unwrapped.p + unwrapped.n
              && f.head.digits.p[3] == '-';
  if (f.head.code)
    g_string_append_len (f.out, f.head.digits.p, 3);
  if (f.head.enhanced.n) {
    if (f.out->len)
      g_string_append_c (f.out, ' ');
    g_string_append_len (f.out, f.head.enhanced.p, (gssize)f.head.enhanced.n);
  }
  f.blank = TRUE;
  fold_rest (&f);
  return f.out;
}
