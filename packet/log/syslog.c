#include "packet/log/syslog.h"

gsize
pkt_syslog_stamp (PktSlice s, int year_index, PktStamp *out)
{
  if (s.n < 15)
    return 0;
  return g_ascii_isdigit (s.p[0]) ? pkt_clock_parse_rfc3339 (s, out)
                                  : pkt_clock_parse_syslog (s, year_index, out);
}

static PktSlice
skip_blanks (PktSlice s)
{
  while (s.n && (*s.p == ' ' || *s.p == '\t'))
    s = pkt_slice_skip (s, 1);
  return s;
}

static PktSlice
take_word (PktSlice *s)
{
  PktSlice word = pkt_slice_until (*s, ' ');
  *s = skip_blanks (pkt_slice_skip (*s, word.n));
  return word;
}

#define MAX_PREFIX 100 /* bytes of a container's name in front of a line */

/* "ESC[36m" of a terminal, and blanks. */
static PktSlice
skip_colour (PktSlice s)
{
  for (;;) {
    s = skip_blanks (s);
    if (s.n < 3 || s.p[0] != '\x1b' || s.p[1] != '[')
      return s;
    gsize i = 2;
    while (i < s.n && (g_ascii_isdigit (s.p[i]) || s.p[i] == ';'))
      i++;
    if (i >= s.n || s.p[i] != 'm')
      return s;
    s = pkt_slice_skip (s, i + 1);
  }
}

/* "[pod/mail-0/postfix] " of kubectl --prefix, and the time that kubectl --timestamps and docker -t
 * put before a line that has its own. */
static PktSlice
skip_outer_time (PktSlice s)
{
  PktStamp ignored;
  if (pkt_slice_starts (s, PKT_SLICE ("[pod/")))
    s = skip_blanks (pkt_slice_skip (s, pkt_slice_until (s, ' ').n));
  if (s.n < 20 || s.p[10] != 'T')
    return s;
  gsize n = pkt_clock_parse_rfc3339 (s, &ignored);
  PktSlice inner = n ? skip_blanks (pkt_slice_skip (s, n)) : s;
  return n && pkt_syslog_stamp (inner, 0, &ignored) ? inner : s;
}

static PktSlice
skip_junk (PktSlice s)
{
  while (s.n && (*s.p == '\0' || *s.p == ' '))
    s = pkt_slice_skip (s, 1);
  if (s.n > 2 && s.p[0] == '<' && g_ascii_isdigit (s.p[1])) {
    PktSlice pri = pkt_slice_until (s, '>');
    if (pri.n < 6 && pri.n < s.n)
      s = pkt_slice_skip (s, pri.n + 1);
  }
  return skip_colour (s);
}

/* "<22>" of the wire, NULs of a crashed disk, "mailserver-1  | " of docker compose. */
static PktSlice
skip_wrapping (PktSlice s)
{
  PktStamp ignored;
  s = skip_junk (s);
  PktSlice head = pkt_slice_until (pkt_slice (s.p, MIN (s.n, MAX_PREFIX)), '|');
  if (head.n == MIN (s.n, MAX_PREFIX) || pkt_syslog_stamp (s, 0, &ignored))
    return skip_outer_time (s);
  PktSlice inner = skip_outer_time (skip_colour (pkt_slice_skip (s, head.n + 1)));
  return pkt_syslog_stamp (inner, 0, &ignored) ? inner : s;
}

/* As above, but what stands behind "name | " need not begin with a time. */
PktSlice
pkt_syslog_unwrap (PktSlice line)
{
  PktSlice s = skip_junk (line);
  gsize i = 0;
  while (i < MIN (s.n, MAX_PREFIX)
         && (g_ascii_isalnum (s.p[i]) || strchr ("_.-", s.p[i] ? s.p[i] : '|')))
    i++;
  PktSlice rest = i ? skip_colour (pkt_slice_skip (s, i)) : s;
  if (i && rest.n && *rest.p == '|')
    s = skip_colour (pkt_slice_skip (rest, 1));
  return skip_outer_time (s);
}

