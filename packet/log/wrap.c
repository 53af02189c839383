#include "packet/log/wrap.h"
#include "packet/log/text-log.h"
#include "packet/log/text-parse.h"

#define MAX_PREFIX 100  /* bytes of a container's name in front of a line */
#define MAX_LABELS 1024 /* bytes of Loki's labels */

/* What was skipped. */
typedef struct {
  PktSlice time;    /* the outer one; absent where there is none */
  gboolean dated;   /* as in PktWrap */
  gboolean changes; /* from line to line, beside `time` */
} Skipped;

/* "ESC[36m" of a terminal, and blanks. */
static PktSlice
skip_colour (PktSlice s)
{
  for (;;) {
    s = pkt_slice_skip_blanks (s);
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

static gboolean
is_pod (PktSlice s)
{
  return pkt_slice_starts (s, PKT_SLICE ("[pod/"));
}

static gboolean
is_stamp (PktSlice s)
{
  PktStamp ignored;
  return pkt_syslog_stamp (s, 0, &ignored) > 0;
}

/* The same of a log that syslog did not write. */
static gboolean
is_text_stamp (PktSlice s)
{
  PktStamp ignored;
  return pkt_text_stamp (s, 0, &ignored) > 0;
}

/* "1 2026-03-03T10:45:35Z mail postfix/smtp 10 - - text" (RFC 5424). */
static gboolean
is_5424 (PktSlice s)
{
  return pkt_slice_starts (s, PKT_SLICE ("1 ")) && is_stamp (pkt_slice_skip (s, 2));
}

PktSlice
pkt_wrap_skip_stream (PktSlice s)
{
  return pkt_slice_starts (s, PKT_SLICE ("stdout F "))
                 || pkt_slice_starts (s, PKT_SLICE ("stderr F "))
             ? pkt_slice_skip (s, strlen ("stdout F "))
             : s;
}

/* The next word of s, no longer than a name may be, and the blanks behind it. */
static PktSlice
skip_word (PktSlice s)
{
  const gsize n = pkt_slice_until (pkt_slice (s.p, MIN (s.n, MAX_PREFIX)), ' ').n;
  return n < MIN (s.n, MAX_PREFIX) ? pkt_slice_skip_blanks (pkt_slice_skip (s, n))
                                   : pkt_slice (s.p, 0);
}

/* "mail_postfix.1.x7k2@node1    | " of docker service logs, "mail/stream-1 " of aws logs tail,
 * behind their time: the line behind it; s where none begins there. */
static PktSlice
skip_stream_name (PktSlice s)
{
  PktSlice inner = skip_word (s);
  if (pkt_slice_starts (inner, PKT_SLICE ("| ")))
    inner = pkt_slice_skip_blanks (pkt_slice_skip (inner, 2));
  return is_text_stamp (inner) ? inner : s;
}

/* "{app=\"mail\", host=\"mail1\"} " of logcli, behind its time: the line behind it; s where none
 * begins there. */
static PktSlice
skip_labels (PktSlice s)
{
  const gsize limit = MIN (s.n, MAX_LABELS);
  if (s.n == 0 || s.p[0] != '{')
    return s;
  for (gsize i = 1; i < limit; i++) { /* a value may hold the bracket */
    i += pkt_slice_until (pkt_slice (s.p + i, limit - i), '}').n;
    const PktSlice inner = i < limit ? pkt_slice_skip_blanks (pkt_slice_skip (s, i + 1)) : s;
    if (inner.p != s.p && is_text_stamp (inner))
      return inner;
  }
  return s;
}

/* "mail-0 postfix ", "mail-0 › postfix " of stern; s where no line begins behind it. */
static PktSlice
skip_pod_name (PktSlice s)
{
  const gsize first = pkt_slice_until (pkt_slice (s.p, MIN (s.n, MAX_PREFIX)), ' ').n;
  PktSlice inner = skip_word (s);
  if (memchr (s.p, '-', first) == NULL || pkt_slice_starts (inner, PKT_SLICE ("|")))
    return s;
  pkt_take (&inner, "\xe2\x80\xba ");
  inner = skip_word (inner);
  return is_text_stamp (inner) ? inner : s;
}

/* "/var/log/mail.log.2.gz:", "12:", "mail.log:12:", "mail.log-" of grep and zgrep, "12 TAB" of
 * cat -n; s where no line begins behind it. */
static PktSlice
skip_grep (PktSlice s)
{
  const gsize limit = MIN (s.n, MAX_PREFIX);
  for (gsize i = 0; i + 1 < limit && s.p[i] != ' ' && s.p[i] != '{'; i++)
    if ((s.p[i] == ':' || s.p[i] == '-' || s.p[i] == '\t') && s.p[i + 1] != ' '
        && is_text_stamp (pkt_slice_skip (s, i + 1)))
      return pkt_slice_skip (s, i + 1);
  return s;
}

/* "Dec 31 23:59:56 relay1 " that a relay of syslog put in front of a line, "<22>" and all, which it
 * did not take apart; s where no line begins behind it. Behind "exim:" stands the program's own
 * time. */
static PktSlice
skip_relay (PktSlice s, Skipped *skipped)
{
  PktStamp ignored;
  const gsize n = pkt_syslog_stamp (s, 0, &ignored);
  const PktSlice rest = pkt_slice_skip_blanks (pkt_slice_skip (s, n)),
                 host = pkt_slice_until (pkt_slice (rest.p, MIN (rest.n, MAX_PREFIX)), ' ');
  if (n == 0 || host.n == 0 || host.p[host.n - 1] == ':')
    return s;
  const PktSlice inner = skip_junk (pkt_slice_skip (rest, host.n));
  if (!is_stamp (inner) && !is_5424 (inner))
    return s;
  skipped->changes = TRUE;
  skipped->dated = TRUE;
  return inner;
}

/* "[pod/mail-0/postfix] " of kubectl --prefix, and the time that kubectl --timestamps and docker -t
 * put before a line that has its own. */
static PktSlice
skip_outer_time (PktSlice s, Skipped *skipped)
{
  PktStamp ignored;
  if (is_pod (s))
    s = pkt_slice_skip_blanks (pkt_slice_skip (s, pkt_slice_until (s, ' ').n));
  if (s.n < 20)
    return s;
  if (s.p[10] != 'T')
    return skip_relay (s, skipped);
  const gsize n = pkt_clock_parse_rfc3339 (s, &ignored);
  if (n == 0)
    return s;
  PktSlice inner = pkt_wrap_skip_stream (pkt_slice_skip_blanks (pkt_slice_skip (s, n)));
  if (!is_text_stamp (inner))
    inner = skip_stream_name (skip_labels (inner));
  if (!is_text_stamp (inner))
    return s;
  skipped->time = pkt_slice (s.p, n);
  skipped->dated = TRUE;
  return inner;
}

/* What begins with neither a time nor a pod in brackets. */
static PktSlice
skip_name (PktSlice s, Skipped *skipped)
{
  if (s.n == 0 || s.p[0] == '{')
    return s;
  PktSlice inner = skip_grep (s);
  if (inner.p == s.p)
    inner = skip_pod_name (s);
  if (inner.p != s.p)
    return skip_outer_time (inner, skipped);
  const PktSlice head = pkt_slice_until (pkt_slice (s.p, MIN (s.n, MAX_PREFIX)), '|');
  return head.n == MIN (s.n, MAX_PREFIX)
             ? s
             : skip_outer_time (skip_colour (pkt_slice_skip (s, head.n + 1)), skipped);
}

static PktSlice
skip_wrapping (PktSlice line, Skipped *skipped)
{
  const PktSlice s = skip_junk (line);
  if (is_stamp (s) || is_5424 (s) || is_pod (s))
    return skip_outer_time (s, skipped);
  const PktSlice inner = skip_name (s, skipped);
  if (!is_stamp (inner))
    return s;
  skipped->dated = TRUE;
  return inner;
}

PktSlice
pkt_wrap_skip (PktSlice line)
{
  Skipped ignored = { 0 };
  return skip_wrapping (line, &ignored);
}

PktSlice
pkt_wrap_skip_name (PktSlice line)
{
  Skipped ignored = { 0 };
  PktSlice s = skip_junk (line);
  gsize i = 0;
  while (i < MIN (s.n, MAX_PREFIX)
         && (g_ascii_isalnum (s.p[i]) || strchr ("_.-@", s.p[i] ? s.p[i] : '|')))
    i++;
  PktSlice rest = i ? skip_colour (pkt_slice_skip (s, i)) : s;
  if (i && rest.n && *rest.p == '|')
    s = skip_colour (pkt_slice_skip (rest, 1));
  else if (!is_text_stamp (s)) {
    const PktSlice behind = skip_grep (s);
    s = behind.p == s.p && i ? skip_pod_name (s) : behind;
  }
  return skip_outer_time (s, &ignored);
}

/* Where the fraction of a time ends that begins with a second at p. */
static const char *
end_of_fraction (const char *p)
{
  const char *end = p + PKT_WRAP_SECOND;
  return *end == '.' ? end + 1 + __builtin_ctz (~pkt_digits_16 (end + 1)) : end;
}

/* A time whose second or zone is not that of the line before. */
static gboolean
read_second (PktWraps *w, const char *p)
{
  PktStamp ignored;
  const gsize n = pkt_clock_parse_rfc3339 (pkt_slice (p, PKT_WRAP_MAX), &ignored),
              zone_at = (gsize)(end_of_fraction (p) - p);
  w->zone_n = 0;
  w->second[0] = '\0';
  if (n < zone_at || n - zone_at > PKT_WRAP_ZONE_MAX || p[10] != 'T')
    return FALSE;
  memcpy (w->second, p, PKT_WRAP_SECOND);
  w->zone_n = n - zone_at;
  memcpy (w->zone, p + zone_at, w->zone_n);
  return TRUE;
}

gsize
pkt_wraps_pass_time (PktWraps *w, const PktWrap *wrap, const char *p)
{
  const char *zone = end_of_fraction (p), *end = zone + w->zone_n;
  if (zone == p + PKT_WRAP_SECOND + 1) /* a dot, and no digits */
    return 0;
  if (!pkt_bytes_same (p, w->second, PKT_WRAP_SECOND) || !pkt_bytes_same (zone, w->zone, w->zone_n)
      || !pkt_bytes_same (end, wrap->behind, wrap->behind_n)) {
    if (!read_second (w, p))
      return 0;
    end = zone + w->zone_n;
    if (!pkt_bytes_same (end, wrap->behind, wrap->behind_n))
      return 0;
  }
  return (gsize)(end - p) + wrap->behind_n;
}

/* A line that begins with its time may begin with any byte. */
static void
choose_guess (PktWraps *w)
{
  PktGuessText texts[PKT_N_WRAPS];
  guint n = 0;
  gsize limit = PKT_WRAP_MAX;
  guint8 empty = 0;
  for (guint i = 0; i < w->n; i++) {
    const PktWrap *wrap = &w->all[i];
    limit = MIN (limit, wrap->n);
    if (wrap->n)
      texts[n++] = (PktGuessText){ wrap->text, 0, (guint8)i };
    else
      empty = (guint8)i;
  }
  pkt_guess_choose (&w->guess, texts, n, 0, limit, empty);
}

static gboolean
is_known (const PktWraps *w, const PktWrap *wrap)
{
  for (guint i = 0; i < w->n; i++)
    if (memcmp (&w->all[i], wrap, sizeof *wrap) == 0)
      return TRUE;
  return FALSE;
}

#define LOST 4096 /* lines: where there are more than places, they go by turns */

static void
add (PktWraps *w, const PktWrap *wrap)
{
  if (is_known (w, wrap) || (w->n == PKT_N_WRAPS && w->lost++ < LOST))
    return;
  w->lost = 0;
  w->all[w->next] = *wrap;
  w->next = (w->next + 1) % PKT_N_WRAPS;
  w->n = MIN (w->n + 1, PKT_N_WRAPS);
  choose_guess (w);
}

void
pkt_wraps_learn (PktWraps *w, PktSlice line)
{
  Skipped skipped = { 0 };
  const PktSlice inner = skip_wrapping (line, &skipped);
  if (inner.p == line.p || skipped.changes || !(is_stamp (inner) || is_5424 (inner)))
    return;
  const char *limit = skipped.time.p ? skipped.time.p : inner.p,
             *behind = skipped.time.p ? limit + skipped.time.n : inner.p;
  const gsize n = (gsize)(limit - line.p), behind_n = (gsize)(inner.p - behind);
  PktWrap wrap;
  if (n > PKT_WRAP_MAX || behind_n > PKT_WRAP_BEHIND_MAX || (skipped.time.p && behind_n == 0))
    return;
  memset (&wrap, 0, sizeof wrap); /* compared whole */
  memcpy (wrap.text, line.p, n);
  memcpy (wrap.behind, behind, behind_n);
  wrap.n = (guint8)n;
  wrap.behind_n = (guint8)behind_n;
  wrap.mask = n < 64 ? ((guint64)1 << n) - 1 : G_MAXUINT64;
  wrap.timed = skipped.time.p != NULL;
  wrap.dated = skipped.dated;
  add (w, &wrap);
}
