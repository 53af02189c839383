#include "packet/model/suppression.h"
#include "packet/base/error.h"
#include "packet/model/suppression-read.h"
#include "packet/model/suppression-row.h"

#define NO_DAY G_MININT64
#define MAX_ADDRESS 320 /* RFC 3696 errata 1690: 64 + 1 + 255 */

static const char *const apple_domains[] = { "icloud.com", "me.com", "mac.com",
                                             "privaterelay.appleid.com", "private.icloud.com" };

typedef struct {
  PktSuppression *list;
  const char *path;
  int columns[PKT_SUPPRESSION_COLUMNS]; /* index of the field, -1: not there */
  gboolean dated;                       /* the date has that name: what is none there is told */
  gboolean started;                     /* the first row was seen */
  GHashTable *counts;    /* PktSuppressionCount*, by reason and day; the array owns */
  GHashTable *addresses; /* of list->addresses: its index + 1 */
  GHashTable *rows;      /* digests of address, reason and day: a row that stands twice */
  PktSuppressionHooks hooks;
} Reader;

static guint
count_hash (gconstpointer p)
{
  const PktSuppressionCount *c = p;
  return g_str_hash (c->reason) ^ g_int64_hash (&c->day);
}

static gboolean
count_equal (gconstpointer a, gconstpointer b)
{
  const PktSuppressionCount *x = a, *y = b;
  return x->day == y->day && g_str_equal (x->reason, y->reason);
}

static int
count_compare (gconstpointer a, gconstpointer b)
{
  const PktSuppressionCount *x = *(gpointer *)a, *y = *(gpointer *)b;
  int order = strcmp (x->reason, y->reason);
  return order ? order : (x->day > y->day) - (x->day < y->day);
}

static void
count_free (gpointer p)
{
  PktSuppressionCount *c = p;
  g_free (c->reason);
  g_free (c);
}

static PktSuppressionCount *
count_of (Reader *r, const char *reason, gint64 day)
{
  PktSuppressionCount key = { (char *)reason, day, 0, 0 };
  PktSuppressionCount *c = g_hash_table_lookup (r->counts, &key);
  if (c)
    return c;
  gboolean full = g_hash_table_size (r->counts) >= PKT_SUPPRESSION_MAX_COUNTS;
  if (full && !(day == NO_DAY && g_str_equal (reason, "(other)")))
    return count_of (r, "(other)", NO_DAY);
  c = g_new0 (PktSuppressionCount, 1);
  c->reason = g_strdup (reason);
  c->day = day;
  g_ptr_array_add (r->list->counts, c);
  g_hash_table_add (r->counts, c);
  return c;
}

/* "jane quill"@: bytes of a local part whose quotes are its own; 0. */
static gsize
quoted_local (PktSlice s)
{
  PktSlice domain = pkt_slice_domain (s);
  const gsize n = domain.n && domain.n < s.n ? s.n - domain.n - 1 : 0;
  return n > 2 && s.p[0] == '"' && s.p[n - 1] == '"' ? n : 0;
}

/* One '@' that counts is the last one; "a@b"@example.com is left to the quotes. */
static gboolean
is_address (PktSlice s)
{
  PktSlice domain = pkt_slice_domain (s);
  if (s.n > MAX_ADDRESS || domain.n < 3 || domain.n + 1 >= s.n || !memchr (domain.p, '.', domain.n))
    return FALSE;
  const gsize quoted = quoted_local (s);
  for (gsize i = 0; i < s.n; i++)
    if ((guint8)s.p[i] < ' ' || s.p[i] == 0x7f || (i >= quoted && strchr (" <>,;", s.p[i])))
      return FALSE;
  return g_utf8_validate (s.p, (gssize)s.n, NULL);
}

static gboolean
is_apple (PktSlice address)
{
  PktSlice domain = pkt_slice_domain (address);
  for (gsize i = 0; i < G_N_ELEMENTS (apple_domains); i++)
    if (pkt_slice_equal_nocase (domain, pkt_slice_str (apple_domains[i])))
      return TRUE;
  return FALSE;
}

static gboolean
has_room (const Reader *r, const char *address)
{
  return r->list->addresses->len < r->hooks.max
         || (r->hooks.wants && r->hooks.wants (address, r->hooks.data));
}

static void
keep_address (Reader *r, const char *address, gint64 day)
{
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (r->addresses, address));
  if (known) {
    gint64 *latest = &g_array_index (r->list->days, gint64, known - 1);
    *latest = MAX (*latest, day);
    return;
  }
  if (!has_room (r, address)) {
    r->list->unkept++;
    return;
  }
  char *text = g_strdup (address);
  g_ptr_array_add (r->list->addresses, text);
  g_array_append_val (r->list->days, day);
  g_hash_table_insert (r->addresses, text, GUINT_TO_POINTER (r->list->addresses->len));
}

