#include "packet/request/body.h"
#include "packet/base/json.h"
#include "packet/request/view.h"

static gsize
count_lines (const char *text)
{
  gsize n = 0;
  for (const char *p = text; *p; p++)
    n += *p == '\n';
  return n;
}

/* Sections between others leave blank lines behind when they are empty: never two in a row, none at
 * the ends. */
static char *
fold_blank_lines (const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *p = text; *p; p++)
    if (*p != '\n' || (out->len && !g_str_has_suffix (out->str, "\n\n")))
      g_string_append_c (out, *p);
  while (g_str_has_suffix (out->str, "\n\n"))
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

/* What may go when space is short, in this order; consent stands in its own attachment as well. */
typedef struct {
  const char *parents[2]; /* names on the way from the view */
  const char *key;        /* becomes null; of rows all others' goes; NULL: replies */
} Spare;

static const Spare spares[] = {
  { { NULL }, NULL },
  { { "stated", "consent" }, "suppression_policy" },
  { { "stated", "consent" }, "unsubscribe" },
  { { "stated" }, "has_consent" },
  { { NULL }, "other_stream" },
  { { NULL }, "other_ips" },
  { { "checked" }, "one_click" },
  { { "checked" }, "unsubscribe" },
  { { "stated" }, "impact" },
  { { "special" }, "hours" },
  { { NULL }, "rows" },
};

/* The first answer stays verbatim; the others are in the attachment, code and tag name them. */
static void
shorten_replies (json_t *replies)
{
  for (gsize i = 1; i < json_array_size (replies); i++) {
    json_t *r = json_array_get (replies, i);
    json_object_set (r, "text", json_object_get (r, "short_text"));
  }
}

/* A day of Apple's that is left out would be missed in the sum, and the newest is what counts. */
static void
give_up_others (json_t *rows)
{
  const gsize last = json_array_size (rows) - 1;
  const char *text = pkt_json_text (json_array_get (rows, last), "text");
  if (text && g_str_has_prefix (text, "  all others"))
    json_array_remove (rows, last);
}

static void
give_up (json_t *view, const Spare *s)
{
  json_t *parent = view;
  if (s->key == NULL) {
    shorten_replies (json_object_get (view, "replies"));
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (s->parents) && s->parents[i]; i++)
    parent = json_object_get (parent, s->parents[i]);
  json_t *value = json_object_get (parent, s->key);
  if (json_is_array (value))
    give_up_others (value);
  else if (value)
    json_object_set_new (parent, s->key, json_null ());
  if (pkt_view_checked_nothing (json_object_get (view, "checked")))
    json_object_set_new (view, "checked", json_null ());
}

static char *
render (const char *name, const json_t *view, GError **error)
{
  g_autofree char *text = pkt_text_render (name, view, TRUE, error);
  return text ? fold_blank_lines (text) : NULL;
}

char *
pkt_body_render (const json_t *view, GError **error)
{
  json_t *short_view = json_deep_copy (view);
  const char *variant = pkt_json_text (view, "variant");
  g_autofree char *name = variant ? g_strdup_printf ("request-%s.txt", variant)
                                  : g_strdup ("request.txt");
  char *body = render (name, short_view, error);
  for (gsize i = 0; body && count_lines (body) > PKT_BODY_LINES && i < G_N_ELEMENTS (spares); i++) {
    g_free (body);
    give_up (short_view, &spares[i]);
    body = render (name, short_view, error);
  }
  json_decref (short_view);
  return body;
}

char *
pkt_follow_up_render (const json_t *view, GError **error)
{
  const json_t *f = json_object_get (view, "follow_up");
  gboolean resolved = json_is_true (json_object_get (f, "resolved"));
  return render (resolved ? "resolved.txt" : "follow-up.txt", view, error);
}
