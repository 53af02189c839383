/* A recorded session's lines, given to the connection that they belong to. */
#include "packet/base/gmime.h"
#include "packet/bounce/header.h"
#include "packet/bounce/notice.h"
#include "packet/bounce/parts.h"
#include "packet/bounce/session-machine.h"

static PktMachine *
machine_of (PktSessionParser *p, const PktSpeech *s)
{
  PktMachine *m = g_hash_table_lookup (p->machines, &s->thread);
  if (m)
    return m;
  if (g_hash_table_size (p->machines) >= PKT_SESSION_MAX_THREADS)
    return NULL;
  m = pkt_machine_new ();
  g_hash_table_insert (p->machines, g_memdup2 (&s->thread, sizeof s->thread), m);
  return m;
}

static void
connect (PktSessionParser *p, PktMachine *m, const PktSpeech *s)
{
  gboolean fresh = !m->greeted && !m->error.n && m->pending->len == 0;
  if (!fresh)
    pkt_machine_end (p, m);
  if (s->host.n)
    m->host = s->host;
  if (s->ip.n)
    m->ip = s->ip;
}

static void
take_server (PktSessionParser *p, PktMachine *m, PktSlice said)
{
  PktSlice end;
  while (p->dialect->crlf && (end = pkt_slice_find (said, PKT_SLICE ("<CRLF>"))).p) {
    pkt_machine_server (p, m, pkt_slice (said.p, (gsize)(end.p - said.p)));
    said = pkt_slice_skip (end, 6);
  }
  if (said.n || !p->dialect->crlf)
    pkt_machine_server (p, m, said);
}

/* "May 18 14:00:41 mail1 postfix/smtp[5084]: …" */
static PktStamp
stamp_of (PktSessionParser *p, PktSlice time)
{
  PktStamp stamp = { 0, PKT_STAMP_NONE };
  if (time.n == 0
      || (pkt_clock_parse_rfc3339 (time, &stamp) == 0
          && pkt_clock_parse_syslog (time, pkt_stamp_year_index (p->years.last), &stamp) == 0))
    return (PktStamp){ 0, PKT_STAMP_NONE };
  pkt_stamp_follow (&p->years, &stamp);
  return stamp;
}

static void
take_speech (PktSessionParser *p, const PktSpeech *s)
{
  PktMachine *m = machine_of (p, s);
  if (m == NULL)
    return;
  p->stamp = stamp_of (p, s->time);
  if (s->thread && s->kind == PKT_SPEECH_SERVER && pkt_slice_starts (s->text, PKT_SLICE ("220"))
      && m->greeted && m->pending->len == 0)
    pkt_machine_end (p, m); /* the same process, a new connection */
  if (s->thread && !m->greeted)
    connect (p, m, s);
  switch (s->kind) {
  case PKT_SPEECH_CONNECT:
    connect (p, m, s);
    break;
  case PKT_SPEECH_CLIENT:
    pkt_machine_client (p, m, s->text);
    break;
  case PKT_SPEECH_SERVER:
    take_server (p, m, s->text);
    break;
  case PKT_SPEECH_TLS:
    m->tls = m->session->tls = TRUE;
    break;
  case PKT_SPEECH_ERROR:
    if (!m->error.n)
      m->error = s->text;
    break;
  case PKT_SPEECH_CLOSE:
    pkt_machine_end (p, m);
    break;
  default:
    break;
  }
}

/* Between DATA and "." a terminal shows the message. */
static gboolean
is_message (PktSessionParser *p)
{
  static const guint64 alone = 0;
  const PktMachine *m = p->dialect->bare ? g_hash_table_lookup (p->machines, &alone) : NULL;
  return m && m->in_data;
}

/* " Out: MAIL FROM:<…> SIZE=17960", "     BODY=8BITMIME": one line. */
static PktSlice
unfold (PktSessionParser *p, PktSlice line, PktSlice *rest)
{
  g_autoptr (GString) whole = NULL;
  while (p->dialect->folded && pkt_slice_starts (*rest, PKT_SLICE ("     "))) {
    PktSlice more;
    pkt_dsn_next_line (rest, &more);
    p->line++;
    if (!whole)
      whole = g_string_new_len (line.p, (gssize)line.n);
    more = pkt_slice_trim (more);
    g_string_append_c (whole, ' ');
    if (more.n)
      g_string_append_len (whole, more.p, (gssize)more.n);
  }
  if (!whole)
    return line;
  return pkt_slice (g_string_chunk_insert_len (p->chunk, whole->str, (gssize)whole->len),
                    whole->len);
}

