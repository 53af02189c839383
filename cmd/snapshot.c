#include <errno.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <sys/stat.h>
#include "cmd/cmd.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/headers/delivered.h"
#include "packet/redact/headers.h"
#include "packet/redact/key.h"
#include "packet/run/campaign.h"
#include "packet/run/requests.h"
#include "packet/run/screen.h"
#include "packet/run/snapshot-case.h"
#include "packet/run/snapshot.h"

#define DEFAULT_CASE "default"

static const char about[]
    = "Makes of a campaign page, or of the HTML part of a delivered mail, a clean copy, its text "
      "as a\n"
      "reader sees it, and the table of hosts that it points to. Without --online nothing is\n"
      "fetched; with it only a page named by its URL, and pictures and style sheets of the hosts\n"
      "that --host names: no link, no pixel, no tracker. Each request is listed.\n"
      "With --output DIR the text goes to DIR/campaign.txt, the page to DIR/campaign.html, and\n"
      "pictures of it, 600 and 320 pixels wide, to DIR/campaign.png and campaign-320.png.\n"
      "The text is what Apple would get of it; the page is for your eyes.";

typedef struct {
  char *case_path, *output, *key_file, *neutral, *browser;
  char **allow_address, **hosts;
  gboolean json, online;
} Options;

/* The page and, when it came in a mail, the mail. */
typedef struct {
  PktPage *page;
  PktSample *sample;
  PktSnapshotCase *of_case; /* NULL: none was named */
} Snapshot;

static gboolean
is_url (const char *operand)
{
  return g_ascii_strncasecmp (operand, "http://", 7) == 0
         || g_ascii_strncasecmp (operand, "https://", 8) == 0;
}

static gboolean
operand_allowed (int argc, const Options *o, GError **error)
{
  if (argc == 2 || (argc == 1 && o->case_path))
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
               "one page or mail is needed, or --case; see 'postpacket snapshot --help'");
  return FALSE;
}

/* A page begins with a tag, whatever charset it is in; a mail never does. */
static gboolean
is_page (PktSlice s)
{
  s = pkt_slice_skip_mark (s);
  if (pkt_slice_starts (s, PKT_SLICE ("\xff\xfe")))
    return s.n > 2 && s.p[2] == '<';
  else if (pkt_slice_starts (s, PKT_SLICE ("\xfe\xff")))
    return s.n > 3 && s.p[3] == '<';
  s = pkt_slice_trim (s);
  return s.n > 0 && s.p[0] == '<';
}

static gboolean
read_mail (Snapshot *out, const char *path, PktSlice bytes, PktSnapshotOptions *o, GError **error)
{
  out->sample = pkt_delivered_read (path, bytes, NULL);
  g_autofree char *name = pkt_text_quote (pkt_slice_str (path), 300);
  if (bytes.n == 0) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT, "%s: is empty; save the page again", name);
    return FALSE;
  }
  if (out->sample == NULL) {
    g_set_error (
        error, PKT_ERROR, PKT_ERROR_DATA,
        "%s: is neither an HTML page nor a mail; save the page as HTML or the message's source",
        name);
    return FALSE;
  }
  if (out->sample->html == NULL) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: the mail has no HTML part; its text is all that there is to show", name);
    return FALSE;
  }
  g_autoptr (GPtrArray) names = pkt_snapshot_names (out->sample);
  if (o->names == NULL)
    o->names = names;
  out->page = pkt_snapshot_sample (out->sample, o, error);
  o->names = o->names == names ? NULL : o->names;
  return out->page != NULL;
}

static gboolean
read_operand (Snapshot *out, const char *path, PktSnapshotOptions *o, GError **error)
{
  if (is_url (path)) {
    out->page = pkt_snapshot_url (path, o, error);
    return out->page != NULL;
  }
  gsize n = 0;
  g_autofree char *bytes = pkt_file_read (path, PKT_DELIVERED_MAX_BYTES, &n, error);
  if (bytes == NULL)
    return FALSE;
  if (!is_page (pkt_slice (bytes, n)))
    return read_mail (out, path, pkt_slice (bytes, n), o, error);
  out->page = pkt_snapshot_file (path, pkt_slice (bytes, n), o, error);
  return out->page != NULL;
}

/* Hosts of the options and of the case; the array is NULL-ended and borrows. */
static GPtrArray *
hosts_of (const Options *given, const PktSnapshotCase *c)
{
  GPtrArray *hosts = g_ptr_array_new ();
  GStrv lists[] = { given->hosts, c ? c->the_case->evidence.page_hosts : NULL };
  for (gsize k = 0; k < G_N_ELEMENTS (lists); k++)
    for (gsize i = 0; lists[k] && lists[k][i]; i++)
      g_ptr_array_add (hosts, lists[k][i]);
  g_ptr_array_add (hosts, NULL);
  return hosts;
}

static void
to_verifier (gpointer v, PktSlice address)
{
  pkt_verifier_add_recipient (v, address);
}

