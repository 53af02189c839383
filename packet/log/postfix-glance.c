/* What a Postfix line is, told by as few of its bytes as will do: most lines of a log are told here
 * and never reach the parser. */
#include "packet/log/postfix-glance.h"
#include "packet/log/frame.h"
#include "packet/log/journal.h"
#include "packet/log/postfix-status.h"
#include "packet/log/postfix-words.h"

typedef struct {
  const PktGlanceRule *rule;
  PktFrames frames;
  guint64 smtpd, qmgr, smtp, seven, six; /* words of tags, and masks of seven and six bytes */
  guint64 dull_cleanup;                  /* 0 where cleanup's lines are asked for */
  PktAttempt attempt; /* of the line looked at; clean but for what pkt_postfix_status() sets */
} Glancer;

static gpointer
begin (const PktGlanceRule *rule)
{
  Glancer *g = g_new0 (Glancer, 1);
  g->rule = rule;
  g->smtpd = pkt_frame_word ("/smtpd[");
  g->qmgr = pkt_frame_word ("/qmgr[\0");
  g->smtp = pkt_frame_word ("/smtp[\0");
  g->seven = pkt_frame_word ("\xff\xff\xff\xff\xff\xff\xff");
  g->six = pkt_frame_word ("\xff\xff\xff\xff\xff\xff\0");
  g->dull_cleanup = rule->message_ids ? 0 : pkt_frame_word ("/cleanup");
  return g;
}

static void
learn (Glancer *g, PktSlice line)
{
  PktSyslog f;
  if (!pkt_journal_looks_like (line) && pkt_syslog_split (line, &f) && pkt_postfix_is_tag (f.tag))
    pkt_frames_learn (&g->frames, line, &f);
}

/* "to=<reader@example.net>, relay=mx.example.net[192.0.2.7]:25, …": where nothing is asked of
 * another receiver's, the rest of the line need not be read. */
static gboolean
is_told_by_relay (const PktGlanceRule *rule, PktSlice text)
{
  static const PktSlice relay = PKT_SLICE (">, relay=");
  const char *limit = text.p + text.n, *begin = text.p + 4,
             *end = pkt_find_byte (begin, limit, '>');
  if (end == NULL || *begin == '"' || (gsize)(limit - end) < relay.n
      || !pkt_bytes_same (end, relay.p, relay.n))
    return FALSE;
  PktSlice rest = pkt_slice_until (pkt_slice (end + relay.n, (gsize)(limit - end) - relay.n), ',');
  PktSlice host = pkt_slice_until (rest, '['),
           ip = pkt_slice_until (pkt_slice_skip (rest, host.n + 1), ']');
  return host.n < rest.n
         && rule->elsewhere (rule->data, pkt_slice (begin, (gsize)(end - begin)), host, ip);
}

/* "to=<…>, relay=…, …, status=sent (…)" of smtp(8), by another receiver. */
static gboolean
is_elsewhere (Glancer *g, PktSlice text, PktGlance *out)
{
  PktAttempt *a = &g->attempt;
  if (g->rule->elsewhere == NULL || !pkt_slice_starts (text, PKT_SLICE ("to=<")))
    return FALSE;
  if (g->rule->apple_only && is_told_by_relay (g->rule, text))
    return TRUE;
  a->remote_host = a->remote_ip = pkt_slice (NULL, 0);
  if (!pkt_postfix_status (text, a) || a->outcome != PKT_DELIVERED
      || !g->rule->elsewhere (g->rule->data, a->recipient, a->remote_host, a->remote_ip))
    return FALSE;
  if (g->rule->apple_only)
    return TRUE;
  const PktStamp stamp = g->frames.stamp; /* of the line's time, as its frame is known */
  out->stamp_kind = (guint8)stamp.kind;
  out->us = stamp.us;
  out->fingerprint = pkt_attempt_fingerprint (a->recipient, out->key, stamp);
  return stamp.kind != PKT_STAMP_NONE;
}

