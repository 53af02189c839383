#include <stdio.h>
#include "cmd/cmd.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/redact/reveal.h"
#include "packet/run/reveal.h"

static char *
as_json (const PktReveal *r)
{
  g_autoptr (json_t) o = json_object ();
  json_t *marks = json_array ();
  for (guint i = 0; i < r->marks->len; i++) {
    const PktRevealed *m = g_ptr_array_index (r->marks, i);
    json_array_append_new (marks, json_pack ("{s:s, s:o, s:i}", "mark", m->mark, "address",
                                             pkt_json_string (m->address), "count", (int)m->count));
  }
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "marks", marks);
  json_object_set_new (o, "text", pkt_json_string (r->text));
  return pkt_json_dump (o);
}

static char *
as_table (const PktReveal *r)
{
  GString *out = g_string_new (NULL);
  gsize width = 4;
  for (guint i = 0; i < r->marks->len; i++)
    width = MAX (width, strlen (((PktRevealed *)g_ptr_array_index (r->marks, i))->mark));
  g_string_append_printf (out, "%-*s  ADDRESS\n", (int)width, "MARK");
  for (guint i = 0; i < r->marks->len; i++) {
    const PktRevealed *m = g_ptr_array_index (r->marks, i);
    g_string_append_printf (out, "%-*s  %s\n", (int)width, m->mark,
                            m->address ? m->address : "(not in the map of this case)");
  }
  return g_string_free (out, FALSE);
}

static char *
as_text (const PktReveal *r)
{
  gboolean ended = g_str_has_suffix (r->text, "\n");
  return g_strconcat (r->text, ended ? "" : "\n", NULL);
}

static guint
count_unknown (const PktReveal *r)
{
  guint n = 0;
  for (guint i = 0; i < r->marks->len; i++)
    n += ((PktRevealed *)g_ptr_array_index (r->marks, i))->address == NULL;
  return n;
}

int
cmd_run_reveal (int argc, char **argv, GError **error)
{
  gboolean json = FALSE, quiet = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &quiet, "Only errors on the standard error", NULL },
    G_OPTION_ENTRY_NULL,
  };
  if (!cmd_parse (&argc, &argv, entries, "PACKET [TEXT]",
                  "Apple's answer with the addresses behind the packet's marks. Nothing leaves "
                  "this machine.",
                  error))
    return -1;
  if (argc < 2 || argc > 3) {
    g_set_error_literal (
        error, PKT_ERROR, PKT_ERROR_USAGE,
        "reveal: give a packet folder, and the answer as text, as a file, or as -");
    return -1;
  }
  g_autoptr (PktReveal) r = pkt_reveal_run (argv[1], argc == 3 ? argv[2] : NULL, error);
  if (r == NULL)
    return -1;
  g_autofree char *text = json ? as_json (r) : r->text ? as_text (r) : as_table (r);
  if (!pkt_file_print (text, strlen (text), error))
    return -1;
  guint unknown = count_unknown (r);
  if (unknown && !quiet)
    fprintf (stderr,
             "postpacket: %u of the marks %s not in the map: of another case, or made with another "
             "key\n",
             unknown, unknown == 1 ? "is" : "are");
  return unknown ? PKT_ERROR_FINDINGS : 0;
}
