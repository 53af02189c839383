/* One source: a file of mails, read whole one after the other. */
#include <fcntl.h>
#include <unistd.h>
#include "packet/bounce/attached.h"
#include "packet/bounce/dsn.h"
#include "packet/log/archive.h"
#include "packet/log/input.h"
#include "packet/run/source.h"

#define HEAD_BYTES 4096

struct PktMailReader {
  PktMbox *mbox;
  PktAppleLook *look;
  PktEarly *early;
};

/* What waits in a pipe, which stays there; waits for its first bytes. */
static gsize
pipe_head (int pipe, char *head, gsize room)
{
  int ends[2];
  if (pipe2 (ends, O_CLOEXEC) != 0)
    return 0;
  gssize n = tee (pipe, ends[1], room, 0);
  n = n > 0 ? read (ends[0], head, (gsize)n) : 0;
  close (ends[0]);
  close (ends[1]);
  return n > 0 ? (gsize)n : 0;
}

/* Of standard input without taking it away: a file is read at its place, a pipe is copied. */
static gsize
stdin_head (char *head, gsize room)
{
  gsize looked_at;
  const guint8 *begin = pkt_archive_stdin_head (room, &looked_at);
  if (begin) {
    memcpy (head, begin, looked_at);
    return looked_at;
  }
  off_t at = lseek (STDIN_FILENO, 0, SEEK_CUR);
  if (at < 0)
    return pipe_head (STDIN_FILENO, head, room);
  gssize n = pread (STDIN_FILENO, head, room, at);
  return n > 0 ? (gsize)n : 0;
}

/* Bytes of text at the beginning: what is packed begins otherwise, bzip2's aside. */
#define PLAIN 4

static gboolean
is_plain (const char *head, gsize n)
{
  for (gsize i = 0; i < MIN (n, PLAIN); i++)
    if (!g_ascii_isprint (head[i]) && !g_ascii_isspace (head[i]))
      return FALSE;
  return n > 0 && memcmp (head, "BZh", MIN (n, 3)) != 0;
}

gsize
pkt_source_head (const char *path, char *head, gsize room)
{
  if (strcmp (path, "-") == 0)
    return stdin_head (head, room);
  const int pipe = pkt_input_pipe (path); /* <(zcat mail.log.1.gz) */
  if (pipe >= 0)
    return pipe_head (pipe, head, room);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  gssize n = fd < 0 ? -1 : read (fd, head, room);
  if (fd >= 0)
    close (fd);
  if (n == 0 || (n > 0 && is_plain (head, (gsize)n))) /* mostly: a folder may hold thousands */
    return (gsize)n;
  return pkt_input_head (path, head, room);
}

gboolean
pkt_source_is_mail (const char *path)
{
  char head[HEAD_BYTES];
  gsize n = pkt_source_head (path, head, sizeof head);
  return n && pkt_mbox_is_mail (pkt_slice (head, n));
}

static PktEarlyWant
want_of (const PktScanOptions *o)
{
  if (o->line_by_line)
    return PKT_EARLY_ALL;
  if (o->apple_only)
    return PKT_EARLY_APPLE_ONLY;
  return o->streams_of_others ? PKT_EARLY_ALL : PKT_EARLY_COUNT;
}

PktMailReader *
pkt_mail_reader_new (const PktScanOptions *options, const PktRelay *relay)
{
  PktMailReader *r = g_new0 (PktMailReader, 1);
  r->mbox = pkt_mbox_new (PKT_SCAN_MAX_MAIL);
  r->look = pkt_apple_look_new (options->also_domains, options->also_mx);
  r->early = pkt_early_new (r->look, relay, want_of (options));
  return r;
}

void
pkt_mail_reader_free (PktMailReader *r)
{
  pkt_mbox_free (r->mbox);
  pkt_early_free (r->early);
  pkt_apple_look_free (r->look);
  g_free (r);
}

PktEarly *
pkt_mail_reader_early (PktMailReader *r)
{
  return r->early;
}

static gsize
read_input (gpointer data, char *p, gsize n)
{
  return pkt_input_read (data, p, n);
}

typedef struct {
  const PktMailReader *reader;
  PktCountSource *count;
  guint attached; /* bounces that were read of what is attached to this mail */
} DsnSink;

