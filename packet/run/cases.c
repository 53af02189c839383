#include "packet/run/cases.h"
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/base/workdays.h"
#include "packet/run/follow-up.h"
#include "packet/store/manifest.h"

static void
thread_free (gpointer p)
{
  PktCaseThread *t = p;
  g_ptr_array_unref (t->packets);
  g_free (t);
}

void
pkt_cases_free (PktCases *c)
{
  g_ptr_array_unref (c->threads);
  g_ptr_array_unref (c->packets);
  g_ptr_array_unref (c->problems);
  g_free (c);
}

const char *
pkt_case_state_word (PktCaseState state)
{
  static const char *const words[] = { "not sent", "returned", "perhaps sent", "open",
                                       "answered", "relieved", "silent fix" };
  return words[state];
}

static const char *
goes_back_to (const PktEarlier *p)
{
  return pkt_json_text (json_object_get (p->manifest, "follow_up"), "of");
}

static const PktEarlier *
by_id (const PktCases *c, const char *id)
{
  for (guint i = 0; id && i < c->packets->len; i++) {
    const PktEarlier *p = g_ptr_array_index (c->packets, i);
    if (g_strcmp0 (p->id, id) == 0)
      return p;
  }
  return NULL;
}

/* The id of the first mail of a packet's thread, also where its folder is gone. */
static const char *
root_of (const PktCases *c, const PktEarlier *p)
{
  const char *id = p->id;
  for (guint i = 0; p && i < PKT_EARLIER_MAX_PACKETS; i++) {
    const char *before = goes_back_to (p);
    if (before == NULL)
      break;
    id = before;
    p = by_id (c, before);
  }
  return id;
}

gint64
pkt_case_sent (const PktCases *c, const PktEarlier *p, gboolean *out_stated)
{
  if (out_stated)
    *out_stated = FALSE;
  if (p->sent_state == PKT_SENT_YES)
    return p->sent;
  for (guint i = 0; p->id && i < c->packets->len; i++) {
    const PktEarlier *later = g_ptr_array_index (c->packets, i);
    const json_t *link = json_object_get (later->manifest, "follow_up");
    gint64 sent = pkt_manifest_time (link, "sent");
    if (g_strcmp0 (goes_back_to (later), p->id) != 0 || sent == PKT_NO_TIME
        || !json_is_true (json_object_get (link, "sent_stated")))
      continue;
    if (out_stated)
      *out_stated = TRUE;
    return sent;
  }
  return p->sent_state == PKT_SENT_ANSWERED ? p->sent : PKT_NO_TIME;
}

static gboolean
went_out (const PktCases *c, const PktEarlier *p)
{
  return p->sent_state >= PKT_SENT_STATED || pkt_case_sent (c, p, NULL) != PKT_NO_TIME;
}

/* A time of the figures, "2026-05-18 14:00:41". */
static gint64
figure_time (const PktEarlier *p, const char *key)
{
  PktStamp stamp;
  const char *text = pkt_json_text (p->figures, key);
  return text && pkt_clock_parse_rfc3339 (pkt_slice_str (text), &stamp) ? stamp.us : PKT_NO_TIME;
}

/* A packet that was built to see, and tells of refusals that began before the request was made:
 * what began later ended without it. */
static gboolean
tells_of (const PktCases *c, const PktEarlier *p, const PktCaseThread *t)
{
  const PktEarlier *first = g_ptr_array_index (t->packets, 0);
  gint64 started = figure_time (p, "started");
  return g_strcmp0 (p->case_name, t->name) == 0 && goes_back_to (p) == NULL && !went_out (c, p)
         && p->made > first->made && (started == PKT_NO_TIME || started <= first->made);
}

/* Relief shows in the thank-you, in any mail of the thread, or in a packet of the same case that
 * was built to see and never sent. */
static void
take_relief (const PktCases *c, PktCaseThread *t)
{
  const PktEarlier *first = g_ptr_array_index (t->packets, 0);
  gint64 begin = t->sent != PKT_NO_TIME ? t->sent : first->made;
  for (guint i = 0; i < c->packets->len; i++) {
    const PktEarlier *p = g_ptr_array_index (c->packets, i);
    gint64 relief = figure_time (p, "relief");
    gboolean mine = g_ptr_array_find (t->packets, p, NULL);
    if (relief != PKT_NO_TIME && relief > begin && (mine || tells_of (c, p, t))
        && (t->relieved == PKT_NO_TIME || relief < t->relieved))
      t->relieved = relief;
  }
}

static void
take_answers (PktCaseThread *t)
{
  for (guint i = 0; i < t->packets->len; i++) {
    const PktEarlier *p = g_ptr_array_index (t->packets, i);
    if (p->answer == NULL)
      continue;
    gint64 time = pkt_earlier_answered (p);
    t->answered = t->answered == PKT_NO_TIME ? time : MIN (t->answered, time);
    t->kind = pkt_json_text (p->answer, "kind");
  }
  const PktEarlier *last = g_ptr_array_index (t->packets, t->packets->len - 1);
  t->retest = json_is_object (json_object_get (last->manifest, "retest"))
              && t->relieved == PKT_NO_TIME;
}

