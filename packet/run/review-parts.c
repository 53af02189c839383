#include "packet/run/review-parts.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/model/csv.h"

#define MAX_ROWS 1000 /* of a table; a trend has one a day */

typedef struct {
  PktSlice left;
} Memory;

static gssize
read_memory (gpointer source, char *buf, gsize n, GError **error)
{
  (void)error;
  Memory *m = source;
  gsize got = MIN (n, m->left.n);
  if (got)
    memcpy (buf, m->left.p, got);
  m->left = pkt_slice_skip (m->left, got);
  return (gssize)got;
}

static json_t *
cells_of (const PktCsvRow *row)
{
  json_t *cells = json_array ();
  for (guint i = 0; i < row->n_fields; i++)
    json_array_append_new (cells, json_pack ("{s:o}", "cell", pkt_json_slice (row->fields[i])));
  return cells;
}

/* {head: [{cell}], rows: [{cells: [{cell}]}]}; NULL where it is no table. */
static json_t *
table_of (PktSlice text)
{
  Memory memory = { text };
  g_autoptr (PktCsv) csv = pkt_csv_new (read_memory, &memory);
  json_t *head = NULL, *rows = json_array ();
  PktCsvRow row;
  PktCsvResult result;
  while ((result = pkt_csv_next (csv, &row, NULL)) == PKT_CSV_ROW) {
    if (head == NULL)
      head = cells_of (&row);
    else if (json_array_size (rows) < MAX_ROWS)
      json_array_append_new (rows, json_pack ("{s:o}", "cells", cells_of (&row)));
  }
  if (head && result == PKT_CSV_END && json_array_size (rows))
    return json_pack ("{s:o, s:o}", "head", head, "rows", rows);
  json_decref (head);
  json_decref (rows);
  return NULL;
}

static gboolean
is_picture (const char *name)
{
  return g_str_has_suffix (name, ".png");
}

static json_t *
part_of (const json_t *manifest, const char *name)
{
  json_t *row;
  gsize i;
  json_array_foreach (json_object_get (manifest, "parts"), i, row)
  {
    if (g_strcmp0 (pkt_json_text (row, "name"), name) == 0)
      return row;
  }
  return NULL;
}

/* TRUE when the packet has other bytes than packet.json says. */
static gboolean
is_changed (const json_t *manifest, const char *name, const char *digest)
{
  g_autofree char *path = g_strconcat ("parts/", name, NULL);
  json_t *row;
  gsize i;
  json_array_foreach (json_object_get (manifest, "files"), i, row)
  {
    if (g_strcmp0 (pkt_json_text (row, "path"), path) == 0)
      return g_strcmp0 (pkt_json_text (row, "sha256"), digest) != 0;
  }
  return FALSE;
}

static json_t *
shown (const json_t *manifest, const char *name, GBytes *bytes)
{
  const json_t *part = part_of (manifest, name);
  const char *alt = pkt_json_text (part, "alt");
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  g_autofree char *digest = pkt_file_sha256 (p ? p : "", n), *size = pkt_text_count ((gint64)n);
  g_autofree char *data = is_picture (name) ? g_base64_encode ((const guchar *)p, n) : NULL;
  json_t *table = g_str_has_suffix (name, ".csv") ? table_of (pkt_slice (p, n)) : NULL;
  json_t *o = json_object ();
  json_object_set_new (o, "name", pkt_json_string (name));
  json_object_set_new (o, "size", json_string (size));
  json_object_set_new (o, "text",
                       data || table ? json_null () : pkt_json_slice (pkt_slice (p ? p : "", n)));
  json_object_set_new (o, "table", table ? table : json_null ());
  json_object_set_new (o, "data", pkt_json_string (data));
  json_object_set_new (o, "alt", pkt_json_string (data && !alt ? "A picture of the sender" : alt));
  json_object_set_new (o, "sha256", json_string (digest));
  return o;
}

/* The file in parts/ was edited after the message was made. */
static void
note_change (json_t *o, const json_t *manifest, const char *name, PktReviewFile file, gpointer data)
{
  g_autofree char *path = g_strconcat ("parts/", name, NULL);
  g_autoptr (GBytes) bytes = file (path, data);
  gsize n = 0;
  const char *p = bytes ? g_bytes_get_data (bytes, &n) : NULL;
  g_autofree char *digest = bytes ? pkt_file_sha256 (p ? p : "", n) : NULL;
  const char *note = NULL;
  if (bytes && is_changed (manifest, name, digest))
    note = "The file in parts/ was edited and is not in the message yet: review --edit takes it.";
  json_object_set_new (o, "note", pkt_json_string (note));
}

json_t *
pkt_review_attachments (const json_t *manifest, const PktReadMessage *m, PktReviewFile file,
                        gpointer data)
{
  json_t *list = json_array (), *row;
  gsize i;
  for (guint k = 0; m && k < m->parts->len; k++) {
    const PktReadPart *part = m->parts->pdata[k];
    json_t *o = shown (manifest, part->name, part->bytes);
    note_change (o, manifest, part->name, file, data);
    json_array_append_new (list, o);
  }
  json_array_foreach (m ? NULL : json_object_get (manifest, "parts"), i, row)
  {
    const char *name = pkt_json_text (row, "name");
    g_autofree char *path = g_strconcat ("parts/", name, NULL);
    g_autoptr (GBytes) bytes = name ? file (path, data) : NULL;
    if (bytes == NULL)
      continue;
    json_t *o = shown (manifest, name, bytes);
    json_object_set_new (o, "note", json_null ());
    json_array_append_new (list, o);
  }
  return list;
}

static gboolean
goes_out (const json_t *manifest, const PktReadMessage *m, const char *name)
{
  for (guint i = 0; m && i < m->parts->len; i++)
    if (g_str_equal (((const PktReadPart *)m->parts->pdata[i])->name, name))
      return TRUE;
  return m == NULL && part_of (manifest, name) != NULL;
}

json_t *
pkt_review_kept (const json_t *manifest, const PktReadMessage *m, PktReviewFile file, gpointer data)
{
  json_t *list = json_array (), *row;
  gsize i;
  json_array_foreach (json_object_get (manifest, "kept"), i, row)
  {
    const char *name = json_string_value (row);
    g_autofree char *path = g_strconcat ("parts/", name, NULL);
    g_autoptr (GBytes) bytes = name && !goes_out (manifest, m, name) ? file (path, data) : NULL;
    if (bytes == NULL)
      continue;
    json_t *o = shown (manifest, name, bytes);
    json_object_set_new (o, "note", json_null ());
    json_array_append_new (list, o);
  }
  return list;
}
