#pragma once
#include "packet/apple/relay.h"
#include "packet/log/glance.h"
#include "packet/run/accepted.h"
#include "packet/run/count-reply.h"
#include "packet/run/event-store.h"
#include "packet/run/progress.h"
#include "packet/run/seen.h"
#include "packet/trend/join.h"
#include "packet/trend/tally-run.h"

/* One source's records become counts and events: whose attempt, what it came to, read before or
 * not. */
/* Of several logs without a year, what shows that the year given may be that of some alone. */
typedef enum {
  PKT_YEAR_OF_ALL,
  PKT_YEAR_BEGUN,    /* one begins before now in it */
  PKT_YEAR_RUN_INTO, /* none does, and one runs into it from the year before */
} PktYearRuns;

typedef struct {
  PktReplies *replies;
  const PktScanOptions *options;
  PktRelay *relay;
  PktTallyBuild *tally;
  PktJoin *join;          /* over all logs: a message's life may run over rotated files */
  PktSeen *seen;          /* attempts to Apple */
  PktSeen *others;        /* other receivers' refusals; NULL: no bounces are read beside logs */
  GHashTable *memories;   /* PktFormat -> PktMemory: what formats remember from file to file */
  GHashTable *looks;      /* path -> PktLogLook*, of logs */
  GHashTable *formats;    /* names of those that told of an attempt to Apple */
  const char *format;     /* the one added last */
  const char *rcpt_class; /* pkt_relay_domain_class() of the last recipient at Apple… */
  guint16 rcpt_name;      /* …and its name in the tally */
  PktEventStore *store;
  GHashTable *hits; /* PktScan's; may be NULL */
  PktProgressRun progress;
  guint64 forgotten;    /* messages that pkt_join_forgotten() told of */
  gboolean message_ids; /* and sizes are asked for: events are kept, or bounces are held against the
                           logs, or a later run goes on from here */
  gboolean alone;       /* one source is all that is read */
  PktYearRuns year_runs; /* pkt_source_order()'s answer */
  gboolean broke_off;    /* a part of a growing log could not be read to its end */
} PktCounter;

typedef struct {
  PktCounter *counter;
  PktScanSource *source;
  PktJoin *join; /* the counter's; NULL for mails */
  guint index;   /* of the source */
  guint64 line;
  PktStamp first[PKT_N_STAMPS], last[PKT_N_STAMPS]; /* of its attempts by kind, as written */
  PktSession *session;       /* the recorded session that the next record is from; NULL */
  gboolean from_mail;        /* records of bounces: checked against what logs told */
  gboolean relays;           /* it hands Apple's recipients to a host that is not Apple's */
  PktTallyRun others;        /* accepted by other receivers, not counted yet */
  PktAcceptedQueue accepted; /* by Apple, likewise */
} PktCountSource;

/* A PktSink. */
void pkt_count_record (PktRecordKind kind, const PktAttempt *record, gpointer count_source);
/* The sum of a run. FALSE: its records have to be counted one by one, and none was. */
gboolean pkt_count_run (PktCountSource *s, const PktGlance *run);
/* A PktSink: of a record that was counted with its run, what the queue says of its recipient is
 * settled. */
void pkt_count_settle (PktRecordKind kind, const PktAttempt *record, gpointer count_source);

/* Ends the run of what other receivers accepted, and begins one that takes stamps like that one. */
void pkt_count_start_run (PktCountSource *s, PktStamp stamp);
/* An attempt that another receiver accepted. */
static inline void
pkt_count_elsewhere (PktCountSource *s, PktStamp stamp, guint64 fingerprint)
{
  if (G_UNLIKELY (!pkt_tally_run_takes (&s->others, stamp)))
    pkt_count_start_run (s, stamp);
  pkt_tally_run_add (&s->others, stamp.us, fingerprint);
}
/* Gives the source's cells and events their UTC times. */
void pkt_count_end_source (PktCountSource *s, const PktStampRule *rule);
