#include <stdio.h>
#include <string.h>
#include "cmd/sources.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/run/reactivate.h"
#include "packet/store/folder.h"

#define MAX_DAYS 3650
#define MIN_EVERY 2 /* a batch's refusals are known the day after */

typedef struct {
  CmdSources s;
  char **lists, **logs;
  char *engagement, *output, *start;
  gboolean csv, plan, opens;
  int batch_size;
  PktPlanOptions rules;
} Options;

static gboolean
usage (GError **error, const char *text)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "suppressed: %s", text);
  return FALSE;
}

/* What would be read by nobody. */
static gboolean
check_no_plan (const Options *o, GError **error)
{
  const char *given = o->engagement                                    ? "--engagement"
                      : o->opens                                       ? "--count-opens"
                      : o->start                                       ? "--start"
                      : o->batch_size != CMD_OPEN                      ? "--batch-size"
                      : o->rules.every != PKT_PLAN_EVERY               ? "--every"
                      : o->rules.engaged_days != PKT_PLAN_ENGAGED_DAYS ? "--engaged-days"
                                                                       : NULL;
  g_autofree char *text = g_strdup_printf ("%s is for --plan", given ? given : "");
  return given == NULL || usage (error, text);
}

static gboolean
check_plan (Options *o, GError **error)
{
  gint64 us;
  if (!o->plan)
    return check_no_plan (o, error);
  if (o->lists == NULL)
    return usage (error, "--plan needs --list: without it nobody knows who unsubscribed or "
                         "complained, and they must not get mail again");
  if (o->engagement == NULL)
    return usage (error, "--plan needs --engagement: who did not click, order or sign in before "
                         "the refusals is not written to again; see the manual for its columns");
  if (o->rules.engaged_days < 1 || o->rules.engaged_days > MAX_DAYS)
    return usage (error, "--engaged-days: write 1 to 3650");
  if (o->rules.every < MIN_EVERY || o->rules.every > MAX_DAYS)
    return usage (error, "--every: write 2 or more days, so that a batch is seen before the next");
  if (o->batch_size != CMD_OPEN && o->batch_size < 1)
    return usage (error, "--batch-size: write 1 or more");
  if (o->start && (strlen (o->start) != 10 || !pkt_clock_parse_user (o->start, NULL, FALSE, &us)))
    return usage (error, "--start: write a day as 2026-06-01");
  o->rules.start = pkt_clock_day (o->start ? us : pkt_clock_now () + PKT_DAY, NULL);
  if (o->rules.start < pkt_clock_day (pkt_clock_now (), NULL))
    return usage (error,
                  "--start: that day is over; batches of days that are over would go out all "
                  "at once");
  o->rules.opens = o->opens;
  o->rules.batch_size = o->batch_size == CMD_OPEN ? 0 : o->batch_size;
  return TRUE;
}

static void
add_text (PktFolder *f, const char *name, char *taken)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (taken, strlen (taken));
  pkt_folder_add (f, name, bytes);
}

static gboolean
print_text (char *taken, GError **error)
{
  g_autofree char *text = taken;
  return pkt_file_print (text, strlen (text), error);
}

/* One file a batch, so that nobody takes all of them at once by mistake. */
static gboolean
write_plan (const Options *o, const PktSuppressed *s, const PktPlan *p, GError **error)
{
  g_autoptr (PktFolder) f = pkt_folder_new ();
  for (guint b = 1; b <= p->batches; b++) {
    g_autofree char *name = g_strdup_printf ("batch-%02u.csv", b);
    add_text (f, name, pkt_plan_csv (p, b));
  }
  add_text (f, "hold.csv", pkt_plan_hold_csv (p));
  add_text (f, "plan.txt", pkt_plan_text (s, p));
  return pkt_folder_write_new (f, o->output, error) && print_text (pkt_plan_text (s, p), error);
}

static gboolean
print_plan (const Options *o, const PktSuppressed *s, const PktPlan *p, GError **error)
{
  if (o->s.json) {
    g_autoptr (json_t) object = pkt_plan_json (s, p);
    return print_text (pkt_json_dump (object), error);
  }
  if (o->output && p->open)
    return write_plan (o, s, p, error);
  if (!o->s.quiet || !p->open) {
    g_autofree char *text = pkt_plan_text (s, p);
    fputs (text, stderr);
  }
  return !p->open || print_text (pkt_plan_csv (p, 0), error);
}

static int
plan (const Options *o, const PktSuppressed *s, GError **error)
{
  const char *first;
  g_autoptr (PktEngagement) e = pkt_engagement_load (o->engagement,
                                                     pkt_clock_day (pkt_clock_now (), NULL), error);
  g_autoptr (PktPlan) p = e ? pkt_plan_make (s, e, &o->rules, error) : NULL;
  if (p == NULL || !print_plan (o, s, p, error))
    return -1;
  guint broken = pkt_engagement_broken (e, &first);
  if (broken)
    fprintf (stderr, "postpacket: %u row%s not understood, the first is %s\n", broken,
             broken == 1 ? " was" : "s were", first);
  if (s->unsubscribes == 0)
    fprintf (stderr,
             "postpacket: no list says who unsubscribed or complained: give these too, each "
             "with --list, before anything is sent\n");
  return p->open && !broken && s->unsubscribes ? 0 : PKT_ERROR_FINDINGS;
}

