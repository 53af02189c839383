#pragma once
#include "packet/log/event-value.h"
#include "packet/log/format.h"

/* Rows of a sending service's export (CSV or JSON), whatever it calls its columns: the names come
 * from templates/exports.json (facts: log-formats 7, 8, 19). */

#define PKT_EVENT_MAX_NAMES 512 /* different names in exports.json */
#define PKT_EVENT_MAX_ID 256    /* bytes of a Message-ID that is put together */
#define PKT_EVENT_MAX_NAME                                                                         \
  96 /* bytes of a column's name, or of a path of keys, that are compared */

typedef enum {
  PKT_FIELD_RECIPIENT,
  PKT_FIELD_TIME,
  PKT_FIELD_EVENT,
  PKT_FIELD_REPLY,
  PKT_FIELD_CODE,     /* where the service takes codes out of the reply */
  PKT_FIELD_ENHANCED, /* likewise, as one */
  PKT_FIELD_ENHANCED_CLASS,
  PKT_FIELD_ENHANCED_SUBJECT,
  PKT_FIELD_ENHANCED_DETAIL,
  PKT_FIELD_STAGE,
  PKT_FIELD_LABEL,
  PKT_FIELD_PLATFORM_ID,
  PKT_FIELD_QUEUE_ID,
  PKT_FIELD_CAMPAIGN,
  PKT_FIELD_LOCAL_IP,
  PKT_FIELD_TRANSPORT,
  PKT_FIELD_REMOTE, /* host, "host (ip)" or an address */
  PKT_FIELD_REMOTE_IP,
  PKT_FIELD_MESSAGE_ID,
  PKT_FIELD_MESSAGE_ID_HOST, /* what tells the host of ids that the service makes */
  PKT_FIELD_FROM,            /* of the From header */
  PKT_FIELD_SENDER,
  PKT_FIELD_SIZE,
  PKT_N_FIELDS
} PktEventField;

/* What a word of the event column says. */
typedef enum {
  PKT_WORD_UNKNOWN, /* in no list */
  PKT_WORD_OTHER,   /* an open, a click: no delivery */
  PKT_WORD_DELIVERED,
  PKT_WORD_DEFERRED,
  PKT_WORD_BOUNCED,
  PKT_WORD_NOT_ATTEMPTED,
  PKT_WORD_EXPIRED, /* given up; the last try's reply stands in an earlier record */
  PKT_WORD_BOUNCED_IF_ANSWERED,
  PKT_WORD_DELIVERED_IF_ANSWERED,
  PKT_WORD_UNREAD, /* of a service whose words follow the user's language: in none that is known */
} PktEventWord;

typedef struct {
  int index;        /* in PktEventRow */
  const char *path; /* as exports.json spells it */
} PktEventName;

typedef struct {
  const char *text;
  PktEventWord came_to; /* BOUNCED: what the event says */
} PktEventOwn;

/* A log without a header line, as the user describes it: names in their order, with what stands
 * between them, or a separator. */
typedef struct {
  char separator;      /* 0: literals */
  GArray *names;       /* int: index in PktEventRow, -1 for one that nobody asks for */
  GPtrArray *literals; /* char*: in front of each name; the last one behind them */
} PktEventLayout;

/* All of it lives as long as the program. */
typedef struct {
  const char *name;
  const char *blind;            /* what it cannot tell: a clause after "NAME events"; NULL */
  gboolean few_tries;           /* its events may not hold each try that was put off */
  GPtrArray *marks;             /* GArray* of int: one of these names must be there */
  GArray *fields[PKT_N_FIELDS]; /* PktEventName, by preference */
  GHashTable *words;            /* folded word -> PktEventWord */
  GArray *own_words;            /* PktEventOwn: texts of the service's own server */
  GHashTable *no_label;         /* folded words that say nothing */
  GPtrArray *each;              /* char*: paths of lists with a recipient in each element */
  const char *tries;            /* key in such an element: a list of its tries; NULL */
  const char *try_event;        /* key of the event's word in one of these */
  PktEventWord otherwise;       /* of a row without an event word; UNKNOWN: the reply decides */
  GHashTable *own_codes;        /* folded codes by which no remote host answered */
  GPtrArray *noise;             /* char*: what stands in front of a reply; '*': anything there */
  GPtrArray *remote_behind;     /* char*: words that stand before a host; empty: it stands alone */
  gint64 zone;                  /* microseconds east of UTC, of times that have no zone */
  gboolean has_zone, prose_is_label;
  PktEventDates dates;
} PktEventService;

