#include "packet/model/engagement.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "packet/base/error.h"

#define NO_DAY G_MININT32

enum { ADDRESS, DAY, KIND, N_COLUMNS };

static const struct {
  const char *name;
  int column;
} headers[] = { { "address", ADDRESS },    { "email", ADDRESS }, { "recipient", ADDRESS },
                { "last_engaged", DAY },   { "date", DAY },      { "kind", KIND },
                { "last_engagement", DAY } };

static const struct {
  const char *word;
  PktEngagedBy by;
} kinds[] = { { "", PKT_ENGAGED_BY_ACT },        { "click", PKT_ENGAGED_BY_ACT },
              { "order", PKT_ENGAGED_BY_ACT },   { "purchase", PKT_ENGAGED_BY_ACT },
              { "sign-in", PKT_ENGAGED_BY_ACT }, { "signin", PKT_ENGAGED_BY_ACT },
              { "login", PKT_ENGAGED_BY_ACT },   { "reply", PKT_ENGAGED_BY_ACT },
              { "visit", PKT_ENGAGED_BY_ACT },   { "open", PKT_ENGAGED_BY_OPEN } };

/* The newest day of each sort. */
typedef struct {
  gint32 day[2]; /* by PktEngagedBy */
} Days;

struct PktEngagement {
  GHashTable *all; /* char* lower case -> Days* */
  guint broken;
  char *first_broken;
  /* while it is read */
  const char *path;
  gint64 today;
  int columns[N_COLUMNS];
  gboolean started;
};

void
pkt_engagement_free (PktEngagement *e)
{
  g_hash_table_unref (e->all);
  g_free (e->first_broken);
  g_free (e);
}

static void
broken (PktEngagement *e, guint64 line, const char *why)
{
  if (e->broken++ == 0)
    e->first_broken = g_strdup_printf ("%s:%" G_GUINT64_FORMAT ": %s", e->path, line, why);
}

static gboolean
take_header (PktEngagement *e, const PktCsvRow *row)
{
  int columns[N_COLUMNS] = { -1, -1, -1 };
  for (guint i = 0; i < row->n_fields; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (headers); k++)
      if (pkt_slice_equal_nocase (pkt_slice_trim (row->fields[i]), pkt_slice_str (headers[k].name))
          && columns[headers[k].column] < 0)
        columns[headers[k].column] = (int)i;
  if (columns[ADDRESS] < 0)
    return FALSE;
  memcpy (e->columns, columns, sizeof columns);
  return TRUE;
}

static PktSlice
column (const PktEngagement *e, const PktCsvRow *row, int which)
{
  int i = e->columns[which];
  return i >= 0 && (guint)i < row->n_fields ? pkt_slice_trim (row->fields[i]) : pkt_slice (NULL, 0);
}

/* "2026-05-11", and what may follow it in a time; the day as it is written. */
static gboolean
parse_day (PktSlice s, gint64 *out)
{
  char text[11] = "";
  gint64 us;
  if (s.n < 10 || (s.n > 10 && s.p[10] != 'T' && s.p[10] != ' '))
    return FALSE;
  memcpy (text, s.p, 10);
  if (!pkt_clock_parse_user (text, NULL, FALSE, &us))
    return FALSE;
  *out = pkt_clock_day (us, NULL);
  return TRUE;
}

static gboolean
parse_kind (PktSlice s, PktEngagedBy *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (pkt_slice_equal_nocase (s, pkt_slice_str (kinds[i].word))) {
      *out = kinds[i].by;
      return TRUE;
    }
  return FALSE;
}

static void
keep (PktEngagement *e, PktSlice address, PktEngagedBy by, gint64 day)
{
  g_autofree char *lower = g_ascii_strdown (address.p, (gssize)address.n);
  Days *days = g_hash_table_lookup (e->all, lower);
  if (days == NULL) {
    if (g_hash_table_size (e->all) >= PKT_ENGAGEMENT_MAX)
      return;
    days = g_new (Days, 1);
    days->day[0] = days->day[1] = NO_DAY;
    g_hash_table_insert (e->all, g_steal_pointer (&lower), days);
  }
  days->day[by] = MAX (days->day[by], (gint32)day);
}

