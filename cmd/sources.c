#include "cmd/sources.h"
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <stdio.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/text.h"
#include "packet/log/event-user.h"
#include "packet/log/format.h"

#define MAP_FILE_MAX (1024 * 1024)

GOptionEntry *
cmd_sources_entries (CmdSources *s, const GOptionEntry *own)
{
  const GOptionEntry common[] = {
    { "since", 0, 0, G_OPTION_ARG_STRING, &s->since,
      "Count from this time on (RFC 3339, or a whole day)", "TIME" },
    { "until", 0, 0, G_OPTION_ARG_STRING, &s->until, "Count up to this time (a day is included)",
      "TIME" },
    { "timezone", 0, 0, G_OPTION_ARG_STRING, &s->timezone,
      "Days of the report are of this zone (UTC)", "ZONE" },
    { "log-timezone", 0, 0, G_OPTION_ARG_STRING, &s->log_timezone, "Zone of logs that write none",
      "ZONE" },
    { "year", 0, 0, G_OPTION_ARG_INT, &s->year, "Year of the last record of logs that write none",
      "YYYY" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &s->format, "Read all sources as this format", "NAME" },
    { "sending-ip", 0, 0, G_OPTION_ARG_STRING, &s->sending_ip,
      "Sending IP where the log tells none", "ADDRESS" },
    { "map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &s->map,
      "Sending IP of a transport, an instance or a host", "NAME=ADDRESS" },
    { "map-file", 0, 0, G_OPTION_ARG_FILENAME, &s->map_file,
      "The same, one NAME=ADDRESS a line; or JSON: what the columns or keys of a log mean",
      "FILE" },
    { "also-domain", 0, 0, G_OPTION_ARG_STRING_ARRAY, &s->also_domain,
      "Count this recipient domain as Apple's too", "DOMAIN" },
    { "also-mx", 0, 0, G_OPTION_ARG_STRING_ARRAY, &s->also_mx,
      "Count this host (or .suffix) as Apple's too", "HOST" },
    { "jobs", 0, 0, G_OPTION_ARG_INT, &s->jobs,
      "Threads that read a large log (one a processor, at most 4)", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &s->json, "Print JSON", NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &s->quiet, "No warnings and no bar on stderr", NULL },
    { "progress", 0, 0, G_OPTION_ARG_NONE, &s->progress, "Show the bar also without a terminal",
      NULL },
    { "stats", 0, 0, G_OPTION_ARG_NONE, &s->stats, "Say on stderr what it took", NULL },
    { "background", 0, 0, G_OPTION_ARG_NONE, &s->background,
      "Give way to other work of the machine", NULL },
    { "reference", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &s->reference,
      "Read line by line in one thread, for the tests", NULL },
    { "no-progress", 0, 0, G_OPTION_ARG_NONE, &s->no_progress, "Show no bar", NULL },
  };
  gsize n = G_N_ELEMENTS (common), more = 0;
  while (own && own[more].long_name)
    more++;
  GOptionEntry *all = g_new0 (GOptionEntry, n + more + 1);
  memcpy (all, common, sizeof common);
  if (more)
    memcpy (all + n, own, more * sizeof *own);
  return all;
}

static gboolean
usage (GError **error, const char *option, const char *value, const char *advice)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "--%s %s: %s", option, value, advice);
  return FALSE;
}

static gboolean
is_ip (const char *s)
{
  g_autofree char *ip = pkt_text_ip (s);
  return ip != NULL;
}

static gboolean
add_mapping (CmdSources *s, const char *text, const char *where, GError **error)
{
  const char *eq = strchr (text, '=');
  g_autofree char *name = eq ? g_strndup (text, (gsize)(eq - text)) : NULL;
  if (eq == NULL || *name == '\0' || !is_ip (eq + 1))
    return usage (error, where, text, "write NAME=ADDRESS, as mta1=192.0.2.10");
  g_hash_table_replace (s->mapping, g_strdup (g_strstrip (name)), g_strdup (eq + 1));
  return TRUE;
}

gboolean
cmd_map_file_columns (const char *path, char **lines, GError **error)
{
  gsize n;
  g_autofree char *text = pkt_file_read (path, MAP_FILE_MAX, &n, error);
  *lines = NULL;
  if (text && pkt_event_user_is_json (pkt_slice (text, n)))
    return pkt_event_user_load (path, pkt_slice (text, n), error);
  *lines = g_steal_pointer (&text);
  return *lines != NULL;
}

