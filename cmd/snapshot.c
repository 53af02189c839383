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
#include "packet/page/page.h"

static const char about[]
    = "Makes of a campaign page, or of the HTML part of a delivered mail, a clean copy, its text "
      "as a\n"
      "reader sees it, and the table of hosts that it points to. Nothing is fetched.\n"
      "With --output DIR the text goes to DIR/campaign.txt and the page to DIR/campaign.html;\n"
      "both are for your eyes: addresses in the text are left as they are until 'build'.";

typedef struct {
  char *output;
  gboolean json;
} Options;

/* The page and, when it came in a mail, the mail. */
typedef struct {
  PktPage *page;
  PktSample *sample;
} Snapshot;

static gboolean
is_url (const char *operand)
{
  return g_ascii_strncasecmp (operand, "http://", 7) == 0
         || g_ascii_strncasecmp (operand, "https://", 8) == 0;
}

static gboolean
operand_allowed (int argc, char **argv, GError **error)
{
  if (argc != 2) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "one page or mail is needed; see 'postpacket snapshot --help'");
    return FALSE;
  }
  if (is_url (argv[1])) {
    g_autofree char *url = pkt_text_quote (pkt_slice_str (argv[1]), 200);
    g_set_error (error, PKT_ERROR, PKT_ERROR_USAGE,
                 "%s: nothing is fetched from the network; save the page to a file first", url);
    return FALSE;
  }
  return TRUE;
}

/* A page begins with a tag, whatever charset it is in; a mail never does. */
static gboolean
is_page (PktSlice s)
{
  if (pkt_slice_starts (s, PKT_SLICE ("\xef\xbb\xbf")))
    s = pkt_slice_skip (s, 3);
  else if (pkt_slice_starts (s, PKT_SLICE ("\xff\xfe")))
    return s.n > 2 && s.p[2] == '<';
  else if (pkt_slice_starts (s, PKT_SLICE ("\xfe\xff")))
    return s.n > 3 && s.p[3] == '<';
  s = pkt_slice_trim (s);
  return s.n > 0 && s.p[0] == '<';
}

static gboolean
read_mail (Snapshot *out, const char *path, PktSlice bytes, GError **error)
{
  out->sample = pkt_delivered_read (path, bytes, NULL);
  g_autofree char *name = pkt_text_quote (pkt_slice_str (path), 300);
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
  out->page = pkt_page_read (path, pkt_slice_str (out->sample->html), "utf-8", out->sample->names,
                             error);
  return out->page != NULL;
}

static gboolean
read_snapshot (Snapshot *out, const char *path, GError **error)
{
  gsize n = 0;
  g_autofree char *bytes = pkt_file_read (path, PKT_DELIVERED_MAX_BYTES, &n, error);
  if (bytes == NULL)
    return FALSE;
  if (!is_page (pkt_slice (bytes, n)))
    return read_mail (out, path, pkt_slice (bytes, n), error);
  out->page = pkt_page_read (path, pkt_slice (bytes, n), NULL, NULL, error);
  return out->page != NULL;
}

static void
free_snapshot (Snapshot *s)
{
  if (s->page)
    pkt_page_free (s->page);
  if (s->sample)
    pkt_sample_free (s->sample);
}

static void
append_field (GString *out, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_autofree char *text = pkt_text_quote (pkt_slice_str (value), 300);
  g_string_append_printf (out, "%s: %s\n", name, text);
}

static void
append_hosts (GString *out, const GPtrArray *hosts)
{
  gsize width = strlen ("Host");
  for (guint i = 0; i < hosts->len; i++)
    width = MAX (width, strlen (((PktLinkHost *)g_ptr_array_index (hosts, i))->host));
  if (hosts->len == 0) {
    g_string_append (out, "\nThe page points to no host.\n");
    return;
  }
  g_string_append_printf (out, "\n%-*s  Links  Images\n", (int)width, "Host");
  for (guint i = 0; i < hosts->len; i++) {
    const PktLinkHost *h = g_ptr_array_index (hosts, i);
    g_string_append_printf (out, "%-*s  %5u  %6u\n", (int)width, h->host, h->links, h->images);
  }
}

