#pragma once
#include "packet/log/syslog.h"

/* The frames that a file's lines have in common: "mail1 postfix/" behind the time. Nearly every
 * line has one that an earlier line had, so it is compared, not parsed. */
#define PKT_FRAME_MAX 128 /* bytes of host, blank, and the tag up to its first slash */
#define PKT_N_FRAMES 8    /* hosts and instances whose lines are mixed in one file */

typedef struct {
  char text[PKT_FRAME_MAX];
  gsize n, host_n, time_n; /* time_n: bytes of the time stamp and its blank before it */
  guint64 scope_hash;      /* of what queue ids are unique in: the text without its last slash */
} PktFrame;

typedef struct {
  PktFrame all[PKT_N_FRAMES];
  guint n, next;
  gsize guess_at; /* where they differ: this byte of a line tells which to try first */
  guint8 guess[32];
} PktFrames;

/* The first eight bytes at p as a number: words of a line are compared by it. */
static inline guint64
pkt_frame_word (const char *p)
{
  guint64 w;
  memcpy (&w, p, sizeof w);
  return w;
}

/* The frame that the line has by one byte and a word of it; NULL when it has none of those known.
 * Eight bytes can be read from the last byte of the frame on. */
static inline const PktFrame *
pkt_frames_guess (const PktFrames *s, PktSlice line)
{
  const PktFrame *f
      = &s->all[line.n > s->guess_at ? s->guess[(guint8)line.p[s->guess_at] % 32] : 0];
  if (f->n < 8 || line.n < f->time_n + f->n + 8
      || pkt_frame_word (line.p + f->time_n) != pkt_frame_word (f->text))
    return NULL;
  return f;
}

/* All of it, and a time in front. */
static inline gboolean
pkt_frame_fits (const PktFrame *f, PktSlice line)
{
  if (line.n < f->time_n + f->n + 4 || line.p[f->time_n - 1] != ' '
      || !pkt_bytes_same (line.p + f->time_n, f->text, f->n))
    return FALSE;
  return f->time_n == 16 ? line.p[3] == ' ' && line.p[9] == ':'
                         : line.p[4] == '-' && line.p[13] == ':';
}

/* The frame that the line has, NULL when it is not known; fills *out. *skip is set, and of *out
 * only the time, for lines of smtpd(8), in which is nothing for us. */
const PktFrame *pkt_frames_match (PktFrames *s, PktSlice line, PktSyslog *out, gboolean *skip);
/* Remembers the frame of a line as pkt_syslog_split() read it. */
void pkt_frames_learn (PktFrames *s, PktSlice line, const PktSyslog *f);
