/* What the sender should know of times: how old and how sure they are, and what was left out. */
#include "packet/base/clock.h"
#include "packet/run/evidence.h"
#include "packet/run/zones.h"

#define CLOCKS_APART (10 * PKT_MINUTE)
#define STALE_AFTER (72 * PKT_HOUR)

void
pkt_gates_check_stale (PktEvidence *e)
{
  if (e->latest != PKT_NO_TIME && e->now - e->latest > STALE_AFTER) {
    g_autofree char *when = pkt_clock_format (e->latest, NULL, "%Y-%m-%d %H:%M");
    pkt_evidence_find (
        e, "stale", PKT_FINDING_NOTE,
        g_strdup_printf ("The newest refusal is of %s UTC, more than 72 hours ago.", when),
        "Send one test to a mailbox of your own before you write, and add its log.");
  }
}

/* A zone or a year that is wrong shows itself where it leads beyond now. */
static void
check_future (PktEvidence *e)
{
  gint64 newest = e->latest;
  for (guint i = 0; i < e->scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (e->scan->sources, i);
    if (s->last != PKT_NO_TIME && s->last > newest)
      newest = s->last;
  }
  if (e->latest == PKT_NO_TIME || newest <= e->now + CLOCKS_APART)
    return;
  g_autofree char *when = pkt_clock_format (newest, NULL, "%Y-%m-%d %H:%M");
  pkt_evidence_find (
      e, "future", PKT_FINDING_NOTE,
      g_strdup_printf ("The newest record is of %s UTC, which is to come: a zone, a year or a "
                       "clock is wrong.",
                       when),
      "Correct --log-timezone, --year or the clock: by other times nothing is found at Apple.");
}

static gboolean
leaves_out (const PktScan *scan)
{
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *s = g_ptr_array_index (scan->sources, i);
    if ((scan->since != PKT_NO_TIME && s->first != PKT_NO_TIME && s->first < scan->since)
        || (scan->until != PKT_NO_TIME && s->last != PKT_NO_TIME && s->last > scan->until))
      return TRUE;
  }
  return FALSE;
}

/* The tables and the newest refusal are told as those of all mail. */
static void
check_window (PktEvidence *e)
{
  if (!leaves_out (e->scan))
    return;
  g_autofree char *since = pkt_clock_format (e->scan->since, NULL, " from %Y-%m-%d %H:%M"),
                  *until = pkt_clock_format (e->scan->until, NULL, " to %Y-%m-%d %H:%M");
  pkt_evidence_find (e, "window", PKT_FINDING_NOTE,
                     g_strdup_printf ("Only mail%s%s UTC was counted, as --since or --until asks; "
                                      "the request does not say so.",
                                      e->scan->since == PKT_NO_TIME ? "" : since,
                                      e->scan->until == PKT_NO_TIME ? "" : until),
                     "Leave the option out, unless what it leaves out is another matter.");
}

static void
find_gap (PktEvidence *e)
{
  g_autofree char *since = pkt_clock_format (e->gap_since, NULL, "%Y-%m-%d %H:%M"),
                  *to = pkt_clock_format (e->started, NULL, "%Y-%m-%d %H:%M");
  pkt_evidence_find (
      e, "gap", PKT_FINDING_NOTE,
      g_strdup_printf ("The logs show no mail of any kind from %s to %s UTC, when refusals are "
                       "there: they may have begun in between.",
                       since, to),
      "Add the logs of these days to $.evidence.logs, or write $.incident.started; the request "
      "says "
      "\"or earlier\" until then.");
}

#define TWICE_LEAST 3 /* a queue id may come again */

static void
find_zones_apart (PktEvidence *e)
{
  PktZonesApart twice;
  pkt_zones_look (e->scan, &twice);
  if (twice.n < TWICE_LEAST)
    return;
  g_autofree char *one = g_path_get_basename (twice.one),
                  *other = g_path_get_basename (twice.other);
  pkt_evidence_find (
      e, "zones-apart", PKT_FINDING_LACKING,
      g_strdup_printf ("%u deliveries stand in %s and again in %s, %" G_GINT64_FORMAT
                       " minutes apart: one of the two is read in a wrong zone, and they count "
                       "twice.",
                       twice.n, one, other, twice.apart / PKT_MINUTE),
      "Write $.options.log_timezone, the zone of the log that writes none, or leave it out.");
}

void
pkt_gates_check_time (PktEvidence *e)
{
  check_window (e);
  check_future (e);
  find_zones_apart (e);
  if (e->zone_guessed && !e->zone_proof)
    pkt_evidence_find (
        e, "zone-guessed", PKT_FINDING_NOTE,
        g_strdup ("The logs write no time zone and none was given: their times were taken as UTC."),
        "Write $.options.log_timezone. One hour off, and nothing is found at Apple.");
  if (e->year_guessed && !e->zone_proof)
    pkt_evidence_find (
        e, "year-guessed", PKT_FINDING_NOTE,
        g_strdup ("The logs write no year and none was given: that of the file's own time was "
                  "taken, which is not the time of its last record."),
        "Write $.options.year: the year of the last record.");
  if (e->clock_off && !e->zone_proof)
    pkt_evidence_find (
        e, "clock-off",
        ABS (e->clock_off) >= PKT_CLOCK_WRONG ? PKT_FINDING_LACKING : PKT_FINDING_NOTE,
        g_strdup_printf ("The logs' clock is %" G_GINT64_FORMAT
                         " seconds %s Apple's, as an accepted sample shows.",
                         ABS (e->clock_off) / PKT_SECOND, e->clock_off > 0 ? "behind" : "ahead of"),
        ABS (e->clock_off) > PKT_DAY
            ? "Correct --year or $.options.year, or the clock: by other times nothing is found at "
              "Apple."
            : "Correct --log-timezone or $.options.log_timezone, or the clock: by other times "
              "nothing is found at Apple.");
  if (e->hour_twice)
    pkt_evidence_find (
        e, "hour-twice", PKT_FINDING_NOTE,
        g_strdup_printf ("%" G_GUINT64_FORMAT
                         " attempts stand in the hour that the log's clock ran "
                         "twice when summer time ended.",
                         e->hour_twice),
        "Where the log does not go back there, its times may be an hour early: compare one with "
        "Apple's Received line, or leave that hour out (--since).");
  if (e->gap_since != PKT_NO_TIME)
    find_gap (e);
  else if (e->or_earlier)
    pkt_evidence_find (
        e, "begins-inside", PKT_FINDING_NOTE,
        g_strdup_printf ("When it started is not shown: %s no accepted mail.",
                         e->scan->since == PKT_NO_TIME
                             ? "the logs begin inside, or hold"
                             : "what --since leaves begins inside, or holds"),
        e->scan->since == PKT_NO_TIME
            ? "Add older logs to $.evidence.logs; the request says \"or earlier\" until then."
            : "Leave --since out; the request says \"or earlier\" until then.");
}
