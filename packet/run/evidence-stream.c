/* The stream of mail that a request is about: which it is, what is in it, and its sums. */
#include "packet/run/evidence.h"
#include "packet/run/follow-up.h"
#include "packet/trend/sum.h"

gboolean
pkt_evidence_has_stream (const PktEvidence *e, guint16 id)
{
  if (e->stream_ids->len == 0)
    return TRUE;
  for (guint i = 0; i < e->stream_ids->len; i++)
    if (g_array_index (e->stream_ids, guint16, i) == id)
      return TRUE;
  return FALSE;
}

gboolean
pkt_evidence_in_stream (const PktEvidence *e, const PktEvent *event)
{
  const char *name = event->return_path_domain ? event->return_path_domain
                     : event->sender           ? "<>"
                                               : event->from_domain;
  if (e->stream_ids->len == 0)
    return TRUE;
  for (guint i = 0; name && i < e->stream_ids->len; i++)
    if (g_ascii_strcasecmp (
            pkt_tally_name (e->scan->tally, g_array_index (e->stream_ids, guint16, i)), name)
        == 0)
      return TRUE;
  return FALSE;
}

static void
sum_cells (const PktEvidence *e, int apple, gint64 from, gint64 to, gboolean inside, PktSum *out)
{
  const PktTally *t = e->scan->tally;
  PktSumFilter f = { .from = from, .to = to, .apple = apple };
  pkt_sum_clear (out);
  g_autofree gboolean *wanted = g_new0 (gboolean, t->names->len);
  for (guint i = 0; i < t->names->len; i++)
    wanted[i] = pkt_evidence_has_stream (e, (guint16)i) == inside;
  for (guint i = 0; i < t->names->len; i++) {
    PktSum one;
    if (!wanted[i])
      continue;
    f.stream = (guint16)i;
    if (i == 0)
      continue;
    pkt_sum (t, &f, &one);
    pkt_sum_add (out, &one);
  }
}

void
pkt_evidence_sum (const PktEvidence *e, int apple, gint64 from, gint64 to, PktSum *out)
{
  if (e->stream_ids->len) {
    sum_cells (e, apple, from, to, TRUE, out);
    return;
  }
  const PktSumFilter f = { .from = from, .to = to, .apple = apple };
  pkt_sum (e->scan->tally, &f, out);
}

void
pkt_evidence_sum_since (const PktEvidence *e, gint64 from, PktSum *out)
{
  if (e->follow_up || pkt_event_pool_size (e->scan->pool) < PKT_SCAN_MAX_EVENTS)
    pkt_news_sum (e, from, out);
  else
    pkt_evidence_sum (e, 1, pkt_sum_quarter (from), PKT_NO_TIME, out);
}

void
pkt_evidence_sum_rest (const PktEvidence *e, int apple, gint64 from, gint64 to, PktSum *out)
{
  pkt_sum_clear (out);
  if (e->stream_ids->len)
    sum_cells (e, apple, from, to, FALSE, out);
}

static gboolean
listed (GStrv list, const char *name)
{
  for (gsize i = 0; list && list[i]; i++)
    if (g_ascii_strcasecmp (list[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* Refusals by policy at Apple per stream name. */
static gint64 *
policy_by_name (const PktTally *t)
{
  gint64 *counts = g_new0 (gint64, t->names->len);
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (c->key.apple && c->key.policy && c->key.outcome == PKT_BOUNCED)
      counts[c->key.stream] += c->count;
  }
  return counts;
}

static gint64
stream_policy (const PktStream *s, const PktTally *t, const gint64 *counts)
{
  gint64 n = 0;
  for (guint i = 1; i < t->names->len; i++)
    if (listed (s->return_path_domain, pkt_tally_name (t, i))
        || listed (s->from_domain, pkt_tally_name (t, i)))
      n += counts[i];
  return n;
}

static void
take_case_stream (PktEvidence *e, const PktStream *s)
{
  const PktTally *t = e->scan->tally;
  e->stream = s;
  for (guint i = 1; i < t->names->len; i++) {
    guint16 id = (guint16)i;
    if (listed (s->return_path_domain, pkt_tally_name (t, i))
        || listed (s->from_domain, pkt_tally_name (t, i)))
      g_array_append_val (e->stream_ids, id);
  }
}

const PktStream *
pkt_evidence_best_stream (const PktCase *c, const PktTally *t)
{
  g_autofree gint64 *counts = policy_by_name (t);
  const PktStream *best = NULL;
  gint64 most = -1;
  for (guint i = 0; i < c->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (c->streams, i);
    gint64 n = stream_policy (s, t, counts);
    if (n > most) {
      most = n;
      best = s;
    }
  }
  return best;
}

void
pkt_evidence_choose_stream (PktEvidence *e)
{
  const PktTally *t = e->scan->tally;
  g_autofree gint64 *counts = policy_by_name (t);
  const PktStream *best = pkt_evidence_best_stream (e->the_case, t);
  gint64 total = 0;
  guint top = 0;
  if (best)
    take_case_stream (e, best);
  for (guint i = 1; i < t->names->len; i++) {
    total += counts[i];
    if (counts[i] > counts[top])
      top = i;
  }
  if (best == NULL && top && counts[top] * 5 >= total * 4) {
    guint16 id = (guint16)top;
    g_array_append_val (e->stream_ids, id);
  }
  e->stream_name = g_strdup (e->stream ? e->stream->name
                             : e->stream_ids->len
                                 ? pkt_tally_name (t, g_array_index (e->stream_ids, guint16, 0))
                                 : "mail");
}