typedef struct {
  GHashTable *names;      /* folded name -> index + 1 */
  GHashTable *lists;      /* folded keys whose array holds the records */
  GHashTable *wrappers;   /* folded keys whose object stands for the record itself */
  GHashTable *suppressed; /* folded words: the service sent nothing */
  GArray *envelopes;      /* int: names whose text is the record */
  gboolean recipients[PKT_EVENT_MAX_NAMES]; /* names that a recipient may stand in */
  GPtrArray *services;                      /* PktEventService* */
  const PktEventService *user;              /* of --map-file; NULL */
  PktEventLayout *layout;                   /* likewise */
} PktEventMap;

/* A row's values by name; NULL where it has none. */
typedef struct {
  PktSlice at[PKT_EVENT_MAX_NAMES];
} PktEventRow;

/* What tables of folded words said of a text: exports say the same few all the time. Of zeros to
 * begin with. */
#define PKT_EVENT_ASKED 32
#define PKT_EVENT_ASKED_BYTES 39 /* of a text that is kept */
typedef struct {
  GHashTable *table; /* NULL: nothing so far */
  gpointer said;
  guint8 n;
  char text[PKT_EVENT_ASKED_BYTES];
} PktEventAsked;

/* The last time that was read; of zeros to begin with. */
typedef struct {
  const PktEventService *service;
  char text[48]; /* as written */
  guint8 n;
  gboolean has_seconds; /* it is "2026-11-02 00:00:41" and whatever behind it … */
  PktStamp stamp;       /* … and this the beginning of its minute */
} PktEventTime;

/* Where records go. Made by the reader, `text` is room for replies that are put together. */
typedef struct {
  PktSink sink;
  gpointer data;
  PktStamp last;                  /* of the last record */
  const PktEventService *service; /* of the first: later ones need not be read; NULL: none so far */
  GString *text;
  PktEventAsked asked[PKT_EVENT_ASKED];
  PktEventTime time;
  PktEventIps ips;
  char id[PKT_EVENT_MAX_ID]; /* room for a Message-ID */
} PktEventOut;

/* exports.json and --map-file, read before any log and never changed after; a fault in the former
 * is our bug (aborts). */
const PktEventMap *pkt_event_map (void);
/* FALSE: nobody asked for them yet, so they hold nothing of a user. */
gboolean pkt_event_map_is_loaded (void);
/* Lower case, letters and digits only, NUL added: FALSE when it does not fit. */
gboolean pkt_event_fold (PktSlice name, char out[PKT_EVENT_MAX_NAME]);
/* What the table, which lives as long as the program, holds of the folded text; NULL: nothing. */
gpointer pkt_event_ask (PktEventAsked asked[PKT_EVENT_ASKED], GHashTable *table, PktSlice text);
/* Index in PktEventRow of a folded name, -1 when no service has it. */
int pkt_event_name (const PktEventMap *map, const char *folded);
/* The service whose names these are; NULL when there is no recipient, or neither event nor reply.
 * Only whether a value is there matters, so a header line serves too. */
const PktEventService *pkt_event_service (const PktEventMap *map, const PktEventRow *row);
/* The word of a row's event column; `asked` and `name`
 * may be NULL; the latter is set to the index it came from, or -1.
 * Several columns may be called so: the first that holds a known word decides. */
PktEventWord pkt_event_word (const PktEventService *s, const PktEventRow *row,
                             PktEventAsked asked[PKT_EVENT_ASKED], int *name);
/* Reads a row and hands it on as ATTEMPT or EXPIRED. OTHER: no delivery event. UNKNOWN: a delivery
 * event whose recipient or time cannot be read. A row with no SMTP text keeps the service's word as
 * label and has an empty reply, so that no rule can take it for a policy refusal. */
PktRecordKind pkt_event_emit (const PktEventService *s, const PktEventRow *row, PktEventOut *out);
/* The first half of it: sets the outcome, and the reply with whose words it is; *expired: the last
 * try's stands in an earlier record. FALSE: no delivery event. */
gboolean pkt_event_came_to (const PktEventService *s, const PktEventRow *row, PktEventOut *out,
                            PktAttempt *a, gboolean *expired);
/* It has a recipient and a time that can be read. */
gboolean pkt_event_looks_whole (const PktEventService *s, const PktEventRow *row);
