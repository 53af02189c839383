#include "packet/apple/fold.h"
#include "packet/apple/reply.h"

static PktSlice
skip_blanks (PktSlice s)
{
  while (s.n && g_ascii_isspace (*s.p))
    s = pkt_slice_skip (s, 1);
  return s;
}

/* The classes that a final answer has (RFC 5321 4.2.1); 3yz only asks for more. */
static gboolean
is_class (char c)
{
  return c == '2' || c == '4' || c == '5';
}

/* "550", "550-", "550 ": never "25:" of a port or "5501". */
static int
basic_code (PktSlice s)
{
  if (s.n < 3 || !is_class (s.p[0]) || !g_ascii_isdigit (s.p[1]) || !g_ascii_isdigit (s.p[2]))
    return 0;
  if (s.n > 3 && s.p[3] != '-' && !g_ascii_isspace (s.p[3]))
    return 0;
  return (s.p[0] - '0') * 100 + (s.p[1] - '0') * 10 + (s.p[2] - '0');
}

static gsize
digits (PktSlice s, gsize from)
{
  gsize n = 0;
  while (from + n < s.n && n < 4 && g_ascii_isdigit (s.p[from + n]))
    n++;
  return n;
}

/* RFC 3463 section 2: class "." 1*3digit "." 1*3digit. */
static PktSlice
enhanced_code (PktSlice s)
{
  if (s.n < 5 || !is_class (s.p[0]) || s.p[1] != '.')
    return pkt_slice (NULL, 0);
  gsize subject = digits (s, 2);
  if (subject < 1 || subject > 3 || 2 + subject >= s.n || s.p[2 + subject] != '.')
    return pkt_slice (NULL, 0);
  gsize detail = digits (s, 3 + subject), n = 3 + subject + detail;
  if (detail < 1 || detail > 3 || (n < s.n && !g_ascii_isspace (s.p[n])))
    return pkt_slice (NULL, 0);
  return pkt_slice (s.p, n);
}

PktReplyHead
pkt_reply_head (PktSlice text)
{
  PktReplyHead head = { .rest = skip_blanks (text) };
  head.code = basic_code (head.rest);
  if (head.code) {
    head.digits = pkt_slice (head.rest.p, 3);
    head.rest = skip_blanks (pkt_slice_skip (head.rest, 4));
  }
  head.enhanced = enhanced_code (head.rest);
  for (PktSlice again = head.enhanced; again.n && pkt_slice_equal (again, head.enhanced);
       again = enhanced_code (head.rest)) /* PowerMTA writes it twice: 550 5.1.1 5.1.1 */
    head.rest = skip_blanks (pkt_slice_skip (head.rest, again.n));
  return head;
}

/* Where the reply follows something that another program said before it. */
static PktSlice
after_marker (PktSlice s)
{
  static const char *const markers[]
      = { "said:", "talk to me:", "response=", "]:", "was:", "error:", "reason:", "smtp;" };
  PktSlice best = { NULL, 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (markers); i++) {
    PktSlice rest = pkt_fold_after (s, markers[i]);
    if (rest.p && basic_code (skip_blanks (rest)) && (best.p == NULL || rest.p < best.p))
      best = rest;
  }
  return best;
}

/* The reply may hold "(in reply to …" itself; the MTA's own is the last one. */
static PktSlice
without_stage (PktSlice s)
{
  static const char words[] = "(in reply to ";
  const char *at = g_strrstr_len (s.p, (gssize)s.n, words);
  if (!at || !pkt_fold_after (pkt_slice_skip (s, (gsize)(at - s.p)), "command)").p)
    return s;
  return pkt_slice_trim (pkt_slice (s.p, (gsize)(at - s.p)));
}

static PktSlice
strip_one (PktSlice s)
{
  static const char *const labels[] = { "Diagnostic-Code:", "smtp;", "X-Postfix;", "X-Unix;" };
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (pkt_slice_starts_nocase (s, pkt_slice_str (labels[i])))
      return skip_blanks (pkt_slice_skip (s, strlen (labels[i])));
  PktReplyHead head = pkt_reply_head (s);
  if (head.code || head.enhanced.n)
    return s;
  PktSlice rest = after_marker (s);
  return rest.p ? without_stage (skip_blanks (rest)) : s;
}

PktSlice
pkt_reply_unwrap (PktSlice reply)
{
  PktSlice s = reply.p ? pkt_slice (reply.p, MIN (reply.n, PKT_REPLY_MAX)) : PKT_SLICE ("");
  s = pkt_slice_trim (s);
  for (guint i = 0; i < PKT_REPLY_MAX_WRAPPERS; i++) {
    PktSlice next = strip_one (s);
    if (next.p == s.p && next.n == s.n)
      break;
    s = next;
  }
  return s;
}

PktSlice
pkt_reply_inner (PktSlice unwrapped)
{
  if (pkt_reply_head (unwrapped).code != 503)
    return unwrapped;
  PktSlice inner = pkt_fold_after (unwrapped, "MAIL FROM error:");
  return inner.p && basic_code (skip_blanks (inner)) ? skip_blanks (inner) : unwrapped;
}

gsize
pkt_fold_uuid (PktSlice text)
{
  static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  gsize n = sizeof shape - 1;
  if (text.n < n || (text.n > n && g_ascii_isxdigit (text.p[n])))
    return 0;
  for (gsize i = 0; i < n; i++)
    if (shape[i] == '-' ? text.p[i] != '-' : !g_ascii_isxdigit (text.p[i]))
      return 0;
  return n;
}

/* A blank of the phrase stands for a run of them, so that it is found in text that is not folded
 * yet. Only phrases that begin with something else than a blank: then it stays linear. */
static gsize
phrase_at (PktSlice s, const char *phrase)
{
  gsize i = 0;
  for (; *phrase; phrase++) {
    if (*phrase == ' ') {
      gsize from = i;
      while (i < s.n && g_ascii_isspace (s.p[i]))
        i++;
      if (i == from)
        return 0;
    } else if (i < s.n && pkt_ascii_lower (s.p[i]) == pkt_ascii_lower (*phrase))
      i++;
    else
      return 0;
  }
  return i;
}

PktSlice
pkt_fold_after (PktSlice text, const char *phrase)
{
  const char lower = pkt_ascii_lower (*phrase), upper = g_ascii_toupper (*phrase);
  const char *at = text.p, *end = at ? at + text.n : NULL;
  for (; at && (at = pkt_find_either (at, end, lower, upper)); at++) {
    PktSlice rest = pkt_slice (at, (gsize)(end - at));
    gsize n = phrase_at (rest, phrase);
    if (n)
      return pkt_slice_skip (rest, n);
  }
  return pkt_slice (NULL, 0);
}
