#include "packet/run/suppressed.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/sort.h"
#include "packet/model/suppression.h"
#include "packet/trend/group.h"

/* What the lists say of an address; the most careful row of it. */
typedef struct {
  PktFallenGroup group;
  const char *reason;
  gint64 day;
  gboolean answered; /* by Apple, at any time */
} Listed;

typedef struct {
  PktSuppressed *s;
  GHashTable *listed; /* address -> Listed* */
  GHashTable *people; /* person_of() of those that a list has for more than a bounce -> group + 1 */
  GHashTable *fallen; /* address -> PktFallen* */
  GHashTable *unknown, *reached; /* address: 5.1.x at any time; -> gint64* of the last accepted */
  GHashTable *outside;           /* address: refused by policy, and not in the window */
} Work;

static void
fallen_free (gpointer p)
{
  g_free (((PktFallen *)p)->address);
  g_free (p);
}

void
pkt_suppressed_free (PktSuppressed *s)
{
  g_ptr_array_unref (s->fallen);
  g_array_unref (s->sends);
  g_string_chunk_free (s->strings);
  g_free (s->first_broken);
  g_free (s);
}

/* Who left as dana+shop@me.com did not ask for mail to dana@icloud.com: Apple gives one mailbox all
 * three domains, and what follows a plus is its owner's. Caller frees. */
static char *
person_of (const char *address)
{
  const char *at = strrchr (address, '@');
  if (at == NULL)
    return g_strdup (address);
  gsize local = strcspn (address, "+@");
  gboolean apple = g_str_equal (at, "@icloud.com") || g_str_equal (at, "@me.com")
                   || g_str_equal (at, "@mac.com");
  return g_strdup_printf ("%.*s%s", (int)MIN (local, (gsize)(at - address)), address,
                          apple ? "@icloud.com" : at);
}

/* Another address of the mailbox may bounce alone; whatever else a list says is of its owner. */
static gboolean
is_of_person (PktFallenGroup group)
{
  return group != PKT_FALLEN_POLICY && group != PKT_FALLEN_UNKNOWN_USER;
}

static void
take_listed (const char *address, const char *reason, gint64 day, gpointer data)
{
  Work *w = data;
  PktFallenGroup group = reason ? pkt_fallen_of_reason (reason) : PKT_FALLEN_UNREADABLE;
  Listed *l = g_hash_table_lookup (w->listed, address);
  w->s->unsubscribes += group <= PKT_FALLEN_UNSUBSCRIBED;
  if (is_of_person (group)) {
    char *person = person_of (address);
    guint known = GPOINTER_TO_UINT (g_hash_table_lookup (w->people, person));
    g_hash_table_replace (w->people, person,
                          GUINT_TO_POINTER (known ? MIN (known, group + 1u) : group + 1u));
  }
  if (l && l->group <= group)
    return;
  if (l == NULL) {
    l = g_new (Listed, 1);
    g_hash_table_insert (w->listed, g_strdup (address), l);
  }
  *l = (Listed){ group, g_string_chunk_insert_const (w->s->strings, reason ? reason : ""), day,
                 FALSE };
}

static gboolean
read_lists (Work *w, const char *const *lists, GError **error)
{
  const PktSuppressionHooks hooks = { .visit = take_listed, .data = w };
  for (gsize i = 0; lists && lists[i]; i++) {
    g_autoptr (PktSuppression) list = pkt_suppression_load (lists[i], &hooks, error);
    if (list == NULL)
      return FALSE;
    w->s->rows += list->rows;
    w->s->broken += list->broken;
    if (w->s->first_broken == NULL)
      w->s->first_broken = g_strdup (list->first_broken);
  }
  return TRUE;
}

static gboolean
is_policy (const PktEvent *e)
{
  return e->outcome == PKT_BOUNCED && e->policy;
}

static gboolean
is_hidden (const PktEvent *e)
{
  return e->outcome == PKT_BOUNCED && e->code == 0 && e->label != NULL
         && e->category == PKT_CAT_UNKNOWN;
}

static gboolean
in_window (const PktSuppressed *s, gint64 time)
{
  return s->from != PKT_NO_TIME && time >= s->from && time <= s->to;
}

