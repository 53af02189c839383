#include "packet/redact/header-comments.h"
#include "packet/redact/redactor-priv.h"
#include "packet/redact/token.h"

#define REMOVED "(comment removed)"
#define MAX_VERSION 24 /* "8.17.1.9/8.17.1.9", "2403B92" */

typedef struct {
  PktRedactor *r;
  const PktCommentRules *rules;
  GString *out;
} Rewrite;

static gboolean
is_listed (const char *const *list, PktSlice word)
{
  for (gsize i = 0; list[i]; i++)
    if (pkt_slice_equal_nocase (word, pkt_slice_str (list[i])))
      return TRUE;
  return FALSE;
}

static gboolean
only (PktSlice s, const char *allowed)
{
  for (gsize i = 0; i < s.n; i++)
    if (s.p[i] == '\0' || !strchr (allowed, s.p[i]))
      return FALSE;
  return s.n > 0;
}

/* 4.96, 256/256, 192.0.2.10, 2001:db8::1, and of programs 2403B92 */
static gboolean
is_number (PktSlice w)
{
  gboolean address = memchr (w.p, ':', w.n) && only (w, "0123456789abcdefABCDEF:.");
  return address
         || (w.n <= MAX_VERSION && g_ascii_isdigit (w.p[0]) && only (w, "0123456789ABCDEF./-"));
}