static PktCaseState
state_of (const PktCaseThread *t)
{
  if (t->relieved != PKT_NO_TIME && t->mails)
    return t->answered != PKT_NO_TIME && t->answered <= t->relieved ? PKT_CASE_RELIEVED
                                                                    : PKT_CASE_SILENT;
  if (t->answered != PKT_NO_TIME)
    return PKT_CASE_ANSWERED;
  if (t->mails)
    return PKT_CASE_OPEN;
  PktSentState best = PKT_SENT_NO;
  for (guint i = 0; i < t->packets->len; i++)
    best = MAX (best, ((const PktEarlier *)t->packets->pdata[i])->sent_state);
  return best == PKT_SENT_REFUSED                            ? PKT_CASE_RETURNED
         : best == PKT_SENT_DRAFT || best == PKT_SENT_UNSURE ? PKT_CASE_UNSURE
                                                             : PKT_CASE_NOT_SENT;
}

static void
take_mails (const PktCases *c, PktCaseThread *t)
{
  gint64 last = PKT_NO_TIME;
  guint number = 0;
  for (guint i = 0; i < t->packets->len; i++) {
    const PktEarlier *p = g_ptr_array_index (t->packets, i);
    gint64 sent = pkt_case_sent (c, p, NULL);
    if (!went_out (c, p))
      continue;
    t->mails++;
    t->closed = t->closed || p->resolved;
    number = MAX (number, p->number);
    last = MAX (last, sent);
    if (t->sent == PKT_NO_TIME)
      t->sent = sent;
  }
  if (last != PKT_NO_TIME && number < PKT_FOLLOW_UP_MOST && !t->closed)
    t->next = pkt_workday_after (pkt_clock_day (last, NULL), PKT_FOLLOW_UP_DAYS_NEWS);
}

static PktCaseThread *
thread_of (PktCases *c, GHashTable *by_root, const PktEarlier *p)
{
  const char *root = root_of (c, p);
  PktCaseThread *t = root ? g_hash_table_lookup (by_root, root) : NULL;
  if (t)
    return t;
  t = g_new0 (PktCaseThread, 1);
  t->name = p->case_name;
  t->packets = g_ptr_array_new ();
  t->sent = t->answered = t->relieved = PKT_NO_TIME;
  t->next = G_MININT64;
  g_ptr_array_add (c->threads, t);
  if (root)
    g_hash_table_insert (by_root, (gpointer)root, t);
  return t;
}

static void
make_threads (PktCases *c)
{
  g_autoptr (GHashTable) by_root = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < c->packets->len; i++) {
    PktEarlier *p = g_ptr_array_index (c->packets, i);
    g_ptr_array_add (thread_of (c, by_root, p)->packets, p);
  }
  for (guint i = 0; i < c->threads->len; i++) {
    PktCaseThread *t = g_ptr_array_index (c->threads, i);
    take_mails (c, t);
    take_relief (c, t);
    take_answers (t);
    t->state = state_of (t);
    if (t->state != PKT_CASE_OPEN)
      t->next = G_MININT64;
  }
}

/* A copy of a packet counts once: the one to which more happened. */
static void
add_packet (PktCases *c, PktEarlier *taken)
{
  for (guint i = 0; taken->id && i < c->packets->len; i++) {
    PktEarlier *other = g_ptr_array_index (c->packets, i);
    if (g_strcmp0 (other->id, taken->id) != 0)
      continue;
    if (taken->sent_state > other->sent_state) {
      c->packets->pdata[i] = taken;
      taken = other;
    }
    pkt_earlier_free (taken);
    return;
  }
  g_ptr_array_add (c->packets, taken);
}

PktCases *
pkt_cases_read (const char *const *places, GError **error)
{
  g_autoptr (PktCases) c = g_new0 (PktCases, 1);
  c->packets = g_ptr_array_new_with_free_func ((GDestroyNotify)pkt_earlier_free);
  c->threads = g_ptr_array_new_with_free_func (thread_free);
  c->problems = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; places[i]; i++) {
    if (!g_file_test (places[i], G_FILE_TEST_IS_DIR)) {
      g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: is no folder", places[i]);
      return NULL;
    }
    g_autoptr (GPtrArray) found = pkt_earlier_find (places[i], PKT_EARLIER_MAX_DEPTH, c->problems);
    g_ptr_array_set_free_func (found, NULL);
    for (guint k = 0; k < found->len; k++)
      add_packet (c, g_ptr_array_index (found, k));
  }
  if (c->packets->len == 0 && c->problems->len == 0) {
    g_set_error (
        error, PKT_ERROR, PKT_ERROR_NOINPUT,
        "%s: no packet folder is there or up to %d folders below; name the folder in which "
        "your packets lie",
        places[0], PKT_EARLIER_MAX_DEPTH);
    return NULL;
  }
  g_ptr_array_sort (c->packets, pkt_earlier_compare);
  make_threads (c);
  return g_steal_pointer (&c);
}