static void
end_thread (gpointer key, gpointer machine, gpointer parser)
{
  (void)key;
  pkt_machine_end (parser, machine);
}

/* A notice of Postfix's server: there " Out: " is what we answered to somebody else's client. */
static gboolean
is_server_notice (PktSlice text)
{
  PktSlice out = pkt_slice_find (text, PKT_SLICE ("\n Out: ")),
           in = pkt_slice_find (text, PKT_SLICE ("\n In:  "));
  return out.p && pkt_slice_starts (pkt_slice_skip (out, 7), PKT_SLICE ("220"))
         && (!in.p || in.p > out.p);
}

gboolean
pkt_session_is (PktSlice head, gboolean whole)
{
  const PktDialect *d = pkt_dialect_find (head);
  if (d && g_str_equal (d->name, "smtp -v"))
    return whole && !pkt_slice_find (head, PKT_SLICE (" status=")).p;
  return d != NULL;
}

/* `peer`: whom it is with; may be NULL. */
static guint
read_text (PktSlice text, PktStamp fallback, const PktSpeech *peer, PktSessionSink sink,
           gpointer data)
{
  if (text.n > PKT_SESSION_MAX_BYTES)
    text.n = PKT_SESSION_MAX_BYTES;
  PktSessionParser p
      = { .dialect = pkt_dialect_find (text), .fallback = fallback, .sink = sink, .data = data };
  if (!p.dialect || (p.dialect->folded && is_server_notice (text)))
    return 0;
  g_autoptr (GHashTable) machines = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                                           pkt_machine_free);
  p.machines = machines;
  p.chunk = g_string_chunk_new (1024);
  if (peer)
    take_speech (&p, peer);
  for (PktSlice line; pkt_dsn_next_line (&text, &line);) {
    PktSpeech s = { .kind = PKT_SPEECH_NOTHING };
    p.line++;
    if (is_message (&p)) {
      s.kind = PKT_SPEECH_CLIENT;
      s.text = line;
    } else
      s.kind = p.dialect->read (unfold (&p, line, &text), &s);
    if (s.kind != PKT_SPEECH_NOTHING)
      take_speech (&p, &s);
  }
  g_hash_table_foreach (machines, end_thread, &p);
  g_string_chunk_free (p.chunk);
  return p.connections;
}

guint
pkt_session_read (PktSlice text, PktStamp fallback, PktSessionSink sink, gpointer data)
{
  return read_text (text, fallback, NULL, sink, data);
}

/* "Postfix SMTP client: errors from mx01.mail.icloud.com[17.57.154.33]:25" */
static gboolean
peer_of (PktSlice subject, PktSpeech *out)
{
  static const PktSlice words = PKT_SLICE (": errors from ");
  PktSlice at = pkt_slice_find (subject, words);
  out->kind = PKT_SPEECH_CONNECT;
  return at.p && pkt_dialect_peer (pkt_slice_skip (at, words.n), out).p;
}

guint
pkt_session_read_mail (PktSlice mail, PktSessionSink sink, gpointer data)
{
  static const PktSlice mark = PKT_SLICE ("Transcript of session follows.");
  PktBounceParts parts;
  PktStamp when = { 0, PKT_STAMP_NONE };
  if (!pkt_slice_find (mail, mark).p)
    return 0;
  pkt_bounce_parts_look (mail, &parts);
  PktSlice date = pkt_header_unfold (pkt_header_find (parts.header, PKT_SLICE ("Date")),
                                     &parts.chunk);
  g_autofree char *text = g_strndup (date.p ? date.p : "", MIN (date.n, 100));
  g_autoptr (GDateTime) time = g_mime_utils_header_decode_date (text);
  if (time)
    when = (PktStamp){ g_date_time_to_unix (time) * PKT_SECOND, PKT_STAMP_UTC };
  PktSpeech peer = { .kind = PKT_SPEECH_NOTHING };
  PktSlice subject = pkt_header_unfold (pkt_header_find (parts.header, PKT_SLICE ("Subject")),
                                        &parts.chunk);
  guint n = 0;
  if (pkt_slice_find (parts.text, mark).p)
    n = read_text (parts.text, when, peer_of (subject, &peer) ? &peer : NULL, sink, data);
  pkt_bounce_parts_clear (&parts);
  return n;
}
