#include "packet/trend/watch.h"

static void
begin (GString *out, const char *name, const char *type, const char *help)
{
  g_string_append_printf (out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Backslash, quote and line feed are escaped, as the format wants it. */
static void
add_label (GString *out, const char *label, const char *value)
{
  g_string_append_printf (out, "%s=\"", label);
  for (const char *p = value; *p; p++) {
    if (*p == '\\' || *p == '"')
      g_string_append_c (out, '\\');
    if (*p == '\n')
      g_string_append (out, "\\n");
    else
      g_string_append_c (out, *p);
  }
  g_string_append_c (out, '"');
}

static void
add (GString *out, const char *name, const char *label, const char *value, const char *label2,
     const char *value2, double number)
{
  char room[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (out, name);
  if (label) {
    g_string_append_c (out, '{');
    add_label (out, label, value);
    if (label2) {
      g_string_append_c (out, ',');
      add_label (out, label2, value2);
    }
    g_string_append_c (out, '}');
  }
  g_string_append_printf (out, " %s\n", g_ascii_formatd (room, sizeof room, "%.15g", number));
}

static void
add_attempts (GString *out, const PktSum sides[2])
{
  static const char *const receivers[] = { "apple", "other" };
  const char *name = "postpacket_attempts_total";
  begin (out, name, "counter",
         "Attempts by receiver and outcome; one recipient in one delivery try.");
  for (guint i = 0; i < 2; i++) {
    add (out, name, "receiver", receivers[i], "outcome", "delivered", (double)sides[i].delivered);
    add (out, name, "receiver", receivers[i], "outcome", "deferred", (double)sides[i].deferred);
    add (out, name, "receiver", receivers[i], "outcome", "bounced", (double)sides[i].bounced);
  }
  name = "postpacket_policy_refused_total";
  begin (out, name, "counter", "Bounced for policy or content.");
  for (guint i = 0; i < 2; i++)
    add (out, name, "receiver", receivers[i], NULL, NULL, (double)sides[i].policy);
  name = "postpacket_apple_bounced_total";
  begin (out, name, "counter", "Bounced by Apple, by category.");
  for (guint c = 0; c < PKT_N_CATEGORIES; c++)
    add (out, name, "category", pkt_category_name ((PktCategory)c), NULL, NULL,
         (double)sides[0].by_category[c]);
}

static void
add_groups (GString *out, const PktTrend *trend)
{
  static const struct {
    PktBy by;
    const char *label, *final, *policy;
  } dimensions[] = {
    { PKT_BY_STREAM, "stream", "postpacket_apple_stream_final_total",
      "postpacket_apple_stream_policy_refused_total" },
    { PKT_BY_IP, "ip", "postpacket_apple_ip_final_total",
      "postpacket_apple_ip_policy_refused_total" },
    { PKT_BY_RCPT_DOMAIN, "domain", "postpacket_apple_recipient_domain_final_total",
      "postpacket_apple_recipient_domain_policy_refused_total" },
    { PKT_BY_TAG, "tag", NULL, "postpacket_apple_tag_bounced_total" },
  };
  for (gsize d = 0; d < G_N_ELEMENTS (dimensions); d++)
    for (guint policy = dimensions[d].final ? 0 : 1; policy < 2; policy++) {
      const char *name = policy ? dimensions[d].policy : dimensions[d].final;
      const GPtrArray *list = trend->groups[dimensions[d].by]->list;
      begin (out, name, "counter",
             policy ? "Refused by Apple, of these." : "Final answers of Apple.");
      for (guint i = 0; i < list->len; i++) {
        const PktGroup *g = g_ptr_array_index (list, i);
        gint64 refused = dimensions[d].final ? g->apple.policy : g->apple.bounced;
        add (out, name, dimensions[d].label, g->name, NULL, NULL,
             (double)(policy ? refused : g->final));
      }
    }
}

static double
seconds (gint64 us)
{
  return us == PKT_NO_TIME ? 0 : (double)(us / PKT_SECOND);
}

static void
add_gauge (GString *out, const char *name, const char *help, double number)
{
  begin (out, name, "gauge", help);
  add (out, name, NULL, NULL, NULL, NULL, number);
}

static void
add_rates (GString *out, const PktWatch *w)
{
  const char *name = "postpacket_policy_refused_ratio";
  const PktSum *const sides[] = { &w->apple, &w->other };
  static const char *const receivers[] = { "apple", "other" };
  begin (out, name, "gauge",
         "Refused by policy, part of the final answers of the last 24 hours read.");
  for (guint i = 0; i < 2; i++)
    if (pkt_sum_final (sides[i]) > 0)
      add (out, name, "receiver", receivers[i], NULL, NULL,
           (double)sides[i]->policy / (double)pkt_sum_final (sides[i]));
}

char *
pkt_watch_metrics (const PktTally *t, const PktWatch *w, const PktTrend *trend)
{
  GString *out = g_string_new (NULL);
  PktSum sides[2];
  for (int i = 0; i < 2; i++) {
    PktSumFilter f = trend->options.filter;
    f.apple = i == 0;
    pkt_sum (t, &f, &sides[i]);
  }
  const PktOnset *o = &trend->onset;
  add_attempts (out, sides);
  add_groups (out, trend);
  add_rates (out, w);
  add_gauge (out, "postpacket_band", "0 healthy, 1 watch, 2 escalate, 3 unknown.", w->state);
  add_gauge (out, "postpacket_incident", "1 while an incident lasts.", o->found && !o->over);
  add_gauge (out, "postpacket_incident_start_seconds", "When the newest incident rose; 0: none.",
             seconds (o->rose_at));
  add_gauge (out, "postpacket_relief_seconds", "When it fell; 0: not yet.", seconds (o->relief));
  add_gauge (out, "postpacket_recurrence_seconds", "First policy reply after relief; 0: none.",
             seconds (o->again));
  add_gauge (out, "postpacket_last_attempt_seconds", "Newest attempt read.", seconds (t->last));
  return g_string_free (out, FALSE);
}