/* A forwarder's answer that tells what Apple answered it. */
static gboolean
is_quoted (const DsnSink *d, const PktAttempt *a)
{
  if (!a->reply_is_remote || (a->remote_host.n == 0 && a->remote_ip.n == 0)
      || !pkt_apple_is_quoted (d->reader->look, a->reply))
    return FALSE;
  PktRelayVerdict verdict = pkt_relay_judge (d->count->counter->relay, a->recipient, a->remote_host,
                                             a->remote_ip);
  return verdict == PKT_RELAY_OTHER || verdict == PKT_RELAY_RELAYED;
}

static void
dsn_record (const PktAttempt *record, gpointer data)
{
  const DsnSink *d = data;
  PktScanSource *source = d->count->source;
  source->out_of_band += pkt_slice_equal (record->label, PKT_SLICE (PKT_DSN_OUT_OF_BAND));
  source->quoted += is_quoted (d, record);
  pkt_count_record (PKT_RECORD_ATTEMPT, record, d->count);
}

static void
read_attached (PktSlice mail, gpointer data)
{
  DsnSink *d = data;
  if (pkt_dsn_read (mail, d->reader->look, dsn_record, d) == PKT_DSN_READ)
    d->attached++;
}

/* A bounce, or Postfix's notice with a session in it, or bounces that somebody sent on. */
static gboolean
read_mail (PktMailReader *r, PktCountSource *count, PktSlice mail, guint64 *notices)
{
  PktScanSource *source = count->source;
  source->format = "dsn"; /* events take it */
  DsnSink sink = { r, count, 0 };
  if (pkt_dsn_read (mail, r->look, dsn_record, &sink) == PKT_DSN_READ)
    return TRUE;
  source->format = "transcript";
  if (pkt_source_take_notice (count, mail)) {
    ++*notices;
    return TRUE;
  }
  source->format = "dsn";
  pkt_bounce_attached (mail, read_attached, &sink);
  return sink.attached > 0;
}

static void
read_mails (PktMailReader *r, PktCountSource *count, const PktInput *in)
{
  PktScanSource *source = count->source;
  guint64 notices = 0;
  for (PktSlice mail; pkt_mbox_next (r->mbox, &mail);) {
    source->lines++;
    count->line = pkt_mbox_line (r->mbox);
    if (!read_mail (r, count, mail, &notices))
      source->unrecognised++;
    pkt_progress_tell (&count->counter->progress, source, in->raw_bytes);
  }
  guint64 known = source->lines - source->unrecognised;
  source->format = known == 0 ? NULL : known == notices ? "transcript" : "dsn";
}

/* As read_mails() does with a file of one mail. */
static void
count_early (const PktMailReader *r, PktCountSource *count, const PktEarlyMail *mail)
{
  PktScanSource *source = count->source;
  DsnSink sink = { r, count, 0 };
  source->format = "dsn";
  source->lines = count->line = 1;
  source->bytes = mail->bytes;
  for (guint i = 0; i < mail->n; i++)
    dsn_record (&mail->records[i], &sink);
  for (guint i = 0; i < mail->n_others; i++)
    pkt_count_run (count, &mail->others[i]);
}

static void
end_mails (PktCountSource *count)
{
  const PktStampRule rule = { count->counter->options->log_zone, 1970 };
  pkt_count_end_source (count, &rule);
}

gboolean
pkt_source_read_mail (PktMailReader *r, PktCountSource *count, const char *path, GError **error)
{
  PktScanSource *source = count->source;
  PktEarlyMail early;
  PktInput in;
  struct stat st;
  count->from_mail = source->mail = TRUE;
  if (pkt_early_find (r->early, path, &early)
      && !(early.unread && pkt_relay_knows_custom (count->counter->relay))
      && !(early.n_others && count->counter->others)) { /* a log may have told of them */
    count_early (r, count, &early);
    end_mails (count);
    return TRUE;
  }
  if (!pkt_input_open (&in, path, &st, error))
    return FALSE;
  pkt_mbox_start (r->mbox, read_input, &in);
  read_mails (r, count, &in);
  source->bytes = pkt_mbox_bytes (r->mbox);
  if (in.problem)
    source->problem = g_strdup (in.problem);
  else if (pkt_mbox_cut (r->mbox))
    source->problem = g_strdup_printf ("%" G_GUINT64_FORMAT " mails over %d MiB were cut",
                                       pkt_mbox_cut (r->mbox), PKT_SCAN_MAX_MAIL >> 20);
  pkt_input_end (&in);
  end_mails (count);
  return TRUE;
}
