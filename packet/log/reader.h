#pragma once
#include <glib.h>
#include "packet/base/slice.h"
#include "packet/log/block.h"

/* Bytes of a log as lines: plain or packed (log/input.h), a file, a file of an archive, or standard
 * input ("-"). Blocks of a large file are read, split and glanced at by several threads, a few
 * blocks ahead; lines are handed out in their order. */
typedef struct PktReader PktReader;

#define PKT_READER_MAX_JOBS 64 /* more are not started */

typedef struct {
  guint64 lines;     /* number of the line handed out last; at the end, of all */
  guint64 bytes;     /* of the log, decompressed, read so far */
  guint64 raw_bytes; /* of the file, for progress */
  guint64 long_lines;
  gint64 mtime;        /* seconds since 1970; 0 for standard input */
  guint64 size;        /* of the file; 0 for standard input */
  const char *problem; /* why the end came early, NULL when it did not: "gzip data ends early" */
} PktReaderStats;

/* jobs: threads that read, the caller's among them. PKT_ERROR_NOINPUT when it is not there or a
 * folder, IO otherwise. */
PktReader *pkt_reader_open (const char *path, guint jobs, GError **error);
/* The next line without LF or CRLF, borrowed until the next call. FALSE at the end; see
 * stats->problem. */
gboolean pkt_reader_next (PktReader *r, PktSlice *line);
/* The lines that wait to be handed out, as far as they are at hand, borrowed until the next call:
 * at least one. 0 at the end. bytes: what PktBlockLine.at counts from. */
guint pkt_reader_waiting (PktReader *r, const PktBlockLine **lines, const char **bytes);
/* The first n of them are as good as handed out. */
void pkt_reader_skip (PktReader *r, guint n);
/* From some line on each line is looked at before it is handed out. Lines with PKT_GLANCE_NOTHING
 * are counted and left out, but see `dated` in log/glance.h. `rule` must live until the reader is
 * freed. */
void pkt_reader_glance (PktReader *r, const PktGlancer *glancer, const PktGlanceRule *rule);
/* What was seen of the line handed out last. */
const PktGlance *pkt_reader_seen (const PktReader *r);
/* Of a run that has keys (glance.h): those of its lines. */
const guint64 *pkt_reader_keys (const PktReader *r);
/* The line of the log that `part` was handed out of; `part` where it lies elsewhere. */
PktSlice pkt_reader_line_around (const PktReader *r, PktSlice part);
const PktReaderStats *pkt_reader_stats (const PktReader *r);
void pkt_reader_free (PktReader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktReader, pkt_reader_free)
