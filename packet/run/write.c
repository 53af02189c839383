#include "packet/run/write.h"
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/redact/aid.h"
#include "packet/redact/publish.h"
#include "packet/run/ticket-text.h"
#include "packet/run/review.h"
#include "packet/store/manifest.h"

static void
add_text (PktFolder *folder, const char *path, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  pkt_folder_add (folder, path, bytes);
}

static void
add_json (PktFolder *folder, const char *path, const json_t *value)
{
  g_autofree char *text = pkt_json_dump (value);
  add_text (folder, path, text);
}

/* The public facts, and what the desks should know of the case. */
static json_t *
ticket_view (const PktPacketParts *p, const json_t *manifest)
{
  json_t *v = json_copy (p->view);
  json_object_set_new (v, "ready", json_boolean (p->ready));
  json_object_set (v, "findings", json_object_get (manifest, "findings"));
  json_object_set (v, "desks", json_object_get (manifest, "desks"));
  return v;
}

static GBytes *
file_of (const char *path, gpointer folder)
{
  GBytes *bytes = pkt_folder_get (folder, path);
  return bytes ? g_bytes_ref (bytes) : NULL;
}

static gboolean
add_rendered (PktFolder *folder, const PktPacketParts *p, const json_t *manifest, GError **error)
{
  g_autoptr (json_t) view = ticket_view (p, manifest),
                     shown = pkt_review_view (manifest, file_of, folder, NULL);
  g_autofree char *review = pkt_review_html (shown, error);
  if (review == NULL || !pkt_ticket_add (folder, p, view, error))
    return FALSE;
  g_autoptr (json_t) json = json_object ();
  json_object_set_new (json, "version", json_integer (1));
  json_object_set_new (json, "ready", json_boolean (p->ready));
  json_object_set (json, "findings", json_object_get (manifest, "findings"));
  json_object_set (json, "facts", (json_t *)pkt_public_facts (p->facts));
  add_json (folder, "ticket/ticket.json", json);
  add_text (folder, "review.html", review);
  return TRUE;
}

static void
add_parts (PktFolder *folder, const PktPacketParts *p)
{
  gboolean campaign = FALSE;
  for (guint i = 0; i < p->parts->list->len; i++) {
    const PktPart *part = g_ptr_array_index (p->parts->list, i);
    PktSlice bytes = pkt_public_part_bytes (part->part);
    g_autofree char *path = g_strconcat ("parts/", pkt_public_part_name (part->part), NULL);
    g_autoptr (GBytes) b = g_bytes_new (bytes.p, bytes.n);
    campaign = campaign || g_str_equal (path, "parts/campaign.txt");
    pkt_folder_add (folder, path, b);
  }
  if (p->parts->campaign && !campaign)
    add_text (folder, "parts/campaign.txt", p->parts->campaign);
  if (p->parts->own)
    add_text (folder, "parts/campaign-own.txt", p->parts->own);
  if (p->parts->screen && p->parts->screen->phone)
    pkt_folder_add (folder, "parts/campaign-320.png", p->parts->screen->phone);
}

static const char *
type_of (const char *path)
{
  static const struct {
    const char *suffix, *type;
  } types[] = { { ".png", "image/png" },
                { ".csv", "text/csv" },
                { ".json", "application/json" },
                { ".html", "text/html" } };
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (path, types[i].suffix))
      return types[i].type;
  return "text/plain";
}

/* The report and the manifest tell what the check of all others found, so they are read after it.
 */
static gboolean
is_about_check (const char *path)
{
  return g_str_equal (path, PKT_FOLDER_MANIFEST) || g_str_equal (path, "privacy-report.txt");
}

static gboolean
is_checked (const char *path)
{
  return !is_about_check (path);
}

/* Reads what will be on disk, knowing nothing of how it was made. */
static gboolean
verify (PktFolder *folder, PktVerifier *v, gboolean (*wanted) (const char *path), GError **error)
{
  g_autoptr (GPtrArray) paths = pkt_folder_paths (folder);
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index (paths, i);
    if (!wanted (path))
      continue;
    GBytes *b = pkt_folder_get (folder, path);
    gsize n;
    const char *bytes = g_bytes_get_data (b, &n);
    g_autoptr (GPtrArray) leaks = g_str_has_suffix (path, ".eml")
                                      ? pkt_verify_message (v, bytes, n)
                                      : pkt_verify_bytes (v, path, type_of (path), bytes, n);
    if (leaks->len == 0)
      continue;
    const PktLeak *leak = g_ptr_array_index (leaks, 0);
    g_set_error (error, PKT_ERROR, PKT_ERROR_PRIVACY,
                 "%s, %s: rule %s: private data was found in the finished bytes (%u findings); "
                 "nothing was written",
                 path, leak->part, leak->rule, leaks->len);
    return FALSE;
  }
  return TRUE;
}