static int
show (const Options *o, const PktSuppressed *s, GError **error)
{
  if (o->output) {
    g_autofree char *csv = pkt_suppressed_csv (s);
    if (!pkt_file_create (o->output, csv, strlen (csv), 0600, error))
      return -1;
  }
  if (o->s.json) {
    g_autoptr (json_t) object = pkt_suppressed_json (s);
    return print_text (pkt_json_dump (object), error) ? 0 : -1;
  }
  return print_text (o->csv ? pkt_suppressed_csv (s) : pkt_suppressed_table (s), error) ? 0 : -1;
}

static int
run (Options *o, char **operands, GError **error)
{
  PktScanOptions options;
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  for (char **p = operands; *p; p++)
    g_ptr_array_add (paths, *p);
  for (char **p = o->logs; p && *p; p++)
    g_ptr_array_add (paths, *p);
  g_ptr_array_add (paths, NULL);
  if (!check_plan (o, error) || !cmd_sources_finish (&o->s, &options, error))
    return -1;
  gint64 since = options.since, until = options.until;
  options.since = options.until = PKT_NO_TIME; /* later mail tells who was reached */
  options.keep_events = TRUE;
  g_autoptr (PktCatalogue) catalogue = pkt_catalogue_new ();
  g_autoptr (PktScan) scan = pkt_scan_run (catalogue, (const char *const *)paths->pdata, &options,
                                           error);
  cmd_sources_report (&o->s, scan);
  g_autoptr (PktSuppressed) s = scan ? pkt_suppressed_make (scan, (const char *const *)o->lists,
                                                            since, until, options.zone, error)
                                     : NULL;
  if (s == NULL)
    return -1;
  int status = o->plan ? plan (o, s, error) : show (o, s, error);
  if (s->broken)
    fprintf (stderr,
             "postpacket: %u row%s of the lists %s not understood, the first is %s: somebody who "
             "unsubscribed may stand there\n",
             s->broken, s->broken == 1 ? "" : "s", s->broken == 1 ? "was" : "were",
             s->first_broken);
  return status == 0 && (scan->partial || s->broken) ? PKT_ERROR_FINDINGS : status;
}

int
cmd_run_suppressed (int argc, char **argv, GError **error)
{
  Options o = { .s = CMD_SOURCES_INIT,
                .rules = { .engaged_days = PKT_PLAN_ENGAGED_DAYS, .every = PKT_PLAN_EVERY },
                .batch_size = CMD_OPEN };
  const GOptionEntry own[] = {
    { "list", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o.lists,
      "Suppression list: CSV of address,reason,date, or JSON", "FILE" },
    { "log", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o.logs, "The same as a SOURCE", "SOURCE" },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &o.csv, "Print the addresses as CSV (raw)", NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output,
      "File for the addresses, 0600; with --plan a folder of batches", "PATH" },
    { "plan", 0, 0, G_OPTION_ARG_NONE, &o.plan, "Plan a cautious reactivation in batches", NULL },
    { "engagement", 0, 0, G_OPTION_ARG_FILENAME, &o.engagement, "CSV of address,last_engaged,kind",
      "FILE" },
    { "engaged-days", 0, 0, G_OPTION_ARG_INT, &o.rules.engaged_days,
      "Engaged so many days before the incident at the most (90)", "DAYS" },
    { "count-opens", 0, 0, G_OPTION_ARG_NONE, &o.opens, "Whoever only opened counts, at the end",
      NULL },
    { "batch-size", 0, 0, G_OPTION_ARG_INT, &o.batch_size, "People in a batch", "N" },
    { "every", 0, 0, G_OPTION_ARG_INT, &o.rules.every, "Days from batch to batch (3)", "DAYS" },
    { "start", 0, 0, G_OPTION_ARG_STRING, &o.start, "Day of the first batch (tomorrow)", "DAY" },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = cmd_sources_entries (&o.s, own);
  int status = -1;
  if (cmd_parse (&argc, &argv, entries, "SOURCE...",
                 "Recipients at Apple that fell to policy replies, apart from unknown users, "
                 "unsubscribes and complaints. What it prints is raw.",
                 error)) {
    if (argc > 1 || o.logs)
      status = run (&o, argv + 1, error);
    else
      usage (error, "name a log, a folder, or - for standard input");
  }
  g_strfreev (o.lists);
  g_strfreev (o.logs);
  g_free (o.engagement);
  g_free (o.output);
  g_free (o.start);
  cmd_sources_clear (&o.s);
  return status;
}
