#pragma once
#include "packet/log/format.h"
#include "packet/run/count.h"

#include "packet/bounce/mbox.h"
#include "packet/run/early.h"

/* Notes a line that nothing recognised; the first one is quoted. */
void pkt_source_note_unknown (PktScanSource *source, PktSlice line, guint64 number);
/* What to do with a file that has such a line, a picture or the copied text of a bounce; NULL: one
 * like any other. */
const char *pkt_source_advice (PktSlice line);
/* Whether an attempt may be lost with such a line: with each row of a table, and with JSON that is
 * broken; a whole record that is none of a mail's is no loss. Of `looked`, 0 at first, some
 * thousand are read. */
gboolean pkt_source_is_lost (PktExport kind, PktSlice line, guint *looked);

/* The first bytes, unpacked; of standard input too, which stays as it is. 0 where it cannot be
 * read. */
gsize pkt_source_head (const char *path, char *head, gsize room);
/* TRUE when the file's first bytes are those of a mail or a mailbox. */
gboolean pkt_source_is_mail (const char *path);
/* Threads that may read: as asked for, else one a processor that we may use, four at most. */
guint pkt_source_jobs (const PktScanOptions *o);
/* Reads it whole into the counter; fills count->source. What cannot be opened is an error, what is
 * damaged a `problem`. */
gboolean pkt_source_read_log (PktCountSource *count, const char *path, GError **error);
/* The year that a yearless source begins in, so that its `last` stamp has the year given (the one
 * before it where that leads beyond now and the counter's year_runs; source->year_before tells), or
 * else the latest one that does not lie after file_time (seconds). */
int pkt_source_first_year (PktCountSource *count, PktStamp last, gint64 file_time);
/* The file's time (seconds; 0: it tells none) is so far from the last record's (microseconds) that
 * the year may be another. */
gboolean pkt_source_year_is_guess (gint64 last, gint64 file_time);
/* TRUE when the file is a recorded SMTP session. */
gboolean pkt_source_is_transcript (const char *path);
gboolean pkt_source_read_transcript (PktCountSource *count, const char *path, GError **error);
/* The session in a notice of Postfix to its postmaster; 0: there is none. */
guint pkt_source_take_notice (PktCountSource *count, PktSlice mail);

/* What is used again for each file of mails. */
typedef struct PktMailReader PktMailReader;
/* Both must live as long. */
PktMailReader *pkt_mail_reader_new (const PktScanOptions *options, const PktRelay *relay);
void pkt_mail_reader_free (PktMailReader *r);
/* What it reads before its turn. */
PktEarly *pkt_mail_reader_early (PktMailReader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktMailReader, pkt_mail_reader_free)
gboolean pkt_source_read_mail (PktMailReader *r, PktCountSource *count, const char *path,
                               GError **error);
/* Tells the counter's relay the custom domains of which a log tells that Apple's servers accept
 * their mail, where only accepted mail names a server. What cannot be read is left to
 * pkt_source_read_log(). */
void pkt_source_learn (const PktCounter *c, const GPtrArray *paths);
/* Sorts paths of logs by the time they begin with, those that tell none last and as given. But for
 * PKT_YEAR_OF_ALL one that writes no year, and by the year given would end in days to come, is of
 * the year before. */
PktYearRuns pkt_source_order (GPtrArray *paths, const PktScanOptions *o);
