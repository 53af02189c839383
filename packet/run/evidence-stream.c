/* The stream of mail that a request is about: which it is, what is in it, and its sums. */
#include "packet/run/clients.h"
#include "packet/run/evidence.h"
#include "packet/run/follow-up.h"
#include "packet/run/stream-match.h"
#include "packet/trend/sum.h"

/* Known to be of another stream of the case. */
static gboolean
is_anothers (const PktEvidence *e, const PktMatched *mail)
{
  for (guint i = 0; i < e->the_case->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (e->the_case->streams, i);
    if (s != e->stream && pkt_stream_match (s, e->all_samples, mail) == PKT_MATCH_IN)
      return TRUE;
  }
  return FALSE;
}

static PktMatch
place_of (const PktEvidence *e, const PktMatched *mail)
{
  if (!e->narrowed)
    return PKT_MATCH_IN;
  const gboolean named = mail->sender && *mail->sender;
  if (e->stream == NULL)
    return !named                                                   ? PKT_MATCH_UNTOLD
           : g_ascii_strcasecmp (mail->sender, e->stream_name) == 0 ? PKT_MATCH_IN
                                                                    : PKT_MATCH_OUT;
  const PktMatch match = pkt_stream_match (e->stream, e->all_samples, mail);
  return match == PKT_MATCH_UNTOLD && (named || is_anothers (e, mail)) ? PKT_MATCH_OUT : match;
}

static PktMatch
place_of_cell (const PktEvidence *e, const PktCell *c)
{
  const PktMatched mail = pkt_matched_cell (e->scan->tally, &c->key);
  return place_of (e, &mail);
}

gboolean
pkt_evidence_has_cell (const PktEvidence *e, const PktCell *c)
{
  return place_of_cell (e, c) == PKT_MATCH_IN;
}

gboolean
pkt_evidence_in_stream (const PktEvidence *e, const PktEvent *event)
{
  const PktMatched mail = pkt_matched_event (event);
  return place_of (e, &mail) == PKT_MATCH_IN;
}

PktTally *
pkt_evidence_part (const PktEvidence *e, gboolean inside)
{
  const PktTally *t = e->scan->tally;
  const PktMatch wanted = inside ? PKT_MATCH_IN : PKT_MATCH_OUT;
  PktTally *part = g_new0 (PktTally, 1);
  *part = *t;
  part->cells = g_array_new (FALSE, FALSE, sizeof (PktCell));
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (place_of_cell (e, c) == wanted)
      g_array_append_vals (part->cells, c, 1);
  }
  return part;
}

void
pkt_evidence_part_free (PktTally *part)
{
  g_array_unref (part->cells); /* names and replies are the other's */
  g_free (part);
}

static void
sum_part (const PktEvidence *e, int apple, gint64 from, gint64 to, gboolean inside, PktSum *out)
{
  const PktSumFilter f = { .from = from, .to = to, .apple = apple };
  PktTally *part = pkt_evidence_part (e, inside);
  pkt_sum (part, &f, out);
  pkt_evidence_part_free (part);
}

void
pkt_evidence_sum (const PktEvidence *e, int apple, gint64 from, gint64 to, PktSum *out)
{
  sum_part (e, apple, from, to, TRUE, out);
}

void
pkt_evidence_sum_since (const PktEvidence *e, gint64 from, PktSum *out)
{
  if (e->follow_up || pkt_scan_is_whole (e->scan))
    pkt_news_sum (e, from, out);
  else
    pkt_evidence_sum (e, 1, pkt_sum_quarter (from), PKT_NO_TIME, out);
}

void
pkt_evidence_sum_rest (const PktEvidence *e, int apple, gint64 from, gint64 to, PktSum *out)
{
  sum_part (e, apple, from, to, FALSE, out);
}

static gboolean
is_refusal (const PktCell *c)
{
  return c->key.apple && c->key.policy && c->key.outcome == PKT_BOUNCED;
}

gint64
pkt_evidence_newest_refusal (const PktEvidence *e)
{
  gint64 newest = PKT_NO_TIME;
  for (guint i = 0; i < e->scan->tally->cells->len; i++) {
    const PktCell *c = &g_array_index (e->scan->tally->cells, PktCell, i);
    if (is_refusal (c) && c->last > newest && pkt_evidence_has_cell (e, c))
      newest = c->last;
  }
  return newest;
}

static gint64
refusals_since (const PktStream *s, const PktTally *t, const GPtrArray *samples, gint64 since)
{
  gint64 n = 0;
  for (guint k = 0; k < t->cells->len; k++) {
    const PktCell *cell = &g_array_index (t->cells, PktCell, k);
    const PktMatched mail = pkt_matched_cell (t, &cell->key);
    if (is_refusal (cell) && cell->last >= since
        && pkt_stream_match (s, samples, &mail) == PKT_MATCH_IN)
      n += cell->count;
  }
  return n;
}

