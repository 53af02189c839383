#pragma once
#include "packet/log/syslog.h"

/* `journalctl -o json` (an object a line) and `-o export` (blocks of FIELD=value, a blank line
 * between). */
typedef struct PktJournal PktJournal;

#define PKT_JOURNAL_MAX_LINE (64 * 1024)

typedef enum {
  PKT_JOURNAL_NO,     /* not such a line */
  PKT_JOURNAL_MORE,   /* of a record that is not complete, or without a message */
  PKT_JOURNAL_RECORD, /* *out and *stamp are set; they live until the next call */
} PktJournalResult;

PktJournal *pkt_journal_new (void);
/* A record of JSON without that text is another program's and not worth parsing; static, NULL takes
 * all. At first it is "postfix". */
void pkt_journal_only (PktJournal *j, const char *needle);
void pkt_journal_free (PktJournal *j);
/* A line that begins a record of either form. */
gboolean pkt_journal_looks_like (PktSlice line);
/* The line is a record of its own, of JSON: another program's may be read by others. */
gboolean pkt_journal_is_whole (const PktJournal *j, PktSlice line);
/* Inside an export block. */
gboolean pkt_journal_busy (const PktJournal *j);
/* The line at hand is none of an export's: a block without an end is over. FALSE: it may be a part
 * of a value. */
gboolean pkt_journal_leave (PktJournal *j);
PktJournalResult pkt_journal_line (PktJournal *j, PktSlice line, PktSyslog *out, PktStamp *stamp);
