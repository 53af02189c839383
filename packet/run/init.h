#pragma once
#include <jansson.h>
#include "packet/run/scan.h"

/* What the logs tell of a case, as the beginning of a case file: sources, IPs, streams, start,
 * Apple's answers; what only the sender knows is the string "TODO: …". `name` is the case's. New
 * reference. */
json_t *pkt_init_case (const PktScan *scan, const char *name, const char *const *sources,
                       const PktScanOptions *options, const char *zone_name,
                       const char *log_zone_name);

/* A question that --ask puts for a TODO: where its answer goes, and the words. */
typedef struct {
  const char *path; /* "company.name" */
  const char *question;
} PktInitQuestion;

extern const PktInitQuestion pkt_init_questions[]; /* ends with a NULL path */
/* Puts an answer in its place; FALSE when the path is not there. */
gboolean pkt_init_answer (json_t *the_case, const char *path, const char *answer);
