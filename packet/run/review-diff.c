#include "packet/run/review-diff.h"
#include "packet/base/error.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/headers/delivered.h"
#include "packet/headers/source.h"
#include "packet/redact/map.h"
#include "packet/redact/reveal.h"
#include "packet/request/message-read.h"
#include "packet/run/record.h"
#include "packet/store/seal.h"

#define MAX_MESSAGE (32 * 1024 * 1024)
#define HEADERS "delivered-headers.txt"
#define SAMPLE "==== sample " /* what pkt_parts_make writes above each */

typedef struct {
  json_t *manifest, *record, *map;
  PktReadMessage *message;
  gboolean raw, colour;
  GString *out;
} Review;

static void
review_clear (Review *r)
{
  json_decref (r->manifest);
  json_decref (r->record);
  json_decref (r->map);
  if (r->message)
    pkt_message_read_free (r->message);
  g_string_free (r->out, TRUE);
}

static gboolean
review_open (Review *r, const char *packet, GError **error)
{
  g_autofree char *path = g_build_filename (packet, "request.eml", NULL);
  r->manifest = pkt_seal_read_manifest (packet, error);
  r->record = r->manifest ? pkt_record_load (r->manifest, error) : NULL;
  r->map = r->record ? pkt_map_load (pkt_json_text (r->manifest, "case"),
                                     pkt_json_text (r->manifest, "id"), error)
                     : NULL;
  if (r->map == NULL)
    return FALSE;
  gsize n = 0;
  if (!json_is_true (json_object_get (r->manifest, "ready"))) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_FINDINGS,
                 "%s: there is no request in this packet; 'postpacket review' says what is lacking",
                 packet);
    return FALSE;
  }
  char *bytes = pkt_file_read_regular (path, MAX_MESSAGE, &n, error);
  g_autoptr (GBytes) all = bytes ? g_bytes_new_take (bytes, n) : NULL;
  r->message = all ? pkt_message_read (all, error) : NULL;
  return r->message != NULL;
}

static void
show (Review *r, const char *title, const char *before, const char *after)
{
  g_autofree char *lines = pkt_diff_lines (before, after, r->raw, r->colour);
  if (*lines == '\0')
    return;
  g_string_append_printf (r->out, "%s%s%s%s\n%s", r->out->len ? "\n" : "",
                          r->colour ? "\033[1m" : "", title, r->colour ? "\033[0m" : "", lines);
}

static void
show_marks (Review *r, const char *title, PktSlice text)
{
  g_autofree char *after = g_utf8_make_valid (text.p ? text.p : "", (gssize)text.n),
                  *before = pkt_reveal_text (r->map, pkt_slice_str (after), NULL);
  show (r, title, before, after);
}

/* The header of a sample as the mail has it; NULL where the mail is not what it was. */
static char *
raw_header (const Review *r, const char *file)
{
  gsize i, n = 0;
  json_t *row;
  g_autofree char *whole = g_canonicalize_filename (file, NULL);
  json_array_foreach (json_object_get (r->record, "inputs"), i, row)
  {
    g_autofree char *fault = g_strcmp0 (pkt_json_text (row, "file"), whole) == 0
                                 ? pkt_seal_input_fault (row)
                                 : NULL;
    if (fault)
      return NULL;
  }
  g_autofree char *bytes = pkt_file_read (file, PKT_DELIVERED_MAX_BYTES, &n, NULL);
  GString *mail = bytes ? pkt_source_read (pkt_slice (bytes, n), NULL) : NULL;
  if (mail == NULL)
    return NULL;
  char *end = strstr (mail->str, "\n\n");
  g_autofree char *header = g_strndup (mail->str,
                                       end ? (gsize)(end - mail->str) : strlen (mail->str));
  g_string_free (mail, TRUE);
  return g_utf8_make_valid (header, -1);
}

/* Each sample of the part beside its own mail. */
static void
show_headers (Review *r, PktSlice text)
{
  const json_t *samples = json_object_get (r->record, "samples");
  g_autofree char *after = g_utf8_make_valid (text.p ? text.p : "", (gssize)text.n);
  char *at = strstr (after, SAMPLE);
  for (gsize i = 0; at && i < json_array_size (samples); i++) {
    char *start = strchr (at, '\n'), *next = start ? strstr (start, "\n" SAMPLE) : NULL;
    const char *named = json_string_value (json_array_get (samples, i)), *file = named ? named : "";
    g_autofree char *before = raw_header (r, file),
                    *title = g_strdup_printf (HEADERS ", sample %" G_GSIZE_FORMAT, i + 1);
    g_autofree char *own = start ? g_strndup (start + 1,
                                              next ? (gsize)(next - start) - 1 : strlen (start + 1))
                                 : NULL;
    if (own && before)
      show (r, title, before, g_strchomp (own));
    else
      g_string_append_printf (r->out, "\n%s: %s is not what it was and is not shown\n", title,
                              file);
    at = next ? next + 1 : NULL;
  }
}

static gboolean
is_wanted (const char *const *names, const char *name)
{
  return names == NULL || names[0] == NULL || g_strv_contains (names, name);
}

/* Every name is that of a part, or "message". */
static gboolean
check_names (const Review *r, const char *const *names, GError **error)
{
  for (gsize i = 0; names && names[i]; i++) {
    gboolean known = g_str_equal (names[i], "message");
    for (guint k = 0; k < r->message->parts->len; k++)
      known = known
              || g_str_equal (((const PktReadPart *)r->message->parts->pdata[k])->name, names[i]);
    if (known)
      continue;
    g_set_error (error, PKT_ERROR, PKT_ERROR_NOINPUT,
                 "%s: no such part in the message; 'postpacket review' shows their names",
                 names[i]);
    return FALSE;
  }
  return TRUE;
}

static PktSlice
slice_of (GBytes *bytes)
{
  gsize n;
  const char *p = g_bytes_get_data (bytes, &n);
  return pkt_slice (p, n);
}

char *
pkt_review_diff (const char *packet, const char *const *names, gboolean raw, gboolean colour,
                 GError **error)
{
  Review r = { .raw = raw, .colour = colour, .out = g_string_new (NULL) };
  char *text = NULL;
  if (review_open (&r, packet, error) && check_names (&r, names, error)) {
    if (is_wanted (names, "message"))
      show_marks (&r, "message", pkt_slice_str (r.message->body));
    for (guint i = 0; i < r.message->parts->len; i++) {
      const PktReadPart *part = r.message->parts->pdata[i];
      if (!part->text || !is_wanted (names, part->name))
        continue;
      if (g_str_equal (part->name, HEADERS))
        show_headers (&r, slice_of (part->bytes));
      else
        show_marks (&r, part->name, slice_of (part->bytes));
    }
    text = r.out->len ? g_strdup (r.out->str) : g_strdup ("Nothing was replaced.\n");
  }
  review_clear (&r);
  return text;
}
