#pragma once
#include "packet/base/clock.h"
#include "packet/base/slice.h"
#include "packet/log/wrap.h"

/* A log line's frame, whatever wrote it: RFC 3164 and 5424, RFC 3339 headers of rsyslog,
 * journalctl's short forms, a level word of some containers, a priority of BusyBox and others, and
 * what may stand in front of all that (log/wrap.h). Slices borrow from the line. */
typedef struct {
  PktSlice time; /* as written; parse with pkt_syslog_stamp() only where it is needed */
  PktSlice host; /* may be empty */
  PktSlice tag;  /* "postfix/mta1/smtp": without [pid] */
  PktSlice pid;  /* empty where there is none, or where a known frame was compared */
  PktSlice text; /* what follows "tag[pid]: " */
} PktSyslog;

#define PKT_SYSLOG_ID "[ID " /* "[ID 197553 mail.info] " in front of Solaris' texts */

/* FALSE when the line has no such frame. */
gboolean pkt_syslog_split (PktSlice line, PktSyslog *out);
/* The same of a line without what stands before it: pkt_wrap_skip(). */
gboolean pkt_syslog_split_inner (PktSlice line, PktSyslog *out);
/* "APP PROCID MSGID SD TEXT" of RFC 5424: fills tag, pid and text. */
void pkt_syslog_take_app (PktSlice s, PktSyslog *out);
/* "[id name=\"value\"][…] TEXT": the text. */
PktSlice pkt_syslog_skip_data (PktSlice s);
/* Bytes of a time stamp of any of these kinds at s, 0 when there is none. */
gsize pkt_syslog_stamp (PktSlice s, int year_index, PktStamp *out);
