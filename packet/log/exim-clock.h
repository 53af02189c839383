#pragma once
#include "packet/log/exim-syslog.h"

#define PKT_EXIM_TIME 19 /* bytes of "2026-02-13 14:39:57" */
#define PKT_EXIM_ID_AT (PKT_EXIM_TIME + 1)

/* When a line was written. */
typedef struct {
  PktStamp stamp;
  gint64 second; /* pkt_stamp_written_second() */
} PktEximMoment;

/* The time that was read last: many lines share a second, nearly all a day. */
typedef struct {
  char text[32]; /* PKT_EXIM_TIME bytes and a blank; else what no line begins with */
  PktEximMoment now;
  gint64 us;  /* as `text` says */
  gint64 day; /* of its first moment */
  struct {
    char text[6]; /* " +0100"; else what no line has there */
    gint64 us;
  } zone;
  guint front; /* bytes in front of the id, or of what stands in its place */
  guint64 no_scope;
  guint64 scope;       /* hash of what ids are unique in */
  PktEximHosts *hosts; /* the owner's; NULL: lines of syslog are not read */
} PktEximClock;

/* A line of which pkt_exim_read_front() knows the front begins with Exim's own time, not with
 * syslog's. */
static inline gboolean
pkt_exim_begins_plain (PktSlice line)
{
  return line.n > 10 && line.p[4] == '-' && line.p[10] == ' ';
}

void pkt_exim_clock_start (PktEximClock *c);
/* What log_selector +millisec and +pid and the option log_timezone put between time and id, too:
 * "2026-02-13 14:39:57.123 +0100 [1234] "; c has time and `front` then. FALSE: it begins with
 * nothing of that kind, or in front of the id stands what needs another look. */
gboolean pkt_exim_read_front (PktEximClock *c, PktSlice line);

/* Behind "2026-02-13 14:39:57 " stands neither a zone nor a process id. */
static inline gboolean
pkt_exim_is_bare (const char *line)
{
  return line[PKT_EXIM_ID_AT] != '[' && line[PKT_EXIM_ID_AT] != '+' && line[PKT_EXIM_ID_AT] != '-';
}

/* The same: most lines have a bare time, and that of the line before. */
static inline gboolean
pkt_exim_has_time (PktEximClock *c, PktSlice line)
{
  if (line.n <= PKT_EXIM_ID_AT || !pkt_bytes_same (line.p, c->text, PKT_EXIM_TIME + 1)
      || !pkt_exim_is_bare (line.p) || c->front != PKT_EXIM_ID_AT)
    return pkt_exim_read_front (c, line);
  return TRUE;
}

/* Nearly all lines of a mainlog begin "2026-02-13 14:39:57 1RwtJY-0009RI-E4 "; c has their time.
 * The id is not looked at whole. */
gboolean pkt_exim_is_plain (PktEximClock *c, PktSlice line);
