#pragma once
#include <glib.h>
#include "packet/base/clock.h"

#define PKT_AGGREGATE_MAX_BYTES (64 * 1024 * 1024)   /* of one report, unpacked */
#define PKT_AGGREGATE_MAX_TOTAL (1024 * 1024 * 1024) /* of all files of one archive, unpacked */
#define PKT_AGGREGATE_MAX_FILES 10000                /* of one archive */
#define PKT_AGGREGATE_MAX_MARKS 2000000  /* '<' and '=' in a report: some 40,000 records */
#define PKT_AGGREGATE_MAX_ATTRIBUTES 100 /* of one tag */
#define PKT_AGGREGATE_MAX_ROWS 100000

/* Messages of one From domain that receivers saw coming from one IP. */
typedef struct {
  char *domain, *ip;    /* lower case */
  gint64 count, passed; /* passed: SPF or DKIM aligned, as the receivers evaluated it */
  gint64 spf, dkim;
} PktAggregateRow;

/* What DMARC aggregate reports say (RFC 9990, RFC 7489 appendix C), summed. */
typedef struct {
  GPtrArray *rows;   /* PktAggregateRow*, by domain, then count */
  GHashTable *index; /* "domain ip" to its row */
  GHashTable *seen;  /* "reporter id": a report counts once */
  GHashTable *reporters;
  guint reports, doubled, broken;
  char *first_broken; /* "FILE: why"; NULL */
  gint64 begin, end;  /* of all reports, microseconds UTC; PKT_NO_TIME */
} PktAggregate;

PktAggregate *pkt_aggregate_new (void);
void pkt_aggregate_free (PktAggregate *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktAggregate, pkt_aggregate_free)
/* A report as XML, packed (gzip, bzip2, xz, zstd) or as zip or tar of several; a folder: all files
 * in it. What is no report is counted as broken. PKT_ERROR_NOINPUT where the path is missing. */
gboolean pkt_aggregate_read (PktAggregate *a, const char *path, GError **error);
/* The same for the bytes of one XML report; `name` is for first_broken. */
void pkt_aggregate_parse (PktAggregate *a, const char *name, const char *xml, gsize n);
void pkt_aggregate_sort (PktAggregate *a);
