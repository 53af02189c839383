#include "packet/log/syslog.h"

#define SHORTEST_STAMP strlen ("Mar 3 10:45:36")

gsize
pkt_syslog_stamp (PktSlice s, int year_index, PktStamp *out)
{
  if (s.n < SHORTEST_STAMP)
    return 0;
  const gsize n = g_ascii_isdigit (s.p[0]) ? pkt_clock_parse_rfc3339 (s, out)
                                           : pkt_clock_parse_syslog (s, year_index, out);
  return n ? n : pkt_clock_parse_other (s, year_index, out);
}

static PktSlice
take_word (PktSlice *s)
{
  PktSlice word = pkt_slice_until (*s, ' ');
  *s = pkt_slice_skip_blanks (pkt_slice_skip (*s, word.n));
  return word;
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

PktSlice
pkt_syslog_skip_data (PktSlice s)
{
  return pkt_slice_skip_mark (pkt_slice_skip_blanks (skip_structured (s)));
}

void
pkt_syslog_take_app (PktSlice s, PktSyslog *out)
{
  out->tag = take_word (&s);
  out->pid = take_word (&s);
  take_word (&s);
  if (s.n && *s.p == '[') {
    out->text = pkt_syslog_skip_data (s);
    return;
  }
  take_word (&s);
  out->text = pkt_slice_skip_mark (s);
}

/* "1 TIME HOST APP PROCID MSGID SD TEXT" (RFC 5424 6.5); SD is "-" or "[…]…". */
static gboolean
split_5424 (PktSlice s, PktSyslog *out)
{
  PktStamp ignored;
  s = pkt_slice_skip (s, 2);
  out->time = take_word (&s);
  out->host = take_word (&s);
  pkt_syslog_take_app (s, out);
  return pkt_clock_parse_rfc3339 (out->time, &ignored) > 0;
}

/* "[ID 197553 mail.info] " of Solaris. */
static PktSlice
skip_message_id (PktSlice s)
{
  if (!pkt_slice_starts (s, PKT_SLICE (PKT_SYSLOG_ID)))
    return s;
  const PktSlice id = pkt_slice_until (s, ']');
  return id.n < s.n ? pkt_slice_skip_blanks (pkt_slice_skip (s, id.n + 1)) : s;
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
  out->text = skip_message_id (pkt_slice_skip_blanks (pkt_slice_skip (s, i + 1)));
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

/* "mail.info" of BusyBox, "mail:info" of AIX, "<mail.info>" and "<2.6>" of FreeBSD. */
static gboolean
is_priority (PktSlice w)
{
  static const char *const levels[] = { "info",  "notice", "warn", "warning", "err",
                                        "error", "debug",  "crit", "alert",   "emerg" };
  if (w.n > 4 && w.p[0] == '<' && w.p[w.n - 1] == '>')
    return TRUE;
  const char *dot = w.n ? pkt_find_either (w.p, w.p + w.n, '.', ':') : NULL;
  if (dot == NULL || dot == w.p)
    return FALSE;
  const PktSlice level = pkt_slice (dot + 1, (gsize)(w.p + w.n - dot - 1));
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (pkt_slice_equal (level, pkt_slice_str (levels[i])))
      return TRUE;
  return FALSE;
}

/* What stands between time and tag: the host, a priority before or behind it. */
static PktSlice
take_host (PktSlice *s)
{
  PktSlice host = take_word (s), rest;
  if (host.n && host.p[0] == '<' && is_priority (host))
    host = take_word (s);
  rest = *s;
  if (is_priority (take_word (&rest)))
    *s = rest;
  return host;
}

gboolean
pkt_syslog_split (PktSlice line, PktSyslog *out)
{
  return pkt_syslog_split_inner (pkt_wrap_skip (line), out);
}

gboolean
pkt_syslog_split_inner (PktSlice s, PktSyslog *out)
{
  PktStamp ignored;
  if (s.n > 2 && s.p[0] == '1' && s.p[1] == ' ')
    return split_5424 (s, out);
  gsize n = pkt_syslog_stamp (s, 0, &ignored);
  if (n == 0)
    return FALSE;
  out->time = pkt_slice (s.p, n);
  s = pkt_wrap_skip_stream (pkt_slice_skip_blanks (pkt_slice_skip (s, n)));
  out->host = take_host (&s);
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
