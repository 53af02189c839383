#include <stdio.h>
#include <unistd.h>
#include "cmd/sources.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/log/archive.h"
#include "packet/log/docker-json.h"
#include "packet/log/format.h"
#include "packet/log/reader.h"
#include "packet/log/shipped.h"
#include "packet/run/source.h"

#define WIDE 1000 /* no summary is longer: a line each where no terminal is */
#define NARROW 60

static const struct {
  const char *name, *summary;
} mails[] = {
  { "dsn", "Bounces (RFC 3464 and older forms) as .eml files, mbox or Maildir" },
  { "transcript",
    "Recorded SMTP sessions: swaks, curl -v, msmtp, openssl, telnet, Postfix, Sendmail" },
};

static void
add_format (GString *out, const char *name, const char *summary)
{
  g_autofree char *first = g_strdup_printf ("  %-17s ", name),
                  *indent = g_strnfill (strlen (first), ' '),
                  *lines = pkt_text_wrap (summary, cmd_columns (STDOUT_FILENO, WIDE, NARROW, WIDE),
                                          first, indent);
  g_string_append (out, lines);
}

static gboolean
print_list (gboolean json, GError **error)
{
  GString *out = g_string_new (NULL);
  g_autoptr (json_t) list = json_array ();
  for (gsize i = 0; pkt_formats[i]; i++) {
    add_format (out, pkt_formats[i]->name, pkt_formats[i]->summary);
    json_array_append_new (list, json_pack ("{ssss}", "name", pkt_formats[i]->name, "summary",
                                            pkt_formats[i]->summary));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (mails); i++) {
    add_format (out, mails[i].name, mails[i].summary);
    json_array_append_new (
        list, json_pack ("{ssss}", "name", mails[i].name, "summary", mails[i].summary));
  }
  g_autofree char *text = json ? pkt_json_dump (list) : g_strdup (out->str);
  g_string_free (out, TRUE);
  return pkt_file_print (text, strlen (text), error);
}

typedef struct {
  const char *format; /* NULL: nothing fits */
  gboolean empty;
  guint score; /* 0 to 100 */
  char *why;
} Guess;

static gboolean
probe_log (const char *path, Guess *out, GError **error)
{
  g_autoptr (PktReader) reader = pkt_reader_open (path, 1, error);
  if (reader == NULL)
    return FALSE;
  PktProbe probe = { 0 };
  PktDockerJson docker = { 0 };
  PktShipped shipped = { 0 };
  const char *advice = NULL;
  for (PktSlice line; probe.lines < PKT_PROBE_LINES && pkt_reader_next (reader, &line);)
    if (pkt_docker_json_line (&docker, &line)) {
      if (advice == NULL && probe.lines < PKT_SCAN_SHOWN)
        advice = pkt_source_advice (line);
      pkt_shipped_line (&shipped, &line);
      pkt_probe_line (&probe, line);
    }
  pkt_docker_json_clear (&docker);
  pkt_shipped_clear (&shipped);
  const PktFormat *best = pkt_probe_best (&probe), *next = pkt_probe_next (&probe, best);
  out->empty = probe.lines == 0;
  out->format = best ? best->name : NULL;
  out->score = pkt_probe_score (&probe, best);
  GString *why = g_string_new (NULL);
  if (best)
    g_string_printf (why, "%u of the first %u lines are of its form", pkt_probe_hits (&probe, best),
                     probe.lines);
  else if (out->empty)
    g_string_assign (why, "there are no lines in it");
  else if (advice)
    g_string_assign (why, advice);
  else
    g_string_printf (why, "none of the first %u lines is of a form that is known", probe.lines);
  if (best)
    g_string_append_printf (why, ", score %u of 100", out->score);
  if (best && next)
    g_string_append_printf (why, "; %u could be %s, score %u", pkt_probe_hits (&probe, next),
                            next->name, pkt_probe_score (&probe, next));
  out->why = g_string_free (why, FALSE);
  return TRUE;
}

static gboolean
probe_file (const char *path, gboolean json, int *status, GError **error)
{
  Guess guess = { 0 };
  if (pkt_source_is_mail (path)) {
    guess.format = mails[0].name;
    guess.score = 100;
    guess.why = g_strdup ("it begins with the header of a mail, of which bounces are read");
  } else if (pkt_source_is_transcript (path)) {
    guess.format = mails[1].name;
    guess.why = g_strdup ("an SMTP server and its client talk in it");
  } else if (!probe_log (path, &guess, error))
    return FALSE;
  g_autofree char *why = guess.why, *shown = pkt_text_quote (pkt_slice_str (path), 300),
                  *text = NULL;
  if (json) {
    g_autoptr (json_t) o = json_object ();
    json_object_set_new (o, "path", pkt_json_string (path));
    json_object_set_new (o, "format", pkt_json_string (guess.format));
    json_object_set_new (o, "score", json_integer (guess.score));
    json_object_set_new (o, "why", json_string (why));
    text = pkt_json_dump (o);
  } else
    text = g_strdup_printf ("%s: %s (%s)\n", shown, guess.format ? guess.format : "not recognised",
                            why);
  *status = guess.format ? 0 : guess.empty ? PKT_ERROR_NOINPUT : PKT_ERROR_DATA;
  return pkt_file_print (text, strlen (text), error);
}

/* A file, or each file of an archive. */
static gboolean
probe_all (const char *path, gboolean json, int *status, GError **error)
{
  gboolean archive = FALSE;
  if (g_str_equal (path, "-") && !pkt_archive_stdin (&archive, error))
    return FALSE;
  if (!archive && (g_str_equal (path, "-") || !pkt_archive_is (path)))
    return probe_file (path, json, status, error);
  g_autoptr (GPtrArray) files = pkt_archive_list (path, error);
  int worst = 0;
  for (guint i = 0; files && i < files->len; i++) {
    if (!probe_file (g_ptr_array_index (files, i), json, status, error))
      return FALSE;
    worst = MAX (worst, *status);
  }
  *status = worst;
  return files != NULL;
}

/* Which transport sends by which IP says nothing of a file's form. */
static gboolean
read_map (const char *path, GError **error)
{
  g_autofree char *lines = NULL;
  if (path == NULL)
    return TRUE;
  if (!cmd_map_file_columns (path, &lines, error))
    return FALSE;
  if (lines)
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "formats: %s does not say what the columns or keys of a log mean; see MAPPING "
                 "FILE in the manual",
                 path);
  return lines == NULL;
}

int
cmd_run_formats (int argc, char **argv, GError **error)
{
  g_autofree char *path = NULL, *map_file = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "probe", 0, 0, G_OPTION_ARG_FILENAME, &path, "Say which format a file is, and why", "FILE" },
    { "map-file", 0, 0, G_OPTION_ARG_FILENAME, &map_file,
      "JSON: what the columns or keys of a log mean", "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print JSON", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status = 0;
  if (!cmd_parse (&argc, &argv, entries, "", "The formats that can be read; which one a file is.",
                  error))
    return -1;
  if (argc > 1) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE, "formats: %s is not expected; write --probe %s",
                 argv[1], argv[1]);
    return -1;
  }
  if (!read_map (map_file, error))
    return -1;
  if (path ? !probe_all (path, json, &status, error) : !print_list (json, error))
    return -1;
  return status;
}
