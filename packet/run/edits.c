#include "packet/run/edits.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/redact/publish.h"
#include "packet/request/edited.h"
#include "packet/request/message.h"

#define MAX_PART (10 * 1024 * 1024)
#define MAX_SHOWN 40 /* changed lines in packet.json */
#define LINE_SHOWN 160

static void
unref_bytes (gpointer p)
{
  if (p)
    g_bytes_unref (p);
}

PktEdits *
pkt_edits_new (void)
{
  PktEdits *e = g_new0 (PktEdits, 1);
  e->parts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_bytes);
  e->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_bytes);
  e->expected = g_ptr_array_new_with_free_func (g_free);
  e->shown = json_array ();
  return e;
}

void
pkt_edits_free (PktEdits *e)
{
  g_hash_table_unref (e->parts);
  g_hash_table_unref (e->kept);
  g_ptr_array_unref (e->expected);
  json_decref (e->shown);
  g_free (e->body);
  g_free (e);
}

gboolean
pkt_edits_set_body (PktEdits *e, const char *text, gsize n, GError **error)
{
  const char *wrong = NULL;
  if (n > PKT_MESSAGE_MAX_BODY)
    wrong = "the text is too long for a request";
  else if (!g_utf8_validate (text, (gssize)n, NULL))
    wrong = "the text is not UTF-8";
  GString *out = g_string_new (NULL);
  g_auto (GStrv) lines = wrong ? NULL : g_strsplit (text, "\n", -1);
  for (char **l = lines; l && *l; l++) {
    for (const char *p = *l; *p; p++)
      if ((guchar)*p < ' ' && *p != '\t' && *p != '\r')
        wrong = "the text holds control characters";
    g_string_append_printf (out, "%s\n", g_strchomp (*l));
  }
  while (out->len && out->str[out->len - 1] == '\n')
    g_string_truncate (out, out->len - 1);
  if (wrong == NULL && out->len == 0)
    wrong = "the text is empty";
  g_string_append_c (out, '\n');
  g_free (e->body);
  e->body = g_string_free (out, FALSE);
  if (wrong)
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA, "%s; nothing was changed", wrong);
  return wrong == NULL;
}

static const char *
digest_in (const json_t *manifest, const char *path)
{
  gsize i;
  json_t *row;
  json_array_foreach (json_object_get (manifest, "files"), i, row)
  {
    if (g_strcmp0 (pkt_json_text (row, "path"), path) == 0)
      return pkt_json_text (row, "sha256");
  }
  return NULL;
}

