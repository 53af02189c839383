#pragma once
#include <glib.h>
#include "packet/base/slice.h"

#define PKT_CSV_MAX_FIELD (64 * 1024)
#define PKT_CSV_MAX_ROW (1024 * 1024)
#define PKT_CSV_MAX_COLUMNS 64 /* what stands behind is read over */

/* CSV of RFC 4180 in constant memory: a window slides over the stream. `,`, `;`, a tab or `|`,
 * whichever the first row has most of. A row that is not right is given as broken and reading goes
 * on at the next line, so that a stray quote hides no more than the row it stands in. */
typedef struct PktCsv PktCsv;

/* Reads at most `n` bytes into `buf`: how many, 0 at the end, -1 with error set. */
typedef gssize (*PktCsvRead) (gpointer source, char *buf, gsize n, GError **error);

PktCsv *pkt_csv_new (PktCsvRead read, gpointer source);
void pkt_csv_free (PktCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktCsv, pkt_csv_free)

typedef enum {
  PKT_CSV_ROW,
  PKT_CSV_BROKEN, /* `why` says what is wrong; one field: the line as it stands */
  PKT_CSV_END,
  PKT_CSV_FAILED, /* the source failed, error is set */
} PktCsvResult;

/* A row; empty lines are left out. Fields have no quotes and no blanks around them, `""` is `"`;
 * they live until the next call. */
typedef struct {
  guint64 line;    /* that it begins in, from 1 */
  const char *why; /* static */
  guint n_fields;
  PktSlice fields[PKT_CSV_MAX_COLUMNS];
} PktCsvRow;

PktCsvResult pkt_csv_next (PktCsv *csv, PktCsvRow *row, GError **error);
