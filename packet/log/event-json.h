#pragma once
#include "packet/log/event-shapes.h"

/* The values of one JSON object that exports.json has names for, without building a tree. */

#define PKT_EVENT_JSON_DEPTH                                                                       \
  6                           /* objects in objects that are looked into; deeper ones are skipped */
#define PKT_EVENT_JSON_KEY 32 /* bytes of a key that is kept for the next record */
#define PKT_EVENT_JSON_MEMBERS 160 /* keys that are kept */
#define PKT_EVENT_JSON_NEST 64     /* brackets in brackets, else the record is damaged */

/* A key that was looked up: the records of a log have the same ones. */
typedef struct {
  guint32 id;     /* never given to another; 0: free */
  guint32 parent; /* id of the key whose object it stands in; 0: the outermost */
  char key[PKT_EVENT_JSON_KEY];
  char path[PKT_EVENT_MAX_NAME]; /* folded, of keys from the outermost object to this one */
  guint8 key_n, path_n, outer_n; /* outer_n: bytes of the path around it */
  gint16 name;                   /* index in the row, -1 */
  guint8 known, wrapper, list;
} PktEventMember;

typedef struct {
  PktEventRow row;    /* strings without quotes, numbers as written; lives until the next record */
  PktSlice record;    /* the object; that of a wrapper key where there is one */
  PktSlice list;      /* what stands in the array of recipients */
  int list_name;      /* its name's index in row; -1 none */
  gboolean around;    /* it is no record: the records stand in an array of it */
  GPtrArray *decoded; /* char*: strings that had escapes */
  gint16 set[PKT_EVENT_MAX_NAMES]; /* indexes that have a value in row */
  guint n_set;
  guint32 last_id;
  PktEventShapes *shapes; /* NULL: none so far */
  PktEventMember members[PKT_EVENT_JSON_MEMBERS], scratch[PKT_EVENT_JSON_DEPTH + 1];
} PktEventJson;

/* Of zeros. */
void pkt_event_json_init (PktEventJson *j);
void pkt_event_json_clear (PktEventJson *j);
/* Reads the object that text begins with. The bytes it takes, 0 when it is damaged or cut. */
gsize pkt_event_json_read (PktEventJson *j, PktSlice text);
/* The same where pkt_event_json_fits() said which shape, or none. */
gsize pkt_event_json_read_as (PktEventJson *j, PktSlice text, int which,
                              const PktStencilMarks *marks);
/* Index of a shape that the record is found to have which is all of the line, but for a comma
 * behind it; -1 when it has to be read. */
int pkt_event_json_fits (PktEventJson *j, PktSlice line, PktStencilMarks *marks);
/* The next string of j->list; FALSE at its end. */
gboolean pkt_event_json_next (PktEventJson *j, PktSlice *out);

#define PKT_EVENT_MAX_TRIES 100 /* of a mail that are told */

/* A record with its recipients in lists (s->each): read as a tree, one row handed on for each,
 * after those of its earlier tries. Kind as pkt_event_emit; UNKNOWN when it is no JSON. */
PktRecordKind pkt_event_json_each (const PktEventService *s, PktSlice record, PktEventOut *out);
