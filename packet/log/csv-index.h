#pragma once
#include <glib.h>

#define PKT_CSV_INDEX_BYTES 8192 /* looked through at once: what is found stays near */

/* Where fields and lines end in a piece of a table, as offsets in it. */
typedef struct {
  /* behind a first one, whose next byte is the first of all: ends of fields, which are separators
   * outside quotes, and line ends there */
  guint16 ends[1 + PKT_CSV_INDEX_BYTES + 64];
  /* all line ends, those inside quotes too */
  guint16 lines[PKT_CSV_INDEX_BYTES + 64];
  guint n_ends, n_lines; /* n_ends: with the first one */
  /* Up to there every quote opens a field, closes one, or is one of two for one inside it, as
   * csv-row.h has it; nothing is told of what lies behind. */
  gsize good;
} PktCsvIndex;

/* n: up to PKT_CSV_INDEX_BYTES, from the beginning of a row on. */
void pkt_csv_index (const char *p, gsize n, char separator, PktCsvIndex *out);
/* Line ends alone; good ends also at the first one inside quotes. */
void pkt_csv_lines (const char *p, gsize n, char separator, PktCsvIndex *out);
/* The same of a piece whose quotes each say by the byte beside them which one they are, and in
 * which no line ends inside quotes: good is all of it. FALSE: it is none, and nothing was found. */
gboolean pkt_csv_lines_fit (const char *p, gsize n, char separator, PktCsvIndex *out);
/* As pkt_csv_index() of such a piece, but n_lines alone and no `lines`. */
gboolean pkt_csv_index_fits (const char *p, gsize n, char separator, PktCsvIndex *out);
