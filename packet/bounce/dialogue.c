#include "packet/bounce/dialogue.h"
#include "packet/bounce/notice.h"
#include "packet/model/attempt.h"

static gboolean
is_command (PktSlice s)
{
  static const PktSlice verbs[] = { PKT_SLICE ("EHLO"), PKT_SLICE ("HELO"),    PKT_SLICE ("MAIL"),
                                    PKT_SLICE ("RCPT"), PKT_SLICE ("DATA"),    PKT_SLICE ("RSET"),
                                    PKT_SLICE ("QUIT"), PKT_SLICE ("NOOP"),    PKT_SLICE ("AUTH"),
                                    PKT_SLICE ("BDAT"), PKT_SLICE ("STARTTLS") };
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++) {
    const gsize n = verbs[i].n;
    if (s.n >= n && (s.p[0] | 0x20) == (verbs[i].p[0] | 0x20)
        && pkt_bytes_same_nocase (s.p, verbs[i].p, n)
        && (s.n == n || s.p[n] == ' ' || s.p[n] == ':'))
      return TRUE;
  }
  return FALSE;
}

static gboolean
take (PktSlice *s, const char *prefix)
{
  if (s->n == 0 || s->p[0] != prefix[0]) /* nearly always */
    return FALSE;
  const PktSlice p = pkt_slice_str (prefix);
  if (!pkt_slice_starts (*s, p))
    return FALSE;
  *s = pkt_slice_skip (*s, p.n);
  return TRUE;
}

static gboolean
is_ip (PktSlice s)
{
  g_autofree char *text = g_strndup (s.p ? s.p : "", MIN (s.n, 64));
  return g_hostname_is_ip_address (text);
}

static PktSpeechKind
say (PktSpeech *out, PktSpeechKind kind, PktSlice text)
{
  out->kind = kind;
  out->text = text;
  return kind;
}

/* "mx01.mail.icloud.com", "17.57.157.13", with ":25" or a final dot. */
static PktSpeechKind
connect_to (PktSpeech *out, PktSlice where)
{
  where = pkt_slice_until (pkt_slice_trim (where), ' ');
  while (where.n && where.p[where.n - 1] == '.')
    where.n--;
  const char *colon = where.n ? memrchr (where.p, ':', where.n) : NULL;
  if (colon && memchr (where.p, ':', where.n) == colon)
    where.n = (gsize)(colon - where.p);
  if (where.n && where.p[0] == '[') /* [2001:db8::25]:25 */
    where = pkt_slice_until (pkt_slice_skip (where, 1), ']');
  if (is_ip (where))
    out->ip = where;
  else
    out->host = where;
  return say (out, PKT_SPEECH_CONNECT, where);
}

/* "<-  220 …", "<** 550 …", "<~* …"; " -> EHLO …", " ~> …"; "=== …", "*** …". */
static PktSpeechKind
read_swaks (PktSlice line, PktSpeech *out)
{
  if (take (&line, "=== Trying "))
    return connect_to (out, line);
  if (take (&line, "=== Connected to "))
    return PKT_SPEECH_NOTHING; /* the same as tried */
  if (pkt_slice_starts (line, PKT_SLICE ("=== TLS started")))
    return say (out, PKT_SPEECH_TLS, line);
  if (pkt_slice_starts (line, PKT_SLICE ("=== Connection closed")))
    return say (out, PKT_SPEECH_CLOSE, line);
  if (take (&line, "*** "))
    return say (out, PKT_SPEECH_ERROR, pkt_slice_trim (line));
  if (line.n >= 3 && line.p[0] == '<' && strchr ("-~*.", line.p[1]) && strchr (" -~*.", line.p[2]))
    return say (out, PKT_SPEECH_SERVER, pkt_slice_skip (line, 4));
  if (line.n >= 3 && line.p[0] == ' ' && strchr ("-~*.", line.p[1]) && line.p[2] == '>')
    return say (out, PKT_SPEECH_CLIENT, pkt_slice_skip (line, 4));
  return PKT_SPEECH_NOTHING;
}