static gboolean
was_edited (const json_t *manifest, const char *name)
{
  gsize i;
  json_t *row;
  json_array_foreach (json_object_get (manifest, "edited_parts"), i, row)
  {
    if (g_strcmp0 (json_string_value (row), name) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_as_listed (const json_t *manifest, const char *path, GBytes *bytes)
{
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  g_autofree char *digest = pkt_file_sha256 (p ? p : "", n);
  return g_strcmp0 (digest, digest_in (manifest, path)) == 0;
}

static gboolean
read_part (PktEdits *e, const char *packet, const json_t *manifest, const char *name,
           GError **error)
{
  g_autofree char *path = g_strconcat ("parts/", name, NULL),
                  *full = g_build_filename (packet, path, NULL);
  gsize n = 0;
  if (digest_in (manifest, path) == NULL) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: is no part of this packet; what goes along is decided by the case", full);
    return FALSE;
  }
  char *text = pkt_file_read (full, MAX_PART, &n, error);
  if (text == NULL)
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, n);
  if (was_edited (manifest, name) || !is_as_listed (manifest, path, bytes))
    g_hash_table_replace (e->parts, g_strdup (name), g_bytes_ref (bytes));
  else if (g_str_has_suffix (name, ".png"))
    g_hash_table_replace (e->kept, g_strdup (name), g_bytes_ref (bytes));
  return TRUE;
}

gboolean
pkt_edits_read_parts (PktEdits *e, const char *packet, const json_t *manifest, GError **error)
{
  g_autofree char *folder = g_build_filename (packet, "parts", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    /* What an editor leaves beside a file is no part. */
    gsize n = strlen (name);
    if (name[0] != '.' && name[0] != '#' && name[n - 1] != '~'
        && !read_part (e, packet, manifest, name, error))
      return FALSE;
  }
  gsize i;
  json_t *row;
  json_array_foreach (json_object_get (manifest, "parts"), i, row)
  {
    const char *name = pkt_json_text (row, "name");
    g_autofree char *full = g_build_filename (folder, name ? name : "", NULL);
    if (name && !g_file_test (full, G_FILE_TEST_EXISTS))
      g_hash_table_replace (e->parts, g_strdup (name), NULL);
    if (name)
      g_ptr_array_add (e->expected, g_strdup (name));
  }
  json_array_foreach (json_object_get (manifest, "removed_parts"), i, row)
  {
    if (json_is_string (row))
      g_hash_table_replace (e->parts, g_strdup (json_string_value (row)), NULL);
  }
  return TRUE;
}

/* Somebody may have edited a message itself; then it is made anew of the text in it. */
static gboolean
is_untouched (const char *packet, const json_t *manifest, const char *name)
{
  g_autofree char *path = g_build_filename (packet, name, NULL);
  gsize n = 0;
  char *text = pkt_file_read (path, PKT_MESSAGE_MAX_BYTES, &n, NULL);
  g_autoptr (GBytes) bytes = text ? g_bytes_new_take (text, n) : NULL;
  return bytes && is_as_listed (manifest, name, bytes);
}

gboolean
pkt_edits_are_new (const PktEdits *e, const char *packet, const json_t *manifest, const char *body)
{
  GHashTableIter iter;
  gpointer name, bytes;
  if ((e->body && g_strcmp0 (e->body, body) != 0) || !is_untouched (packet, manifest, "request.eml")
      || !is_untouched (packet, manifest, "draft.eml"))
    return TRUE;
  g_hash_table_iter_init (&iter, e->parts);
  while (g_hash_table_iter_next (&iter, &name, &bytes)) {
    g_autofree char *path = g_strconcat ("parts/", (char *)name, NULL);
    if (bytes ? !is_as_listed (manifest, path, bytes) : digest_in (manifest, path) != NULL)
      return TRUE;
  }
  return FALSE;
}

const char *
pkt_edits_removed (const PktEdits *e, const char *name)
{
  gpointer own = NULL, bytes = NULL;
  gboolean there = g_hash_table_lookup_extended (e->parts, name, &own, &bytes);
  return there && bytes == NULL ? own : NULL;
}

static void
show (PktEdits *e, const char *where, const char *text)
{
  if (json_array_size (e->shown) >= MAX_SHOWN)
    return;
  g_autofree char *quoted = pkt_text_quote (pkt_slice_str (text), LINE_SHOWN);
  json_array_append_new (
      e->shown, json_pack ("{s:s, s:o}", "where", where, "text", pkt_json_string (quoted)));
}

/* What does not match the evidence, and what is new. */
static void
compare (PktEdits *e, PktEvidence *evidence, const PktEdited *text)
{
  g_autoptr (GPtrArray) found = pkt_edited_check (text),
                        lines = pkt_edited_lines (text->text, text->original),
                        gone = pkt_edited_lines (text->original, text->text);
  for (guint i = 0; i < found->len; i++) {
    const PktFinding *f = found->pdata[i];
    pkt_evidence_find (evidence, f->id, f->weight, g_strdup (f->text), f->advice);
  }
  for (guint i = 0; i < lines->len; i++)
    show (e, text->where, lines->pdata[i]);
  if (lines->len == 0 && gone->len)
    show (e, text->where, "(lines were taken out)");
}

static char *
text_of (const PktPublicPart *part)
{
  PktSlice bytes = pkt_public_part_bytes (part);
  return g_str_has_prefix (pkt_public_part_type (part), "text/") ? g_strndup (bytes.p, bytes.n)
                                                                 : NULL;
}

/* Facts and the texts as they were made: what a figure may come from. */
static GPtrArray *
evidence_texts (const PktParts *parts, const json_t *facts, const char *body)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < parts->list->len; i++) {
    char *text = text_of (((const PktPart *)parts->list->pdata[i])->part);
    if (text)
      g_ptr_array_add (texts, text);
  }
  g_ptr_array_add (texts, pkt_json_dump (facts));
  if (body)
    g_ptr_array_add (texts, g_strdup (body));
  g_ptr_array_add (texts, NULL);
  return texts;
}

/* What a person wrote by hand is stated, as the case is: "Mrs Quill" may not come in so. */
static PktPublicPart *
publish_edited (PktRedactor *r, const char *name, const char *type, const char *made, PktSlice now,
                GError **error)
{
  g_autofree char *text = made ? g_strndup (now.p, now.n) : NULL;
  if (text == NULL || pkt_redactor_names_titled (r, made) || !pkt_redactor_names_titled (r, text))
    return pkt_publish_part (r, name, type, now.p, now.n, error);
  g_set_error (error, PKT_ERROR, PKT_ERROR_PRIVACY,
               "%s: rule name: it holds, or may hold, private data; nothing was written", name);
  return NULL;
}

