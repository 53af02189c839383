#include "packet/base/data.h"
#include "packet/base/file.h"
#include "packet/base/json.h"
#include "packet/request/view.h"
#include "packet/run/review.h"

/* The page holds pictures of any size, a template only so much text: so each picture is set in
 * after the rest was rendered. Its place is a word that nobody can guess beforehand. */
static char *
place_of (const char *data)
{
  g_autofree char *digest = pkt_file_sha256 (data, strlen (data));
  return g_strdup_printf ("picture:%s", digest);
}

/* A copy of the list whose data are such places. */
static json_t *
with_places (const json_t *shown, GPtrArray *pictures)
{
  json_t *copy = json_deep_copy (shown), *row;
  gsize i;
  json_array_foreach (json_object_get (copy, "list"), i, row)
  {
    const char *data = pkt_json_text (row, "data");
    if (data == NULL)
      continue;
    char *place = place_of (data);
    g_ptr_array_add (pictures, place);
    g_ptr_array_add (pictures, g_strdup (data));
    json_object_set_new (row, "data", json_string (place));
  }
  return copy;
}

/* The one style sheet that the page's policy lets in (CSP 3, 6.7.3.3): base64 of its SHA-256. */
static char *
style_digest (PktSlice style)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 raw[32];
  gsize n = sizeof raw;
  g_checksum_update (sum, (const guchar *)style.p, (gssize)style.n);
  g_checksum_get_digest (sum, raw, &n);
  return g_base64_encode (raw, n);
}

/* Each picture stands once for one place; places that are no picture's stay as they are. */
static char *
set_in (const char *html, const GPtrArray *pictures)
{
  GString *out = g_string_new (NULL);
  const char *at = html, *hit;
  for (guint i = 0; i < pictures->len; i += 2) {
    g_autofree char *whole = g_strdup_printf ("base64,%s\"", (const char *)pictures->pdata[i]);
    if ((hit = strstr (at, whole)) == NULL)
      continue;
    g_string_append_len (out, at, hit - at);
    g_string_append_printf (out, "base64,%s\"", (const char *)pictures->pdata[i + 1]);
    at = hit + strlen (whole);
  }
  g_string_append (out, at);
  return g_string_free (out, FALSE);
}

char *
pkt_review_html (const json_t *view, GError **error)
{
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (json_t) v = json_copy ((json_t *)view);
  PktSlice style = pkt_data ("review.css");
  json_object_set_new (v, "style", pkt_json_slice (style));
  pkt_json_set_text (v, "style_digest", style_digest (style));
  const char *const keys[] = { "attachments", "kept" };
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    json_object_set_new (v, keys[i], with_places (json_object_get (view, keys[i]), pictures));
  g_autofree char *html = pkt_html_render ("review.html", v, error);
  return html ? set_in (html, pictures) : NULL;
}
