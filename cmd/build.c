#include "cmd/dns.h"
#include "cmd/build.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include "cmd/sources.h"
#include "packet/base/clock.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/model/finding.h"
#include "packet/run/build.h"
#include "packet/run/requirements.h"

static json_t *
result_json (const PktBuildResult *r)
{
  json_t *o = json_object (), *findings = json_array ();
  for (guint i = 0; i < r->findings->len; i++) {
    const PktFinding *f = g_ptr_array_index (r->findings, i);
    json_t *row = json_object ();
    json_object_set_new (row, "id", pkt_json_string (f->id));
    json_object_set_new (row, "lacking", json_boolean (f->weight == PKT_FINDING_LACKING));
    json_object_set_new (row, "text", pkt_json_string (f->text));
    json_object_set_new (row, "advice", pkt_json_string (f->advice));
    json_array_append_new (findings, row);
  }
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "packet", pkt_json_string (r->output));
  json_object_set_new (o, "audience", json_string (pkt_audience_word (r->audience)));
  json_object_set_new (o, "ready", json_boolean (r->ready));
  json_object_set_new (o, "findings", findings);
  json_object_set (o, "requirements", r->requirements);
  pkt_json_set_text (o, "readiness", pkt_requirements_line (r->requirements));
  return o;
}

static char *
result_text (const PktBuildResult *r)
{
  GString *s = g_string_new (NULL);
  if (r->audience != PKT_AUDIENCE_APPLE)
    g_string_append_printf (s,
                            "%s/ticket and %s/parts are for %s. There is no request to Apple in "
                            "it. Read %s/review.html first.\n",
                            r->output, r->output,
                            r->audience == PKT_AUDIENCE_ESP ? "the sending service" : "the public",
                            r->output);
  else if (r->ready)
    g_string_append_printf (s,
                            "%s/request.eml is ready to be reviewed: open %s/review.html, then "
                            "%s/draft.eml in your mail client.\n",
                            r->output, r->output, r->output);
  else
    g_string_append_printf (s,
                            "No request was written: something is lacking. See %s/review.html; "
                            "%s/ticket/ticket.md is for who can help with it.\n",
                            r->output, r->output);
  g_autofree char *line = pkt_requirements_line (r->requirements),
                  *wrapped = g_strconcat ("Requirements of Apple's page: ", line, ".", NULL),
                  *paragraph = pkt_text_wrap (wrapped, 100, "", "  ");
  g_string_append (s, paragraph);
  if (r->findings->len)
    g_string_append (s, "\nBefore you send:\n");
  for (guint i = 0; i < r->findings->len; i++) {
    const PktFinding *f = g_ptr_array_index (r->findings, i);
    g_autofree char *line = g_strdup_printf (
        "%s%s%s%s", f->weight == PKT_FINDING_LACKING ? "LACKING: " : "", f->text,
        f->advice ? " " : "", f->advice ? f->advice : "");
    g_autofree char *wrapped = pkt_text_wrap (line, 100, "  - ", "    ");
    g_string_append (s, wrapped);
  }
  return g_string_free (s, FALSE);
}

static int
build (CmdSources *s, CmdDns *dns, PktBuildOptions *o, GError **error)
{
  if (!cmd_sources_finish (s, &o->scan, error)
      || !cmd_dns_finish (dns, o->scan.progress != NULL, &o->ask, error))
    return -1;
  o->page.online = dns->online;
  g_autoptr (PktBuildResult) result = pkt_build_run (o, error);
  cmd_dns_done (dns);
  cmd_sources_report (s, NULL);
  if (result == NULL)
    return -1;
  for (guint i = 0; !s->quiet && i < result->warnings->len; i++)
    fprintf (stderr, "postpacket: %s\n", (const char *)g_ptr_array_index (result->warnings, i));
  g_autofree char *text = NULL;
  if (s->json) {
    g_autoptr (json_t) object = result_json (result);
    text = pkt_json_dump (object);
  } else
    text = result_text (result);
  if (!pkt_file_print (text, strlen (text), error))
    return -1;
  return result->ready && result->findings->len == 0 ? 0 : PKT_ERROR_FINDINGS;
}

#define OWN_ENTRIES 12

static gboolean
check_follow_up (const char *follow_up, gboolean resolved, const char *sent, PktAudience who,
                 gint64 *out_sent, GError **error)
{
  const char *wrong = NULL;
  if (follow_up == NULL && (resolved || sent))
    wrong = "build: --resolved and --assume-sent go with --follow-up PACKET";
  else if (follow_up && who != PKT_AUDIENCE_APPLE)
    wrong = "build: a follow-up is for Apple; leave out --audience";
  else if (sent && !pkt_clock_parse_user (sent, NULL, FALSE, out_sent))
    wrong = "build: --assume-sent takes a day, 2026-05-20, or a time, 2026-05-20T09:40:00Z";
  if (wrong)
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE, wrong);
  return wrong == NULL;
}

/* All that the command line says of a build. */
typedef struct {
  CmdSources sources;
  CmdDns dns;
  char *output, *key, *anyway, *audience, *follow_up, *token, *sent, *browser, *neutral;
  char **allow_address;
  gboolean force, resolved;
  PktBuildOptions options; /* borrows from the above */
} Build;

static void
build_clear (Build *b)
{
  char *const strings[] = { b->output,    b->key,   b->anyway, b->audience,
                            b->follow_up, b->token, b->sent,   b->browser };
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  g_free (b->neutral);
  g_strfreev (b->allow_address);
  cmd_sources_clear (&b->sources);
  cmd_dns_clear (&b->dns);
}

