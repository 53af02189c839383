#pragma once
#include "packet/log/feed.h"
#include "packet/log/json-nodes.h"

/* What an API answers a search of logs with, or a list of what shippers write a record a line: the
 * records stand in a list, on any number of lines, and each holds a line of a text log. CloudWatch
 * Logs and its Insights, Loki, Elasticsearch, OpenSearch, Graylog, Splunk, Google Cloud, Datadog,
 * Azure, journalctl -o json-pretty, jq. */
typedef enum {
  PKT_PAGE_OBJECTS,
  PKT_PAGE_PAIRS,   /* ["1772534730000000000","Mar  3 …"], the labels beside their list */
  PKT_PAGE_FIELDS,  /* [{"field":"@message","value":"Mar  3 …"},…] */
  PKT_PAGE_ROWS,    /* ["mail","Mar  3 …"], the columns' names beside their list */
  PKT_PAGE_STRINGS, /* "Mar  3 …" */
} PktPageKind;

typedef struct {
  PktPageKind kind;
  guint64 record; /* the path of one (json-steps.h) */
  guint64 about;  /* of the labels or columns; 0: there are none */
} PktJsonPage;

#define PKT_PAGE_HEAD (64 * 1024) /* bytes in which a record is looked for */

/* FALSE when the text does not begin as such a document, or its lines are read as they stand. */
gboolean pkt_json_page_find (PktSlice head, PktJsonPage *out);

/* Each record of such a document as one object on a line of its own; `below` itself where it is
 * none. Takes it. */
PktFeed *pkt_json_page (PktFeed *below);

/* A record that is no object made into one: {"message":"Mar  3 …", …}. Of zeros to begin with. */
typedef struct {
  PktJsonNodes row, about;
  gboolean has_about;
  gint64 time; /* of a pair, as it was written */
} PktPageRow;

/* What the records after it have in common, which must live as long; empty: nothing. */
void pkt_page_row_about (PktPageRow *r, PktSlice about);
/* FALSE when it is of another kind; what it is of then nobody wrote. */
gboolean pkt_page_row_write (PktPageRow *r, PktPageKind kind, PktSlice record, GString *out);
void pkt_page_row_clear (PktPageRow *r);

/* Lines in the order of their times, where they are not too many. */
typedef struct PktPageOrder PktPageOrder;
PktPageOrder *pkt_page_order_new (void);
void pkt_page_order_free (PktPageOrder *o);
/* The line that begins at `from` in out, and ends it, is taken out of it and held; or stays. */
void pkt_page_order_add (PktPageOrder *o, gint64 time, gsize from, GString *out);
/* Those that are held, into out. */
void pkt_page_order_end (PktPageOrder *o, GString *out);
