#pragma once
#include "packet/log/json-nodes.h"

/* Records that shippers and collectors make of a text log's lines, one a line: Vector, Fluent Bit,
 * Fluentd, Filebeat, Logstash, rsyslog's and syslog-ng's JSON, GELF, Loki's logcli, Splunk, Google
 * Cloud. The line stands in a member; where it lacks its header, host, program and time stand in
 * others. Also rows of a table with the line in a field, and a time in front of a service's event.
 * Begins with zeros. */
typedef enum {
  PKT_SHIPPED_UNSURE,
  PKT_SHIPPED_YES,
  PKT_SHIPPED_NO,
} PktShippedState;

#define PKT_SHIPPED_DEPTH 4 /* objects in objects, in which an event may stand */

typedef struct PktShippedTable PktShippedTable;

typedef struct {
  PktShippedState state;         /* of the file, told by its first lines */
  char *path[PKT_SHIPPED_DEPTH]; /* keys that lead to what is held; none: see the tables */
  guint depth;
  guint looked;           /* lines that told nothing */
  guint framed;           /* lines of syslog, of no mail server */
  PktShippedTable *table; /* the file is one with a header; NULL */
  gboolean begun;         /* a line was seen */
  gboolean tabled;        /* the last one was a row of it */
  PktJsonNodes nodes;
  GString *text; /* of the line */
} PktShipped;

/* *line becomes the text log's line, good until the next call; or it is no such record and stays as
 * it is. */
void pkt_shipped_line (PktShipped *s, PktSlice *line);
void pkt_shipped_clear (PktShipped *s);
/* The file's first line said what the fields of its records are. */
gboolean pkt_shipped_has_header (const PktShipped *s);
/* Of a record in s->nodes: where in it a service's event stands, or a text log's line, under
 * whatever name: s->path. FALSE when it holds none. */
gboolean pkt_shipped_find (PktShipped *s);
/* What stands there; empty: nothing. */
PktSlice pkt_shipped_held (PktShipped *s);
void pkt_shipped_forget (PktShipped *s);

/* Of a record: its text log's line, or what stands at s->path, is added to s->text. FALSE when it
 * holds neither, or is no JSON object; then nothing is. */
gboolean pkt_shipped_record (PktShipped *s, PktSlice record);
/* A member's name in the tables by which records are read, of any case; NULL: nobody asks for it.
 * What it is: *text: the line's text, *time: its time; else they stay as they are. */
const PktSlice *pkt_shipped_name (PktSlice name, gboolean *text, gboolean *time);
/* NULL where the line is no header with a text and a time, and no row of a table known without one.
 */
PktShippedTable *pkt_shipped_table_new (PktSlice header);
gboolean pkt_shipped_table_has_header (const PktShippedTable *t);
void pkt_shipped_table_free (PktShippedTable *t);
/* The row as a record, good until the next one; empty where it has other columns. */
PktSlice pkt_shipped_table_row (PktShippedTable *t, PktSlice row);

typedef enum {
  PKT_SHIPPED_NOTHING,
  PKT_SHIPPED_LINE, /* a line of syslog */
  PKT_SHIPPED_SURE, /* of a log that some format knows */
} PktShippedWeight;

/* What an object holds, or is in journald's own form; NOTHING where it is an event itself. */
PktShippedWeight pkt_shipped_weigh (PktShipped *s, PktSlice record);
