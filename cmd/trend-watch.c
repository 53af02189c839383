#include "cmd/trend.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/trend/watch.h"

#define METRICS_MODE 0644 /* the node exporter is another user, and no recipient is in it */

static void
add_setting (GString *out, const char *name, const char *value)
{
  if (value)
    g_string_append_printf (out, "%s=%s\n", name, value);
}

/* What changes the counts that are kept. */
char *
cmd_trend_settings (const CmdTrend *o)
{
  const CmdSources *s = &o->sources;
  GString *out = g_string_new (NULL);
  add_setting (out, "log-timezone", s->log_timezone);
  add_setting (out, "format", s->format);
  add_setting (out, "sending-ip", s->sending_ip);
  for (char **d = s->also_domain; d && *d; d++)
    add_setting (out, "also-domain", *d);
  for (char **m = s->also_mx; m && *m; m++)
    add_setting (out, "also-mx", *m);
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (s->mapping),
                                         (GCompareFunc)g_strcmp0);
  for (GList *n = names; n; n = n->next)
    add_setting (out, n->data, g_hash_table_lookup (s->mapping, n->data));
  return g_string_free (out, FALSE);
}

/* --until asks for what was known then. */
static gint64
now_of (const CmdTrend *o)
{
  gint64 now = pkt_clock_now (), until;
  const gboolean ends = o->sources.until
                        && pkt_clock_parse_user (o->sources.until, o->sources.zone, TRUE, &until);
  return ends ? MIN (now, until) : now;
}

gboolean
cmd_trend_watch (const CmdTrend *o, const PktTally *tally, const PktTrend *trend, int *status,
                 GError **error)
{
  PktWatch watch;
  pkt_watch_make (tally, trend, now_of (o), &watch);
  if (o->prometheus) {
    g_autofree char *metrics = pkt_watch_metrics (tally, &watch, trend);
    if (!pkt_file_write (o->prometheus, metrics, strlen (metrics), METRICS_MODE, error))
      return FALSE;
  }
  if (!o->monitor)
    return TRUE;
  g_autofree char *line = pkt_watch_line (&watch, trend);
  *status = watch.state;
  return pkt_file_print (line, strlen (line), error);
}

/* A plugin speaks on standard output, also when it cannot do its work. */
int
cmd_trend_unknown (GError **error)
{
  g_autofree char *line = g_strdup_printf ("APPLE MAIL UNKNOWN - %s\n",
                                           *error ? (*error)->message : "nothing was read");
  for (char *p = line; *p && p[1]; p++)
    if (*p == '\n' || *p == '|')
      *p = ' ';
  g_clear_error (error);
  pkt_file_print (line, strlen (line), NULL);
  return PKT_WATCH_UNKNOWN;
}