/* `path` NULL: what the case names. */
static gboolean
read_snapshot (Snapshot *out, const char *path, const Options *given, GError **error)
{
  if (given->case_path && (out->of_case = pkt_snapshot_case_read (given->case_path, error)) == NULL)
    return FALSE;
  const PktSnapshotCase *c = out->of_case;
  g_autoptr (GPtrArray) hosts = hosts_of (given, c);
  static const char *const none[] = { NULL };
  const PktRedactScope scope = { none, none };
  g_autoptr (PktVerifier) verifier = c ? pkt_verifier_new (&scope) : NULL;
  if (c)
    pkt_snapshot_case_recipients (c, to_verifier, verifier);
  PktSnapshotOptions o = { .online = given->online,
                           .allow_address = (const char *const *)given->allow_address,
                           .hosts = (const char *const *)hosts->pdata,
                           .names = c ? c->names : NULL,
                           .recipients = c ? c->recipients : NULL,
                           .url = c ? c->the_case->evidence.page_url : NULL,
                           .verifier = verifier,
                           .neutral = given->neutral };
  if (path == NULL)
    path = c->operand;
  if (path)
    return read_operand (out, path, &o, error);
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
               "%s: names no page: write $.evidence.page.html, or $.evidence.page.url",
               given->case_path);
  return FALSE;
}

static void
free_snapshot (Snapshot *s)
{
  if (s->page)
    pkt_page_free (s->page);
  if (s->sample)
    pkt_sample_free (s->sample);
  g_clear_pointer (&s->of_case, pkt_snapshot_case_free);
}

/* The campaign with what the mail itself says of its sender. */
typedef struct {
  GPtrArray *own, *allowed; /* char*, NULL-ended */
  const char *from[2], *paths[2];
  PktRedactor *redactor;
  PktVerifier *verifier;
} Public;

static void
to_public (gpointer taker, PktSlice address)
{
  Public *p = taker;
  pkt_redactor_add_recipient (p->redactor, address);
  pkt_verifier_add_recipient (p->verifier, address);
}

static void
teach_sample (Public *p, const PktSample *s)
{
  for (guint i = 0; i < s->recipients->len; i++)
    to_public (p, pkt_slice_str (s->recipients->pdata[i]));
  for (guint i = 0; i < s->names->len; i++) {
    pkt_redactor_add_name (p->redactor, s->names->pdata[i]);
    pkt_verifier_add_name (p->verifier, s->names->pdata[i]);
  }
  for (guint i = 0; i < s->greeted->len; i++)
    pkt_redactor_add_greeted (p->redactor, s->greeted->pdata[i]);
}

static gboolean
public_ready (Public *p, const Snapshot *s, const char *key_file, GError **error)
{
  guint8 key[PKT_KEY_BYTES];
  if (!pkt_key_load (DEFAULT_CASE, key_file, key, error))
    return FALSE;
  p->own = g_ptr_array_new_with_free_func (g_free);
  p->allowed = g_ptr_array_new_with_free_func (g_free);
  if (s->sample)
    pkt_headers_scope (s->sample, FALSE, p->own, p->allowed);
  g_ptr_array_add (p->own, NULL);
  g_ptr_array_add (p->allowed, NULL);
  const PktRedactScope scope = { (const char *const *)p->own->pdata,
                                 (const char *const *)p->allowed->pdata };
  p->redactor = pkt_redactor_new (key, &scope);
  p->verifier = pkt_verifier_new (&scope);
  if (s->sample)
    teach_sample (p, s->sample);
  for (guint i = 0; s->of_case && i < s->of_case->samples->len; i++)
    teach_sample (p, s->of_case->samples->pdata[i]);
  if (s->of_case)
    pkt_snapshot_case_recipients (s->of_case, to_public, p);
  p->from[0] = s->sample ? s->sample->from_domain : NULL;
  p->paths[0] = s->sample ? s->sample->return_path_domain : NULL;
  return TRUE;
}

static void
public_clear (Public *p)
{
  if (p->redactor == NULL)
    return;
  g_ptr_array_unref (p->own);
  g_ptr_array_unref (p->allowed);
  pkt_redactor_free (p->redactor);
  pkt_verifier_free (p->verifier);
}

static gboolean
folder_ready (const char *dir, gboolean *out_made, GError **error)
{
  *out_made = g_mkdir (dir, 0700) == 0;
  if (*out_made && chmod (dir, 0700) == 0)
    return TRUE;
  int e = errno;
  if (e == EEXIST && g_file_test (dir, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS, "%s: %s; name a folder that can be made", dir,
               e == EEXIST ? "is a file" : g_strerror (e));
  return FALSE;
}

static gboolean
not_there (const char *path, GError **error)
{
  GStatBuf st;
  if (g_lstat (path, &st) != 0 && errno == ENOENT)
    return TRUE;
  g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS,
               "%s: is there already and is not replaced; name another folder", path);
  return FALSE;
}

static PktSlice
bytes_of (GBytes *bytes)
{
  gsize n = 0;
  const char *p = bytes ? g_bytes_get_data (bytes, &n) : NULL;
  return pkt_slice (p, n);
}

