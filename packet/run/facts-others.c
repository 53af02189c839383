/* What Apple did not take and did not refuse by policy: answers about the mailbox, and messages
 * that ended without an answer. */
#include "packet/base/json.h"
#include "packet/run/facts.h"

#define MAX_ANSWERS 4 /* about the mailbox; more are told in one */

typedef struct {
  char *text; /* "550 5.1.1" */
  const char *what;
  guint n;
} Answer;

static void
answer_free (gpointer p)
{
  g_free (((Answer *)p)->text);
  g_free (p);
}

static int
compare_answers (gconstpointer x, gconstpointer y)
{
  const Answer *a = *(Answer *const *)x, *b = *(Answer *const *)y;
  return a->n != b->n ? (a->n > b->n ? -1 : 1) : strcmp (a->text, b->text);
}

/* What the catalogue knows; of another answer what its enhanced code says (RFC 3463 3.2, 3.3). */
static const char *
what_of (const PktEvent *e)
{
  gboolean unknown = e->category == PKT_CAT_MAILBOX_UNKNOWN;
  if (e->gave_up)
    return unknown ? "unknown user, given up" : "over quota, given up";
  if (e->rule || g_strcmp0 (e->enhanced, unknown ? "5.1.1" : "5.2.2") == 0)
    return unknown ? "unknown user" : "over quota";
  return unknown ? "address" : "mailbox";
}

static void
add_answer (GPtrArray *answers, const PktEvent *e)
{
  g_autofree char *text = pkt_facts_short (e);
  const char *what = what_of (e);
  for (guint i = 0; i < answers->len; i++) {
    Answer *a = g_ptr_array_index (answers, i);
    if (g_str_equal (a->text, text) && a->what == what) {
      a->n++;
      return;
    }
  }
  Answer *a = g_new0 (Answer, 1);
  *a = (Answer){ g_steal_pointer (&text), what, 1 };
  g_ptr_array_add (answers, a);
}

static gboolean
is_about_recipient (const PktEvent *e)
{
  return (e->category == PKT_CAT_MAILBOX_UNKNOWN || e->category == PKT_CAT_MAILBOX_FULL)
         && !pkt_enhanced_is_about_sender (pkt_slice_str (e->enhanced));
}

json_t *
pkt_facts_recipient_answers (const PktEvidence *e)
{
  g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func (answer_free);
  for (guint i = 0; i < e->scan->events->len; i++) {
    const PktEvent *event = g_ptr_array_index (e->scan->events, i);
    if (event->outcome == PKT_BOUNCED && is_about_recipient (event) && event->time >= e->from
        && pkt_evidence_in_stream (e, event))
      add_answer (answers, event);
  }
  g_ptr_array_sort (answers, compare_answers);
  json_t *list = json_array ();
  guint more = 0;
  for (guint i = 0; i < answers->len; i++) {
    const Answer *a = g_ptr_array_index (answers, i);
    if (i < MAX_ANSWERS)
      json_array_append_new (
          list, json_pack ("{sssssi}", "short", a->text, "what", a->what, "count", (int)a->n));
    else
      more += a->n;
  }
  if (more)
    json_array_append_new (
        list, json_pack ("{sssssi}", "short", "other", "what", "mailbox", "count", (int)more));
  return list;
}

/* The first figure of the code that a message ended with; 0: our own server's words, or a label. */
static int
class_of (const PktTally *t, const PktCell *c)
{
  if (c->key.reply == 0)
    return 0;
  return g_array_index (t->replies, PktReplyKind, c->key.reply - 1).code / 100;
}

static gboolean
is_571 (const PktTally *t, const PktCell *c)
{
  const char *enhanced = c->key.reply
                             ? g_array_index (t->replies, PktReplyKind, c->key.reply - 1).enhanced
                             : NULL;
  return g_strcmp0 (enhanced, "5.7.1") == 0;
}

/* Mail to other receivers since the day of the start, neither accepted nor refused by policy, and
 * how much of it was given up after a 4xx: no more is kept of their answers. */
static void
ends_elsewhere (const PktEvidence *e, gint64 *out_all, gint64 *out_given_up)
{
  const PktTally *t = e->scan->tally;
  const gint64 from = e->started == PKT_NO_TIME ? G_MAXINT64
                                                : pkt_clock_day (e->started, NULL) * PKT_DAY;
  *out_all = *out_given_up = 0;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (c->key.apple || c->key.outcome != PKT_BOUNCED || c->key.policy
        || c->key.slot * PKT_SLOT_US < from || !pkt_evidence_has_cell (e, c))
      continue;
    *out_all += c->count;
    *out_given_up += c->key.category == PKT_CAT_RATE ? c->count : 0;
  }
}

json_t *
pkt_facts_other_ends (const PktEvidence *e)
{
  const PktTally *t = e->scan->tally;
  gint64 answered = 0, given_up = 0, unanswered = 0, elsewhere, given_up_elsewhere;
  gboolean all_571 = TRUE;
  ends_elsewhere (e, &elsewhere, &given_up_elsewhere);
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (!c->key.apple || c->key.outcome != PKT_BOUNCED || !pkt_evidence_has_cell (e, c))
      continue;
    all_571 = all_571 && is_571 (t, c) == (c->key.policy != 0);
    if (c->key.policy)
      continue;
    int class = class_of (t, c);
    *(class == 5 ? &answered : class == 4 ? &given_up : &unanswered) += c->count;
  }
  return json_pack ("{sI, sI, sI, sI, sI, sb}", "answered", (json_int_t)answered, "given_up",
                    (json_int_t)given_up, "unanswered", (json_int_t)unanswered, "elsewhere",
                    (json_int_t)elsewhere, "given_up_elsewhere", (json_int_t)given_up_elsewhere,
                    "refused_571", all_571);
}