/* From and Subject where it is a mail, the text, the hosts; caller frees. */
static char *
campaign_text (const Snapshot *s)
{
  GString *out = g_string_new (NULL);
  if (s->sample) {
    append_field (out, "From", s->sample->from_address);
    append_field (out, "Subject", s->sample->subject);
    g_string_append_c (out, '\n');
  }
  g_string_append (out, s->page->outline);
  append_hosts (out, s->page->hosts);
  return g_string_free (out, FALSE);
}

/* Keys: version 1, source, from, subject (null unless a mail), title, outline, hosts [{host, links,
 * images}], dropped, forms; caller frees. */
static char *
campaign_json (const Snapshot *s)
{
  g_autoptr (json_t) o = json_object ();
  json_t *hosts = json_array ();
  for (guint i = 0; i < s->page->hosts->len; i++) {
    const PktLinkHost *h = g_ptr_array_index (s->page->hosts, i);
    json_t *row = json_object ();
    json_object_set_new (row, "host", pkt_json_string (h->host));
    json_object_set_new (row, "links", json_integer (h->links));
    json_object_set_new (row, "images", json_integer (h->images));
    json_array_append_new (hosts, row);
  }
  json_object_set_new (o, "version", json_integer (1));
  json_object_set_new (o, "source", pkt_json_string (s->page->source));
  json_object_set_new (o, "from", pkt_json_string (s->sample ? s->sample->from_address : NULL));
  json_object_set_new (o, "subject", pkt_json_string (s->sample ? s->sample->subject : NULL));
  json_object_set_new (o, "title", pkt_json_string (s->page->title));
  json_object_set_new (o, "outline", pkt_json_string (s->page->outline));
  json_object_set_new (o, "hosts", hosts);
  json_object_set_new (o, "dropped", json_integer (s->page->dropped));
  json_object_set_new (o, "forms", json_integer (s->page->attachments_or_forms));
  return pkt_json_dump (o);
}

static gboolean
folder_ready (const char *dir, GError **error)
{
  if (g_mkdir (dir, 0700) == 0 && chmod (dir, 0700) == 0)
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

/* Both names are looked at before either is written. */
static gboolean
write_files (const Snapshot *s, const char *dir, const char *text, GError **error)
{
  g_autofree char *txt = g_build_filename (dir, "campaign.txt", NULL);
  g_autofree char *html = g_build_filename (dir, "campaign.html", NULL);
  return folder_ready (dir, error) && not_there (txt, error) && not_there (html, error)
         && pkt_file_write (txt, text, strlen (text), 0600, error)
         && pkt_file_write (html, s->page->clean_html, strlen (s->page->clean_html), 0600, error);
}

static gboolean
write_result (const Snapshot *s, const Options *o, GError **error)
{
  g_autofree char *text = campaign_text (s);
  if (o->output && !g_str_equal (o->output, "-") && !write_files (s, o->output, text, error))
    return FALSE;
  g_autofree char *json = o->json ? campaign_json (s) : NULL;
  const char *result = json ? json : text;
  return pkt_file_print (result, strlen (result), error);
}

int
cmd_run_snapshot (int argc, char **argv, GError **error)
{
  Options o = { 0 };
  const GOptionEntry entries[]
      = { { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output,
            "Write campaign.txt and campaign.html there; - for stdout alone", "DIR" },
          { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, "Print JSON", NULL },
          G_OPTION_ENTRY_NULL };
  Snapshot s = { 0 };
  gboolean ok = cmd_parse (&argc, &argv, entries, "FILE|MESSAGE.eml", about, error)
                && operand_allowed (argc, argv, error) && read_snapshot (&s, argv[1], error)
                && write_result (&s, &o, error);
  free_snapshot (&s);
  g_free (o.output);
  return ok ? 0 : PKT_ERROR_BUG; /* the error's code counts */
}
