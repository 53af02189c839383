#pragma once
#include "packet/log/frame.h"
#include "packet/log/glance.h"

/* Leaves out the lines of a block that tell nothing: those of smtpd(8), of cleanup(8) where nobody
 * asks for Message-IDs, and of TLS sessions, five of eight lines of a log. A line is compared with
 * the picture of a frame that an earlier one had, its time in it, without a branch that depends on
 * what the line is. */

#define PKT_SIEVE_ALIGN 64 /* bytes, of a cache line: a picture lies in as few as can be */

/* What stands behind the frame: "smtpd[", "smtpd " in RFC 5424. */
typedef struct {
  guint64 word, mask; /* eight bytes from there on, and which of them count */
  guint32 n;          /* bytes up to the process id */
  guint32 note;       /* what PktSieved.note says of lines that are looked at; 0: nothing */
  guint32 dull;       /* its lines tell nothing */
  guint32 dull_no_id; /* those without a queue id tell nothing */
} PktSieveTag;

/* "Dec 29 00:36:09 mail1 postfix/" as the next line is likely to begin, without what stands before
 * it. */
typedef struct {
  char text[128];
  guint64 all;             /* which of the first 64 are to be the same: not "00:36:09" */
  guint64 time, rest;      /* which of them are the time, and which follow it */
  guint64 more;            /* which of the others are */
  guint64 digits;          /* which bytes are a fraction's: any digit will do */
  gsize n;                 /* bytes of it */
  gsize time_at, hours_at; /* where the time begins, and "00:36:09" in it; 0: not known yet */
  gsize note;              /* what PktSieved.note says of its lines */
  guint64 tail, tail_mask; /* behind the process id */
  gsize tail_n;
  gboolean has_data;
  const PktSieveTag *tags; /* what may stand behind the frame: PKT_SIEVE_TAGS */
  gint64 midnight;         /* of its time's day, the first second */
  PktFrameKind kind;
} __attribute__ ((aligned (PKT_SIEVE_ALIGN))) PktSievePicture;

#define PKT_SIEVE_TAGS 8

typedef struct {
  const PktFrames *frames;
  PktWraps *wraps;
  guint changes; /* frames->changes as it was when the pictures were made */
  PktSievePicture pictures[PKT_N_FRAMES];
  gboolean usual_alone; /* all frames are of lines like "… mx1 postfix/smtp[812]: …" */
  char month[3];        /* the bytes that lines with their times begin with */
  PktSieveTag usual[PKT_SIEVE_TAGS], of_5424[PKT_SIEVE_TAGS]; /* "smtpd[", "smtpd " */
  PktSieveTag none[PKT_SIEVE_TAGS];                           /* of PktFrame.is_app */
} PktPostfixSieve;

/* frames, wraps: the glancer's. Frames are not changed while pkt_postfix_sieve() runs. */
void pkt_postfix_sieve_start (PktPostfixSieve *s, const PktFrames *frames, PktWraps *wraps,
                              gboolean message_ids);

/* A line that may tell something: its number among those sieved, where it begins, its bytes. What
 * stands before it (wrap.h) is left out where it is framed. */
typedef struct {
  guint32 line, at, n;
  guint32 note;    /* as below */
  gint64 midnight; /* the first second of its day, as PktStamp.us counts, where it is framed */
} PktSieved;

/* Since midnight: at "00:36:09". */
static inline gint64
pkt_sieve_seconds (const char *hours)
{
  const gint64 h = hours[0] * 10 + hours[1] - '0' * 11, m = hours[3] * 10 + hours[4] - '0' * 11,
               s = hours[6] * 10 + hours[7] - '0' * 11;
  return (h * 60 + m) * 60 + s;
}

/* Where "00:36:09" begins in a time that a framed line begins with: "Dec 29 00:36:09",
 * "2026-12-29T00:36:09". */
static inline gsize
pkt_sieve_hours_at (const char *time)
{
  return time[3] == ' ' ? 7 : 11;
}

/* What PktSieved.note says. A framed line has a frame that is known, a time, and a tag of smtp(8)
 * or qmgr(8), or that tells no daemon, or is another format's; of others nothing is said. */
#define PKT_SIEVE_TEXT_MAX 0xff
#define PKT_SIEVE_TEXT_AT(note) ((note)&PKT_SIEVE_TEXT_MAX) /* behind the tag; 0: not framed */
#define PKT_SIEVE_FRAME(note) ((note) >> 8 & 0x3f)          /* which of frames->all */
#define PKT_SIEVE_STAMP_KIND(note) ((PktStampKind)((note) >> 14 & 0xf))
#define PKT_SIEVE_NOTE_DAEMON(daemon) ((guint32)(daemon) << 18)
#define PKT_SIEVE_DAEMON(note) ((PktPostfixDaemon)((note) >> 18 & 0x3f))
#define PKT_SIEVE_SIDE 0x3f /* in a daemon's place */
G_STATIC_ASSERT (PKT_N_FRAMES <= 0x40);
#define PKT_SIEVE_SECOND_N(note) ((note) >> 24) /* bytes of the time before the fraction */

/* Writes those of n lines into `out`, in order, and returns how many; what it leaves out tells
 * nothing. Line i begins behind the end of the one before, the first at `begin`, and ends at
 * bytes[ends[i]]. PKT_BLOCK_PADDING bytes behind the last may be read. */
guint pkt_postfix_sieve (PktPostfixSieve *s, const char *bytes, gsize begin, const guint32 *ends,
                         guint n, PktSieved *out);