/* "[id name="value"][…]": values are quoted, `\"` and `\]` are escapes in them (RFC 5424 6.3). */
static PktSlice
skip_structured (PktSlice s)
{
  gsize i = 0;
  while (i < s.n && s.p[i] == '[') {
    gboolean quoted = FALSE;
    for (i++; i < s.n && (quoted || s.p[i] != ']'); i++) {
      if (s.p[i] == '"')
        quoted = !quoted;
      else if (s.p[i] == '\\')
        i++;
    }
    i++;
  }
  return pkt_slice_skip (s, i);
}

/* "1 TIME HOST APP PROCID MSGID SD TEXT" (RFC 5424 6.5); SD is "-" or "[…]…". */
static gboolean
split_5424 (PktSlice s, PktSyslog *out)
{
  s = pkt_slice_skip (s, 2);
  out->time = take_word (&s);
  out->host = take_word (&s);
  out->tag = take_word (&s);
  out->pid = take_word (&s);
  take_word (&s);
  if (s.n && *s.p == '[') {
    s = skip_blanks (skip_structured (s));
  } else
    take_word (&s);
  if (pkt_slice_starts (s, PKT_SLICE ("\xef\xbb\xbf")))
    s = pkt_slice_skip (s, 3);
  out->text = s;
  PktStamp ignored;
  return pkt_clock_parse_rfc3339 (out->time, &ignored) > 0;
}

/* "TAG[PID]: TEXT" or "TAG: TEXT". */
static gboolean
split_tag (PktSlice s, PktSyslog *out)
{
  gsize i = 0;
  while (i < s.n && s.p[i] != '[' && s.p[i] != ' '
         && !(s.p[i] == ':' && (i + 1 == s.n || s.p[i + 1] == ' ')))
    i++; /* an instance may be named after an IPv6 address */
  out->tag = pkt_slice (s.p, i);
  out->pid = pkt_slice (NULL, 0);
  if (i < s.n && s.p[i] == '[') {
    gsize open = i + 1;
    while (i < s.n && s.p[i] != ']' && s.p[i] != ' ')
      i++;
    out->pid = pkt_slice (s.p + open, i - open);
    if (i < s.n && s.p[i] == ']')
      i++;
  }
  if (i == 0 || i >= s.n || s.p[i] != ':')
    return FALSE;
  out->text = skip_blanks (pkt_slice_skip (s, i + 1));
  return TRUE;
}

static gboolean
is_level_word (PktSlice w)
{
  static const char *const levels[] = { "INFO",   "WARNING", "WARN", "ERROR",
                                        "NOTICE", "DEBUG",   "CRIT", "ERR" };
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (pkt_slice_equal_nocase (w, pkt_slice_str (levels[i])))
      return TRUE;
  return FALSE;
}

gboolean
pkt_syslog_split (PktSlice line, PktSyslog *out)
{
  PktSlice s = skip_wrapping (line);
  PktStamp ignored;
  if (s.n > 2 && s.p[0] == '1' && s.p[1] == ' ')
    return split_5424 (s, out);
  gsize n = pkt_syslog_stamp (s, 0, &ignored);
  if (n == 0)
    return FALSE;
  out->time = pkt_slice (s.p, n);
  s = skip_blanks (pkt_slice_skip (s, n));
  out->host = take_word (&s);
  if (is_level_word (out->host)) { /* "… INFO    postfix/smtpd[142]: …": no host there */
    out->host = pkt_slice (NULL, 0);
    return split_tag (s, out);
  }
  if (out->host.n && out->host.p[out->host.n - 1] == ':') { /* no host: the word was the tag */
    PktSlice rest = pkt_slice (out->host.p, (gsize)(s.p + s.n - out->host.p));
    out->host = pkt_slice (NULL, 0);
    return split_tag (rest, out);
  }
  return split_tag (s, out);
}
