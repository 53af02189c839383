/* The Postfix log as mailcow's web page exports it: CSV of time, priority, message, the time as the
 * browser's language writes it and in its zone, the program left out. Rows are made lines of
 * Postfix again.
 *   "31.1.2018, 19:14:58","info","4bXk2T5r3Zz1k: to=<a@icloud.com>, relay=…, status=sent (250 …)"
 * Copied from the page it is the same with other signs:
 *   31.1.2018, 19:14:58 | info | 4bXk2T5r3Zz1k: to=<a@icloud.com>, …
 */
#include "packet/log/csv-line.h"
#include "packet/log/format-mailcow.h"
#include "packet/log/format.h"

#define COLUMNS 3

typedef struct {
  gpointer postfix;
  GString *cells, *line;
} Mailcow;

/* Three numbers and what stands between them: 31.1.2018, 1/31/2018, 2018-01-31, 31/01/2018. */
typedef struct {
  gint64 n[3];
  char between;
} Date;

static gsize
take_number (PktSlice *s, gint64 *out)
{
  gsize n = 0;
  while (n < s->n && n < 4 && g_ascii_isdigit (s->p[n]))
    n++;
  if (!pkt_slice_number (pkt_slice (s->p, n), out))
    return 0;
  *s = pkt_slice_skip (*s, n);
  return n;
}

static gboolean
take_byte (PktSlice *s, const char *any, char *out)
{
  if (s->n == 0 || strchr (any, s->p[0]) == NULL || s->p[0] == '\0')
    return FALSE;
  *out = s->p[0];
  *s = pkt_slice_skip (*s, 1);
  return TRUE;
}

static gboolean
take_date (PktSlice *s, Date *d)
{
  char again;
  for (int i = 0; i < 3; i++) {
    if (i == 1 && !take_byte (s, "./-", &d->between))
      return FALSE;
    if (i == 2 && (!take_byte (s, "./-", &again) || again != d->between))
      return FALSE;
    while (i && s->n && s->p[0] == ' ') /* "31. 1. 2018" */
      *s = pkt_slice_skip (*s, 1);
    if (take_number (s, &d->n[i]) == 0)
      return FALSE;
  }
  return TRUE;
}

/* " PM", " p.m.", with the narrow blank that browsers put there. -1: neither. */
static int
afternoon (PktSlice s)
{
  for (gsize i = 0; i < s.n; i++) {
    char c = pkt_ascii_lower (s.p[i]);
    if (c == 'a' || c == 'p')
      return c == 'p';
  }
  return -1;
}

/* As RFC 3339 without a zone. Only those who write AM and PM begin with the month. */
static gboolean
read_time (PktSlice s, char out[PKT_MAILCOW_TIME])
{
  Date d;
  gint64 clock[3] = { 0 };
  char c;
  if (!take_date (&s, &d))
    return FALSE;
  while (s.n && !g_ascii_isdigit (s.p[0]))
    s = pkt_slice_skip (s, 1);
  for (int i = 0; i < 3; i++)
    if ((i && !take_byte (&s, ":.", &c)) || take_number (&s, &clock[i]) == 0)
      return FALSE;
  int pm = afternoon (s);
  gboolean year_first = d.n[0] > 31, month_first = !year_first && pm >= 0 && d.between == '/';
  gint64 year = year_first ? d.n[0] : d.n[2], month = month_first ? d.n[0] : d.n[1],
         day = year_first    ? d.n[2]
               : month_first ? d.n[1]
                             : d.n[0];
  if (pm >= 0)
    clock[0] = clock[0] % 12 + (pm ? 12 : 0);
  if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 || clock[0] > 23
      || clock[1] > 59 || clock[2] > 60)
    return FALSE;
  g_snprintf (out, PKT_MAILCOW_TIME, "%04d-%02d-%02dT%02d:%02d:%02d", (int)year, (int)month,
              (int)day, (int)clock[0], (int)clock[1], (int)clock[2]);
  return TRUE;
}

/* The page shows it as a label, and some exports keep the tags around it. */
static gboolean
is_priority (PktSlice s)
{
  static const char *const words[] = { "info",  "notice", "warning", "err",   "error",
                                       "debug", "crit",   "alert",   "emerg", "panic" };
  if (s.n && s.p[0] == '<') {
    s = pkt_slice_skip (s, pkt_slice_until (s, '>').n + 1);
    s = pkt_slice_until (s, '<');
  }
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (pkt_slice_equal_nocase (pkt_slice_trim (s), pkt_slice_str (words[i])))
      return TRUE;
  return FALSE;
}

