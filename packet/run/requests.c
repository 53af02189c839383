#include "packet/run/requests.h"
#include "packet/base/json.h"
#include "packet/base/text.h"

#define MAX_URL 200 /* characters of a URL in the table */

/* The widest of the texts; `least` at the least. */
static gsize
widest (gsize least, const char *text)
{
  return MAX (least, pkt_text_width (text ? text : ""));
}

static void
append_padded (GString *out, const char *text, gsize width)
{
  g_autofree char *padded = pkt_text_pad (text ? text : "-", width, FALSE);
  g_string_append_printf (out, "%s  ", padded);
}

static void
append_requests (GString *out, const PktPage *page)
{
  gsize address = strlen ("Address");
  if (page->requests->len == 0) {
    g_string_append (out, "No request was made.\n");
    return;
  }
  for (guint i = 0; i < page->requests->len; i++)
    address = widest (address, ((PktPageRequest *)page->requests->pdata[i])->address);
  append_padded (out, "Kind", strlen ("stylesheet"));
  append_padded (out, "Address", address);
  g_string_append (out, "Status     Bytes  URL, and what came of it\n");
  for (guint i = 0; i < page->requests->len; i++) {
    const PktPageRequest *r = page->requests->pdata[i];
    g_autofree char *url = pkt_text_quote (pkt_slice_str (r->url), MAX_URL);
    g_autofree char *bytes = pkt_text_count ((gint64)r->bytes);
    g_autofree char *status = r->status ? g_strdup_printf ("%d", r->status) : g_strdup ("-");
    append_padded (out, r->kind, strlen ("stylesheet"));
    append_padded (out, r->address, address);
    g_string_append_printf (out, "%6s %9s  %s: %s\n", status, bytes, url, r->result);
  }
}

static void
append_missing (GString *out, const PktPage *page)
{
  gsize host = strlen ("Host");
  if (page->missing->len == 0)
    return;
  for (guint i = 0; i < page->missing->len; i++)
    host = widest (host, ((PktPageMissing *)page->missing->pdata[i])->host);
  g_string_append (out, "\nNot shown:\n");
  append_padded (out, "Kind", strlen ("stylesheet"));
  append_padded (out, "Host", host);
  g_string_append (out, "Count  Why\n");
  for (guint i = 0; i < page->missing->len; i++) {
    const PktPageMissing *m = page->missing->pdata[i];
    append_padded (out, m->kind, strlen ("stylesheet"));
    append_padded (out, m->host, host);
    g_string_append_printf (out, "%5u  %s\n", m->count, m->why);
  }
}

char *
pkt_requests_text (const PktPage *page, const char *neutral)
{
  GString *out = g_string_new (NULL);
  append_requests (out, page);
  if (neutral) {
    g_autofree char *reason = pkt_text_quote (pkt_slice_str (neutral), MAX_URL);
    g_string_append_printf (out, "You say that the URL is the same for everybody: %s\n", reason);
  }
  append_missing (out, page);
  return g_string_free (out, FALSE);
}

void
pkt_requests_json (const PktPage *page, const char *neutral, json_t *out)
{
  json_t *requests = json_array (), *missing = json_array ();
  for (guint i = 0; i < page->requests->len; i++) {
    const PktPageRequest *r = page->requests->pdata[i];
    json_t *o = json_object ();
    json_object_set_new (o, "kind", pkt_json_string (r->kind));
    json_object_set_new (o, "url", pkt_json_string (r->url));
    json_object_set_new (o, "address", pkt_json_string (r->address));
    json_object_set_new (o, "status", r->status ? json_integer (r->status) : json_null ());
    json_object_set_new (o, "bytes", json_integer ((json_int_t)r->bytes));
    json_object_set_new (o, "result", pkt_json_string (r->result));
    json_array_append_new (requests, o);
  }
  for (guint i = 0; i < page->missing->len; i++) {
    const PktPageMissing *m = page->missing->pdata[i];
    json_t *o = json_object ();
    json_object_set_new (o, "kind", pkt_json_string (m->kind));
    json_object_set_new (o, "host", pkt_json_string (m->host));
    json_object_set_new (o, "why", pkt_json_string (m->why));
    json_object_set_new (o, "count", json_integer (m->count));
    json_array_append_new (missing, o);
  }
  json_object_set_new (out, "pictures", json_integer (page->pictures));
  json_object_set_new (out, "requests", requests);
  json_object_set_new (out, "missing", missing);
  json_object_set_new (out, "url_is_neutral", pkt_json_string (neutral));
}

json_t *
pkt_requests_page (const PktPage *page, const char *neutral)
{
  json_t *o = json_object ();
  g_autofree char *name = g_path_get_basename (page->source);
  const PktPageRequest *first = page->requests->len ? page->requests->pdata[0] : NULL;
  gboolean fetched = first && g_str_equal (first->kind, "page");
  json_object_set_new (o, "source", pkt_json_string (fetched ? page->source : name));
  pkt_requests_json (page, neutral, o);
  return o;
}
