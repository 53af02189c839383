#include "packet/run/ticket.h"
#include "packet/base/clock.h"
#include "packet/base/data.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/redact/audience.h"
#include "packet/redact/map.h"
#include "packet/redact/places.h"
#include "packet/redact/verify.h"
#include "packet/request/markdown.h"
#include "packet/run/ticket-text.h"
#include "packet/store/archive-write.h"
#include "packet/store/folder-read.h"

#define TEXT "ticket/ticket.md"
#define FACTS "ticket/ticket.json"
#define MAX_TITLE 250 /* characters; Jira takes 255, GitHub 256 */
#define MAX_ALLOWED 64

#define PICTURE "parts/campaign.png"

static const struct {
  const char *word;
  PktTicketFormat format;
} formats[] = { { "md", PKT_TICKET_MD },
                { "json", PKT_TICKET_JSON },
                { "html-fragment", PKT_TICKET_HTML },
                { "zip", PKT_TICKET_ZIP },
                { "tar", PKT_TICKET_TAR } };

typedef struct {
  const char *path; /* of the packet, as given */
  PktFolderRead *packet;
  PktTicket *ticket;
  const char *name; /* of the case */
  PktSlice text;    /* ticket.md */
  char *title, *reference, *html;
  PktFolder *made; /* what the archive holds */
} Work;

gboolean
pkt_ticket_format_parse (const char *word, PktTicketFormat *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (formats[i].word, word)) {
      *out = formats[i].format;
      return TRUE;
    }
  return FALSE;
}

void
pkt_ticket_free (PktTicket *t)
{
  g_clear_pointer (&t->bytes, g_bytes_unref);
  g_ptr_array_unref (t->notes);
  g_ptr_array_unref (t->findings);
  g_free (t);
}

static gboolean
refuse (const Work *w, const char *file, const char *why, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s/%s: %s; build the packet again", w->path, file,
               why);
  return FALSE;
}

static char *
title_of (const Work *w)
{
  g_autofree char *title = pkt_markdown_title (w->text);
  if (title == NULL)
    return g_strdup_printf ("iCloud Mail delivery: %s", w->name);
  return g_utf8_strlen (title, -1) > MAX_TITLE ? g_utf8_substring (title, 0, MAX_TITLE)
                                               : g_steal_pointer (&title);
}

static void
tell (const Work *w, const GPtrArray *paths, const char *what)
{
  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add (
        w->ticket->findings,
        g_strdup_printf ("%s/%s %s", w->path, (char *)g_ptr_array_index (paths, i), what));
}

static gboolean
open_packet (Work *w, GError **error)
{
  w->packet = pkt_folder_read (w->path, error);
  if (w->packet == NULL)
    return FALSE;
  const char *id = pkt_json_text (w->packet->manifest, "id");
  GBytes *text = pkt_folder_get (w->packet->folder, TEXT);
  w->name = pkt_json_text (w->packet->manifest, "case");
  if (w->name == NULL || id == NULL || !pkt_folder_is_path (w->name) || strchr (w->name, '/')
      || !pkt_folder_is_path (id) || strchr (id, '/'))
    return refuse (w, PKT_FOLDER_MANIFEST, "names no case", error);
  if (text == NULL) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s/" TEXT ": is not there; build the packet again", w->path);
    return FALSE;
  }
  w->text.p = g_bytes_get_data (text, &w->text.n);
  if (w->text.n > PKT_MARKDOWN_MAX || !g_utf8_validate (w->text.p, (gssize)w->text.n, NULL))
    return refuse (w, TEXT, "is no text in UTF-8, or too long", error);
  w->title = title_of (w);
  w->reference = g_strdup_printf ("%s-%s", w->name, id);
  w->html = pkt_markdown_convert (w->text, PKT_MARKDOWN_HTML);
  tell (
      w, w->packet->changed,
      "was changed since the packet was built: its figures are not held against the evidence here");
  tell (w, w->packet->missing, "belongs to the packet and is not there any more");
  return TRUE;
}