static void
take_row (PktEngagement *e, const PktCsvRow *row)
{
  PktSlice address = column (e, row, ADDRESS), day_text = column (e, row, DAY);
  PktEngagedBy by;
  gint64 day;
  if (pkt_slice_domain (address).n == 0)
    broken (e, row->line, "there is no address where one is needed");
  else if (day_text.n == 0)
    return; /* known to the sender, and never seen: unknown engagement */
  else if (!parse_day (day_text, &day))
    broken (e, row->line, "the day is not of the form YYYY-MM-DD");
  else if (day > e->today || day < 0)
    broken (e, row->line, "the day is not in the past");
  else if (!parse_kind (column (e, row, KIND), &by))
    broken (e, row->line,
            "the kind is none of click, order, purchase, sign-in, login, reply, visit, open");
  else
    keep (e, address, by, day);
}

static gboolean
read_rows (PktEngagement *e, PktCsv *csv, GError **error)
{
  PktCsvRow row;
  for (;; e->started = TRUE) {
    switch (pkt_csv_next (csv, &row, error)) {
    case PKT_CSV_END:
      return TRUE;
    case PKT_CSV_FAILED:
      return FALSE;
    case PKT_CSV_BROKEN:
      broken (e, row.line, row.why);
      break;
    case PKT_CSV_ROW:
      if (e->started || !take_header (e, &row))
        take_row (e, &row);
      break;
    }
  }
}

PktEngagement *
pkt_engagement_read (const char *path, PktCsvRead read, gpointer source, gint64 today,
                     GError **error)
{
  g_autoptr (PktEngagement) e = g_new0 (PktEngagement, 1);
  g_autoptr (PktCsv) csv = pkt_csv_new (read, source);
  e->all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  e->path = path;
  e->today = today;
  for (int i = 0; i < N_COLUMNS; i++)
    e->columns[i] = i;
  if (!read_rows (e, csv, error))
    return NULL;
  e->path = NULL;
  if (g_hash_table_size (e->all) > 0)
    return g_steal_pointer (&e);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: nobody's engagement is known from it (%s); write address,last_engaged,kind in "
               "each line",
               path, e->first_broken ? e->first_broken : "no row has a day");
  return NULL;
}

typedef struct {
  const char *path;
  int fd;
} File;

static gssize
read_file (gpointer source, char *buf, gsize n, GError **error)
{
  const File *file = source;
  gssize got;
  do
    got = read (file->fd, buf, n);
  while (got < 0 && errno == EINTR);
  int e = errno;
  if (got < 0)
    g_set_error (error, PKT_ERROR, PKT_ERROR_IO, "%s: %s", file->path, g_strerror (e));
  return got;
}

PktEngagement *
pkt_engagement_load (const char *path, gint64 today, GError **error)
{
  struct stat st;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    int e = errno;
    g_set_error (error, PKT_ERROR, e == ENOENT || e == ENOTDIR ? PKT_ERROR_NOINPUT : PKT_ERROR_IO,
                 "%s: %s", path, g_strerror (e));
    return NULL;
  }
  PktEngagement *made = NULL;
  if (fstat (fd, &st) == 0 && S_ISDIR (st.st_mode))
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: is a folder, a CSV file is needed",
                 path);
  else
    made = pkt_engagement_read (path, read_file, &(File){ path, fd }, today, error);
  close (fd);
  return made;
}

gboolean
pkt_engagement_find (const PktEngagement *e, const char *address_lower, gboolean opens,
                     PktEngaged *out)
{
  const Days *days = g_hash_table_lookup (e->all, address_lower);
  if (days == NULL)
    return FALSE;
  if (days->day[PKT_ENGAGED_BY_ACT] != NO_DAY)
    *out = (PktEngaged){ days->day[PKT_ENGAGED_BY_ACT], PKT_ENGAGED_BY_ACT };
  else if (opens)
    *out = (PktEngaged){ days->day[PKT_ENGAGED_BY_OPEN], PKT_ENGAGED_BY_OPEN };
  else
    return FALSE;
  return TRUE;
}

guint
pkt_engagement_broken (const PktEngagement *e, const char **first)
{
  *first = e->first_broken;
  return e->broken;
}