static gboolean
build_parse (Build *b, int argc, char **argv, GError **error)
{
  GOptionEntry own[OWN_ENTRIES + CMD_DNS_ENTRIES + 1] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &b->output,
      "The packet folder to make (./NAME-packet)", "FOLDER" },
    { "force", 0, 0, G_OPTION_ARG_NONE, &b->force,
      "Replace a packet that is there, and nothing else", NULL },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &b->key, "Pseudonym key to use instead of the case's own",
      "FILE" },
    { "anyway", 0, 0, G_OPTION_ARG_STRING, &b->anyway,
      "Write a request although no refusal is the postmaster's, and why", "REASON" },
    { "audience", 0, 0, G_OPTION_ARG_STRING, &b->audience, "Who reads it: apple, esp or public",
      "WHO" },
    { "browser", 0, 0, G_OPTION_ARG_FILENAME, &b->browser,
      "The Chromium that makes campaign.png; none: it is drawn from the text", "PATH" },
    { "allow-address", 0, 0, G_OPTION_ARG_STRING_ARRAY, &b->allow_address,
      "With --online: a network of your own that may be asked for the page", "RANGE" },
    { "url-is-neutral", 0, 0, G_OPTION_ARG_STRING, &b->neutral,
      "The page's URL looks personal and is the same for everybody, and why", "REASON" },
    { "follow-up", 0, 0, G_OPTION_ARG_FILENAME, &b->follow_up,
      "A further mail about this packet's request: what changed since", "PACKET" },
    { "resolved", 0, 0, G_OPTION_ARG_NONE, &b->resolved,
      "With --follow-up: it is over, and the mail says thank you", NULL },
    { "assume-sent", 0, 0, G_OPTION_ARG_STRING, &b->sent,
      "With --follow-up: that one was sent by hand, at this time", "TIME" },
    { "subject-token", 0, 0, G_OPTION_ARG_STRING, &b->token,
      "The other side's number, for the subject", "TEXT" },
  };
  cmd_dns_entries (&b->dns, own + OWN_ENTRIES);
  g_autofree GOptionEntry *entries = cmd_sources_entries (&b->sources, own);
  gint64 assume_sent = PKT_NO_TIME;
  PktAudience who;
  if (!cmd_parse (&argc, &argv, entries, "CASE",
                  "The packet folder: a request that is ready to review.", error)
      || !cmd_audience (b->audience, &who, error)
      || !check_follow_up (b->follow_up, b->resolved, b->sent, who, &assume_sent, error))
    return FALSE;
  if (argc != 2) {
    g_set_error_literal (error, PKT_ERROR, PKT_ERROR_USAGE, "build: name one case file");
    return FALSE;
  }
  b->options = (PktBuildOptions){ .case_path = argv[1],
                                  .output = b->output,
                                  .key_file = b->key,
                                  .force = b->force,
                                  .anyway = b->anyway,
                                  .browser = b->browser,
                                  .page = { .allow_address = (const char *const *)b->allow_address,
                                            .neutral = b->neutral },
                                  .follow_up = b->follow_up,
                                  .resolved = b->resolved,
                                  .assume_sent = assume_sent,
                                  .subject_token = b->token,
                                  .audience = who };
  return TRUE;
}

int
cmd_run_build (int argc, char **argv, GError **error)
{
  Build b = { .sources = CMD_SOURCES_INIT };
  g_auto (GStrv) words = g_strdupv (argv); /* parsing takes the options out */
  int status = -1;
  if (build_parse (&b, argc, argv, error)) {
    b.options.argv = (const char *const *)words;
    status = build (&b.sources, &b.dns, &b.options, error);
  }
  build_clear (&b);
  return status;
}

/* With what the packet holds of DNS, so that nobody is asked again. */
static PktBuildResult *
rebuild (Build *b, const char *packet, GError **error)
{
  g_autofree char *dns = g_build_filename (packet, "dns.json", NULL);
  PktBuildOptions *o = &b->options;
  b->sources.quiet = TRUE;
  if (!cmd_sources_finish (&b->sources, &o->scan, error)
      || !cmd_dns_finish (&b->dns, FALSE, &o->ask, error))
    return NULL;
  o->output = packet;
  o->force = TRUE;
  o->ask.online = FALSE;
  o->ask.replay = g_file_test (dns, G_FILE_TEST_EXISTS) ? dns : NULL;
  return pkt_build_run (o, error);
}

PktBuildResult *
cmd_build_again (const json_t *record, const char *packet, struct PktEdits *edits, GError **error)
{
  const char *folder = pkt_json_text (record, "folder");
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) words = g_ptr_array_new (); /* parsing takes from it what argv owns */
  gsize i;
  json_t *word;
  json_array_foreach (json_object_get (record, "argv"), i, word)
      g_ptr_array_add (argv, g_strdup (json_string_value (word)));
  for (guint k = 0; k < argv->len; k++)
    g_ptr_array_add (words, argv->pdata[k]);
  g_ptr_array_add (argv, NULL);
  g_ptr_array_add (words, NULL);
  if (argv->len < 2 || folder == NULL || g_chdir (folder) != 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: the folder that the packet was built in is gone; build it again", packet);
    return NULL;
  }
  Build b = { .sources = CMD_SOURCES_INIT };
  PktBuildResult *result = NULL;
  if (build_parse (&b, (int)argv->len - 1, (char **)words->pdata, error)) {
    b.options.argv = (const char *const *)argv->pdata;
    b.options.edits = edits;
    result = rebuild (&b, packet, error);
  }
  build_clear (&b);
  return result;
}