/* "* Connected to HOST (IP) port 25 (#0)" */
static PktSpeechKind
curl_note (PktSlice note, PktSpeech *out)
{
  if (take (&note, "Connected to ")) {
    PktSlice open = pkt_slice_find (note, PKT_SLICE (" ("));
    PktSlice ip = pkt_slice_until (pkt_slice_skip (open, 2), ')');
    connect_to (out, note);
    out->ip = is_ip (ip) ? ip : out->ip;
    return PKT_SPEECH_CONNECT;
  }
  if (pkt_slice_starts (note, PKT_SLICE ("SSL connection using")))
    return say (out, PKT_SPEECH_TLS, note);
  if (pkt_slice_starts (note, PKT_SLICE ("connect to ")))
    return say (out, PKT_SPEECH_ERROR, note);
  return PKT_SPEECH_NOTHING; /* the reason of a failure follows "Closing connection" */
}

static PktSpeechKind
read_curl (PktSlice line, PktSpeech *out)
{
  if (take (&line, "* "))
    return curl_note (pkt_slice_trim (line), out);
  if (take (&line, "curl: ("))
    return say (out, PKT_SPEECH_ERROR,
                pkt_slice_trim (pkt_slice_skip (line, pkt_slice_until (line, ')').n + 1)));
  if (take (&line, "< "))
    return say (out, PKT_SPEECH_SERVER, line);
  return take (&line, "> ") ? say (out, PKT_SPEECH_CLIENT, line) : PKT_SPEECH_NOTHING;
}

/* "<-- 220 …", "--> EHLO …", "host = mx02.mail.icloud.com", "msmtp: could not send mail". */
static PktSpeechKind
read_msmtp (PktSlice line, PktSpeech *out)
{
  if (take (&line, "<-- "))
    return say (out, PKT_SPEECH_SERVER, line);
  if (take (&line, "--> "))
    return say (out, PKT_SPEECH_CLIENT, line);
  if (take (&line, "host = "))
    return connect_to (out, line);
  if (take (&line, "TLS session parameters"))
    return say (out, PKT_SPEECH_TLS, line);
  return take (&line, "msmtp: ") ? say (out, PKT_SPEECH_ERROR, line) : PKT_SPEECH_NOTHING;
}

/* "[550] '5.7.1 …'" as "550 5.7.1 …"; "> EHLO …"; "Connection from 192.0.2.10:41000 to
 * 17.57.154.33:25". */
static PktSpeechKind
read_smtp_cli (PktSlice line, PktSpeech *out)
{
  PktSlice code = pkt_slice_skip (line, 1), text = pkt_slice_skip (line, 7);
  if (pkt_slice_starts (line, PKT_SLICE ("[")) && pkt_is_reply (pkt_slice_until (code, ']'))
      && pkt_slice_starts (pkt_slice_skip (code, 3), PKT_SLICE ("] '"))) {
    text.n -= text.n && text.p[text.n - 1] == '\'';
    gsize n = MIN (text.n, sizeof out->room - 5);
    memcpy (out->room, code.p, 3);
    out->room[3] = ' ';
    memcpy (out->room + 4, text.p ? text.p : "", n);
    return say (out, PKT_SPEECH_SERVER, pkt_slice (out->room, n + 4));
  }
  if (take (&line, "Connection from ")) {
    PktSlice to = pkt_slice_find (line, PKT_SLICE (" to "));
    return to.p ? connect_to (out, pkt_slice_skip (to, 4)) : PKT_SPEECH_NOTHING;
  }
  if (pkt_slice_starts (line, PKT_SLICE ("Using cipher")))
    return say (out, PKT_SPEECH_TLS, line);
  return take (&line, "> ") ? say (out, PKT_SPEECH_CLIENT, line) : PKT_SPEECH_NOTHING;
}