static void
find_window (PktSuppressed *s, const PktScan *scan, gint64 since, gint64 until)
{
  PktOnset onset;
  PktSumFilter filter = PKT_SUM_APPLE;
  pkt_onset_find (scan->tally, &filter, &onset);
  s->window_given = since != PKT_NO_TIME || until != PKT_NO_TIME;
  s->from = onset.found && !s->window_given ? onset.rose_at : onset.first;
  s->to = onset.last;
  s->incidents = onset.incidents;
  if (onset.found && !s->window_given) /* a newsletter's goes on beside orders by the thousand */
    pkt_groups_widen (scan->tally, &PKT_SUM_APPLE, PKT_BY_STREAM, &s->from, &s->to);
  for (guint i = 0; s->window_given && i < scan->events->len; i++) {
    const PktEvent *e = g_ptr_array_index (scan->events, i);
    if (is_policy (e) && (until == PKT_NO_TIME || e->time <= until))
      s->to = MAX (s->to, e->time);
  }
  if (since != PKT_NO_TIME)
    s->from = since;
  if (until != PKT_NO_TIME)
    s->to = until;
}

static PktFallen *
fallen_of (Work *w, const char *address)
{
  PktFallen *f = g_hash_table_lookup (w->fallen, address);
  if (f)
    return f;
  f = g_new0 (PktFallen, 1);
  f->address = g_strdup (address);
  f->first = f->last = f->reached = PKT_NO_TIME;
  f->day = G_MININT64;
  g_ptr_array_add (w->s->fallen, f);
  g_hash_table_insert (w->fallen, f->address, f);
  return f;
}

static void
take_refusal (PktFallen *f, const PktEvent *e)
{
  if (is_policy (e)) {
    f->first = f->first == PKT_NO_TIME ? e->time : f->first;
    f->last = e->time;
    f->refusals++;
  }
  f->answer = e;
}

static void
take_event (Work *w, const PktEvent *e)
{
  gboolean unknown = e->outcome == PKT_BOUNCED && e->category == PKT_CAT_MAILBOX_UNKNOWN
                     && !pkt_enhanced_is_about_sender (pkt_slice_str (e->enhanced));
  g_autofree char *address = e->recipient ? g_ascii_strdown (e->recipient, -1) : NULL;
  if (address == NULL)
    return;
  const gboolean inside = in_window (w->s, e->time);
  Listed *l = g_hash_table_lookup (w->listed, address);
  if (l)
    l->answered = l->answered || e->outcome <= PKT_BOUNCED;
  if (e->outcome == PKT_DELIVERED)
    g_hash_table_replace (w->reached, g_strdup (address), g_memdup2 (&e->time, sizeof e->time));
  if (unknown && (inside || !g_hash_table_contains (w->unknown, address)))
    g_hash_table_replace (w->unknown, g_strdup (address), GINT_TO_POINTER (inside));
  if (is_policy (e) && !inside)
    g_hash_table_add (w->outside, g_strdup (address));
  if ((is_policy (e) || is_hidden (e)) && inside)
    take_refusal (fallen_of (w, address), e);
}

static PktFallenGroup
group_of (const Work *w, const PktFallen *f, const Listed *l)
{
  g_autofree char *person = person_of (f->address);
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (w->people, person));
  PktFallenGroup said = known ? (PktFallenGroup)(known - 1) : PKT_FALLEN_POLICY;
  said = l ? MIN (said, l->group) : said;
  if (said > PKT_FALLEN_UNKNOWN_USER && g_hash_table_contains (w->unknown, f->address))
    return PKT_FALLEN_UNKNOWN_USER;
  if (said < PKT_FALLEN_HIDDEN)
    return said;
  if (f->refusals == 0)
    return PKT_FALLEN_HIDDEN;
  return l == NULL && f->reached != PKT_NO_TIME && f->reached > f->last ? PKT_FALLEN_REACHED
                                                                        : PKT_FALLEN_POLICY;
}

static int
by_address (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(PktFallen *const *)a)->address, (*(PktFallen *const *)b)->address);
}

static void
judge (Work *w)
{
  PktSuppressed *s = w->s;
  for (guint i = 0; i < s->fallen->len; i++) {
    PktFallen *f = g_ptr_array_index (s->fallen, i);
    const Listed *l = g_hash_table_lookup (w->listed, f->address);
    const gint64 *reached = g_hash_table_lookup (w->reached, f->address);
    f->reached = reached ? *reached : PKT_NO_TIME;
    f->listed = l != NULL;
    f->reason = l ? l->reason : NULL;
    f->day = l ? l->day : G_MININT64;
    f->group = group_of (w, f, l);
    s->counts[f->group]++;
  }
  g_ptr_array_sort (s->fallen, by_address);
}

static gboolean
is_apple_address (const char *address)
{
  static const char *const domains[] = { "@icloud.com", "@me.com", "@mac.com" };
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    if (g_str_has_suffix (address, domains[i]))
      return TRUE;
  return FALSE;
}

