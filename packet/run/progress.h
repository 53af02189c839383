#pragma once
#include "packet/run/scan.h"

/* How far a scan has come, for PktScanOptions.progress. */
typedef struct {
  const PktScanOptions *options;
  PktProgress now;
  guint64 before, found_before; /* of the sources that are done */
} PktProgressRun;

/* Paths in any order; their sizes are asked for where somebody looks. */
void pkt_progress_begin (PktProgressRun *p, const PktScanOptions *options, const GPtrArray *paths);
/* Of a source `bytes` of the file are read. */
void pkt_progress_tell (PktProgressRun *p, const PktScanSource *source, guint64 bytes);
/* A source is done; `path` as it was given to pkt_progress_begin(). */
void pkt_progress_end_source (PktProgressRun *p, const PktScanSource *source, const char *path);
/* Of another step than reading logs: "34%  reading the suppression list". */
void pkt_progress_step (const PktScanOptions *options, const char *doing, guint64 done,
                        guint64 total);
