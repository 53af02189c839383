#pragma once
#include <glib.h>
#include "packet/base/clock.h"
#include "packet/base/slice.h"

/* What a format makes out of a line where its block is read, maybe in another thread, for its
 * parser in the caller's. */
typedef enum {
  PKT_GLANCE_NOTHING, /* the parser would take nothing from the line: it is not handed out */
  PKT_GLANCE_PLAIN,   /* not made out */
  PKT_GLANCE_KNOWN,
  PKT_GLANCE_REMOVED,          /* PKT_RECORD_REMOVED; key alone is set */
  PKT_GLANCE_ARRIVAL,          /* PKT_RECORD_ARRIVAL; key is set, us is the size of the message, and
                                  the sender is the tag_n bytes from text_at on */
  PKT_GLANCE_RECEIVED,         /* PKT_RECORD_RECEIVED; the same, and fingerprint is 0, or tells the
                                  format's parser where a Message-ID is */
  PKT_GLANCE_ELSEWHERE,        /* PKT_RECORD_ELSEWHERE; key, stamp and fingerprint are set */
  PKT_GLANCE_ELSEWHERE_TO,     /* the same, and the recipient is the tag_n bytes from text_at on */
  PKT_GLANCE_ELSEWHERE_SO_FAR, /* the same where no host is told, unless a domain like its
                                  recipient's was found to be Apple's by then; without a stamp: a
                                  line that was not read, with apple_only */
  PKT_GLANCE_RUN,              /* several lines, of which nothing but a sum is asked */
  PKT_GLANCE_WHOLE,            /* PKT_RECORD_REMOVED, and then as ELSEWHERE: all that is told of a
                                  message whose other lines are left out */
  PKT_GLANCE_PUT_OFF,          /* PKT_RECORD_PUT_OFF; key, stamp and fingerprint are set, the
                                  recipient is the tag_n bytes from text_at on, the reply's
                                  pkt_stand_in() is `daemon` */
  PKT_GLANCE_SIDE,             /* PKT_RECORD_FOREIGN, for another format: `side` */
} PktGlanceKind;

/* Small, since millions of them go from one thread to another. */
typedef struct {
  guint8 kind : 4;       /* PktGlanceKind */
  guint8 daemon : 4;     /* the format's own */
  guint8 stamp_kind : 3; /* PktStampKind of us */
  guint8 outcome : 3;    /* of a RUN: what all of its records came to (PktOutcome) */
  guint8 unread : 1; /* of a RUN: some of it was not read, with apple_only, or is so far alone */
  guint8 keyed : 1;
  union {
    /* bytes of the queue id, the time, what a queue id is unique in, and of the tag; where the tag
     * begins, and the text or the queue id in front of it */
    struct {
      guint8 id_n, time_n, scope_n, tag_n, tag_at, text_at;
    };
    /* of a RUN: records in it that are another receiver's, and what sort() said of their replies.
     * Where it is `keyed`, the block's keys from keys_at on are those of its lines,
     * PKT_GLANCE_NO_KEY of one that tells nothing, up to PKT_GLANCE_NO_KEYS; else no record has a
     * queue id */
    struct {
      guint16 records, sort, keys_at;
    };
  };
  union {
    guint64 key;        /* pkt_queue_key() of the id; 0: there is none */
    gint64 last_us;     /* of a RUN */
    gconstpointer side; /* a PktFormat, with a tag of which the line begins */
  };
  union {
    gint64 us; /* of the stamp, in the source's first year where the log writes none; a RUN's first
                */
    struct {
      guint8 time_at, scope_at; /* of a KNOWN one */
    };
  };
  guint64 fingerprint; /* pkt_attempt_fingerprint(); their sum */
} PktGlance;

/* No key is any of these, but once in 2^63. */
#define PKT_GLANCE_NO_KEYS 0
#define PKT_GLANCE_NO_KEY 1

/* Records of one run lie in one of these: they count in the same row of a table. */
#define PKT_GLANCE_SLOT (15 * PKT_MINUTE)

/* Bytes between what every thread reads and what one writes all the time: a cache line, and the one
 * that is fetched along. */
#define PKT_GLANCE_APART 128

/* What the caller asks of a glance. */
typedef struct {
  char before[PKT_GLANCE_APART]; /* it may lie among the caller's own variables */
  gboolean message_ids;          /* Message-IDs and sizes will be asked for */
  gboolean apple_only;           /* what is `elsewhere` is not asked for at all */
  gboolean sides;                /* lines of other formats are given to them */
  gboolean put_offs;             /* PUT_OFF is all that is asked for of such a record */
  /* TRUE when an attempt is another receiver's beyond doubt, so that nothing but its time is asked
   * for; called from any thread. NULL: all attempts are handed over whole. */
  gboolean (*elsewhere) (gconstpointer data, PktSlice recipient, PktSlice host, PktSlice ip);
  /* The same of one whose host is not told. */
  gboolean (*other_domain) (gconstpointer data, PktSlice recipient);
  /* Of the reply of a bounce: those that count together. From any thread; NULL: what was not
   * accepted is handed over whole. */
  guint16 (*sort) (PktSlice reply);
  /* FALSE when nothing of Apple's stands on a line. */
  gboolean (*may_name) (gconstpointer data, PktSlice line);
  /* The same of many lines: a byte of the first of which it is TRUE; NULL. */
  const char *(*next_name) (gconstpointer data, PktSlice text);
  gconstpointer data;
  gpointer state; /* of the format's reader, for what it shares with its glancer */
  /* Atomic, set while lines are looked at: domains are known to be Apple's that no line names so,
   * and what a line without a host says counts even with apple_only. */
  gint read_all;
  char behind[PKT_GLANCE_APART];
} PktGlanceRule;

typedef struct PktBlock PktBlock;

/* Each thread that reads blocks has a state of its own; `look` touches nothing else but the line.
 */
typedef struct {
  gpointer (*begin) (const PktGlanceRule *rule); /* the rule outlives the state */
  void (*look) (gpointer state, PktSlice line,
                PktGlance *out); /* out->kind, and what it tells of */
  void (*end) (gpointer state);
  /* May be NULL: the line without what stands before it, as it is looked at and, but for PLAIN
   * and SIDE ones, handed out. */
  PktSlice (*unwrap) (gpointer state, PktSlice line);
  /* May be NULL: splits the block, or a part of it, at once, and makes runs of its lines. FALSE:
   * not here; the next lines are looked at one by one. */
  gboolean (*split) (gpointer state, PktBlock *b);
  /* Lines begin with a time that may lack its year, behind what stands before it: one whose first
   * three bytes differ from those of the line before may begin a month, and is handed out
   * PKT_GLANCE_PLAIN. Lines that begin with a digit do not count. */
  gboolean dated;
} PktGlancer;