/* The message may hold the sign itself. */
static guint
split_pipes (PktSlice line, PktSlice fields[COLUMNS])
{
  static const PktSlice pipe = PKT_SLICE (" | ");
  guint n = 0;
  for (; n + 1 < COLUMNS; n++) {
    PktSlice at = pkt_slice_find (line, pipe);
    if (at.p == NULL)
      return n;
    fields[n] = pkt_slice (line.p, (gsize)(at.p - line.p));
    line = pkt_slice_skip (at, pipe.n);
  }
  fields[n++] = line;
  return n;
}

static gboolean
is_row (guint n, const PktSlice fields[COLUMNS], char time[PKT_MAILCOW_TIME])
{
  return n == COLUMNS && read_time (pkt_slice_trim (fields[0]), time) && is_priority (fields[1]);
}

/* FALSE: none of its rows. */
static gboolean
read_row (PktSlice line, GString *cells, char time[PKT_MAILCOW_TIME], PktSlice *message)
{
  PktSlice fields[COLUMNS];
  char separator = pkt_slice_find (line, PKT_SLICE ("\";\"")).p ? ';' : ',';
  if (line.n && line.p[line.n - 1] == '\r')
    line.n--;
  if (!is_row (pkt_csv_line (line, separator, cells, fields, COLUMNS), fields, time)
      && !is_row (split_pipes (line, fields), fields, time))
    return FALSE;
  *message = fields[2];
  return TRUE;
}

gboolean
pkt_mailcow_row (PktSlice line, char time[PKT_MAILCOW_TIME])
{
  PktSlice message;
  if (!g_ascii_isdigit (line.n ? line.p[line.p[0] == '"' && line.n > 1] : 0))
    return FALSE;
  g_autoptr (GString) cells = g_string_new (NULL);
  return read_row (line, cells, time, &message);
}

static guint
probe (PktSlice line)
{
  char time[PKT_MAILCOW_TIME];
  return pkt_mailcow_row (line, time) ? 90 : 0;
}

static gpointer
begin (void)
{
  Mailcow *s = g_new0 (Mailcow, 1);
  s->postfix = pkt_format_postfix.begin ();
  s->cells = g_string_new (NULL);
  s->line = g_string_new (NULL);
  return s;
}

static void
end (gpointer state)
{
  Mailcow *s = state;
  pkt_format_postfix.end (s->postfix);
  g_string_free (s->cells, TRUE);
  g_string_free (s->line, TRUE);
  g_free (s);
}

static PktStamp
last_stamp (gpointer state)
{
  return pkt_format_postfix.last_stamp (((Mailcow *)state)->postfix);
}

/* Dovecot takes what stays here over LMTP, port 24. */
static const char *
tag_of (PktSlice message)
{
  PktSlice relay = pkt_slice_find (message, PKT_SLICE (", relay="));
  PktSlice host = pkt_slice_until (pkt_slice_skip (relay, MIN (relay.n, 8)), ',');
  return relay.p
                 && (pkt_slice_ends_nocase (host, PKT_SLICE (":24"))
                     || pkt_slice_starts (host, PKT_SLICE ("dovecot")))
             ? "postfix/lmtp"
             : "postfix";
}

static PktRecordKind
parse (gpointer state, PktSlice line, PktSink sink, gpointer data)
{
  Mailcow *s = state;
  char time[PKT_MAILCOW_TIME];
  PktSlice message;
  if (!read_row (line, s->cells, time, &message))
    return pkt_slice_find (line, PKT_SLICE (",")).p || line.n == 0 ? PKT_RECORD_OTHER
                                                                   : PKT_RECORD_UNKNOWN;
  g_string_printf (s->line, "%s mailcow %s: ", time, tag_of (message));
  g_string_append_len (s->line, message.p, (gssize)message.n);
  PktRecordKind kind = pkt_format_postfix.parse (s->postfix, pkt_slice (s->line->str, s->line->len),
                                                 sink, data);
  return kind == PKT_RECORD_UNKNOWN || kind == PKT_RECORD_FOREIGN ? PKT_RECORD_OTHER : kind;
}

const PktFormat pkt_format_mailcow = {
  .name = "mailcow",
  .summary = "mailcow's web page: its Postfix log as CSV",
  .probe = probe,
  .begin = begin,
  .parse = parse,
  .last_stamp = last_stamp,
  .end = end,
  .blind = "hold no sending IP, and times of the browser's zone",
};
