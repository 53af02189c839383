/* Single values of exports: times, addresses, and whether a text is an SMTP answer. */
#include "packet/log/event-value.h"
#include "packet/log/event-epoch.h"
#include "packet/log/event-time.h"

#define MAX_ADDRESS 512 /* RFC 5321 4.5.3.1.3: 256, some slack */
#define MAX_IP 64

static gboolean
is_blank (char c)
{
  return (guchar)c <= ' ';
}

/* The ranges of seconds, milliseconds and microseconds do not meet; what lies between is a date
 * without signs: 20260518140041. */
static gboolean
parse_epoch (PktSlice s, PktStamp *out)
{
  PktSlice whole = pkt_slice_until (s, '.');
  gint64 n, fraction = 0, unit = PKT_SECOND / 10;
  if (!pkt_slice_number (whole, &n))
    return FALSE;
  for (gsize i = whole.n + 1; i < s.n; i++, unit /= 10) {
    if (!g_ascii_isdigit (s.p[i]))
      return FALSE;
    fraction += unit * (s.p[i] - '0');
  }
  for (gint64 scale = 1; scale <= PKT_SECOND; scale *= 1000) {
    if (n < PKT_EVENT_MIN_EPOCH * scale || n > PKT_EVENT_MAX_EPOCH * scale)
      continue;
    *out = (PktStamp){ n * (PKT_SECOND / scale) + (scale == 1 ? fraction : 0), PKT_STAMP_UTC };
    return TRUE;
  }
  return FALSE;
}

gboolean
pkt_event_time (PktSlice s, PktEventDates dates, PktStamp *out)
{
  if (pkt_event_seconds (s, out))
    return TRUE;
  s = pkt_slice_trim (s);
  if (s.n == 0)
    return FALSE;
  if (parse_epoch (s, out))
    return TRUE;
  gsize n = pkt_clock_parse_rfc3339 (s, out);
  PktSlice rest = pkt_slice_trim (pkt_slice_skip (s, n));
  return (n && rest.n == 0) || pkt_event_written_time (s, dates, out);
}

PktSlice
pkt_event_unbracket (PktSlice s)
{
  if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
    s = pkt_slice (s.p + 1, s.n - 2);
  return s;
}

/* "Name <a@example.com>" too. */
PktSlice
pkt_event_address (PktSlice s)
{
  const char *open = s.n ? memrchr (s.p, '<', s.n) : NULL;
  if (open)
    s = pkt_slice_until (pkt_slice_skip (s, (gsize)(open - s.p) + 1), '>');
  return pkt_slice_trim (s);
}

static gboolean
has_parts (PktSlice s)
{
  PktSlice domain = pkt_slice_domain (s);
  return domain.n >= 3 && domain.n + 1 < s.n && s.n <= MAX_ADDRESS
         && pkt_find_byte (domain.p, domain.p + domain.n, '.');
}

#ifdef PKT_SSE2
/* Is a blank, a control sign, a bracket or a quote among these 16 bytes? */
static inline gboolean
odd_among_16 (const char *p)
{
  const __m128i bytes = _mm_loadu_si128 ((const __m128i *)p);
  const __m128i blank = _mm_cmpeq_epi8 (_mm_min_epu8 (bytes, _mm_set1_epi8 (' ')), bytes),
                bracket = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('<')),
                quote = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"'));
  return _mm_movemask_epi8 (_mm_or_si128 (blank, _mm_or_si128 (bracket, quote))) != 0;
}
#endif

static inline gboolean
has_odd_sign (PktSlice s)
{
  gsize i = 0;
#ifdef PKT_SSE2
  for (; i + 16 <= s.n; i += 16)
    if (odd_among_16 (s.p + i))
      return TRUE;
  if (i) /* the rest, and some bytes once more */
    return odd_among_16 (s.p + s.n - 16);
#endif
  for (; i < s.n; i++)
    if (is_blank (s.p[i]) || s.p[i] == '<' || s.p[i] == '"')
      return TRUE;
  return FALSE;
}

gboolean
pkt_event_is_address (PktSlice s)
{
  if (!has_parts (s))
    return FALSE;
  if (!has_odd_sign (s)) /* nearly all */
    return TRUE;
  for (gsize i = 0; i < s.n; i++)
    if (is_blank (s.p[i]) && (s.p[0] != '"' || s.p[i] == '\n'))
      return FALSE;
  return TRUE;
}

gboolean
pkt_event_is_bare_address (PktSlice s)
{
  return !has_odd_sign (s) && has_parts (s);
}

/* "192.0.2.10": four numbers up to 255, no more. */
static gboolean
is_ipv4 (PktSlice s)
{
  guint number = 0, figures = 0, dots = 0;
  for (gsize i = 0; i < s.n; i++) {
    if (s.p[i] == '.' && figures) {
      dots++;
      number = figures = 0;
      continue;
    }
    const guint figure = (guint)(guchar)s.p[i] - '0';
    if (figure > 9 || (figures && number == 0))
      return FALSE;
    number = number * 10 + figure;
    if (++figures > 3 || number > 255)
      return FALSE;
  }
  return dots == 3 && figures > 0;
}