PktSlice
pkt_dialect_peer (PktSlice s, PktSpeech *out)
{
  PktSlice host = pkt_slice_until (s, '['), rest = pkt_slice_skip (s, host.n + 1);
  PktSlice ip = pkt_slice_until (rest, ']');
  if (host.n == 0 || ip.n == 0 || ip.n == rest.n || memchr (host.p, ' ', host.n) || !is_ip (ip))
    return pkt_slice (NULL, 0);
  out->host = host;
  out->ip = ip;
  rest = pkt_slice_skip (rest, ip.n + 1);
  if (take (&rest, ":"))
    while (rest.n && g_ascii_isdigit (rest.p[0]))
      rest = pkt_slice_skip (rest, 1);
  return rest.p ? rest : pkt_slice ("", 0);
}

/* " In:  220 …" is the other side, " Out: EHLO …" is ours; "Unexpected response from H[IP]:25." */
static PktSpeechKind
read_notice (PktSlice line, PktSpeech *out)
{
  if (take (&line, " In:  "))
    return say (out, PKT_SPEECH_SERVER, line);
  if (take (&line, " Out: "))
    return say (out, PKT_SPEECH_CLIENT, line);
  if (take (&line, "Unexpected response from ") && pkt_dialect_peer (line, out).p)
    return say (out, PKT_SPEECH_CONNECT, line);
  return PKT_SPEECH_NOTHING;
}

/* The first "]: < " or "]: > ". */
static PktSlice
find_said (PktSlice line)
{
  PktSlice at = line;
  while ((at = pkt_slice_find (at, PKT_SLICE ("]: "))).n >= 5
         && ((at.p[3] != '<' && at.p[3] != '>') || at.p[4] != ' '))
    at = pkt_slice_skip (at, 3);
  return at.n >= 5 ? at : pkt_slice (NULL, 0);
}

/* "… postfix/smtp[5084]: < mx01.mail.icloud.com[17.57.154.33]:25: 250 2.1.0 Ok" */
static PktSpeechKind
read_smtp_v (PktSlice line, PktSpeech *out)
{
  PktSlice at = find_said (line), tag;
  if (!at.p)
    return PKT_SPEECH_NOTHING;
  const gboolean server = at.p[3] == '<';
  tag = pkt_slice (line.p, (gsize)(at.p - line.p));
  const char *blank = tag.n ? memrchr (tag.p, ' ', tag.n) : NULL;
  if (blank) /* "postfix/smtp[5084" */
    tag = pkt_slice (blank + 1, tag.n - (gsize)(blank + 1 - tag.p));
  PktSlice said = pkt_dialect_peer (pkt_slice_skip (at, 5), out);
  if (!said.p || !take (&said, ": "))
    return PKT_SPEECH_NOTHING;
  out->time = line;
  out->thread = pkt_slice_hash (tag, pkt_slice_hash (out->ip, 1)) | 1;
  return say (out, server ? PKT_SPEECH_SERVER : PKT_SPEECH_CLIENT, said);
}

/* "... while talking to mx01.mail.icloud.com.:", ">>> RCPT To:<…>", "<<< 550 …". */
static PktSpeechKind
read_sendmail (PktSlice line, PktSpeech *out)
{
  if (take (&line, "... while talking to "))
    return connect_to (out, pkt_slice_until (line, ':'));
  if (take (&line, "<<< "))
    return say (out, PKT_SPEECH_SERVER, line);
  return take (&line, ">>> ") ? say (out, PKT_SPEECH_CLIENT, line) : PKT_SPEECH_NOTHING;
}

/* "<< 220 …<CRLF>", ">> EHLO …<CRLF>" */
static PktSpeechKind
read_arrows (PktSlice line, PktSpeech *out)
{
  gboolean server = take (&line, "<< ");
  if (!server && !take (&line, ">> "))
    return PKT_SPEECH_NOTHING;
  if (!server)
    line.n -= pkt_slice_ends_nocase (line, PKT_SLICE ("<CRLF>")) ? 6 : 0;
  return say (out, server ? PKT_SPEECH_SERVER : PKT_SPEECH_CLIENT, line);
}