static void
add_text (PktFolder *to, const char *path, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  pkt_folder_add (to, path, bytes);
}

/* One that was not made of the clean page, or is no more what was made. */
static gboolean
is_own_picture (const Work *w)
{
  const json_t *findings = json_object_get (w->packet->manifest, "findings");
  for (size_t i = 0; i < json_array_size (findings); i++)
    if (g_strcmp0 (pkt_json_text (json_array_get (findings, i), "id"), "screenshot") == 0)
      return TRUE;
  return g_ptr_array_find_with_equal_func (w->packet->changed, PICTURE, g_str_equal, NULL);
}

static gboolean
is_for_sender (const char *path)
{
  return g_str_equal (path, "parts/campaign-own.txt")
         || g_str_equal (path, "parts/campaign-320.png");
}

/* The sender's own picture of a page was looked at for Apple, if at all; headers for Apple show the
 * service nothing of its own. */
static gboolean
is_for_desk (const Work *w, const char *path)
{
  gboolean apple = g_strcmp0 (pkt_json_text (w->packet->manifest, "audience"), "apple") == 0;
  if (g_str_equal (path, "ticket/" PKT_TICKET_IDS))
    return TRUE;
  return g_str_has_prefix (path, "parts/") && !is_for_sender (path)
         && !(g_str_equal (path, PICTURE) && is_own_picture (w))
         && !(apple && g_str_equal (path, "parts/delivered-headers.txt"));
}

static void
add_attachments (Work *w)
{
  g_autoptr (GPtrArray) paths = pkt_folder_paths (w->packet->folder);
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index (paths, i);
    if (is_for_desk (w, path)) {
      g_autofree char *to = g_strconcat ("attachments/", strchr (path, '/') + 1, NULL);
      pkt_folder_add (w->made, to, pkt_folder_get (w->packet->folder, path));
    } else if (g_str_equal (path, "parts/delivered-headers.txt"))
      g_ptr_array_add (
          w->ticket->notes,
          g_strdup ("delivered-headers.txt was made for Apple and is left out; 'postpacket build "
                    "--audience esp' makes one that shows the sending service its own ids"));
    else if (g_str_equal (path, PICTURE))
      g_ptr_array_add (w->ticket->notes,
                       g_strdup ("campaign.png is your own picture, which nothing here can read, "
                                 "and is left out; add it yourself where the desk needs it"));
  }
}

static json_t *
attachments_json (const PktFolder *made)
{
  json_t *list = json_array ();
  g_autoptr (GPtrArray) paths = pkt_folder_paths (made);
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index (paths, i);
    gsize n;
    const char *bytes = g_bytes_get_data (pkt_folder_get (made, path), &n);
    if (!g_str_has_prefix (path, "attachments/"))
      continue;
    json_t *o = json_pack ("{s:s, s:I}", "name", strchr (path, '/') + 1, "bytes", (json_int_t)n);
    pkt_json_set_text (o, "sha256", pkt_file_sha256 (bytes, n));
    json_array_append_new (list, o);
  }
  return list;
}

static char *
ticket_json (const Work *w, GError **error)
{
  GBytes *bytes = pkt_folder_get (w->packet->folder, FACTS);
  gsize n = 0;
  const char *text = bytes ? g_bytes_get_data (bytes, &n) : NULL;
  g_autoptr (json_t) facts = text ? json_loadb (text, n, JSON_REJECT_DUPLICATES, NULL) : NULL;
  if (!json_is_object (facts))
    return refuse (w, FACTS, bytes ? "is no JSON object" : "is not there", error), NULL;
  g_autoptr (json_t) out = json_object ();
  json_object_set_new (out, "version", json_integer (1));
  json_object_set_new (out, "reference", json_string (w->reference));
  json_object_set_new (out, "title", pkt_json_string (w->title));
  json_object_set_new (out, "text", pkt_json_slice (w->text));
  json_object_set_new (out, "attachments", attachments_json (w->made));
  json_object_update_missing (out, facts);
  return pkt_json_dump (out);
}

