/* Logs in the order of their time: a message's life may run over several rotated files, and their
 * names tell nothing. */
#include <stdlib.h>
#include "packet/log/text-log.h"
#include "packet/run/first-lines.h"
#include "packet/run/source.h"

#define PEEK_LINES 50
#define CYCLE (366 * PKT_DAY)

typedef struct {
  char *path;
  guint given;   /* place on the command line */
  gint64 begins; /* of the first stamp; PKT_NO_TIME: none found */
  gboolean yearless;
} Begin;

/* "1779112800@00/25-…", "1795200000\tremote\t…": Momentum's and GreenArrow's. */
#define EPOCH_DIGITS 10

static gboolean
epoch_stamp (PktSlice line, PktStamp *out)
{
  gint64 seconds;
  if (line.n <= EPOCH_DIGITS || (line.p[EPOCH_DIGITS] != '@' && line.p[EPOCH_DIGITS] != '\t')
      || !pkt_slice_number (pkt_slice (line.p, EPOCH_DIGITS), &seconds))
    return FALSE;
  *out = (PktStamp){ seconds * PKT_SECOND, PKT_STAMP_UTC };
  return TRUE;
}

static gboolean
read_begin (PktSlice line, Begin *b)
{
  PktStamp stamp;
  if (!pkt_text_line_stamp (line, &stamp) && !epoch_stamp (line, &stamp))
    return FALSE;
  b->begins = stamp.us;
  b->yearless = stamp.kind == PKT_STAMP_YEARLESS;
  return TRUE;
}

static gboolean
look_for_begin (PktSlice line, gpointer begin)
{
  return !read_begin (line, begin);
}

static void
peek (Begin *b)
{
  if (strcmp (b->path, "-") != 0)
    pkt_source_first_lines (b->path, PEEK_LINES, look_for_begin, NULL, b);
}

/* Of an attempt that two logs tell of, the first is kept: that of the log which has its year. */
static int
compare_begins (gconstpointer x, gconstpointer y)
{
  const Begin *a = x, *b = y;
  gint64 ta = a->begins == PKT_NO_TIME ? G_MAXINT64 : a->begins,
         tb = b->begins == PKT_NO_TIME ? G_MAXINT64 : b->begins;
  if (ta != tb)
    return ta < tb ? -1 : 1;
  if (a->yearless != b->yearless)
    return a->yearless ? 1 : -1;
  return (a->given > b->given) - (a->given < b->given);
}

/* Place in a year of 366 days, for a time of either kind. */
static gint64
in_cycle (const Begin *b)
{
  if (b->yearless)
    return b->begins;
  g_autofree char *day = pkt_clock_format (b->begins, NULL, "%b %d %H:%M:%S");
  PktStamp stamp;
  return pkt_clock_parse_syslog (pkt_slice_str (day), 0, &stamp) ? stamp.us : 0;
}

/* Without years, December may come before January: the longest stretch without a file is taken for
 * the rest of the year. */
static void
unroll (Begin *all, guint n)
{
  gint64 widest = -1, after = 0;
  for (guint i = 0; i < n; i++)
    if (all[i].begins != PKT_NO_TIME)
      all[i].begins = in_cycle (&all[i]);
  qsort (all, n, sizeof *all, compare_begins);
  guint known = 0;
  while (known < n && all[known].begins != PKT_NO_TIME)
    known++;
  for (guint i = 0; i < known; i++) {
    gint64 gap = i + 1 < known ? all[i + 1].begins - all[i].begins
                               : all[0].begins + CYCLE - all[i].begins;
    if (gap > widest) {
      widest = gap;
      after = all[i].begins;
    }
  }
  for (guint i = 0; i < known; i++)
    if (all[i].begins <= after)
      all[i].begins += CYCLE;
}

static gboolean
has_begun (const Begin *b, const PktScanOptions *o)
{
  const PktStampRule rule = { o->log_zone, o->year };
  const PktStamp stamp = { .kind = PKT_STAMP_YEARLESS, .us = b->begins };
  return b->yearless && pkt_stamp_resolve (stamp, &rule) <= pkt_clock_now ();
}

/* The stamps of a log from its first line on. */
typedef struct {
  PktYears years;
  int index; /* of the year */
} Turn;

static gboolean
follow (PktSlice line, gpointer turn)
{
  Turn *t = turn;
  PktStamp stamp;
  if (!pkt_text_line_stamp (line, &stamp) || stamp.kind != PKT_STAMP_YEARLESS)
    return TRUE;
  stamp.us += pkt_stamp_years (t->index);
  pkt_stamp_follow (&t->years, &stamp);
  t->index = pkt_stamp_year_index (stamp);
  return TRUE;
}

static void
forget (gpointer turn)
{
  *(Turn *)turn = (Turn){ 0 };
}

/* Its last record, of the year that is given, is of another year than its first. All of it is read
 * for that: of logs that all seem to begin in days to come. */
static gboolean
runs_into_year (const Begin *b)
{
  Turn turn = { 0 };
  if (b->yearless)
    pkt_source_first_lines (b->path, G_MAXUINT, follow, forget, &turn);
  return turn.index > 0;
}

static PktYearRuns
year_runs (const Begin *all, guint n, const PktScanOptions *o)
{
  if (o->year == 0)
    return PKT_YEAR_OF_ALL;
  for (guint i = 0; i < n; i++)
    if (has_begun (&all[i], o))
      return PKT_YEAR_BEGUN;
  for (guint i = 0; i < n; i++)
    if (runs_into_year (&all[i]))
      return PKT_YEAR_RUN_INTO;
  return PKT_YEAR_OF_ALL;
}

PktYearRuns
pkt_source_order (GPtrArray *paths, const PktScanOptions *o)
{
  guint n = paths->len;
  gboolean any_yearless = FALSE;
  if (n < 2)
    return PKT_YEAR_OF_ALL;
  g_autofree Begin *all = g_new0 (Begin, n);
  for (guint i = 0; i < n; i++) {
    all[i] = (Begin){ g_ptr_array_index (paths, i), i, PKT_NO_TIME, FALSE };
    peek (&all[i]);
    any_yearless = any_yearless || all[i].yearless;
  }
  const PktYearRuns runs = year_runs (all, n, o); /* by the times as they are written */
  if (any_yearless)
    unroll (all, n);
  qsort (all, n, sizeof *all, compare_begins);
  for (guint i = 0; i < n; i++)
    paths->pdata[i] = all[i].path;
  return runs;
}
