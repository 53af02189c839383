#include "packet/trend/watch.h"
#include "packet/base/text.h"

/* A log that stopped, or a time that no clock shows yet, tells nothing of the last day. */
static gboolean
is_of_now (const PktWatch *w)
{
  return ABS (w->age) <= PKT_WATCH_WINDOW;
}

static PktWatchState
state_of (const PktWatch *w, const PktBands *bands)
{
  switch (pkt_band_of (bands, w->apple.policy, pkt_sum_final (&w->apple))) {
  case PKT_BAND_HEALTHY:
    return w->recurrence ? PKT_WATCH_WARNING : is_of_now (w) ? PKT_WATCH_OK : PKT_WATCH_UNKNOWN;
  case PKT_BAND_WATCH:
    return PKT_WATCH_WARNING;
  case PKT_BAND_ESCALATE:
    return PKT_WATCH_CRITICAL;
  case PKT_BAND_NONE:
    break;
  }
  return PKT_WATCH_UNKNOWN;
}

/* Of the quarter of an hour in which the window begins nothing is counted: of its cells some begin
 * before that, and a rate of parts of them would be none. */
void
pkt_watch_make (const PktTally *t, const PktTrend *trend, gint64 now, PktWatch *out)
{
  *out = (PktWatch){ .from = PKT_NO_TIME, .to = t->last };
  PktSumFilter apple = trend->options.filter, other = trend->options.filter;
  apple.apple = 1;
  other.apple = 0;
  if (t->last != PKT_NO_TIME) {
    out->from = pkt_sum_quarter (t->last - PKT_WATCH_WINDOW + PKT_SLOT_US - 1);
    apple.from = other.from = out->from;
    out->age = now - t->last;
  }
  pkt_sum (t, &apple, &out->apple);
  pkt_sum (t, &other, &out->other);
  out->recurrence = trend->onset.over && trend->onset.again != PKT_NO_TIME
                    && trend->onset.again >= out->from;
  out->state = state_of (out, &trend->options.bands);
}

static char *
number (double x, const char *format)
{
  char room[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup (g_ascii_formatd (room, sizeof room, format, x));
}

static double
percent_of (const PktSum *s)
{
  gint64 final = pkt_sum_final (s);
  return final > 0 ? 100.0 * (double)s->policy / (double) final : 0;
}

static void
add_incident (GString *out, const PktWatch *w, const PktOnset *o)
{
  const char *format = "%Y-%m-%d %H:%M UTC";
  if (!o->found)
    return;
  g_autofree char *rose = pkt_clock_format (o->rose_at, NULL, format);
  if (!o->over) {
    g_string_append_printf (out, "; rose %s%s", rose, o->log_begins_inside ? " or earlier" : "");
    return;
  }
  g_autofree char *relief = pkt_clock_format (o->relief, NULL, format);
  if (o->again != PKT_NO_TIME && w->recurrence) {
    g_autofree char *again = pkt_clock_format (o->again, NULL, format);
    g_string_append_printf (out, "; recurrence: first policy reply after relief %s", again);
    return;
  }
  g_string_append_printf (out, "; relief since %s", relief);
}

/* " (newest attempt 3 days old: …)"; nothing within the hour. */
static void
add_age (GString *out, const PktWatch *w)
{
  const gint64 apart = ABS (w->age);
  const gboolean days = apart >= 2 * PKT_DAY;
  const gint64 n = apart / (days ? PKT_DAY : PKT_HOUR);
  if (n == 0)
    return;
  g_string_append_printf (out, " (newest attempt %s%" G_GINT64_FORMAT " %s%s %s%s)",
                          w->age < 0 ? "dated " : "", n, days ? "day" : "hour", n == 1 ? "" : "s",
                          w->age < 0 ? "ahead" : "old",
                          is_of_now (w) ? ""
                          : w->age < 0  ? ": is the clock, the year or --log-timezone right?"
                                        : ": nothing of the last 24 h was read");
}

/* "1.250%"; "U", which plugins say of what cannot be told, where there is no final answer. */
static char *
rate_value (const PktSum *s)
{
  g_autofree char *rate = number (percent_of (s), "%.3f");
  return pkt_sum_final (s) ? g_strconcat (rate, "%", NULL) : g_strdup ("U");
}

static void
add_performance (GString *out, const PktWatch *w, const PktBands *bands)
{
  g_autofree char *rate = rate_value (&w->apple), *others = rate_value (&w->other),
                  *watch = number ((double)bands->watch / 10000, "%g"),
                  *escalate = number ((double)bands->escalate / 10000, "%g");
  g_string_append_printf (
      out,
      " | rate=%s;%s;%s;0;100 refused=%" G_GINT64_FORMAT ";;;0 final=%" G_GINT64_FORMAT
      ";;;0 deferred=%" G_GINT64_FORMAT ";;;0 others=%s;;;0;100\n",
      rate, watch, escalate, w->apple.policy, pkt_sum_final (&w->apple), w->apple.deferred, others);
}

char *
pkt_watch_line (const PktWatch *w, const PktTrend *trend)
{
  static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
  gint64 final = pkt_sum_final (&w->apple);
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "APPLE MAIL %s - ", words[w->state]);
  if (w->to == PKT_NO_TIME) {
    g_string_append (out, "no mail was read\n");
    return g_string_free (out, FALSE);
  }
  g_autofree char *to = pkt_clock_format (w->to, NULL, "%Y-%m-%d %H:%M UTC"),
                  *k = pkt_text_count (w->apple.policy), *n = pkt_text_count (final),
                  *percent = pkt_text_percent (w->apple.policy, final);
  if (final == 0)
    g_string_append_printf (out, "no final answer of Apple in the 24 h to %s", to);
  else
    g_string_append_printf (
        out, "%s of %s final answers refused by policy (%s%s) in the 24 h to %s", k, n,
        *percent ? percent : "0%", final < PKT_SUM_SMALL ? ", few answers" : "", to);
  add_age (out, w);
  add_incident (out, w, &trend->onset);
  add_performance (out, w, &trend->options.bands);
  return g_string_free (out, FALSE);
}
