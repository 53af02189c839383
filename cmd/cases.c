#include <stdio.h>
#include "cmd/cmd.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/run/cases.h"

int
cmd_run_cases (int argc, char **argv, GError **error)
{
  static const char *const here[] = { ".", NULL };
  gboolean json = FALSE, quiet = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &quiet, "Only errors on the standard error", NULL },
    G_OPTION_ENTRY_NULL,
  };
  if (!cmd_parse (&argc, &argv, entries, "[FOLDER...]",
                  "What was sent when, answered and relieved, from the packet folders alone.",
                  error))
    return -1;
  g_autoptr (PktCases) c = pkt_cases_read (argc > 1 ? (const char *const *)argv + 1 : here, error);
  if (c == NULL)
    return -1;
  for (guint i = 0; !quiet && i < c->problems->len; i++)
    fprintf (stderr, "postpacket: %s\n", (const char *)c->problems->pdata[i]);
  g_autofree char *text = NULL;
  if (json) {
    g_autoptr (json_t) o = pkt_cases_json (c);
    text = pkt_json_dump (o);
  } else
    text = pkt_cases_table (c);
  if (!pkt_file_print (text, strlen (text), error))
    return -1;
  return c->problems->len ? PKT_ERROR_FINDINGS : 0;
}