/* Why a picture is drawn, or where it is cut, is said. */
static PktScreen *
make_screen (const Snapshot *s, const PktCampaign *c, Public *p, const Options *o, GError **error)
{
  g_autofree char *outline = pkt_campaign_outline (c, p->redactor);
  PktScreen *screen = pkt_screen_of_page (s->page->clean_html, outline, o->browser, p->redactor,
                                          p->verifier, error);
  if (screen && screen->note)
    g_printerr ("postpacket: %s/campaign.png: %s%s\n", o->output,
                screen->kind == PKT_SCREEN_DRAWN ? "drawn from the text: " : "", screen->note);
  return screen;
}

/* All names are looked at before anything is written. */
static gboolean
put_files (const Snapshot *s, const PktCampaign *c, Public *p, const Options *o, const char *text,
           GError **error)
{
  const char *names[] = { "campaign.txt", "campaign.html", "requests.txt", "campaign.png",
                          "campaign-320.png" };
  g_autofree char *requests = pkt_requests_text (s->page, o->neutral);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_ptr_array_add (paths, g_build_filename (o->output, names[i], NULL));
    if (!not_there (paths->pdata[i], error))
      return FALSE;
  }
  g_autoptr (PktScreen) screen = make_screen (s, c, p, o, error);
  if (screen == NULL)
    return FALSE;
  g_autofree char *clean = pkt_redact_closed_page (p->redactor,
                                                   pkt_slice_str (s->page->clean_html));
  const PktSlice bytes[] = { pkt_slice_str (text), pkt_slice_str (clean), pkt_slice_str (requests),
                             bytes_of (screen->wide), bytes_of (screen->phone) };
  PktFileOut files[G_N_ELEMENTS (bytes)];
  gsize n = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (bytes); i++)
    if (bytes[i].p)
      files[n++] = (PktFileOut){ paths->pdata[i], bytes[i] };
  return pkt_file_write_set (files, n, 0600, FALSE, error);
}

static gboolean
write_files (const Snapshot *s, const PktCampaign *c, Public *p, const Options *o, const char *text,
             GError **error)
{
  gboolean made = FALSE;
  gboolean ok = folder_ready (o->output, &made, error) && put_files (s, c, p, o, text, error);
  if (!ok && made)
    g_rmdir (o->output);
  return ok;
}

static gboolean
write_result (const Snapshot *s, Public *p, const Options *o, GError **error)
{
  const PktCampaign c = { .page = s->page,
                          .sample = s->sample,
                          .from_sample = s->sample != NULL,
                          .from = p->from,
                          .paths = p->paths,
                          .own = (const char *const *)p->own->pdata };
  g_autofree char *text = pkt_campaign_text (&c, p->redactor);
  if (o->output && !g_str_equal (o->output, "-") && !write_files (s, &c, p, o, text, error))
    return FALSE;
  g_autoptr (json_t) tree = o->json ? pkt_campaign_json (&c, p->redactor) : NULL;
  if (tree)
    pkt_requests_json (s->page, o->neutral, tree);
  g_autofree char *json = tree ? pkt_json_dump (tree) : NULL;
  const char *result = json ? json : text;
  return pkt_file_print (result, strlen (result), error);
}

int
cmd_run_snapshot (int argc, char **argv, GError **error)
{
  Options o = { 0 };
  const GOptionEntry entries[]
      = { { "case", 0, 0, G_OPTION_ARG_FILENAME, &o.case_path,
            "Its page, hosts and recipients; without an operand its page is taken", "CASE" },
          { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output,
            "Write text, page, pictures and requests.txt there; - for stdout alone", "DIR" },
          { "online", 0, 0, G_OPTION_ARG_NONE, &o.online,
            "Ask the network; without this nobody is asked", NULL },
          { "host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.hosts,
            "Its pictures and style sheets may be asked for; several times", "HOST" },
          { "allow-address", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.allow_address,
            "A network of your own that may be asked, like 10.1.0.0/16", "RANGE" },
          { "url-is-neutral", 0, 0, G_OPTION_ARG_STRING, &o.neutral,
            "The URL looks personal and is the same for everybody, and why", "REASON" },
          { "browser", 0, 0, G_OPTION_ARG_FILENAME, &o.browser,
            "The Chromium that makes the picture; none: it is drawn from the text", "PATH" },
          { "key", 0, 0, G_OPTION_ARG_FILENAME, &o.key_file, "Pseudonym key to use", "FILE" },
          { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, "Print JSON", NULL },
          G_OPTION_ENTRY_NULL };
  Snapshot s = { 0 };
  Public p = { 0 };
  gboolean ok = cmd_parse (&argc, &argv, entries, "FILE|MESSAGE.eml|URL", about, error)
                && operand_allowed (argc, &o, error)
                && read_snapshot (&s, argc > 1 ? argv[1] : NULL, &o, error)
                && public_ready (&p, &s, o.key_file, error) && write_result (&s, &p, &o, error);
  public_clear (&p);
  free_snapshot (&s);
  g_free (o.case_path);
  g_free (o.output);
  g_free (o.neutral);
  g_strfreev (o.hosts);
  g_strfreev (o.allow_address);
  g_free (o.key_file);
  g_free (o.browser);
  return ok ? 0 : PKT_ERROR_BUG; /* the error's code counts */
}
