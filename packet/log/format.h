#pragma once
#include "packet/log/glance.h"
#include "packet/log/memory.h"
#include "packet/model/attempt.h"

/* Hands a record on; slices borrow from the line. */
typedef void (*PktSink) (PktRecordKind kind, const PktAttempt *record, gpointer data);

/* Whether each line is a record, so that one which cannot be read is a loss. */
typedef enum { PKT_EXPORT_NONE, PKT_EXPORT_TABLE, PKT_EXPORT_JSON } PktExport;

/* A log format: one file, one row in format-list.h, one folder under samples/log/. */
typedef struct {
  const char *name;    /* --format and samples/log/NAME/ */
  const char *summary; /* one line for `formats` */
  /* 0: not a line of mine … 100: surely mine. Pure. */
  guint (*probe) (PktSlice line);
  gpointer (*begin) (void);
  /* UNKNOWN: not of this format; FOREIGN: a syslog line of another program; OTHER: of it, nothing
   * handed out; else the kind of the last record handed out. */
  PktRecordKind (*parse) (gpointer state, PktSlice line, PktSink sink, gpointer data);
  /* The stamp of the last line that had one, for the year; kind NONE when there was none. */
  PktStamp (*last_stamp) (gpointer state);
  /* May be NULL: no line follows. UNKNOWN when a record has no end. */
  PktRecordKind (*finish) (gpointer state, PktSink sink, gpointer data);
  void (*end) (gpointer state);
  /* Both may be NULL: looks at lines where their block is read, and takes from a line what was made
   * out there (all kinds but NOTHING and PLAIN). */
  const PktGlancer *glancer;
  PktRecordKind (*parse_known) (gpointer state, PktSlice line, const PktGlance *seen, PktSink sink,
                                gpointer data);
  /* Takes a run at once. FALSE: its lines have to be parsed one by one. NULL where no glance makes
   * any. */
  gboolean (*parse_run) (gpointer state, const PktGlance *run);

  /* May be NULL. FALSE when lines of what was read so far tell something only with those before
   * them: the glancer is left alone. */
  gboolean (*can_glance) (gpointer state);
  /* All may be NULL. Whether glances of kind REMOVED, ARRIVAL, RECEIVED, ELSEWHERE and WHOLE may be
   * counted without parse_known() from here on, and what their stamps without a year want added, in
   * microseconds: asked again behind each line that the parser took. But for messages that are
   * remembered: of that key; 0: any. And how far they came. */
  gboolean (*passes) (gpointer state, gint64 *years);
  gboolean (*remembers) (gpointer state, guint64 queue_key);
  void (*passed) (gpointer state, PktStamp last);
  /* Each of these may be NULL. */
  gboolean (*owns_tag) (PktSlice tag);   /* syslog lines with that tag are its own */
  gboolean (*owns_line) (PktSlice line); /* the same of lines that are none of syslog's */
  gboolean (*is_dull) (PktSlice line);   /* one of these tells nothing, not even for a year */
  gboolean (*is_header) (PktSlice line); /* it says what the columns of those below it are */
  /* What to remember of messages beyond the end of a file in place of a memory of its own; called
   * before the first line, lives longer than the state. */
  void (*share) (gpointer state, PktMemory *memory);
  /* Another format's lines of the same file came as far as that: for the year. */
  void (*follow) (gpointer state, PktStamp last);
  /* May be NULL: what was read cannot tell what `blind` does not say; NULL when there is nothing to
   * say. *name is the service's, NULL where it is of logs, *few_tries as below. */
  const char *(*blind_now) (gpointer state, const char **name, gboolean *few_tries);
  /* May be NULL. What UNKNOWN was said of, where that is a record which began *back lines before
   * the last one, good until the next line; empty: it is the line. */
  PktSlice (*given_up) (gpointer state, guint *back);
  PktExport export;
  gboolean names_acceptors_only; /* a mail server is named only where it accepted mail */
  gboolean few_tries;            /* it may not hold each try that was put off */
  const char *blind; /* what it cannot tell that a user must know: a clause after "NAME logs" */
} PktFormat;

#define PKT_FORMAT(name) extern const PktFormat pkt_format_##name;
#include "packet/log/format-list.h"
#undef PKT_FORMAT

/* All formats; ends with a NULL name. */
extern const PktFormat *const pkt_formats[];
const PktFormat *pkt_format_find (const char *name);
/* What formats remember of one run, PktFormat -> PktMemory; caller unrefs. */
GHashTable *pkt_format_memories_new (void);
/* A format's own there, made where there is none; the table keeps it. */
PktMemory *pkt_format_memory (GHashTable *memories, const PktFormat *format);
/* A reader's state that remembers there; ended with its end(). */
gpointer pkt_format_begin (const PktFormat *format, GHashTable *memories);
/* Whose line it is by its tag, or by its form where it has none; NULL when nobody's. */
const PktFormat *pkt_format_of_line (PktSlice line);
/* The same of a tag, and of a line that is none of syslog's. */
const PktFormat *pkt_format_of_tag (PktSlice tag);
const PktFormat *pkt_format_of_form (PktSlice line);

#define PKT_PROBE_LINES 200 /* of a file are looked at */
#define PKT_PROBE_SURE 24   /* are enough where all are of one format, and none of another */

/* Sum of a format's probes over lines that the caller feeds one by one. */
#define PKT_MAX_FORMATS 64
typedef struct {
  guint lines;
  guint score[PKT_MAX_FORMATS]; /* by row of pkt_formats */
  guint hits[PKT_MAX_FORMATS];  /* lines that it recognised */
} PktProbe;

void pkt_probe_line (PktProbe *p, PktSlice line);
/* Whether that would be a hit of this format. */
gboolean pkt_probe_knows (const PktFormat *format, PktSlice line);
/* The best format, NULL when nothing was recognised. */
const PktFormat *pkt_probe_best (const PktProbe *p);
/* All lines were of one format, and none of another: more of them would tell the same. Not of one
 * whose lines often stand in front of another's log, as those without a glancer do. */
gboolean pkt_probe_is_sure (const PktProbe *p);
/* How many lines it recognised, and how sure it was of them, 0 to 100. */
guint pkt_probe_hits (const PktProbe *p, const PktFormat *format);
guint pkt_probe_score (const PktProbe *p, const PktFormat *format);
/* What would be taken without the best one; NULL when nothing else fits. */
const PktFormat *pkt_probe_next (const PktProbe *p, const PktFormat *best);

/* From a REASON of a mail server's log, or a bounce's prose: "host H[IP] said: …", "connect to
 * H[IP]:25: …", "lost connection with H[IP] while …" (log-formats 2.2). Fills stage, remote_host,
 * remote_ip, reply; sets outcome to NOT_ATTEMPTED for "delivery temporarily suspended: …". */
void pkt_postfix_reason (PktSlice reason, PktAttempt *out);