static void
count_rest (Work *w)
{
  GHashTableIter i;
  gpointer address, value;
  g_hash_table_iter_init (&i, w->unknown);
  while (g_hash_table_iter_next (&i, &address, &value))
    w->s->only_unknown += value && !g_hash_table_contains (w->fallen, address);
  g_hash_table_iter_init (&i, w->outside);
  while (g_hash_table_iter_next (&i, &address, NULL))
    w->s->outside += !g_hash_table_contains (w->fallen, address);
  g_hash_table_iter_init (&i, w->listed);
  while (g_hash_table_iter_next (&i, &address, &value))
    w->s->listed_only += ((Listed *)value)->group == PKT_FALLEN_POLICY && is_apple_address (address)
                         && !((Listed *)value)->answered;
}

static PktQuietSend *
send_of (PktSuppressed *s, GHashTable *index, const char *name)
{
  gpointer at = g_hash_table_lookup (index, name);
  if (at == NULL) {
    const PktQuietSend fresh = { g_string_chunk_insert_const (s->strings, name), 0, 0 };
    g_array_append_val (s->sends, fresh);
    at = GUINT_TO_POINTER (s->sends->len);
    g_hash_table_insert (index, (gpointer)fresh.name, at);
  }
  return &g_array_index (s->sends, PktQuietSend, GPOINTER_TO_UINT (at) - 1);
}

static gint64
median_of (GHashTable *days)
{
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter i;
  gpointer count;
  g_hash_table_iter_init (&i, days);
  while (g_hash_table_iter_next (&i, NULL, &count)) {
    gint64 n = GPOINTER_TO_INT (count);
    g_array_append_val (counts, n);
  }
  g_array_sort (counts, pkt_sort_by_number);
  return counts->len ? g_array_index (counts, gint64, (counts->len - 1) / 2) : 0;
}

/* Sends after the window: by campaign only where every final answer has one. */
static void
count_sends (PktSuppressed *s, const PktScan *scan, GTimeZone *zone)
{
  g_autoptr (GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal),
                         days = g_hash_table_new (g_direct_hash, g_direct_equal);
  g_autoptr (GPtrArray) after = g_ptr_array_new ();
  s->by_campaign = TRUE;
  for (guint i = 0; i < scan->events->len; i++) {
    const PktEvent *e = g_ptr_array_index (scan->events, i);
    if (e->outcome != PKT_DELIVERED && e->outcome != PKT_BOUNCED)
      continue;
    s->newest = MAX (s->newest, e->time);
    if (s->to == PKT_NO_TIME || e->time <= s->to)
      continue;
    g_ptr_array_add (after, (gpointer)e);
    s->by_campaign = s->by_campaign && e->campaign;
  }
  for (guint i = 0; i < after->len; i++) {
    const PktEvent *e = g_ptr_array_index (after, i);
    gint64 day = pkt_clock_day (e->time, zone);
    gpointer key = GINT_TO_POINTER ((int)day);
    g_autofree char *text = pkt_clock_day_text (day);
    PktQuietSend *send = send_of (s, index, s->by_campaign ? e->campaign : text);
    send->final++;
    send->policy += e->policy;
    g_hash_table_insert (days, key,
                         GINT_TO_POINTER (GPOINTER_TO_INT (g_hash_table_lookup (days, key)) + 1));
  }
  s->median = median_of (days);
}

static void
work_clear (Work *w)
{
  g_hash_table_unref (w->listed);
  g_hash_table_unref (w->people);
  g_hash_table_unref (w->fallen);
  g_hash_table_unref (w->unknown);
  g_hash_table_unref (w->reached);
  g_hash_table_unref (w->outside);
}

PktSuppressed *
pkt_suppressed_make (const PktScan *scan, const char *const *lists, gint64 since, gint64 until,
                     GTimeZone *zone, GError **error)
{
  g_autoptr (PktSuppressed) s = g_new0 (PktSuppressed, 1);
  Work w = { s,
             g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
             g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
             g_hash_table_new (g_str_hash, g_str_equal),
             g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
             g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
             g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  s->fallen = g_ptr_array_new_with_free_func (fallen_free);
  s->sends = g_array_new (FALSE, TRUE, sizeof (PktQuietSend));
  s->strings = g_string_chunk_new (4096);
  s->newest = PKT_NO_TIME;
  s->truncated = !pkt_scan_is_whole (scan);
  gboolean ok = read_lists (&w, lists, error);
  if (ok) {
    find_window (s, scan, since, until);
    for (guint i = 0; i < scan->events->len; i++)
      take_event (&w, g_ptr_array_index (scan->events, i));
    judge (&w);
    count_rest (&w);
    count_sends (s, scan, zone);
  }
  work_clear (&w);
  return ok ? g_steal_pointer (&s) : NULL;
}