/* What a terminal shows: openssl s_client, telnet, nc. */
static PktSpeechKind
read_bare (PktSlice line, PktSpeech *out)
{
  PktSlice connect = pkt_slice_find (line, PKT_SLICE ("s_client"));
  connect = pkt_slice_find (connect, PKT_SLICE ("-connect "));
  if (take (&connect, "-connect ") || take (&line, "Connected to "))
    return connect_to (out, connect.n ? connect : line);
  if (take (&line, "Trying ") || take (&line, "Connecting to "))
    return connect_to (out, line);
  if (pkt_is_reply (line))
    return say (out, PKT_SPEECH_SERVER, line);
  if (is_command (line))
    return say (out, PKT_SPEECH_CLIENT, line);
  if (pkt_slice_starts (line, PKT_SLICE ("New, TLS")))
    return say (out, PKT_SPEECH_TLS, line);
  if (pkt_slice_starts (line, PKT_SLICE ("Connection closed"))
      || pkt_slice_equal (line, PKT_SLICE ("closed")) || pkt_slice_equal (line, PKT_SLICE ("DONE")))
    return say (out, PKT_SPEECH_CLOSE, line);
  return PKT_SPEECH_NOTHING;
}

static const PktDialect dialects[] = {
  { .name = "swaks", .client = "swaks", .read = read_swaks },
  { .name = "msmtp", .client = "msmtp", .read = read_msmtp },
  { .name = "postfix", .read = read_notice, .folded = TRUE },
  { .name = "smtp -v", .read = read_smtp_v },
  { .name = "sendmail", .read = read_sendmail },
  { .name = "reacher", .read = read_arrows, .crlf = TRUE },
  { .name = "curl", .client = "curl", .read = read_curl },
  { .name = "smtp-cli", .client = "smtp-cli", .read = read_smtp_cli },
  { .name = "terminal", .read = read_bare, .bare = TRUE },
};

/* Lines of a dialect. */
typedef struct {
  guint replies, commands, begun;
} Score;

static void
note_line (const PktDialect *d, PktSlice line, Score *score)
{
  PktSpeech s = { .kind = PKT_SPEECH_NOTHING };
  const PktSpeechKind kind = d->read (line, &s);
  score->replies += kind == PKT_SPEECH_SERVER && pkt_is_reply (s.text);
  score->commands += kind == PKT_SPEECH_CLIENT && is_command (s.text);
  score->begun += kind == PKT_SPEECH_CONNECT;
}

static gboolean
is_to_mail_port (const PktDialect *d, PktSlice text)
{
  return d->read == read_swaks
         || (d->read == read_curl && pkt_slice_find (text, PKT_SLICE (" port 25 ")).p);
}

/* A session has one reply at the least and a command, and one without signs a command too. */
static guint
sum_of (const PktDialect *d, const Score *score, PktSlice text)
{
  if (score->replies == 0 ? !score->begun || !is_to_mail_port (d, text)
                          : score->commands + score->begun == 0)
    return 0;
  return d->bare && score->commands == 0 ? 0 : score->replies + score->commands + score->begun;
}

const PktDialect *
pkt_dialect_find (PktSlice text)
{
  Score scores[G_N_ELEMENTS (dialects)] = { { 0 } };
  const PktDialect *best = NULL;
  guint most = 0;
  PktSlice rest = text, line;
  for (guint i = 0; i < PKT_DIALECT_LINES && pkt_dsn_next_line (&rest, &line); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (dialects); k++)
      note_line (&dialects[k], line, &scores[k]);
  for (gsize k = 0; k < G_N_ELEMENTS (dialects); k++) {
    const guint n = sum_of (&dialects[k], &scores[k], text);
    if (n > most) {
      most = n;
      best = &dialects[k];
    }
  }
  return best;
}
