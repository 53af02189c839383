#include "cmd/init-ask.h"
#include "cmd/sources.h"
#include <sys/stat.h>
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/model/case.h"
#include "packet/run/init.h"

static guint
count_todos (const json_t *v)
{
  guint n = json_is_string (v) && g_str_has_prefix (json_string_value (v), "TODO");
  const char *key;
  json_t *child;
  gsize i;
  if (json_is_object (v))
    json_object_foreach ((json_t *)v, key, child) n += count_todos (child);
  json_array_foreach ((json_t *)v, i, child) n += count_todos (child);
  return n;
}

static gboolean
is_free (const char *path, gboolean force, GError **error)
{
  struct stat st;
  if (lstat (path, &st) != 0 || (force && S_ISREG (st.st_mode)))
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS, "%s: is %s", path,
               S_ISREG (st.st_mode) ? "there already; say --output FILE, or --force to replace it"
               : S_ISLNK (st.st_mode)
                   ? "a link, which is never replaced; name another --output FILE"
                   : "no file that --force replaces; name another --output FILE");
  return FALSE;
}

static gboolean
write_case (const json_t *the_case, const char *path, gboolean force, GError **error)
{
  if (!is_free (path, force, error))
    return FALSE;
  g_autofree char *text = pkt_json_dump (the_case);
  return pkt_file_write (path, text, strlen (text), 0600, error);
}

static void
append_word (GString *out, const char *word)
{
  gboolean plain = *word != '\0';
  for (const char *p = word; *p && plain; p++)
    plain = g_ascii_isalnum (*p) || strchr ("/._-+:=@,%", *p) != NULL;
  g_autofree char *quoted = plain ? NULL : g_shell_quote (word);
  g_string_append_printf (out, " %s", quoted ? quoted : word);
}

static void
append_options (GString *out, const char *name, const char *const *values)
{
  for (; values && *values; values++) {
    g_string_append_printf (out, " --%s", name);
    append_word (out, *values);
  }
}

/* With the options that say how to read the logs, where a case file has no place for them. */
static char *
next_command (const CmdSources *s, const char *path)
{
  GString *out = g_string_new ("postpacket build");
  append_options (out, "map", (const char *const *)s->map);
  append_options (out, "map-file", (const char *const[]){ s->map_file, NULL });
  append_options (out, "format", (const char *const[]){ s->format, NULL });
  append_options (out, "also-domain", (const char *const *)s->also_domain);
  append_options (out, "also-mx", (const char *const *)s->also_mx);
  append_word (out, path);
  return g_string_free (out, FALSE);
}

static int
init (CmdSources *s, char **paths, const char *output, const char *name, gboolean asked,
      gboolean force, GError **error)
{
  PktScanOptions options;
  if (!cmd_sources_finish (s, &options, error) || !is_free (output, force, error))
    return -1;
  g_autoptr (PktCatalogue) catalogue = pkt_catalogue_new ();
  g_autoptr (PktScan) scan = pkt_scan_run (catalogue, (const char *const *)paths, &options, error);
  cmd_sources_report (s, scan);
  if (scan == NULL)
    return -1;
  g_autoptr (json_t) the_case = pkt_init_case (scan, name, (const char *const *)paths, &options,
                                               s->timezone, s->log_timezone);
  if (asked)
    cmd_init_ask (the_case);
  if (!write_case (the_case, output, force, error))
    return -1;
  guint todos = count_todos (the_case);
  g_autofree char *command = next_command (s, output);
  const gboolean sampled
      = json_array_size (json_object_get (json_object_get (the_case, "evidence"), "delivered")) > 0;
  const char *sample = sampled ? "" : ", add a delivered sample to evidence.delivered";
  g_autofree char *text
      = todos ? g_strdup_printf ("%s is written; %u places in it say TODO. Fill them in%s,\n"
                                 "then: %s\n",
                                 output, todos, sample, command)
              : g_strdup_printf ("%s is written. Next%s: %s\n", output, sample, command);
  if (!pkt_file_print (text, strlen (text), error))
    return -1;
  return scan->partial ? PKT_ERROR_FINDINGS : 0;
}

int
cmd_run_init (int argc, char **argv, GError **error)
{
  CmdSources s = CMD_SOURCES_INIT;
  g_autofree char *output = NULL, *name = NULL;
  gboolean asked = FALSE, force = FALSE;
  const GOptionEntry own[] = {
    { "ask", 0, 0, G_OPTION_ARG_NONE, &asked, "Ask for what the logs cannot tell", NULL },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, "Name of the case (case)", "NAME" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "The case file to write (./case.json)",
      "FILE" },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, "Replace a case file that is there", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *entries = cmd_sources_entries (&s, own);
  int status = -1;
  if (cmd_parse (&argc, &argv, entries, "SOURCE...",
                 "A case file with all that the logs tell; the rest says TODO, or is asked for.",
                 error)) {
    if (argc < 2)
      g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE, "init: name a log or a folder");
    else if (name && !pkt_case_name_valid (name))
      g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                   "--name %s: only letters, digits, '.', '_' and '-', no leading dot", name);
    else
      status = init (&s, argv + 1, output ? output : "case.json", name ? name : "case", asked,
                     force, error);
  }
  cmd_sources_clear (&s);
  return status;
}
