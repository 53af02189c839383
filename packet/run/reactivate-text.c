/* The plan and the list as CSV, JSON and words. */
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/run/reactivate.h"

static const char *const holds[PKT_N_HOLDS]
    = { "", "engagement is not known", "engaged too long ago",
        "the address begins like a formula: by hand", "a later plan" };

static const char *
hold_text (const PktPlanned *who)
{
  return who->hold == PKT_HOLD_GROUP ? pkt_fallen_name (who->who->group) : holds[who->hold];
}

/* "2026-06-01" */
static char *
day_of (const PktPlan *p, guint batch)
{
  return pkt_clock_day_text (p->options.start + (gint64)(batch - 1) * p->options.every);
}

static void
append_row (GString *csv, const PktPlan *p, const PktPlanned *who)
{
  g_autofree char *send = day_of (p, who->batch), *engaged = pkt_clock_day_text (who->engaged.day),
                  *cell = NULL;
  cell = pkt_text_csv_cell (who->who->address);
  g_string_append_printf (csv, "%s,%u,%s,apple-reactivation-%02u,%s,%s\r\n", cell, who->batch, send,
                          who->batch, engaged,
                          who->engaged.by == PKT_ENGAGED_BY_ACT ? "act" : "open");
}

char *
pkt_plan_csv (const PktPlan *p, guint batch)
{
  GString *csv = g_string_new ("address,batch,send_on,cohort,last_engaged,engaged_by\r\n");
  for (guint i = 0; i < p->people->len; i++) {
    const PktPlanned *who = &g_array_index (p->people, PktPlanned, i);
    if (who->batch && (batch == 0 || who->batch == batch))
      append_row (csv, p, who);
  }
  return g_string_free (csv, FALSE);
}

char *
pkt_plan_hold_csv (const PktPlan *p)
{
  GString *csv = g_string_new ("address,hold\r\n");
  for (guint i = 0; i < p->people->len; i++) {
    const PktPlanned *who = &g_array_index (p->people, PktPlanned, i);
    g_autofree char *cell = pkt_text_csv_cell (who->who->address);
    if (who->batch == 0)
      g_string_append_printf (csv, "%s,%s\r\n", cell, hold_text (who));
  }
  return g_string_free (csv, FALSE);
}

static guint
size_of (const PktPlan *p, guint batch)
{
  guint n = 0;
  for (guint i = 0; i < p->people->len; i++)
    n += g_array_index (p->people, PktPlanned, i).batch == batch;
  return n;
}

static void
append_batches (GString *s, const PktPlan *p)
{
  g_string_append (s, "\n  batch  on          people  cohort\n");
  for (guint b = 1; b <= p->batches; b++) {
    g_autofree char *day = day_of (p, b), *n = pkt_text_count (size_of (p, b));
    g_string_append_printf (s, "  %5u  %s  %6s  apple-reactivation-%02u\n", b, day, n, b);
  }
  g_autofree char *first = day_of (p, 1);
  g_string_append_printf (
      s,
      "\nPAUSE RULE. Two days after each batch look at Apple alone:\n"
      "  postpacket trend --monitor --since %s LOG...\n"
      "Only OK lets the next batch go. A refusal with Apple's tag in a batch, or a rate of 0.2%% "
      "or\n"
      "more, stops them all: hold what is left, mend the cause, and plan again with the new logs.\n"
      "One batch is one cohort and one file; never put two together. Whoever does not click, order "
      "or\n"
      "sign in after a batch goes back on hold.\n",
      first);
}

static void
append_held (GString *s, const PktPlan *p)
{
  g_autofree char *eligible = pkt_text_count (p->eligible);
  g_string_append_printf (s, "\nMay get mail again: %s. On hold:\n", eligible);
  guint groups[PKT_N_FALLEN] = { 0 };
  for (guint i = 0; i < p->people->len; i++) {
    const PktPlanned *who = &g_array_index (p->people, PktPlanned, i);
    if (who->batch == 0 && who->hold == PKT_HOLD_GROUP)
      groups[who->who->group]++;
  }
  for (guint g = 0; g < PKT_N_FALLEN; g++) {
    g_autofree char *n = pkt_text_count (groups[g]);
    if (groups[g])
      g_string_append_printf (s, "  %8s  %s\n", n, pkt_fallen_name (g));
  }
  for (guint h = PKT_HOLD_UNKNOWN; h < PKT_N_HOLDS; h++) {
    g_autofree char *n = pkt_text_count (p->held[h]);
    if (p->held[h])
      g_string_append_printf (s, "  %8s  %s\n", n, holds[h]);
  }
}

char *
pkt_plan_text (const PktSuppressed *s, const PktPlan *p)
{
  GString *out = g_string_new (p->open ? "Reactivation, batch by batch\n\n"
                                       : "No reactivation yet: everybody stays on hold\n\n");
  for (guint i = 0; i < p->gates->len; i++) {
    const PktPlanGate *g = g_ptr_array_index (p->gates, i);
    g_autofree char *line = pkt_text_wrap (g->text, 96, g->ok ? "  ok  " : "  NO  ", "      ");
    g_string_append (out, line);
  }
  append_held (out, p);
  if (s->outside) {
    g_autofree char *n = pkt_text_count (s->outside);
    g_string_append_printf (
        out, "\nNot looked at: %s refused by policy at other times; see --since and --until.\n", n);
  }
  if (p->batches)
    append_batches (out, p);
  return g_string_free (out, FALSE);
}

static json_t *
batches_json (const PktPlan *p)
{
  json_t *batches = json_array ();
  for (guint b = 1; b <= p->batches; b++) {
    json_t *addresses = json_array ();
    for (guint i = 0; i < p->people->len; i++) {
      const PktPlanned *who = &g_array_index (p->people, PktPlanned, i);
      if (who->batch == b)
        json_array_append_new (addresses, pkt_json_string (who->who->address));
    }
    json_t *o = json_pack ("{s:i, s:o}", "batch", (int)b, "addresses", addresses);
    pkt_json_set_text (o, "send_on", day_of (p, b));
    json_array_append_new (batches, o);
  }
  return batches;
}

json_t *
pkt_plan_json (const PktSuppressed *s, const PktPlan *p)
{
  json_t *o = pkt_suppressed_json (s), *gates = json_array (), *hold = json_array ();
  for (guint i = 0; i < p->gates->len; i++) {
    const PktPlanGate *g = g_ptr_array_index (p->gates, i);
    json_array_append_new (gates, json_pack ("{s:b, s:s}", "ok", g->ok, "text", g->text));
  }
  for (guint i = 0; i < p->people->len; i++) {
    const PktPlanned *who = &g_array_index (p->people, PktPlanned, i);
    if (who->batch == 0)
      json_array_append_new (hold, json_pack ("{s:o, s:s}", "address",
                                              pkt_json_string (who->who->address), "why",
                                              hold_text (who)));
  }
  json_object_set_new (o, "plan",
                       json_pack ("{s:b, s:o, s:i, s:i, s:o, s:o}", "open", p->open, "gates", gates,
                                  "eligible", (int)p->eligible, "every_days", p->options.every,
                                  "batches", batches_json (p), "hold", hold));
  return o;
}
