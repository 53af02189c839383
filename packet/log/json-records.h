#pragma once
#include "packet/base/slice.h"

/* The records in a JSON text that comes line by line: objects one after the other, in an array, or
 * in the list of an object around them ({"items":[…],"paging":{…}}), each on any number of lines.
 */
typedef struct PktJsonRecords PktJsonRecords;

#define PKT_JSON_RECORD_MAX (1024 * 1024) /* bytes of one; a longer one is damage */
#define PKT_JSON_RECORD_NEST 64           /* brackets in brackets, else it is damage */

/* A whole object, by its brackets; borrowed. */
typedef void (*PktJsonRecordSink) (PktSlice record, gpointer data);

typedef struct {
  /* A key whose array holds the records, and one by which an object is known as a record, both as
   * written in the JSON text. */
  gboolean (*is_list) (PktSlice key);
  gboolean (*is_record) (PktSlice key);
  PktJsonRecordSink sink;
} PktJsonRecordUse;

PktJsonRecords *pkt_json_records_new (const PktJsonRecordUse *use);
void pkt_json_records_free (PktJsonRecords *r);
/* Between two records: a line may also be read without this. */
gboolean pkt_json_records_idle (const PktJsonRecords *r);
/* Inside one. */
gboolean pkt_json_records_open (const PktJsonRecords *r);
/* FALSE when something in it is no JSON; a record that was begun is given up then. */
gboolean pkt_json_records_feed (PktJsonRecords *r, PktSlice line, gpointer data);
