#pragma once
#include "packet/base/simd.h"
#include "packet/base/slice.h"
#include "packet/log/guess.h"

/* What containers and the wire put in front of a log's lines: "<22>", NULs of a crashed disk,
 * "mailserver-1  | " of docker compose, in colours too, "[pod/mail-0/postfix] " of kubectl, the
 * time of docker and kubectl, "2026-11-02T10:00:00.123456789Z stdout F " of the container runtime
 * (CRI), the names of docker service logs, stern and aws logs tail, the labels of logcli, the time
 * and host of a relay of syslog, "/var/log/mail.log.1:" of grep. Nearly every line of a file has
 * one that an earlier line had: it is compared, not parsed.
 */

/* The line without it: from its time, or the "1 " of RFC 5424, on. As it is where neither follows,
 * but for the bytes in front of a container's name. */
PktSlice pkt_wrap_skip (PktSlice line);
/* The same for lines that need not begin with a time. */
PktSlice pkt_wrap_skip_name (PktSlice line);
/* Behind the "stdout F " of CRI, where it begins so; a line in parts has P there. */
PktSlice pkt_wrap_skip_stream (PktSlice s);

#define PKT_WRAP_MAX 64 /* bytes in front of the time; longer ones are parsed */
#define PKT_WRAP_BEHIND_MAX 16
#define PKT_N_WRAPS 32 /* containers and priorities whose lines are mixed in one file */

typedef struct {
  char text[PKT_WRAP_MAX];
  guint64 mask;                     /* of the n bytes of text */
  char behind[PKT_WRAP_BEHIND_MAX]; /* " stdout F ", behind the time */
  guint8 n, behind_n;
  gboolean timed; /* a time of RFC 3339 follows */
  gboolean dated; /* only where a time follows all this, none of it is the line's own */
} PktWrap;

#define PKT_WRAP_SECOND strlen ("2026-11-02T10:00:00")
#define PKT_WRAP_ZONE_MAX 6

typedef struct {
  PktWrap all[PKT_N_WRAPS];
  guint n, next;
  guint lost;      /* lines that had none since the last was learnt, when all places were taken */
  PktGuess guess;  /* which of them */
  char second[32]; /* as the last line's time wrote it, known to be one… */
  char zone[8];    /* …and what stood behind its fraction */
  gsize zone_n;
} PktWraps;

/* Of a time at p, and what follows it in `wrap`: its bytes; 0 when it is none. PKT_WRAP_MAX bytes
 * from p on may be read. */
gsize pkt_wraps_pass_time (PktWraps *w, const PktWrap *wrap, const char *p);

/* Of a line at p: the bytes in front of it, when they are known and a time, or the "1 " of RFC
 * 5424, follows: that is for the caller to see. 0: it has none, or one that is not known. Twice
 * PKT_WRAP_MAX bytes may be read. */
static PKT_ALWAYS_INLINE gsize
pkt_wraps_match (PktWraps *w, const char *p, PktSame64 same)
{
  const PktWrap *wrap = &w->all[w->guess.first[pkt_guess_place (&w->guess, p)]];
  if (wrap->mask & ~same (p, wrap->text))
    return 0;
  if (!wrap->dated)
    return wrap->n;
  const gsize time_n = wrap->timed ? pkt_wraps_pass_time (w, wrap, p + wrap->n) : 0;
  const char *inner = p + wrap->n + time_n;
  return (wrap->timed && time_n == 0) || (inner[0] == '1' && inner[1] == ' ') ? 0
                                                                              : (gsize)(inner - p);
}

/* Remembers what stands before the line's own text; nothing when that begins with no time. */
void pkt_wraps_learn (PktWraps *w, PktSlice line);