static json_t *
filled (const Work *w, const char *jira, const json_t *value)
{
  const struct {
    const char *name, *text;
  } values[] = { { "{{title}}", w->title },
                 { "{{markdown}}", w->text.p },
                 { "{{html}}", w->html },
                 { "{{jira}}", jira },
                 { "{{reference}}", w->reference } };
  const char *key, *text = json_string_value (value);
  json_t *child, *copy;
  gsize i;
  for (i = 0; text && i < G_N_ELEMENTS (values); i++)
    if (g_str_equal (text, values[i].name))
      return values[i].text == w->text.p ? pkt_json_slice (w->text)
                                         : pkt_json_string (values[i].text);
  if (!json_is_object (value) && !json_is_array (value))
    return json_copy ((json_t *)value);
  copy = json_is_object (value) ? json_object () : json_array ();
  json_object_foreach ((json_t *)value, key, child)
      json_object_set_new (copy, key, filled (w, jira, child));
  json_array_foreach ((json_t *)value, i, child)
      json_array_append_new (copy, filled (w, jira, child));
  return copy;
}

static void
add_desks (Work *w)
{
  PktSlice data = pkt_data ("desks.json");
  g_autoptr (json_t) root = json_loadb (data.p, data.n, 0, NULL);
  g_autofree char *jira = pkt_markdown_convert (w->text, PKT_MARKDOWN_JIRA);
  const char *name;
  json_t *desk;
  json_object_foreach (json_object_get (root, "desks"), name, desk)
  {
    g_autoptr (json_t) fields = filled (w, jira, desk);
    g_autofree char *path = g_strdup_printf ("fields/%s.json", name),
                    *text = pkt_json_dump (fields);
    add_text (w->made, path, text);
  }
  add_text (w->made, "fields/README.txt", pkt_data ("desks.txt").p);
}

static const char *
type_of (const char *path)
{
  return g_str_has_suffix (path, ".png")    ? "image/png"
         : g_str_has_suffix (path, ".csv")  ? "text/csv"
         : g_str_has_suffix (path, ".json") ? "application/json"
         : g_str_has_suffix (path, ".html") ? "text/html"
                                            : "text/plain";
}

/* What the manifest lets stand in clear, unless the map of this case knows it as a recipient, or it
 * would open a whole mailbox domain. */
static GPtrArray *
scope_list (const json_t *list, GHashTable *recipients, gboolean domains)
{
  GPtrArray *out = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < json_array_size (list) && i < MAX_ALLOWED; i++) {
    const char *s = json_string_value (json_array_get (list, i));
    g_autofree char *lower = s ? g_ascii_strdown (s, -1) : NULL;
    if (s == NULL || g_hash_table_contains (recipients, lower)
        || (domains && (!strchr (s, '.') || pkt_place_apple_domain (pkt_slice_str (s)))))
      continue;
    g_ptr_array_add (out, g_strdup (s));
  }
  g_ptr_array_add (out, NULL);
  return out;
}

/* Addresses that got a mark in packets of this case; on another machine there are none. */
static GHashTable *
known_recipients (const Work *w)
{
  GHashTable *out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (json_t) map = pkt_map_load (w->name, pkt_json_text (w->packet->manifest, "id"), NULL);
  const char *mark;
  json_t *address;
  json_object_foreach (map, mark, address) if (g_str_has_prefix (mark, "[rcpt-"))
      g_hash_table_add (out, g_ascii_strdown (json_string_value (address), -1));
  return out;
}

