#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/trend/table.h"

#define TIME_FORMAT "%Y-%m-%d %H:%M:%S UTC"

static char *
share_text (gint64 policy, gint64 final)
{
  g_autofree char *k = pkt_text_count (policy), *n = pkt_text_count (final),
                  *percent = pkt_text_percent (policy, final);
  return g_strdup_printf (*percent ? "%s of %s (%s)" : "%s of %s", k, n, percent);
}

static char *
time_text (gint64 us)
{
  return pkt_clock_format (us, NULL, TIME_FORMAT);
}

/* "1.2%", rounded up: it is a bound. */
static char *
bound_text (double rate)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double step = rate < 0.001 ? 0.0001 : rate < 0.1 ? 0.001 : 0.01;
  double up = (double)(gint64)(rate / step + 1 - 1e-9) * step;
  g_ascii_formatd (number, sizeof number, "%.3g", 100 * MIN (up, 1));
  return g_strconcat (number, "%", NULL);
}

static char *
not_found_text (const PktOnset *o)
{
  g_autofree char *first = time_text (o->first);
  g_autofree char *refused = share_text (o->after_policy, o->after_final);
  return g_strdup_printf (
      "First policy reply %s; no rise found: %s refused.\n%s", first, refused,
      o->log_begins_inside
          ? "What was counted begins inside the incident: it began then or earlier.\n"
          : "");
}

static void
add_relief (GString *out, const PktOnset *o)
{
  g_autofree char *last = time_text (o->last);
  if (!o->over) {
    g_string_append_printf (out, "Latest refusal %s; no relief seen.\n", last);
    return;
  }
  g_autofree char *relief = time_text (o->relief), *below = bound_text (o->quiet_below),
                  *quiet = share_text (o->quiet_policy, o->quiet_final);
  g_string_append_printf (out, "Last refusal of it %s, relief %s.\n", last, relief);
  if (o->again == PKT_NO_TIME) {
    g_string_append_printf (out,
                            "Quiet for %u %s, %s refused: the true rate is below %s (95 %%).\n",
                            o->quiet_days, o->quiet_days == 1 ? "day" : "days", quiet, below);
    return;
  }
  g_autofree char *again = time_text (o->again);
  g_string_append_printf (out,
                          "Recurrence: policy replies after relief too, the first %s;\n"
                          "%s refused since: the true rate is below %s (95 %%).\n",
                          again, quiet, below);
}

char *
pkt_onset_text (const PktOnset *o)
{
  if (o->first == PKT_NO_TIME)
    return g_strdup ("");
  if (!o->found)
    return not_found_text (o);
  GString *out = g_string_new (NULL);
  g_autofree char *first = time_text (o->first), *rose = time_text (o->rose_at);
  g_autofree char *before = share_text (o->before_policy, o->before_final),
                  *after = share_text (o->after_policy, o->after_final);
  char statistic[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (statistic, sizeof statistic, "%.1f", o->statistic);
  g_string_append_printf (out, "Rose %s%s (first policy reply of all %s).\n", rose,
                          o->log_begins_inside ? " or earlier, what was counted begins there" : "",
                          first);
  g_string_append_printf (out, "Refused %s before, %s %s; log-likelihood ratio %s.\n", before,
                          after, o->over ? "then" : "since", statistic);
  add_relief (out, o);
  if (o->incidents > 1)
    g_string_append_printf (out, "It is the newest of %u incidents in these logs.\n", o->incidents);
  return g_string_free (out, FALSE);
}

json_t *
pkt_onset_json (const PktOnset *o)
{
  if (!o->found)
    return json_null ();
  json_t *object = json_pack (
      "{so so sf sf sI sI sI sI sb sb so so sf si}", "first", pkt_json_time (o->first), "rose_at",
      pkt_json_time (o->rose_at), "from_rate", o->from_rate, "to_rate", o->to_rate, "before_policy",
      (json_int_t)o->before_policy, "before_final", (json_int_t)o->before_final, "after_policy",
      (json_int_t)o->after_policy, "after_final", (json_int_t)o->after_final, "or_earlier",
      o->log_begins_inside, "over", o->over, "last", pkt_json_time (o->last), "relief",
      pkt_json_time (o->relief), "statistic", o->statistic, "incidents", (int)o->incidents);
  if (o->over)
    json_object_set_new (object, "since_relief",
                         json_pack ("{sI sI sf si so}", "policy", (json_int_t)o->quiet_policy,
                                    "final", (json_int_t)o->quiet_final, "rate_below",
                                    o->quiet_below, "quiet_days", (int)o->quiet_days, "first",
                                    pkt_json_time (o->again)));
  return object;
}
