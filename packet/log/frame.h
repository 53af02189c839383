#pragma once
#include "packet/log/guess.h"
#include "packet/log/syslog.h"

/* The frames that a file's lines have in common: "mail1 postfix/" behind the time, and "mail1
 * dovecot: " or "mail1 sshd[" of programs that nobody asks about. Nearly every line has one that an
 * earlier line had, so it is compared, not parsed. A line here is one without what may stand before
 * it: pkt_wrap_skip(). In RFC 5424 "1 " stands before the time, and its place for the structured
 * data behind the process id. */
#define PKT_FRAME_MAX 128 /* bytes of host, blank, and the tag up to its first slash */
#define PKT_FRAME_LEAD strlen ("1 ")
#define PKT_N_FRAMES 64 /* hosts and instances whose lines are mixed in one file */

typedef enum {
  PKT_FRAME_OURS,
  PKT_FRAME_FOREIGN, /* of another program, whose lines tell nothing; */
  PKT_FRAME_SIDE, /* of one that has a format of its own: with a pid where the text ends with `[` */
} PktFrameKind;

typedef struct {
  char text[PKT_FRAME_MAX];
  gsize n, time_n;           /* time_n: bytes before it, the time stamp and its blank */
  gsize lead;                /* bytes before the time: PKT_FRAME_LEAD, or none */
  gsize host_n;              /* 0: there is none */
  gsize tag_at, scope_at;    /* in the text; behind "INFO    " of some containers */
  guint64 shape_mask, shape; /* of the time's punctuation: pkt_frame_fits() */
  gsize shape_at;
  guint64 scope_hash; /* of what queue ids are unique in: the text without its last slash */
  char tail[8];       /* behind the process id, "]: " or " - - "; not known where tail_n is 0 */
  gsize tail_n;
  gboolean is_app;   /* "mail1 postfix ": what follows tells the daemon */
  gboolean has_data; /* the tail is followed by structured data: "[meta sequenceId=\"29\"] " */
  PktFrameKind kind;
  gconstpointer side; /* of PKT_FRAME_SIDE: its PktFormat */
} PktFrame;

typedef struct {
  PktFrame all[PKT_N_FRAMES];
  guint n, next;
  guint changes;  /* frames learnt so far */
  guint lost;     /* lines that had none since the last was learnt, when all places were taken */
  PktGuess guess; /* which of them */
  char time[40];  /* as the last line wrote it, and known to be one */
  guint8 time_n;
  PktStamp stamp; /* which it is, in the first year where it writes none */
} PktFrames;

/* The eight bytes at p as a number: words of a line are compared by it. */
static inline guint64
pkt_frame_word (const char *p)
{
  guint64 w;
  memcpy (&w, p, sizeof w);
  return w;
}

/* The line has the frame, and in front of it a time of the same kind, by its punctuation: the bytes
 * 3, 6 and 9 of "Dec 29 00:36:09", 4 and 7 of "2026-12-29T…". */
static inline gboolean
pkt_frame_fits (const PktFrame *f, PktSlice line)
{
  return line.n >= f->time_n + f->n + 4 && line.p[f->time_n - 1] == ' '
         && (pkt_frame_word (line.p + f->shape_at) & f->shape_mask) == f->shape
         && pkt_bytes_same (line.p + f->time_n, f->text, f->n);
}

gboolean pkt_frames_check_time (PktFrames *s, PktSlice time);

/* It is a time; many lines share a second. */
static inline gboolean
pkt_frames_is_time (PktFrames *s, PktSlice time)
{
  return (s->time_n == time.n && pkt_bytes_same (time.p, s->time, time.n))
         || pkt_frames_check_time (s, time);
}

/* Behind the frame of another program: "812]: ". */
gboolean pkt_frame_has_pid (PktSlice rest);
/* Its time. */
static inline PktSlice
pkt_frame_time (const PktFrame *f, const char *line)
{
  return pkt_slice (line + f->lead, f->time_n - 1 - f->lead);
}

/* In RFC 5424 it is one word: there is no blank for the T of RFC 3339. */
static inline gboolean
pkt_frame_takes_time (const PktFrame *f, PktSlice time)
{
  return f->lead == 0 || time.p[strlen ("2026-12-29")] != ' ';
}

/* What queue ids are unique in. */
static inline PktSlice
pkt_frame_scope (const PktFrame *f, const char *line)
{
  return pkt_slice (line + f->time_n + f->scope_at, f->n - 1 - f->scope_at);
}

/* "Jan  1 00:00:01", "2027-01-01T00:00:01Z", "1 2027-…" or "<22>…" may stand at s, and with it a
 * line that a relay of syslog put its own head before. */
static inline gboolean
pkt_frame_may_begin (PktSlice s)
{
  return s.n > 15
         && ((s.p[9] == ':' && s.p[12] == ':') || g_ascii_isdigit (s.p[0]) || s.p[0] == '<');
}

/* The line begins with the same time as the last that was looked at, without a year or anything
 * before it. */
static inline gboolean
pkt_frames_is_bare (const PktFrames *s, PktSlice line)
{
  if (s->time_n != strlen ("Dec 29 00:36:09") || line.n <= s->time_n
      || !pkt_bytes_same (line.p, s->time, s->time_n))
    return FALSE;
  const PktSlice rest = pkt_slice_skip (line, s->time_n + 1);
  return !pkt_frame_may_begin (pkt_slice_skip (rest, pkt_slice_until (rest, ' ').n + 1));
}

/* The frame that the line has, NULL when it is not known; fills *out. *skip is set, and of *out
 * only the time, for lines of smtpd(8), in which is nothing for us, and those of other programs. */
const PktFrame *pkt_frames_match (PktFrames *s, PktSlice line, PktSyslog *out, gboolean *skip);
/* Remembers the frame of a line as pkt_syslog_split() read it. */
void pkt_frames_learn (PktFrames *s, PktSlice line, const PktSyslog *f);
/* For those of other programs, which are not to push out our own. */
static inline gboolean
pkt_frames_has_room (const PktFrames *s)
{
  return s->n < PKT_N_FRAMES / 2;
}
/* The same of a line of another program; side: its PktFormat, NULL when it has none. */
void pkt_frames_learn_other (PktFrames *s, PktSlice line, const PktSyslog *f, gconstpointer side);