gboolean
pkt_edits_take_body (PktEdits *e, char **body, const PktParts *parts, PktEvidence *evidence,
                     PktRedactor *r, const json_t *facts, GError **error)
{
  if (e->body == NULL || g_str_equal (e->body, *body))
    return TRUE;
  g_autoptr (PktPublicPart) clean = publish_edited (r, "request-text", "text/plain", *body,
                                                    pkt_slice_str (e->body), error);
  if (clean == NULL) {
    g_prefix_error (error, "the text that was edited, ");
    return FALSE;
  }
  g_autoptr (GPtrArray) texts = evidence_texts (parts, facts, NULL);
  const PktEdited text = { "the text", e->body, *body, (const char *const *)texts->pdata };
  compare (e, evidence, &text);
  g_free (*body);
  *body = g_strdup (e->body);
  return TRUE;
}

static PktPublicPart *
replaced (PktEdits *e, const PktPart *part, GBytes *bytes, PktEvidence *evidence, PktRedactor *r,
          const GPtrArray *texts, GError **error)
{
  const char *name = pkt_public_part_name (part->part);
  g_autofree char *made = text_of (part->part), *where = g_strconcat ("parts/", name, NULL);
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  PktPublicPart *new = publish_edited (r, name, pkt_public_part_type (part->part), made,
                                       pkt_slice (p ? p : "", n), error);
  if (new == NULL)
    return NULL;
  if (made == NULL) {
    pkt_evidence_find (evidence, "edited-picture", PKT_FINDING_NOTE,
                       g_strdup_printf ("%s is another picture than the one that was made.", where),
                       "Look at it: nothing here can read what it shows.");
    show (e, where, "(another picture)");
    return new;
  }
  g_autofree char *now = text_of (new);
  const PktEdited text = { where, now, made, (const char *const *)texts->pdata };
  compare (e, evidence, &text);
  return new;
}

/* A page that came from the network is not there a second time. */
static gboolean
check_expected (const PktEdits *e, const PktParts *parts, GError **error)
{
  for (guint i = 0; i < e->expected->len; i++) {
    const char *name = e->expected->pdata[i];
    gboolean made = FALSE;
    for (guint k = 0; k < parts->list->len && !made; k++) {
      const PktPart *part = parts->list->pdata[k];
      made = g_str_equal (pkt_public_part_name (part->part), name);
    }
    if (made)
      continue;
    g_set_error (error, PKT_ERROR, PKT_ERROR_DATA,
                 "%s: was made of what the network gave; save that page, name it in "
                 "$.evidence.page.html, build again, and edit then",
                 name);
    return FALSE;
  }
  return TRUE;
}

/* The picture that the packet has, for the one that was made now. */
static gboolean
keep_picture (const PktEdits *e, PktPart *part, PktRedactor *r, GError **error)
{
  GBytes *bytes = g_hash_table_lookup (e->kept, pkt_public_part_name (part->part));
  gsize n;
  const char *p = bytes ? g_bytes_get_data (bytes, &n) : NULL;
  PktPublicPart *same = p ? pkt_publish_part (r, pkt_public_part_name (part->part),
                                              pkt_public_part_type (part->part), p, n, error)
                          : NULL;
  if (same) {
    pkt_public_part_free (part->part);
    part->part = same;
  }
  return p == NULL || same;
}

gboolean
pkt_edits_take_parts (PktEdits *e, PktParts *parts, PktEvidence *evidence, PktRedactor *r,
                      const json_t *facts, const char *body, GError **error)
{
  g_autoptr (GPtrArray) texts = evidence_texts (parts, facts, body);
  if (!check_expected (e, parts, error))
    return FALSE;
  for (guint i = 0; i < parts->list->len; i++) {
    PktPart *part = parts->list->pdata[i];
    const char *name = pkt_public_part_name (part->part);
    GBytes *bytes = g_hash_table_lookup (e->parts, name);
    PktSlice is = pkt_public_part_bytes (part->part);
    if (pkt_edits_removed (e, name)) {
      g_autofree char *where = g_strconcat ("parts/", name, NULL);
      show (e, where, "(taken out)");
      g_ptr_array_remove_index (parts->list, i--);
      continue;
    }
    if (bytes == NULL && !keep_picture (e, part, r, error))
      return FALSE;
    if (bytes == NULL
        || (g_bytes_get_size (bytes) == is.n
            && memcmp (g_bytes_get_data (bytes, NULL), is.p, is.n) == 0))
      continue;
    PktPublicPart *new = replaced (e, part, bytes, evidence, r, texts, error);
    if (new == NULL)
      return FALSE;
    pkt_public_part_free (part->part);
    part->part = new;
  }
  return TRUE;
}
