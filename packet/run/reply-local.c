#include "packet/run/reply-local.h"

#define MIN_JOINED 8 /* letters and digits without a sign between */
#define MIN_CUT 3    /* of a beginning; what is shorter tells nobody */

static gboolean
is_same (char a, char b)
{
  return pkt_ascii_lower (a) == pkt_ascii_lower (b);
}

static gboolean
in_word (char c)
{
  return g_ascii_isalnum (c) || (guint8)c >= 0x80;
}

static gboolean
only_digits (PktSlice s)
{
  while (s.n && g_ascii_isdigit (*s.p))
    s = pkt_slice_skip (s, 1);
  return s.n == 0;
}

static gsize
joined (PktSlice text, PktSlice local)
{
  gsize n = 0, signs = 0;
  while (local.n && n < text.n) {
    if (!in_word (*local.p))
      signs++;
    else if (is_same (text.p[n], *local.p))
      n++;
    else
      break;
    local = pkt_slice_skip (local, 1);
  }
  const gboolean ends = n == text.n || !in_word (text.p[n]);
  return signs && ends && n >= MIN_JOINED && only_digits (local) ? n : 0;
}

static gsize
cut (PktSlice text, PktSlice local)
{
  static const char *const lacks[] = { "..", "\xe2\x80\xa6", "*" };
  gsize n = 0;
  while (n < MIN (text.n, local.n) && is_same (text.p[n], local.p[n]))
    n++;
  if (n == local.n)
    return 0;
  while (n && !in_word (text.p[n - 1]))
    n--;
  for (gsize i = 0; i < G_N_ELEMENTS (lacks) && n >= MIN_CUT; i++)
    if (pkt_slice_starts (pkt_slice_skip (text, n), pkt_slice_str (lacks[i])))
      return n;
  return 0;
}

gsize
pkt_reply_local_part (PktSlice text, PktSlice local)
{
  const gsize n = joined (text, local);
  return n ? n : cut (text, local);
}