static void
take_address (Reader *r, const char *address, const char *reason, gint64 day)
{
  keep_address (r, address, day);
  if (r->hooks.visit)
    r->hooks.visit (address, reason, day, r->hooks.data);
}

/* Bytes of what tables leave around a cell: quotes, brackets, a no-break blank (C2 A0), a blank of
 * no width (E2 80 8B), a byte order mark. 0: none there. */
static gsize
wrapping (PktSlice s, gboolean at_end)
{
  static const PktSlice wraps[] = { PKT_SLICE ("\""),
                                    PKT_SLICE ("'"),
                                    PKT_SLICE ("<"),
                                    PKT_SLICE (">"),
                                    PKT_SLICE (" "),
                                    PKT_SLICE ("\302\240"),
                                    PKT_SLICE ("\342\200\213"),
                                    PKT_SLICE ("\357\273\277") };
  for (gsize i = 0; i < G_N_ELEMENTS (wraps); i++)
    if (at_end ? pkt_slice_ends_nocase (s, wraps[i]) : pkt_slice_starts (s, wraps[i]))
      return wraps[i].n;
  return 0;
}

/* "mailto:reader@icloud.com", "'reader@icloud.com", "<reader@icloud.com>", "reader@icloud.com.":
 * the address alone, as logs have it. Who unsubscribed so must not be missed. */
static PktSlice
bare_address (PktSlice s)
{
  static const PktSlice scheme = PKT_SLICE ("mailto:");
  gsize n;
  s = pkt_slice_trim (s);
  while (!quoted_local (s) && (n = wrapping (s, FALSE)) > 0)
    s = pkt_slice_skip (s, n);
  if (s.n > scheme.n && g_ascii_strncasecmp (s.p, scheme.p, scheme.n) == 0)
    s = pkt_slice_skip (s, scheme.n);
  while (s.n > 0 && (n = s.p[s.n - 1] == '.' ? 1 : wrapping (s, TRUE)) > 0)
    s.n -= n;
  return s;
}

/* Addresses in text that is no row of ours are still needles: better one too many. */
static void
keep_addresses_in (Reader *r, PktSlice s)
{
  for (gsize i = 0, from = 0; i <= s.n; i++) {
    if (i < s.n && (guint8)s.p[i] > ' ' && !strchr ("<>,;\"", s.p[i]))
      continue;
    PktSlice word = bare_address (pkt_slice (s.p + from, i - from));
    from = i + 1;
    if (!is_address (word))
      continue;
    g_autofree char *address = g_ascii_strdown (word.p, (gssize)word.n);
    take_address (r, address, NULL, NO_DAY);
  }
}

static void
broken (Reader *r, const PktCsvRow *row, const char *why)
{
  r->list->broken++;
  if (r->list->first_broken == NULL)
    r->list->first_broken = g_strdup_printf ("%s:%" G_GUINT64_FORMAT ": %s", r->path, row->line,
                                             why);
  for (guint i = 0; i < row->n_fields; i++)
    keep_addresses_in (r, row->fields[i]);
}

static PktSlice
column (const Reader *r, const PktCsvRow *row, PktSuppressionColumn which)
{
  int i = r->columns[which];
  return i >= 0 && (guint)i < row->n_fields ? row->fields[i] : pkt_slice (NULL, 0);
}

/* TRUE when the row is a header; then columns are by name. A row with an address in it is none. */
static gboolean
take_header (Reader *r, const PktCsvRow *row)
{
  guint best[PKT_SUPPRESSION_COLUMNS] = { G_MAXUINT, G_MAXUINT, G_MAXUINT }, rank;
  int columns[PKT_SUPPRESSION_COLUMNS] = { -1, -1, -1 };
  PktSuppressionColumn which;
  for (guint i = 0; i < row->n_fields; i++) {
    if (is_address (pkt_slice_trim (row->fields[i])))
      return FALSE;
    if (!pkt_suppression_column (row->fields[i], &which, &rank) || rank >= best[which])
      continue;
    best[which] = rank;
    columns[which] = (int)i;
  }
  const int day = columns[PKT_SUPPRESSION_DAY];
  if (columns[PKT_SUPPRESSION_ADDRESS] < 0)
    return FALSE;
  memcpy (r->columns, columns, sizeof columns);
  r->dated = day >= 0
             && pkt_slice_equal_nocase (pkt_slice_trim (row->fields[day]), PKT_SLICE ("date"));
  return TRUE;
}