PktSlice
pkt_event_ip_again (PktSlice s, PktEventIps *known)
{
  guint32 end;
  const char *port = s.n ? memchr (s.p, ':', MIN (s.n, sizeof known->text[0] + 1)) : NULL;
  const PktSlice bare = port ? pkt_slice (s.p, (gsize)(port - s.p)) : s;
  if (bare.n < sizeof end || bare.n > sizeof known->text[0])
    return pkt_event_ip (s);
  memcpy (&end, bare.p + bare.n - sizeof end, sizeof end);
  const guint i = (end * 0x9e3779b1u >> 24) % PKT_EVENT_IPS;
  if (known->n[i] == bare.n && pkt_bytes_same (known->text[i], bare.p, bare.n))
    return bare;
  const PktSlice ip = pkt_event_ip (s);
  if (ip.p == bare.p && ip.n == bare.n) {
    known->n[i] = (guint8)bare.n;
    memcpy (known->text[i], bare.p, bare.n);
  }
  return ip;
}

/* "192.0.2.10", "192.0.2.10:4711", "[2001:db8::1]:25"; empty when it is no address. */
PktSlice
pkt_event_ip (PktSlice s)
{
  char text[MAX_IP];
  if (s.n && !g_ascii_isxdigit (s.p[0]) && s.p[0] != '[' && s.p[0] != ':')
    return pkt_slice (NULL, 0); /* a name, mostly */
  if (is_ipv4 (s))
    return s;
  if (s.n && s.p[0] == '[')
    s = pkt_slice_until (pkt_slice_skip (s, 1), ']');
  else if (s.n && g_ascii_isdigit (s.p[0]) && pkt_find_byte (s.p, s.p + s.n, '.')
           && pkt_find_byte (s.p, s.p + s.n, ':'))
    s = pkt_slice_until (s, ':');
  if (s.n == 0 || s.n >= sizeof text)
    return pkt_slice (NULL, 0);
  if (is_ipv4 (s))
    return s;
  if (!pkt_find_byte (s.p, s.p + s.n, ':')) /* every other address has one */
    return pkt_slice (NULL, 0);
  memcpy (text, s.p, s.n);
  text[s.n] = '\0';
  return g_hostname_is_ip_address (text) ? s : pkt_slice (NULL, 0);
}

/* RFC 3463: "5.7.1", at most 3 figures each. */
gsize
pkt_event_enhanced (PktSlice s)
{
  gsize i = 0;
  if (s.n < 5 || !(s.p[0] == '2' || s.p[0] == '4' || s.p[0] == '5'))
    return 0;
  for (int part = 0; part < 3; part++) {
    gsize from = i;
    while (i < s.n && i < from + 3 && g_ascii_isdigit (s.p[i]))
      i++;
    if (i == from || (part < 2 && (i >= s.n || s.p[i++] != '.')))
      return 0;
  }
  return i >= s.n || is_blank (s.p[i]) || s.p[i] == ':' ? i : 0;
}

gboolean
pkt_event_is_code (PktSlice s)
{
  return s.n >= 3 && (s.p[0] == '2' || s.p[0] == '4' || s.p[0] == '5') && g_ascii_isdigit (s.p[1])
         && g_ascii_isdigit (s.p[2]) && (s.n == 3 || s.p[3] == '-' || is_blank (s.p[3]));
}

/* "[HM08] …": some services drop the codes before it. */
static gboolean
is_tagged (PktSlice s)
{
  gsize letters = 1, figures = 0;
  if (s.n == 0 || s.p[0] != '[')
    return FALSE;
  while (letters < s.n && g_ascii_isupper (s.p[letters]))
    letters++;
  while (letters + figures < s.n && g_ascii_isdigit (s.p[letters + figures]))
    figures++;
  return letters >= 3 && letters <= 5 && figures >= 1 && figures <= 2 && letters + figures < s.n
         && s.p[letters + figures] == ']';
}

/* "5.7.1" or "550" and no more: services write such codes of their own, nobody said it. */
gboolean
pkt_event_is_bare_code (PktSlice s)
{
  return (s.n == 3 && pkt_event_is_code (s)) || (s.n && pkt_event_enhanced (s) == s.n);
}

/* A remote host's words, not a service's own: they begin with its codes, or hold them after "said:"
 * and the like. */
gboolean
pkt_event_is_answer (PktSlice s)
{
  static const PktSlice before[] = { PKT_SLICE ("said: "), PKT_SLICE ("smtp; "),
                                     PKT_SLICE ("smtp;"), PKT_SLICE ("response: "),
                                     PKT_SLICE ("RecipientError: ") };
  if (pkt_event_is_code (s) || is_tagged (s) || pkt_event_enhanced (s))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (before); i++) {
    PktSlice at = pkt_slice_find (s, before[i]);
    if (at.p && pkt_event_is_code (pkt_slice_trim (pkt_slice_skip (at, before[i].n))))
      return TRUE;
  }
  return FALSE;
}

char
pkt_event_class (PktSlice reply)
{
  for (gsize i = 0; i < reply.n; i++) {
    PktSlice at = pkt_slice_skip (reply, i);
    gboolean word = i == 0 || is_blank (reply.p[i - 1]) || reply.p[i - 1] == ';';
    if (word && (pkt_event_is_code (at) || pkt_event_enhanced (at)))
      return at.p[0];
  }
  return 0;
}
