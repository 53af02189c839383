#pragma once
#include "packet/apple/catalogue.h"
#include "packet/model/tally.h"
#include "packet/run/event-store.h"

/* Reads logs and bounces, in any mix, and counts what Apple answered. */

/* How far reading has come, over all sources, or another long step. */
typedef struct {
  const char *doing;   /* NULL: logs are read; else that step's name, done and total of any unit */
  const char *path;    /* what is read now */
  guint64 done, total; /* bytes of the files, packed as they are; total 0: not known (a pipe) */
  guint64 found;       /* attempts to Apple */
} PktProgress;

typedef void (*PktShowProgress) (const PktProgress *now, gpointer data);

typedef struct {
  gint64 since, until; /* microseconds UTC; PKT_NO_TIME: open */
  GTimeZone *zone;     /* of the report; NULL: UTC */
  GTimeZone *log_zone; /* of logs that write none; NULL: not given, taken as UTC and said so */
  int year;   /* of the last record of each source without years, or, of several, of those that end
                 before now by it; 0: from the file's time */
  guint jobs; /* threads that read a large file, or a folder of small ones; 0: one a processor that
                 we may use, four at most */
  gboolean apple_only;    /* other receivers are not counted */
  gboolean line_by_line;  /* no glance at blocks, one thread: what the fast way is held against */
  const char *format;     /* NULL: found out per file */
  const char *sending_ip; /* where a log does not tell */
  GHashTable *map;        /* transport, instance or host -> sending IP (char*); may be NULL */
  GHashTable *map_used;   /* char*: gets the addresses of `map` that were asked for; may be NULL */
  const char *const *also_domains, *const *also_mx;
  const char *const *transcripts; /* paths that are read as recorded sessions; may be NULL */
  gboolean keep_events;           /* attempts to Apple one by one, for --events and build */
  gboolean keep_undated;          /* those too whose line has no time: they count nowhere */
  gboolean streams_of_others;     /* count other receivers by stream too */
  gboolean campaigns;             /* count by campaign too, where the sources name it */
  gboolean need_all;              /* a source that may not be read is an error, also one of many */
  gboolean hits;          /* remember recipients put off for excessive volume (run/hits.h) */
  struct PktState *state; /* read only what is new, and keep it (run/state.h); may be NULL */
  const char *state_path;
  PktShowProgress progress; /* may be NULL */
  gpointer progress_data;
} PktScanOptions;

#define PKT_SCAN_MAX_MAIL (16 * 1024 * 1024) /* bytes of one bounce */
#define PKT_SCAN_MAX_JOBS 64
#define PKT_SCAN_MAX_FILES 1000000 /* below the folders given */

#define PKT_SCAN_SHOWN 3 /* lines that nothing recognised are shown of a source */

typedef struct {
  char *path;
  const char *format;          /* static; NULL: not recognised */
  const char *service, *blind; /* static: whose events they are, and what these cannot tell; NULL */
  gboolean few_tries;          /* of a service that may not tell of each try that was put off */
  guint64 lines, bytes, attempts, apple, unrecognised, duplicates, long_lines;
  guint64 undated;     /* attempts to Apple on lines without a time: not counted */
  guint64 hour_twice;  /* kept attempts in the hour that the clock ran twice */
  guint64 out_of_band; /* bounces that Apple wrote after it had accepted the mail */
  guint64 quoted;      /* answers of other servers that hold one of Apple's: not counted */
  gint64 first, last;  /* of its attempts, microseconds UTC; PKT_NO_TIME */
  gboolean zone_guessed, year_inferred;
  gboolean year_before;  /* of the year given: by that it would end in days to come */
  gboolean year_guessed; /* by the file's time, which is not that of its last record */
  gboolean zone_needed;  /* attempts of it have times without a zone */
  gboolean file_time;    /* a session that shows no time has the file's */
  gboolean mail;         /* a mail or a mailbox: lines counts mails */
  gboolean lost_rows;    /* rows of an export are broken, and attempts lost with them perhaps */
  gboolean unread;       /* could not be opened: problem tells why */
  const char *advice;    /* static: what to do with a file that is neither log nor mail; NULL */
  char *problem;         /* read only in part: why; NULL */
  char *unknown[PKT_SCAN_SHOWN]; /* the first lines that nothing recognised, cut short; or NULL */
  guint64 unknown_lines[PKT_SCAN_SHOWN]; /* their numbers; 0: it has none */
} PktScanSource;

typedef struct {
  GPtrArray *sources; /* PktScanSource* */
  PktTally *tally;
  PktEventStore *store;
  GPtrArray *events;    /* PktEvent*, sorted by time, source, line; only with keep_events */
  GPtrArray *warnings;  /* char*: whole sentences */
  gboolean apple_only;  /* others were not counted */
  gint64 since, until;  /* PktScanOptions': nothing else was counted */
  gboolean partial;     /* some source was readable only in part */
  GHashTable *said_ips; /* char*: sending IPs that the options say, where a log tells none */
  GHashTable *hits;     /* char* -> count; NULL without the option */
  guint64 recognised;   /* lines and mails that some format knew */
} PktScan;

/* Paths are files, folders (all files below, sorted), globs, or "-". PKT_ERROR_NOINPUT for a path
 * that is missing, empty or a folder without files; DATA when nothing was recognised anywhere. The
 * catalogue must outlive the result. */
PktScan *pkt_scan_run (const PktCatalogue *catalogue, const char *const *paths,
                       const PktScanOptions *options, GError **error);
void pkt_scan_free (PktScan *s);
/* Every attempt to Apple that was counted is among the events (run/event-store.h). */
gboolean pkt_scan_is_whole (const PktScan *s);
/* A source that told of Apple may not hold every try that was put off: their counts are a lower
 * bound. */
gboolean pkt_scan_holds_few_tries (const PktScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktScan, pkt_scan_free)

/* Files that paths stand for, in reading order: logs before mails is the scanner's business. char*;
 * caller unrefs. */
GPtrArray *pkt_scan_expand (const char *const *paths, GError **error);
