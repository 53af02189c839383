#pragma once
#include "packet/log/journal.h"
#include "packet/log/syslog.h"
#include "packet/model/attempt.h"

/* What readers of text logs share: the frame of a line, whatever wrapped it, and its time, with the
 * years of a log that writes none. */
typedef struct {
  PktJournal *journal;
  PktStamp last;  /* of the last line that had one */
  PktYears years; /* of those without a year */
  PktSlice time;  /* of this line, as written; empty in journald's records */
  PktStamp stamp; /* of this line, where time is empty */
  int year_index;
  char month[3];
} PktTextLog;

typedef enum {
  PKT_TEXT_BARE, /* no frame: out->text is the line without wrapping and time */
  PKT_TEXT_MORE, /* of a journald record that is not complete */
  PKT_TEXT_LINE, /* *out is filled */
} PktTextKind;

/* needle: a record of journalctl without it is not worth parsing. */
void pkt_text_log_begin (PktTextLog *t, const char *needle);
void pkt_text_log_end (PktTextLog *t);
/* Slices borrow from the line, or live until the next call. */
PktTextKind pkt_text_log_read (PktTextLog *t, PktSlice line, PktSyslog *out);
/* The line read as one without a frame: what follows wrapping and time. */
PktSlice pkt_text_log_bare (PktTextLog *t, PktSlice line);
/* The text behind syslog's frame without the time that a program under systemd may write in front
 * of its own lines; that is the line's time then, where syslog's has no year or this one has a
 * zone. */
PktSlice pkt_text_log_own (PktTextLog *t, PktSlice text);
/* The line's time; kind NONE when it has none that can be read. */
PktStamp pkt_text_log_stamp (PktTextLog *t);
/* What the year rests on: the last stamp without one, else the last of all. */
PktStamp pkt_text_log_last (const PktTextLog *t);
/* Another reader of the same file came as far as that. */
void pkt_text_log_follow (PktTextLog *t, PktStamp seen);

/* Time stamps that stand at the beginning of lines: those of pkt_syslog_stamp(), also with " +0100"
 * behind a blank (Exim), TAI64N of multilog ("@" and 24 hex digits). Bytes read; 0: none. */
gsize pkt_text_stamp (PktSlice s, int year_index, PktStamp *out);
/* The one that a line begins with, behind whatever wraps it; of a source's first year where it
 * writes none. FALSE: none. */
gboolean pkt_text_line_stamp (PktSlice line, PktStamp *out);
