#pragma once
#include "packet/base/clock.h"
#include "packet/base/slice.h"

/* A log line's frame, whatever wrote it: RFC 3164 and 5424, RFC 3339 headers of rsyslog,
 * journalctl's short forms, a <PRI> in front, the prefix of docker compose and the time of
 * kubectl and docker, a level word of some containers. Slices borrow from the line. */
typedef struct {
  PktSlice time; /* as written; parse with pkt_syslog_stamp() only where it is needed */
  PktSlice host; /* may be empty */
  PktSlice tag;  /* "postfix/mta1/smtp": without [pid] */
  PktSlice pid;  /* empty where there is none, or where a known frame was compared */
  PktSlice text; /* what follows "tag[pid]: " */
} PktSyslog;

/* FALSE when the line has no such frame. */
gboolean pkt_syslog_split (PktSlice line, PktSyslog *out);
/* The line without what containers and the wire put in front of it. */
PktSlice pkt_syslog_unwrap (PktSlice line);
/* Bytes of a time stamp of any of these kinds at s, 0 when there is none. */
gsize pkt_syslog_stamp (PktSlice s, int year_index, PktStamp *out);