/* Of a line with a known frame; text: behind "tag[pid]: ". */
static PktGlanceKind
look_framed (Glancer *g, PktSlice line, const PktFrame *f, PktSlice tag, PktSlice text,
             PktPostfixDaemon daemon, PktGlance *out)
{
  gsize text_at = (gsize)(text.p - line.p);
  if (daemon == PKT_DAEMON_NONE)
    return pkt_postfix_is_tag (tag) ? PKT_GLANCE_NOTHING : PKT_GLANCE_PLAIN;
  if (daemon == PKT_DAEMON_CLEANUP && !g->rule->message_ids)
    return PKT_GLANCE_NOTHING;
  if (text_at > G_MAXUINT8)
    return PKT_GLANCE_PLAIN;
  const PktSlice id = pkt_postfix_take_id (&text);
  if (id.n == 0 && !pkt_slice_starts (text, PKT_SLICE ("connect to ")))
    return PKT_GLANCE_NOTHING; /* "Untrusted TLS connection established …" */
  out->key = id.n ? pkt_queue_key (id, f->scope_hash) : 0;
  if (daemon == PKT_DAEMON_QMGR && id.n && text.n == 7 && pkt_bytes_same (text.p, "removed", 7))
    return PKT_GLANCE_REMOVED;
  if (daemon == PKT_DAEMON_SMTP && id.n && is_elsewhere (g, text, out))
    return g->rule->apple_only ? PKT_GLANCE_NOTHING : PKT_GLANCE_ELSEWHERE;
  out->daemon = daemon;
  out->id_n = (guint8)id.n;
  out->time_n = (guint8)(f->time_n - 1);
  out->host_n = (guint8)f->host_n;
  out->scope_n = (guint8)(f->n - 1);
  out->tag_n = (guint8)tag.n;
  out->text_at = (guint8)text_at;
  return PKT_GLANCE_KNOWN;
}

static PktGlanceKind
look_slowly (Glancer *g, PktSlice line, PktGlance *out)
{
  PktSyslog s = { 0 };
  gboolean skip = FALSE;
  const PktFrame *f = pkt_frames_match (&g->frames, line, &s, &skip);
  if (f == NULL) {
    learn (g, line);
    return PKT_GLANCE_PLAIN;
  }
  if (skip)
    return PKT_GLANCE_NOTHING;
  return look_framed (g, line, f, s.tag, s.text, pkt_postfix_daemon (pkt_postfix_last_part (s.tag)),
                      out);
}

/* "2163]: " of "mx1 postfix/smtp[2163]: ": the text behind it; n 0 when it is none. */
static PktSlice
behind_pid (const char *p, const char *limit)
{
  const char *end = pkt_find_byte (p, limit, ']');
  if (end == NULL || limit - end < 4 || end[1] != ':' || end[2] != ' ')
    return pkt_slice (NULL, 0);
  return pkt_slice (end + 3, (gsize)(limit - end) - 3);
}

/* Nearly all lines have a frame that an earlier one had, and a tag of one of these. */
static void
look (gpointer state, PktSlice line, PktGlance *out)
{
  Glancer *g = state;
  const PktFrame *f = pkt_frames_guess (&g->frames, line);
  if (f == NULL || !pkt_frames_is_time (&g->frames, pkt_slice (line.p, f->time_n - 1))) {
    out->kind = look_slowly (g, line, out);
    return;
  }
  const char *slash = line.p + f->time_n + f->n - 1;
  const guint64 word = pkt_frame_word (slash);
  if ((word & g->seven) == g->smtpd
      && behind_pid (slash + 7, line.p + line.n).n) { /* two lines of five */
    out->kind = PKT_GLANCE_NOTHING;
    return;
  }
  gboolean is_qmgr = (word & g->six) == g->qmgr, is_smtp = (word & g->six) == g->smtp;
  PktSlice text = { NULL, 0 };
  if (is_qmgr | is_smtp)
    text = behind_pid (slash + 6, line.p + line.n);
  else if (word == g->dull_cleanup && slash[8] == '['
           && behind_pid (slash + 9, line.p + line.n).n) {
    out->kind = PKT_GLANCE_NOTHING;
    return;
  }
  out->kind = text.n == 0 ? look_slowly (g, line, out)
                          : look_framed (g, line, f,
                                         pkt_slice (slash - f->n + 1 + f->host_n + 1,
                                                    f->n - f->host_n - 1 + 4),
                                         text, is_qmgr ? PKT_DAEMON_QMGR : PKT_DAEMON_SMTP, out);
}

const PktGlancer pkt_postfix_glancer = { begin, look, g_free, .dated = TRUE };
