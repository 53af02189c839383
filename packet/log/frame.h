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

/* TRUE for most lines of smtpd(8), and of cleanup(8) where asked, with a known frame: told by two
 * words of the line; pkt_frames_match() finds the others. */
static inline gboolean
pkt_frames_is_dull (const PktFrames *s, PktSlice line, gboolean cleanup_too)
{
  guint64 begin, known, tail, smtpd, cleanup;
  const PktFrame *f
      = &s->all[line.n > s->guess_at ? s->guess[(guint8)line.p[s->guess_at] % 32] : 0];
  gsize at = f->time_n + f->n;
  if (f->n < 8 || line.n < at + 8)
    return FALSE;
  memcpy (&begin, line.p + f->time_n, 8);
  memcpy (&known, f->text, 8);
  memcpy (&tail, line.p + at - 1, 8); /* "/smtpd[2" */
  memcpy (&smtpd, "/smtpd[", 8);
  memcpy (&cleanup, "/cleanup", 8);
  gboolean dull = cleanup_too & (tail == cleanup);
  memcpy ((char *)&tail + 7, "", 1);
  return (begin == known) & (dull | (tail == smtpd)); /* one branch: it is hard to foresee */
}

/* The frame that the line has, NULL when it is not known; fills *out. *skip is set, and of *out
 * only the time, for lines of smtpd(8), in which is nothing for us. */
const PktFrame *pkt_frames_match (PktFrames *s, PktSlice line, PktSyslog *out, gboolean *skip);
/* Remembers the frame of a line as pkt_syslog_split() read it. */
void pkt_frames_learn (PktFrames *s, PktSlice line, const PktSyslog *f);
