#include "cmd/dns.h"
#include <stdio.h>
#include "packet/base/error.h"

#define MAX_TIMEOUT 60

void
cmd_dns_entries (CmdDns *d, GOptionEntry *out)
{
  const GOptionEntry entries[CMD_DNS_ENTRIES] = {
    { "online", 0, 0, G_OPTION_ARG_NONE, &d->online,
      "Ask DNS (and build: the page's hosts); without this nobody is asked", NULL },
    { "dns-server", 0, 0, G_OPTION_ARG_STRING_ARRAY, &d->servers,
      "Ask this one, not the system's; several: in turn", "ADDRESS[:PORT]" },
    { "dns-timeout", 0, 0, G_OPTION_ARG_DOUBLE, &d->timeout, "Wait so long for an answer (3)",
      "SECONDS" },
    { "dns-replay", 0, 0, G_OPTION_ARG_FILENAME, &d->replay,
      "Take the answers from a dns.json, ask nobody", "FILE" },
    { "dqs-key", 0, 0, G_OPTION_ARG_FILENAME, &d->dqs_key,
      "File with a key of Spamhaus' data query service", "FILE" },
  };
  memcpy (out, entries, sizeof entries);
}

static void
show_bar (guint done, guint asked, gpointer data)
{
  ((CmdDns *)data)->bar_shown = TRUE;
  fprintf (stderr, "\r\033[Kasking DNS: %u of %u questions answered", done, asked);
  fflush (stderr);
}

gboolean
cmd_dns_finish (CmdDns *d, gboolean bar, PktAskOptions *o, GError **error)
{
  if (d->online && d->replay) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE,
                         "--online and --dns-replay: take one of them");
    return FALSE;
  }
  if (!(d->timeout >= 0 && d->timeout <= MAX_TIMEOUT)) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "--dns-timeout %g: write up to %d seconds",
                 d->timeout, MAX_TIMEOUT);
    return FALSE;
  }
  *o = (PktAskOptions){ .online = d->online,
                        .servers = (const char *const *)d->servers,
                        .timeout_ms = (guint)(d->timeout * 1000),
                        .replay = d->replay,
                        .dqs_key_file = d->dqs_key,
                        .progress = bar ? show_bar : NULL,
                        .progress_data = d };
  return TRUE;
}

void
cmd_dns_done (CmdDns *d)
{
  if (d->bar_shown)
    fputs ("\r\033[K", stderr);
  d->bar_shown = FALSE;
}

void
cmd_dns_clear (CmdDns *d)
{
  g_strfreev (d->servers);
  g_free (d->replay);
  g_free (d->dqs_key);
}