/* FALSE for a row that stood before: read twice, it counts once. */
static gboolean
is_new (Reader *r, const char *address, const char *reason, gint64 day)
{
  guint64 digest = pkt_slice_hash (pkt_slice_str (reason), (guint64)day);
  digest = pkt_slice_hash (pkt_slice_str (address), digest);
  if (g_hash_table_size (r->rows) >= PKT_SUPPRESSION_MAX_ROWS)
    return !g_hash_table_contains (r->rows, GSIZE_TO_POINTER ((gsize)digest));
  return g_hash_table_add (r->rows, GSIZE_TO_POINTER ((gsize)digest));
}

static void
take_row (Reader *r, const PktCsvRow *row)
{
  gint64 day;
  PktSlice found = bare_address (column (r, row, PKT_SUPPRESSION_ADDRESS));
  r->list->rows++;
  if (!is_address (found)) {
    broken (r, row, "there is no address where one is needed");
    return;
  }
  if (!pkt_suppression_day (pkt_slice_trim (column (r, row, PKT_SUPPRESSION_DAY)), &day)
      && r->dated) {
    broken (r, row, "the date is not of the form YYYY-MM-DD");
    return;
  }
  g_autofree char *address = g_ascii_strdown (found.p, (gssize)found.n);
  g_autofree char *reason = pkt_suppression_reason (column (r, row, PKT_SUPPRESSION_REASON),
                                                    PKT_SUPPRESSION_MAX_REASON);
  take_address (r, address, reason, day);
  if (!is_new (r, address, reason, day))
    return;
  g_autofree char *label = pkt_suppression_label (reason);
  PktSuppressionCount *count = count_of (r, label, day);
  count->all++;
  count->apple += is_apple (found);
}

static gboolean
has_line_break (const PktCsvRow *row)
{
  for (guint i = 0; i < row->n_fields; i++)
    if (row->fields[i].n && memchr (row->fields[i].p, '\n', row->fields[i].n))
      return TRUE;
  return FALSE;
}

static gboolean
read_rows (Reader *r, PktCsv *csv, GError **error)
{
  PktCsvRow row;
  for (;;) {
    switch (pkt_csv_next (csv, &row, error)) {
    case PKT_CSV_END:
      return TRUE;
    case PKT_CSV_FAILED:
      return FALSE;
    case PKT_CSV_BROKEN:
      r->list->rows++;
      broken (r, &row, row.why);
      break;
    case PKT_CSV_ROW:
      if (r->started || !take_header (r, &row))
        take_row (r, &row);
      if (has_line_break (&row)) /* two stray quotes swallow the rows between them */
        for (guint i = 0; i < row.n_fields; i++)
          keep_addresses_in (r, row.fields[i]);
      break;
    }
    r->started = TRUE;
  }
}

PktSuppression *
pkt_suppression_read (const char *path, PktCsvRead read, gpointer source,
                      const PktSuppressionHooks *hooks, GError **error)
{
  g_autoptr (PktSuppression) list = g_new0 (PktSuppression, 1);
  g_autoptr (PktCsv) csv = pkt_csv_new (read, source);
  g_autoptr (GHashTable) counts = g_hash_table_new (count_hash, count_equal);
  g_autoptr (GHashTable) addresses = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) rows = g_hash_table_new (g_direct_hash, g_direct_equal);
  Reader r = { list, path, { 0, 1, 2 }, TRUE, FALSE, counts, addresses, rows, { 0 } };
  if (hooks)
    r.hooks = *hooks;
  r.hooks.max = r.hooks.max ? r.hooks.max : PKT_SUPPRESSION_MAX_ADDRESSES;
  list->counts = g_ptr_array_new_with_free_func (count_free);
  list->addresses = g_ptr_array_new_with_free_func (g_free);
  list->days = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!read_rows (&r, csv, error))
    return NULL;
  g_ptr_array_sort (list->counts, count_compare);
  if (list->counts->len > 0)
    return g_steal_pointer (&list);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: no row of it was understood (%s); write address,reason,date in each line", path,
               list->first_broken ? list->first_broken : "there is none");
  return NULL;
}

void
pkt_suppression_free (PktSuppression *s)
{
  if (s == NULL)
    return;
  g_ptr_array_unref (s->counts);
  g_ptr_array_unref (s->addresses);
  g_array_unref (s->days);
  g_free (s->first_broken);
  g_free (s);
}