/* TLSv1.3, TLS_AES_256_GCM_SHA384, ECDHE-RSA-AES256-GCM-SHA384 */
static gboolean
is_cipher (PktSlice w)
{
  static const char *const starts[] = { "TLS",  "SSL", "ECDHE", "DHE",    "AES", "CHACHA",
                                        "AEAD", "RSA", "SHA",   "X25519", "P-",  NULL };
  for (gsize i = 0; starts[i]; i++)
    if (pkt_slice_starts (w, pkt_slice_str (starts[i])))
      return only (w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.v");
  return FALSE;
}

/* mta1.example.com, but not jane.quinn: a host of the sender, of Apple, or one with three labels or
 * more. */
static gboolean
is_host (const PktRedactor *r, PktSlice w)
{
  gsize dots = 0;
  for (gsize i = 0; i < w.n; i++) {
    if (!g_ascii_isalnum (w.p[i]) && w.p[i] != '.' && w.p[i] != '-')
      return FALSE;
    dots += w.p[i] == '.';
  }
  if (dots && w.p[w.n - 1] == '.')
    w.n--, dots--;
  return dots > 1 || (dots == 1 && (pkt_redactor_is_own (r, w) || pkt_place_apple_domain (w)));
}

static gboolean
is_known (const Rewrite *w, PktSlice word)
{
  const char *eq = memchr (word.p, '=', word.n);
  if (eq && eq > word.p) { /* p=REJECT, bits=256/256 */
    gsize n = (gsize)(eq - word.p);
    return is_known (w, pkt_slice (word.p, n))
           && (n + 1 == word.n || is_known (w, pkt_slice_skip (word, n + 1)));
  }
  return is_listed (w->rules->words, word) || is_number (word) || is_cipher (word)
         || is_host (w->r, word);
}

static gboolean
is_mark (PktSlice text, gsize at)
{
  PktSlice rest = pkt_slice_skip (text, at);
  return pkt_slice_starts (rest, PKT_SLICE ("[rcpt-"))
         || pkt_slice_starts (rest, PKT_SLICE ("[verp-"))
         || pkt_slice_starts (rest, PKT_SLICE ("[custom"));
}

/* A word of a comment whose addresses were replaced ends at a blank or at what encloses it. */
static gsize
word_length (PktSlice text, gsize at)
{
  gsize n = 0;
  while (at + n < text.n && !strchr (" \t\r\n,;\"'<>()", text.p[at + n])) {
    if (text.p[at + n] == '[' || text.p[at + n] == ']') {
      if (!is_mark (text, at + n))
        break;
      while (at + n < text.n && text.p[at + n] != ']')
        n++;
    }
    n++;
  }
  return MIN (n, text.n - at);
}

static gboolean
all_known (const Rewrite *w, PktSlice text)
{
  for (gsize i = 0; i < text.n;) {
    gsize n = word_length (text, i);
    PktSlice word = pkt_slice (text.p + i, n);
    gboolean marked = pkt_slice_find (word, PKT_SLICE ("[")).p != NULL
                      || memchr (word.p, '@', word.n) != NULL;
    gboolean speaker = i == 1 && word.n && word.p[word.n - 1] == ':'; /* "(google.com: domain …" */
    while (word.n && strchr (":.", word.p[word.n - 1]) && !marked)
      word.n--;
    if (speaker && memchr (word.p, '.', word.n))
      word.n = 0;
    if (word.n && !marked && !is_known (w, word))
      return FALSE;
    i += MAX (n, 1);
  }
  return TRUE;
}

static char *
map_addresses (const Rewrite *w, PktSlice text)
{
  GString *out = g_string_new (NULL);
  PktAddressSpan span;
  gsize done = 0;
  while (pkt_address_next (text, done, &span)) {
    g_autofree char *made = w->rules->address (
        w->r, pkt_slice (text.p + span.start, span.end - span.start));
    g_string_append_len (out, text.p + done, (gssize)(span.start - done));
    g_string_append (out, made);
    done = span.end;
  }
  g_string_append_len (out, text.p + done, (gssize)(text.n - done));
  return g_string_free (out, FALSE);
}

/* `text` begins with '('; its length with what is nested in it, or to the end. */
static gsize
comment_length (PktSlice text)
{
  gsize depth = 0;
  for (gsize i = 0; i < text.n; i++) {
    if (text.p[i] == '\\')
      i++;
    else if (text.p[i] == '(')
      depth++;
    else if (text.p[i] == ')' && --depth == 0)
      return i + 1;
  }
  return text.n;
}

/* "(example.net [192.0.2.10])": the name of the address that Apple saw, whatever it is. */
static gboolean
is_pointer (PktSlice comment)
{
  PktSlice inside = pkt_slice (comment.p + 1, comment.n - MIN (comment.n, 2));
  PktSlice name = pkt_slice_until (inside, ' '), ip = pkt_slice_skip (inside, name.n + 1);
  if (ip.n < 4 || ip.p[0] != '[' || ip.p[ip.n - 1] != ']' || !memchr (name.p, '.', name.n))
    return FALSE;
  for (gsize i = 0; i < name.n; i++)
    if (!g_ascii_isalnum (name.p[i]) && !strchr (".-_", name.p[i]))
      return FALSE;
  ip = pkt_slice (ip.p + 1, ip.n - 2);
  if (pkt_slice_starts (ip, PKT_SLICE ("IPv6:")))
    ip = pkt_slice_skip (ip, 5);
  return only (ip, "0123456789abcdefABCDEF:.");
}

static void
append_comment (Rewrite *w, PktSlice comment)
{
  g_autofree char *made = map_addresses (w, comment);
  if (is_pointer (comment) || all_known (w, pkt_slice_str (made))) {
    g_string_append (w->out, made);
    return;
  }
  pkt_redactor_count (w->r, "comment");
  g_string_append (w->out, REMOVED);
}

/* A result of RFC 8601, though pass@icloud.com has a mailbox. */
static gboolean
is_usual_result (PktSlice value)
{
  static const char *const words[] = { "pass",     "fail",     "none",    "neutral",
                                       "softfail", "hardfail", "policy",  "temperror",
                                       "discard",  "skipped",  "unknown", "permerror" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (pkt_slice_equal_nocase (value, pkt_slice_str (words[i])))
      return TRUE;
  return FALSE;
}

/* "spf=pass": letters that say how a check went. */
static gboolean
is_result (PktSlice key, PktSlice value)
{
  if (memchr (key.p, '.', key.n) || value.n > MAX_VERSION)
    return FALSE;
  for (gsize i = 0; i < value.n; i++)
    if (!g_ascii_isalpha (value.p[i]))
      return FALSE;
  return value.n > 0;
}

static void
append_word (Rewrite *w, PktSlice word)
{
  PktSlice key = pkt_slice_until (word, '='), value = pkt_slice_skip (word, key.n + 1);
  gboolean property = w->rules->properties && key.n && key.n < word.n;
  if (property) {
    g_string_append_len (w->out, key.p, (gssize)key.n + 1);
    if (value.n && !is_listed (w->rules->properties, key)
        && (!is_result (key, value)
            || (!is_usual_result (value) && pkt_redactor_is_person (w->r, value)))) {
      pkt_token_append (w->out, value);
      return;
    }
    word = value;
  }
  g_autofree char *made = map_addresses (w, word);
  g_string_append (w->out, made);
}

static gsize
token_length (PktSlice text)
{
  gboolean quoted = FALSE;
  gsize n = 0;
  for (; n < text.n; n++) {
    if (text.p[n] == '"')
      quoted = !quoted;
    else if (!quoted && strchr (" \t\r\n;(", text.p[n]))
      break;
  }
  return n;
}

char *
pkt_header_rewrite (PktRedactor *r, PktSlice value, const PktCommentRules *rules)
{
  Rewrite w = { r, rules, g_string_new (NULL) };
  while (value.n) {
    gsize n;
    if (value.p[0] == '(') {
      n = comment_length (value);
      append_comment (&w, pkt_slice (value.p, n));
    } else if ((n = token_length (value)) > 0)
      append_word (&w, pkt_slice (value.p, n));
    else
      g_string_append_len (w.out, value.p, (gssize)(n = 1));
    value = pkt_slice_skip (value, n);
  }
  return g_string_free (w.out, FALSE);
}