static PktVerifier *
verifier_of (const Work *w)
{
  g_autoptr (GHashTable) recipients = known_recipients (w);
  g_autoptr (GPtrArray) own
      = scope_list (json_object_get (w->packet->manifest, "own_domains"), recipients, TRUE),
      allowed = scope_list (json_object_get (w->packet->manifest, "allowed"), recipients, FALSE);
  const PktRedactScope scope = { (const char *const *)own->pdata,
                                 (const char *const *)allowed->pdata };
  PktVerifier *v = pkt_verifier_new (&scope);
  GHashTableIter i;
  gpointer address;
  g_hash_table_iter_init (&i, recipients);
  while (g_hash_table_iter_next (&i, &address, NULL))
    pkt_verifier_add_recipient (v, pkt_slice_str (address));
  return v;
}

/* Each file of what goes out; an archive holds nothing else. */
static gboolean
verify (const Work *w, GError **error)
{
  g_autoptr (PktVerifier) v = verifier_of (w);
  g_autoptr (GPtrArray) paths = pkt_folder_paths (w->made);
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index (paths, i);
    gsize n;
    const char *bytes = g_bytes_get_data (pkt_folder_get (w->made, path), &n);
    g_autoptr (GPtrArray) leaks = pkt_verify_bytes (v, path, type_of (path), bytes, n);
    if (leaks->len == 0)
      continue;
    const PktLeak *leak = g_ptr_array_index (leaks, 0);
    g_set_error (error, PKT_ERROR, PKT_ERROR_PRIVACY,
                 "%s: rule %s: private data was found in the ticket (%u findings); nothing was "
                 "written",
                 leak->part, leak->rule, leaks->len);
    return FALSE;
  }
  return TRUE;
}

static gint64
made_at (const Work *w)
{
  const char *made = pkt_json_text (w->packet->manifest, "made");
  PktStamp stamp;
  return made && pkt_clock_parse_rfc3339 (pkt_slice_str (made), &stamp) ? stamp.us / G_USEC_PER_SEC
                                                                        : 0;
}

static gboolean
make_files (Work *w, GError **error)
{
  g_autofree char *text = g_strndup (w->text.p, w->text.n);
  w->made = pkt_folder_new ();
  add_attachments (w);
  g_autofree char *json = ticket_json (w, error);
  if (json == NULL)
    return FALSE;
  add_text (w->made, "ticket.md", text);
  add_text (w->made, "ticket.json", json);
  add_text (w->made, "ticket.html", w->html);
  add_desks (w);
  return verify (w, error);
}

static GBytes *
result (const Work *w, PktTicketFormat format, GError **error)
{
  static const char *const files[] = { [PKT_TICKET_MD] = "ticket.md",
                                       [PKT_TICKET_JSON] = "ticket.json",
                                       [PKT_TICKET_HTML] = "ticket.html" };
  if (format < (int)G_N_ELEMENTS (files))
    return g_bytes_ref (pkt_folder_get (w->made, files[format]));
  g_autofree char *top = g_strdup_printf ("%s-ticket", w->name);
  return pkt_folder_archive (w->made, format == PKT_TICKET_ZIP ? PKT_ARCHIVE_ZIP : PKT_ARCHIVE_TAR,
                             top, made_at (w), error);
}

PktTicket *
pkt_ticket_run (const char *packet, PktTicketFormat format, GError **error)
{
  g_autoptr (PktTicket) t = g_new0 (PktTicket, 1);
  Work w = { .path = packet, .ticket = t };
  t->notes = g_ptr_array_new_with_free_func (g_free);
  t->findings = g_ptr_array_new_with_free_func (g_free);
  if (open_packet (&w, error) && make_files (&w, error))
    t->bytes = result (&w, format, error);
  g_clear_pointer (&w.packet, pkt_folder_read_free);
  g_clear_pointer (&w.made, pkt_folder_free);
  g_free (w.title);
  g_free (w.reference);
  g_free (w.html);
  return t->bytes ? g_steal_pointer (&t) : NULL;
}
