#include "packet/request/body.h"
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

/* What may go when space is short, in this order: a path of keys and what it becomes. */
typedef struct {
  const char *parent, *key;
  gboolean last_row; /* of an array: its last entry goes */
} Spare;

static const Spare spares[] = {
  { "stated", "has_consent", FALSE }, { NULL, "other_stream", FALSE },
  { "checked", "one_click", FALSE },  { "checked", "unsubscribe", FALSE },
  { "stated", "impact", FALSE },      { NULL, "rows", TRUE },
};

static void
give_up (json_t *view, const Spare *s)
{
  json_t *parent = s->parent ? json_object_get (view, s->parent) : view;
  if (!json_is_object (parent))
    return;
  if (!s->last_row) {
    json_object_set_new (parent, s->key, json_null ());
    return;
  }
  json_t *rows = json_deep_copy (json_object_get (parent, s->key));
  json_array_remove (rows, json_array_size (rows) - 1);
  json_object_set_new (parent, s->key, rows);
}

static char *
render (const json_t *view, GError **error)
{
  g_autofree char *text = pkt_text_render ("request.txt", view, TRUE, error);
  return text ? fold_blank_lines (text) : NULL;
}

char *
pkt_body_render (const json_t *view, GError **error)
{
  json_t *short_view = json_deep_copy (view);
  char *body = render (short_view, error);
  for (gsize i = 0; body && count_lines (body) > PKT_BODY_LINES && i < G_N_ELEMENTS (spares); i++) {
    g_free (body);
    give_up (short_view, &spares[i]);
    body = render (short_view, error);
  }
  json_decref (short_view);
  return body;
}