/* *most: how many; 0: none has any, and it is the first. */
static const PktStream *
most_refused (const PktCase *c, const PktTally *t, const GPtrArray *samples, gint64 since,
              gint64 *most)
{
  const PktStream *best = NULL;
  for (guint i = 0; i < c->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (c->streams, i);
    const gint64 n = refusals_since (s, t, samples, since);
    if (best == NULL || n > *most) {
      *most = n;
      best = s;
    }
  }
  return best;
}

/* The one of the mail that is followed up, whichever has more refusals by now. */
static const PktStream *
stream_told (const PktCase *c)
{
  for (guint i = 0; c->follow_up.stream && i < c->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (c->streams, i);
    if (g_strcmp0 (s->name, c->follow_up.stream) == 0)
      return s;
  }
  return NULL;
}

const PktStream *
pkt_evidence_best_stream (const PktCase *c, const PktTally *t, const GPtrArray *samples)
{
  gint64 most = 0;
  const PktStream *told = stream_told (c);
  if (told)
    return told;
  const PktStream *best = most_refused (c, t, samples, c->incident.started, &most);
  return most ? best : most_refused (c, t, samples, PKT_NO_TIME, &most);
}

void
pkt_evidence_choose_samples (const PktCase *c, const PktTally *t, const GPtrArray *all,
                             GPtrArray *out)
{
  const PktStream *stream = pkt_evidence_best_stream (c, t, all);
  for (guint i = 0; i < all->len; i++) {
    PktSample *s = g_ptr_array_index (all, i);
    if (pkt_stream_has_sample (stream, c, s))
      g_ptr_array_add (out, s);
  }
}

const PktStream *
pkt_evidence_stream_of (const PktEvidence *e, const PktCell *c)
{
  const PktMatched mail = pkt_matched_cell (e->scan->tally, &c->key);
  for (guint i = 0; i < e->the_case->streams->len; i++) {
    const PktStream *s = g_ptr_array_index (e->the_case->streams, i);
    if (pkt_stream_match (s, e->all_samples, &mail) == PKT_MATCH_IN)
      return s;
  }
  return NULL;
}

gboolean
pkt_evidence_is_one_sender (const PktEvidence *e)
{
  const PktTally *t = e->scan->tally;
  guint16 one = 0;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (!c->key.apple || c->key.outcome > PKT_BOUNCED)
      continue;
    if (c->key.stream == 0 || (one && one != c->key.stream))
      return FALSE;
    one = c->key.stream;
  }
  return one != 0;
}

/* The domain that has nearly all refusals; 0: none has. */
static guint
domain_of_refusals (const PktTally *t)
{
  g_autofree gint64 *counts = g_new0 (gint64, t->names->len);
  gint64 total = 0;
  guint top = 0;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (is_refusal (c))
      counts[c->key.stream] += c->count;
  }
  for (guint i = 1; i < t->names->len; i++) {
    total += counts[i];
    if (counts[i] > counts[top])
      top = i;
  }
  return top && counts[top] * 5 >= total * 4 ? top : 0;
}

/* Mail at Apple by what is told of it. */
typedef struct {
  gboolean in, out; /* any, at other receivers too */
  gint64 accepted, accepted_untold;
} Told;

/* What is told of the mail of the case's stream, or of that domain; its senders are noted. */
static Told
look_at_mail (PktEvidence *e)
{
  const PktTally *t = e->scan->tally;
  g_autofree gboolean *known = g_new0 (gboolean, t->names->len);
  Told told = { 0 };
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    const PktMatch place = place_of_cell (e, c);
    const gboolean accepted = c->key.apple && c->key.outcome == PKT_DELIVERED;
    told.in = told.in || place == PKT_MATCH_IN;
    told.out = told.out || place == PKT_MATCH_OUT;
    known[c->key.stream] = known[c->key.stream] || place == PKT_MATCH_IN;
    told.accepted += accepted && place != PKT_MATCH_OUT ? c->count : 0;
    told.accepted_untold += accepted && place == PKT_MATCH_UNTOLD ? c->count : 0;
  }
  for (guint i = 1; i < t->names->len; i++)
    if (known[i]) {
      const guint16 id = (guint16)i;
      g_array_append_val (e->stream_ids, id);
    }
  return told;
}

#define ALL_MAIL "mail" /* the name where no stream is known */
#define MUCH 10         /* one in so many */