static gboolean
read_map_file (CmdSources *s, GError **error)
{
  g_autofree char *text = NULL;
  if (!cmd_map_file_columns (s->map_file, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **l = lines; *l; l++) {
    char *line = g_strstrip (*l);
    if (*line == '\0' || *line == '#' || add_mapping (s, line, "map-file", NULL))
      continue;
    g_autofree char *shown = pkt_text_quote (pkt_slice_str (line), 60);
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "%s:%u: %s: write NAME=ADDRESS, as mta1=192.0.2.10", s->map_file,
                 (guint)(l - lines) + 1, shown);
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_zone (const char *name, const char *option, GTimeZone **out, GError **error)
{
  if (name == NULL)
    return TRUE;
  *out = pkt_clock_zone (name);
  return *out ? TRUE
              : usage (error, option, name,
                       "there is no such time zone; write one as Europe/Berlin, +02:00 or UTC");
}

#define IO_IDLE (3 << 13) /* IOPRIO_PRIO_VALUE (IOPRIO_CLASS_IDLE, 0) of linux/ioprio.h */

/* Processor and disk for others first. Where the system refuses, the work is done all the same. */
static void
give_way (void)
{
  if (setpriority (PRIO_PROCESS, 0, 19) != 0)
    return;
#ifdef SYS_ioprio_set
  if (syscall (SYS_ioprio_set, 1 /* IOPRIO_WHO_PROCESS */, 0, IO_IDLE) != 0)
    return;
#endif
}

/* Bytes. What getrusage() tells holds what the process that started us had, too. */
static gint64
peak_memory (void)
{
  g_autofree char *status = NULL;
  struct rusage usage = { 0 };
  const char *line = NULL;
  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    line = strstr (status, "\nVmHWM:");
  if (line)
    return g_ascii_strtoll (line + strlen ("\nVmHWM:"), NULL, 10) * 1024;
  getrusage (RUSAGE_SELF, &usage);
  return (gint64)usage.ru_maxrss * 1024;
}

/* "7,379,148 lines, 1,000 MB in 0.43 s (2,326 MB/s), peak memory 14 MB" */
static void
print_stats (const CmdSources *s, const PktScan *scan)
{
  guint64 lines = 0, bytes = 0;
  double seconds = (double)MAX (g_get_monotonic_time () - s->started, 1) / G_USEC_PER_SEC;
  for (guint i = 0; i < scan->sources->len; i++) {
    const PktScanSource *source = g_ptr_array_index (scan->sources, i);
    lines += source->lines;
    bytes += source->bytes;
  }
  g_autofree char *n = pkt_text_count ((gint64)lines),
                  *mb = pkt_text_count ((gint64)(bytes / 1000000)),
                  *rate = pkt_text_count ((gint64)((double)bytes / 1e6 / seconds)),
                  *peak = pkt_text_count (peak_memory () / 1000000);
  fprintf (stderr, "postpacket: %s lines, %s MB in %.2f s (%s MB/s), peak memory %s MB\n", n, mb,
           seconds, rate, peak);
}

gboolean
cmd_sources_finish (CmdSources *s, PktScanOptions *o, GError **error)
{
  *o = (PktScanOptions){ .since = PKT_NO_TIME, .until = PKT_NO_TIME };
  s->mapping = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!read_zone (s->timezone, "timezone", &s->zone, error)
      || !read_zone (s->log_timezone, "log-timezone", &s->log_zone, error))
    return FALSE;
  if (s->since && !pkt_clock_parse_user (s->since, s->zone, FALSE, &o->since))
    return usage (error, "since", s->since, "write 2026-05-18 or 2026-05-18T14:00:00Z");
  if (s->until && !pkt_clock_parse_user (s->until, s->zone, TRUE, &o->until))
    return usage (error, "until", s->until, "write 2026-05-18 or 2026-05-18T14:00:00Z");
  if (s->since && s->until && o->since > o->until)
    return usage (error, "until", s->until, "that is before --since; nothing lies between");
  if (s->year != CMD_OPEN && (s->year < 1970 || s->year > 9999)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "--year %d: write four digits", s->year);
    return FALSE;
  }
  if (s->jobs != CMD_OPEN && (s->jobs < 1 || s->jobs > PKT_SCAN_MAX_JOBS)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "--jobs %d: write 1 to %d", s->jobs,
                 PKT_SCAN_MAX_JOBS);
    return FALSE;
  }
  if (s->format && pkt_format_find (s->format) == NULL)
    return usage (error, "format", s->format,
                  "there is no such format; 'postpacket formats' lists them");
  if (s->sending_ip && !is_ip (s->sending_ip))
    return usage (error, "sending-ip", s->sending_ip, "write one IP address");
  for (char **m = s->map; m && *m; m++)
    if (!add_mapping (s, *m, "map", error))
      return FALSE;
  if (s->map_file && !read_map_file (s, error))
    return FALSE;
  o->zone = s->zone;
  o->log_zone = s->log_zone;
  o->line_by_line = s->reference;
  s->started = g_get_monotonic_time ();
  if (s->background)
    give_way ();
  o->year = s->year == CMD_OPEN ? 0 : s->year;
  o->jobs = s->jobs == CMD_OPEN ? 0 : (guint)s->jobs;
  o->format = s->format;
  o->sending_ip = s->sending_ip;
  o->map = s->mapping;
  o->also_domains = (const char *const *)s->also_domain;
  o->also_mx = (const char *const *)s->also_mx;
  if (!s->quiet && !s->no_progress && (s->progress || cmd_terminal ())) {
    o->progress = cmd_bar_show;
    o->progress_data = &s->bar;
  }
  return TRUE;
}

void
cmd_sources_report (CmdSources *s, const PktScan *scan)
{
  cmd_bar_clear (&s->bar);
  for (guint i = 0; !s->quiet && scan && i < scan->warnings->len; i++) {
    g_autofree char *text = pkt_text_quote (pkt_slice_str (g_ptr_array_index (scan->warnings, i)),
                                            600),
                    *masked = cmd_terminal () ? pkt_text_mask_addresses (text) : NULL;
    fprintf (stderr, "postpacket: %s\n", masked ? masked : text);
  }
  if (s->stats && scan)
    print_stats (s, scan);
}

void
cmd_sources_clear (CmdSources *s)
{
  char *const strings[] = { s->since,  s->until,      s->timezone, s->log_timezone,
                            s->format, s->sending_ip, s->map_file };
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  g_strfreev (s->map);
  g_strfreev (s->also_domain);
  g_strfreev (s->also_mx);
  g_clear_pointer (&s->zone, g_time_zone_unref);
  g_clear_pointer (&s->log_zone, g_time_zone_unref);
  g_clear_pointer (&s->mapping, g_hash_table_unref);
}
