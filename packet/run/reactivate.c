#include "packet/run/reactivate.h"
#include <string.h>
#include "packet/base/error.h"
#include "packet/base/text.h"
#include "packet/trend/sum.h"

static void
gate_free (gpointer p)
{
  g_free (((PktPlanGate *)p)->text);
  g_free (p);
}

void
pkt_plan_free (PktPlan *p)
{
  g_ptr_array_unref (p->gates);
  g_array_unref (p->people);
  g_free (p);
}

static void
add_gate (PktPlan *p, gboolean ok, char *text_taken)
{
  PktPlanGate *g = g_new0 (PktPlanGate, 1);
  g->ok = ok;
  g->text = text_taken;
  p->open = p->open && ok;
  g_ptr_array_add (p->gates, g);
}

/* Sends with enough mail to show something and next to no refusal; `back`: one with refusals. */
static guint
clean_sends (const PktSuppressed *s, const PktQuietSend **back)
{
  guint clean = 0;
  *back = NULL;
  for (guint i = 0; i < s->sends->len; i++) {
    const PktQuietSend *send = &g_array_index (s->sends, PktQuietSend, i);
    gboolean healthy = pkt_band_of (&PKT_BANDS_DEFAULT, send->policy, send->final)
                       == PKT_BAND_HEALTHY;
    if (send->policy && !healthy)
      *back = send;
    clean += healthy && send->final >= PKT_PLAN_CLEAN_FINAL;
  }
  return clean;
}

static void
gate_quiet (PktPlan *p, const PktSuppressed *s)
{
  gint64 days = s->newest == PKT_NO_TIME || s->newest < s->to ? 0 : (s->newest - s->to) / PKT_DAY;
  add_gate (p, days >= PKT_PLAN_QUIET_DAYS,
            g_strdup_printf ("the sources show %d day%s of mail to Apple after the incident; "
                             "%d are needed",
                             (int)days, days == 1 ? "" : "s", PKT_PLAN_QUIET_DAYS));
}

static void
gate_sends (PktPlan *p, const PktSuppressed *s)
{
  const PktQuietSend *back;
  guint clean = clean_sends (s, &back);
  const char *what = s->by_campaign ? clean == 1 ? "campaign" : "campaigns"
                     : clean == 1   ? "day of mail"
                                    : "days of mail";
  add_gate (
      p, clean >= PKT_PLAN_CLEAN_SENDS,
      g_strdup_printf ("%u clean %s since (%d final answers or more, refusals by policy under "
                       "0.2%%); %d are needed",
                       clean, what, PKT_PLAN_CLEAN_FINAL, PKT_PLAN_CLEAN_SENDS));
  add_gate (p, back == NULL,
            back
                ? g_strdup_printf ("policy refusals are back: %d of %d in %s; mend the cause first",
                                   (int)back->policy, (int)back->final, back->name)
                : g_strdup ("no policy refusals came since"));
}

static void
check_gates (PktPlan *p, const PktSuppressed *s)
{
  p->open = TRUE;
  add_gate (p, s->from != PKT_NO_TIME,
            g_strdup (s->from != PKT_NO_TIME ? "the sources show the incident"
                                             : "the sources show no refusal by policy"));
  if (s->from == PKT_NO_TIME)
    return;
  add_gate (
      p, !s->truncated,
      g_strdup (s->truncated
                    ? "there are more attempts than can be looked at one by one, so it is not "
                      "known who was reached or unknown later; give fewer sources"
                    : "every attempt to Apple was looked at"));
  gate_quiet (p, s);
  gate_sends (p, s);
}

static gboolean
is_formula (const char *address)
{
  return strchr ("=+-@\t\r", *address) != NULL;
}