/* Where nothing is known to be another's all mail is the stream's, and where nothing is known to be
 * its own no more can be told. */
void
pkt_evidence_choose_stream (PktEvidence *e)
{
  const PktTally *t = e->scan->tally;
  e->stream = pkt_evidence_best_stream (e->the_case, t, e->all_samples);
  const char *before = e->the_case->follow_up.stream;
  const guint domain = e->stream || before ? 0 : domain_of_refusals (t);
  e->stream_name = g_strdup (e->stream ? e->stream->name
                             : before  ? before
                             : domain  ? pkt_tally_name (t, domain)
                                       : ALL_MAIL);
  if (e->stream == NULL && g_str_equal (e->stream_name, ALL_MAIL))
    return;
  e->narrowed = TRUE; /* for place_of() */
  const Told told = look_at_mail (e);
  e->stream_found = told.in;
  e->narrowed = told.in && told.out;
  e->accepts_untold = e->narrowed && told.accepted_untold * MUCH > told.accepted;
}

#define NAMES_SHOWN 3

/* "b.example.com, shop.example.com and 2 more": senders of Apple's mail; NULL: none is named. */
static char *
senders (const PktEvidence *e, guint *out_n)
{
  const PktTally *t = e->scan->tally;
  g_autofree gboolean *there = g_new0 (gboolean, t->names->len);
  GString *out = g_string_new (NULL);
  guint n = 0;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    there[c->key.stream] = there[c->key.stream] || c->key.apple;
  }
  for (guint i = 1; i < t->names->len; i++)
    if (there[i] && n++ < NAMES_SHOWN)
      g_string_append_printf (out, "%s%s", out->len ? ", " : "", pkt_tally_name (t, i));
  if (n > NAMES_SHOWN)
    g_string_append_printf (out, " and %u more", n - NAMES_SHOWN);
  *out_n = n;
  return g_string_free (out, n == 0);
}

/* Refusals of which it cannot be told whose stream they are. */
static gint64
untold (const PktEvidence *e)
{
  gint64 n = 0;
  for (guint i = 0; i < e->scan->tally->cells->len; i++) {
    const PktCell *c = &g_array_index (e->scan->tally->cells, PktCell, i);
    if (is_refusal (c) && place_of_cell (e, c) == PKT_MATCH_UNTOLD)
      n += c->count;
  }
  return n;
}

static gboolean
lists_ip (const PktCase *c, const char *ip)
{
  for (guint i = 0; i < c->sending_ips->len; i++)
    if (g_str_equal (((const PktSendingIp *)g_ptr_array_index (c->sending_ips, i))->address, ip))
      return TRUE;
  return FALSE;
}

/* Where nobody is named as its sender: Apple's mail of an IP beside those of the case, and mail of
 * these. */
static gboolean
has_more_ips (const PktEvidence *e)
{
  const PktTally *t = e->scan->tally;
  gboolean listed = FALSE, other = FALSE;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    if (!c->key.apple || c->key.local_ip == 0)
      continue;
    const gboolean is_listed = lists_ip (e->the_case, pkt_tally_name (t, c->key.local_ip));
    listed = listed || is_listed;
    other = other || !is_listed;
  }
  return listed && other;
}

#define ADVICE                                                                                     \
  "A mail is of a stream by its return path, From domain, sending IP or campaign, as far as the "  \
  "sources hold these: correct $.streams[].match."

void
pkt_evidence_check_stream (PktEvidence *e)
{
  const guint streams = e->the_case->streams->len;
  const gint64 left_out = e->narrowed ? untold (e) : 0;
  if (left_out)
    pkt_evidence_find (e, "stream-untold", PKT_FINDING_NOTE,
                       g_strdup_printf ("%" G_GINT64_FORMAT
                                        " refusals are not counted: their source does not tell "
                                        "which stream they are of.",
                                        left_out),
                       ADVICE);
  if (e->stream_found || streams == 0)
    return;
  guint n;
  g_autofree char *names = senders (e, &n);
  const gboolean more = n > 1 || (n == 0 && (has_more_ips (e) || pkt_clients_apply (e->the_case)));
  if (streams == 1 && (!more || !pkt_stream_asks (e->stream)))
    return;
  pkt_evidence_find (
      e, "stream-not-found", streams > 1 ? PKT_FINDING_LACKING : PKT_FINDING_NOTE,
      g_strdup_printf ("No mail of a stream of the case is known in the sources%s%s%s: %s.",
                       names ? " (senders: " : "", names ? names : "", names ? ")" : "",
                       streams > 1 ? "they cannot be told apart"
                                   : "all mail in them is taken for it"),
      ADVICE);
}
