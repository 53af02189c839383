#include "packet/redact/redactor-priv.h"
#include "packet/redact/token.h"

#define MIN_TOKEN 6
#define MAX_TOKEN 128

/* The next run of letters and digits from *at on; n is 0 at the end. */
static PktSlice
next_piece (PktSlice s, gsize *at)
{
  gsize i = *at;
  while (i < s.n && !g_ascii_isalnum (s.p[i]))
    i++;
  gsize start = i;
  while (i < s.n && g_ascii_isalnum (s.p[i]))
    i++;
  *at = i;
  return pkt_slice (s.p + start, i - start);
}

static char *
lower_of (PktSlice piece)
{
  return g_ascii_strdown (piece.p ? piece.p : "", (gssize)piece.n);
}

static gboolean
is_token (const PktRedactor *r, PktSlice piece)
{
  if (piece.n < MIN_TOKEN || piece.n > MAX_TOKEN || g_hash_table_size (r->tokens) == 0)
    return FALSE;
  g_autofree char *lower = lower_of (piece);
  return g_hash_table_contains (r->tokens, lower);
}

void
pkt_redactor_each_token (const char *list_unsubscribe, void (*f) (const char *lower, gpointer data),
                         gpointer data)
{
  PktSlice s = pkt_slice_str (list_unsubscribe);
  GString *joined = g_string_new (NULL); /* RFC 2369: blanks inside are of the folding */
  for (gsize i = 0; i < s.n; i++)
    if (!g_ascii_isspace (s.p[i]))
      g_string_append_c (joined, s.p[i]);
  s = pkt_slice (joined->str, joined->len);
  for (gsize at = 0;;) {
    PktSlice piece = next_piece (s, &at);
    if (piece.n == 0)
      break;
    if (piece.n < MIN_TOKEN || piece.n > MAX_TOKEN || !pkt_token_like (piece))
      continue;
    g_autofree char *lower = lower_of (piece);
    f (lower, data);
  }
  g_string_free (joined, TRUE);
}

void
pkt_redactor_common_token (PktRedactor *r, const char *lower)
{
  g_hash_table_add (r->common_tokens, g_strdup (lower));
}

static void
add_token (const char *lower, gpointer data)
{
  PktRedactor *r = data;
  if (!g_hash_table_contains (r->common_tokens, lower))
    g_hash_table_add (r->tokens, g_strdup (lower));
}

void
pkt_redactor_add_unsubscribe (PktRedactor *r, const char *list_unsubscribe)
{
  pkt_redactor_each_token (list_unsubscribe, add_token, r);
}

gboolean
pkt_redactor_has_token (const PktRedactor *r, PktSlice text)
{
  for (gsize at = 0; g_hash_table_size (r->tokens);) {
    PktSlice piece = next_piece (text, &at);
    if (piece.n == 0)
      break;
    if (is_token (r, piece))
      return TRUE;
  }
  return FALSE;
}

char *
pkt_redact_tokens (PktRedactor *r, const char *utf8)
{
  PktSlice s = pkt_slice_str (utf8);
  if (!pkt_redactor_has_token (r, s))
    return NULL;
  GString *out = g_string_new (NULL);
  gsize done = 0;
  for (gsize at = 0;;) {
    PktSlice piece = next_piece (s, &at);
    if (piece.n == 0)
      break;
    if (!is_token (r, piece))
      continue;
    g_string_append_len (out, s.p + done, piece.p - (s.p + done));
    pkt_token_append (out, piece);
    pkt_redactor_count (r, "token");
    done = at;
  }
  g_string_append (out, s.p + done);
  return g_string_free (out, FALSE);
}