/* FALSE: held, and why. The incident's first day is the measure: since then they got no mail. */
static gboolean
is_eligible (const PktPlan *p, const PktSuppressed *s, const PktEngagement *e, PktPlanned *who)
{
  if (who->who->group != PKT_FALLEN_POLICY)
    who->hold = PKT_HOLD_GROUP;
  else if (!pkt_engagement_find (e, who->who->address, p->options.opens, &who->engaged))
    who->hold = PKT_HOLD_UNKNOWN;
  else if (who->engaged.day < pkt_clock_day (s->from, NULL) - p->options.engaged_days)
    who->hold = PKT_HOLD_OLD;
  else if (is_formula (who->who->address))
    who->hold = PKT_HOLD_FORM;
  else
    return TRUE;
  return FALSE;
}

/* Clickers before those who only opened, the newest first. */
static int
by_engagement (gconstpointer a, gconstpointer b)
{
  const PktPlanned *x = a, *y = b;
  if ((x->batch == 0) != (y->batch == 0))
    return x->batch ? -1 : 1;
  if (x->batch && x->engaged.by != y->engaged.by)
    return x->engaged.by == PKT_ENGAGED_BY_ACT ? -1 : 1;
  if (x->batch && x->engaged.day != y->engaged.day)
    return x->engaged.day > y->engaged.day ? -1 : 1;
  return strcmp (x->who->address, y->who->address);
}

static void
choose (PktPlan *p, const PktSuppressed *s, const PktEngagement *e)
{
  for (guint i = 0; i < s->fallen->len; i++) {
    PktPlanned who = { .who = g_ptr_array_index (s->fallen, i) };
    if (is_eligible (p, s, e, &who)) {
      who.batch = 1; /* for now */
      p->eligible++;
    }
    g_array_append_val (p->people, who);
  }
  g_array_sort (p->people, by_engagement);
}

/* The largest batch there may be. Three people are three batches. */
static guint
largest (const PktPlan *p, const PktSuppressed *s)
{
  gint64 share = p->eligible / PKT_PLAN_SHARE, usual = s->median / PKT_PLAN_USUAL_SHARE;
  return (guint)MAX (MIN (share, usual), 1);
}

static gboolean
check_size (const PktPlan *p, guint most, GError **error)
{
  if (p->options.batch_size <= (int)most || p->eligible == 0)
    return TRUE;
  g_autofree char *all = pkt_text_count (p->eligible), *limit = pkt_text_count (most);
  g_set_error (
      error, PKT_ERROR, PKT_ERROR_USAGE,
      "--batch-size %d: of %s people who may get mail again a batch is at most %s (a fifth "
      "of them, a tenth of a usual day's mail to Apple); reactivating all at once brings "
      "the same refusals back",
      p->options.batch_size, all, limit);
  return FALSE;
}

static void
fill (PktPlan *p)
{
  for (guint i = 0; i < p->people->len; i++) {
    PktPlanned *who = &g_array_index (p->people, PktPlanned, i);
    if (who->batch) {
      guint batch = p->open ? i / p->size + 1 : PKT_PLAN_MAX_BATCHES + 1;
      who->batch = batch <= PKT_PLAN_MAX_BATCHES ? batch : 0;
      who->hold = PKT_HOLD_LATER;
      p->batches = MAX (p->batches, who->batch);
    }
    p->held[who->hold] += who->batch == 0;
  }
}

PktPlan *
pkt_plan_make (const PktSuppressed *s, const PktEngagement *e, const PktPlanOptions *options,
               GError **error)
{
  g_autoptr (PktPlan) p = g_new0 (PktPlan, 1);
  p->gates = g_ptr_array_new_with_free_func (gate_free);
  p->people = g_array_new (FALSE, TRUE, sizeof (PktPlanned));
  p->options = *options;
  check_gates (p, s);
  choose (p, s, e);
  guint most = largest (p, s);
  if (!check_size (p, most, error))
    return NULL;
  p->size = options->batch_size ? (guint)options->batch_size : MAX (most / 2, 1);
  fill (p);
  return g_steal_pointer (&p);
}
