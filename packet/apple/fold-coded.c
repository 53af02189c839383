/* Addresses in a reply whose '@' is written as something else. */
#include "packet/apple/fold.h"
#include "packet/apple/relay.h"

/* An encoded sign, and how far it is enough: '=' and '%' stand before many a name. */
typedef struct {
  const char *text;
  gboolean mailboxes; /* only before one of Apple's mailbox domains */
} Sign;

static const Sign signs[] = {
  { "%40", FALSE },   { "=40", FALSE },    { "+40", FALSE },      { "%2540", FALSE },
  { "&#64;", FALSE }, { "&#x40;", FALSE }, { "&commat;", FALSE }, { "\\u0040", FALSE },
  { "\\x40", FALSE }, { "\\100", FALSE },  { "\\@", FALSE },      { "\xef\xbc\xa0", FALSE },
  { "=", TRUE },      { "%", TRUE },
};

static gsize
name_length (PktSlice s)
{
  gsize n = 0;
  while (n < s.n && (g_ascii_isalnum (s.p[n]) || s.p[n] == '-' || s.p[n] == '.'))
    n++;
  while (n && (s.p[n - 1] == '.' || s.p[n - 1] == '-'))
    n--;
  return n;
}

static gboolean
is_name (PktSlice s)
{
  const char *dot = s.n ? memrchr (s.p, '.', s.n) : NULL;
  return dot > s.p && *s.p != '-' && s.p + s.n - dot > 2 && g_ascii_isalpha (dot[1]);
}

static gboolean
is_mailboxes (PktSlice s)
{
  return !g_str_equal (pkt_relay_domain_class (s), "custom");
}

/* The bytes of sign and domain at the start of s; 0: none. */
static gsize
rest_length (PktSlice s)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++) {
    const gsize n = strlen (signs[i].text);
    if (s.n <= n || g_ascii_strncasecmp (s.p, signs[i].text, n) != 0)
      continue;
    const PktSlice behind = pkt_slice_skip (s, n),
                   name = pkt_slice (behind.p, name_length (behind));
    if (signs[i].mailboxes ? is_mailboxes (name) : is_name (name))
      return n + name.n;
  }
  return 0;
}

static gboolean
is_separator (char c)
{
  return c == '/' || c == '?' || c == '&' || c == '=';
}

/* "https://x.example.net/?e=user": of a link only its value. */
static gsize
value_start (PktSlice s)
{
  gsize start = 0;
  if (memchr (s.p, '/', s.n) == NULL && memchr (s.p, '?', s.n) == NULL)
    return 0;
  for (gsize i = 0; i < s.n; i++)
    if (is_separator (s.p[i]))
      start = i + 1;
  return start;
}

/* What the signs begin with. */
static const char firsts[] = "%=+&\\\xef";

gboolean
pkt_fold_may_be_coded (PktSlice s)
{
  for (const char *c = firsts; *c && s.n; c++)
    if (memchr (s.p, *c, s.n))
      return TRUE;
  return FALSE;
}

gboolean
pkt_fold_coded (PktSlice s, gsize run, gsize *start, gsize *end)
{
  for (gsize i = 1; i <= run && i < s.n; i++) {
    if (strchr (firsts, s.p[i]) == NULL || is_separator (s.p[i - 1]))
      continue;
    const gsize rest = rest_length (pkt_slice_skip (s, i));
    if (rest == 0)
      continue;
    *start = value_start (pkt_slice (s.p, i));
    *end = i + rest;
    return TRUE;
  }
  return FALSE;
}
