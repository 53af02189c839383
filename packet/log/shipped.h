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

typedef struct {
  PktShippedState state; /* of the file, told by its first lines */
  guint holder;          /* whose object is a service's event; 0: lines of text are held */
  guint looked;          /* lines that told nothing */
  guint framed;          /* lines of syslog, of no mail server */
  PktJsonNodes nodes;
  GString *text; /* of the line */
} PktShipped;

/* *line becomes the text log's line, good until the next call; or it is no such record and stays as
 * it is. */
void pkt_shipped_line (PktShipped *s, PktSlice *line);
void pkt_shipped_clear (PktShipped *s);

typedef enum {
  PKT_SHIPPED_NOTHING,
  PKT_SHIPPED_LINE, /* a line of syslog */
  PKT_SHIPPED_SURE, /* of a log that some format knows */
} PktShippedWeight;

/* What an object holds, or is in journald's own form; NOTHING where it is an event itself. */
PktShippedWeight pkt_shipped_weigh (PktShipped *s, PktSlice record);
