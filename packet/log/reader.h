#pragma once
#include <glib.h>
#include "packet/base/slice.h"
#include "packet/log/glance.h"

/* Bytes of a log as lines: plain or packed (log/input.h), a file, a file of an archive, or standard
 * input ("-"). Large files are read, unpacked and split into lines by a thread of their own, a few
 * blocks ahead. */
typedef struct PktReader PktReader;

#define PKT_READER_BLOCK (256 * 1024) /* bytes of a block */
/* A longer line is cut there and counted; the rest of it is skipped. */
#define PKT_READER_MAX_LINE (64 * 1024)

typedef struct {
  guint64 lines;     /* number of the line handed out last; at the end, of all */
  guint64 bytes;     /* of the log, decompressed, read so far */
  guint64 raw_bytes; /* of the file, for progress */
  guint64 long_lines;
  gint64 mtime;        /* seconds since 1970; 0 for standard input */
  guint64 size;        /* of the file; 0 for standard input */
  const char *problem; /* why the end came early, NULL when it did not: "gzip data ends early" */
} PktReaderStats;

/* PKT_ERROR_NOINPUT when it is not there or a folder, IO otherwise. */
PktReader *pkt_reader_open (const char *path, GError **error);
/* The next line without LF or CRLF, borrowed until the next call. FALSE at the end; see
 * stats->problem. */
gboolean pkt_reader_next (PktReader *r, PktSlice *line);
/* From some line on each line is looked at before it is handed out, in the reader's thread where
 * there is one. Lines with PKT_GLANCE_NOTHING are counted and left out, unless their first three
 * bytes differ from those of the line before (a month may begin there). `data` must live until the
 * end of the log was reached or the reader is freed. */
void pkt_reader_glance (PktReader *r, PktGlancer glancer, gpointer data);
/* What was seen of the line handed out last. */
const PktGlance *pkt_reader_seen (const PktReader *r);
const PktReaderStats *pkt_reader_stats (const PktReader *r);
void pkt_reader_free (PktReader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktReader, pkt_reader_free)