/* Decoders that found something to decode, then the names of those that did not. */
static void
append_searched (GString *s, const json_t *proof)
{
  static const struct {
    const char *key, *text;
  } sums[] = { { "surfaces", "places read: headers, parts, files, names" },
               { "needles", "recipients searched for" },
               { "candidates", "values looked up among them" } };
  const char *name;
  json_t *views;
  GString *idle = g_string_new (NULL);
  g_string_append (s, "\nSEARCHED\n");
  for (gsize i = 0; i < G_N_ELEMENTS (sums); i++)
    g_string_append_printf (s, "  %-44s %8" JSON_INTEGER_FORMAT "\n", sums[i].text,
                            json_integer_value (json_object_get (proof, sums[i].key)));
  g_string_append (s, "\nDECODED, AND SEARCHED AGAIN\n");
  json_object_foreach (json_object_get (proof, "decodings"), name, views)
  {
    if (json_integer_value (views))
      g_string_append_printf (s, "  %-44s %8" JSON_INTEGER_FORMAT "\n", name,
                              json_integer_value (views));
    else
      g_string_append_printf (idle, "%s%s", idle->len ? ", " : "", name);
  }
  if (idle->len) {
    g_autofree char *list = pkt_text_wrap (idle->str, 76, "    ", "    ");
    g_string_append_printf (s, "  tried, and nothing of the kind was there:\n%s", list);
    if (!g_str_has_suffix (list, "\n"))
      g_string_append_c (s, '\n');
  }
  g_string_free (idle, TRUE);
}

static char *
privacy_report (const PktPacketParts *p)
{
  GString *s = g_string_new ("What was searched for in the finished files, and what was replaced "
                             "in them.\n\nREPLACED OR DROPPED\n");
  g_autoptr (json_t) redacted = pkt_redactor_rules (p->redactor),
                     proof = pkt_verifier_proof (p->verifier);
  json_t *row;
  gsize i;
  json_array_foreach (redacted, i, row) g_string_append_printf (
      s, "  %-40s %8" JSON_INTEGER_FORMAT "\n", json_string_value (json_object_get (row, "rule")),
      json_integer_value (json_object_get (row, "count")));
  g_string_append (s, "\nHEADER FIELDS REMOVED\n");
  json_array_foreach (p->parts->removed, i, row)
      g_string_append_printf (s, "  %-32s %s\n", json_string_value (json_object_get (row, "name")),
                              json_string_value (json_object_get (row, "reason")));
  append_searched (s, proof);
  g_string_append (
      s, "\nFound in the files: nothing. Not everything can be found by value: a keyed hash or "
         "a\ndatabase number that stands for a reader is dropped by its place.\n");
  return g_string_free (s, FALSE);
}

/* Other clients and private words, in what will be on disk. */
static gboolean
check_private (PktFolder *folder, const PktRedactor *r, GError **error)
{
  g_autoptr (GPtrArray) paths = pkt_folder_paths (folder);
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index (paths, i);
    gsize n;
    const char *bytes = g_bytes_get_data (pkt_folder_get (folder, path), &n);
    const char *rule = g_str_has_suffix (path, ".png")
                           ? NULL
                           : pkt_redactor_private_in (r, pkt_slice (bytes, n));
    if (rule == NULL)
      continue;
    g_set_error (error, PKT_ERROR, PKT_ERROR_PRIVACY,
                 "%s: rule %s: another client, or a word that the case makes private, was found in "
                 "the finished bytes; nothing was written",
                 path, rule);
    return FALSE;
  }
  return TRUE;
}

gboolean
pkt_packet_fill (PktFolder *folder, const PktPacketParts *p, GError **error)
{
  g_autoptr (json_t) m = pkt_packet_json (p);
  if (p->request)
    pkt_folder_add (folder, "request.eml", p->request);
  if (p->draft)
    pkt_folder_add (folder, "draft.eml", p->draft);
  add_parts (folder, p);
  if (p->evidence->checks && p->evidence->checks->dns)
    add_json (folder, "dns.json", p->evidence->checks->dns);
  if (!add_rendered (folder, p, m, error) || !verify (folder, p->verifier, is_checked, error))
    return FALSE;
  g_autofree char *report = privacy_report (p);
  add_text (folder, "privacy-report.txt", report);
  json_object_set_new (m, "verified", pkt_verifier_proof (p->verifier));
  json_object_set_new (m, "files", pkt_manifest_files (folder));
  add_json (folder, PKT_FOLDER_MANIFEST, m);
  return verify (folder, p->verifier, is_about_check, error)
         && check_private (folder, p->redactor, error);
}
