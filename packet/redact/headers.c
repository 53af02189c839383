#include "packet/redact/headers.h"
#define PKT_WITH_GMIME
#include "packet/base/autoptr.h"
#include "packet/base/json.h"
#include "packet/redact/header-table.h"
#include "packet/redact/header-values.h"
#include "packet/redact/redactor-priv.h"

typedef struct {
  PktRedactor *r;
  const PktSample *sample;
  GString *out;
  json_t *removed;
  GHashTable *seen; /* names already in removed */
  guint cut_hops;
  gboolean beyond_apple; /* a hop that Apple did not write was met */
} Build;

static void
note_removed (Build *b, const char *name, const char *reason)
{
  char *lower = g_ascii_strdown (name, -1);
  if (!g_hash_table_add (b->seen, lower))
    return;
  json_array_append_new (
      b->removed, json_pack ("{s:o, s:s}", "name", pkt_json_string (name), "reason", reason));
}

/* CRLF of the message becomes LF; folds stay. */
static char *
with_lf (const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);
  GString *out = g_string_new (NULL);
  for (const char *p = valid; *p; p++)
    if (*p != '\r' || p[1] != '\n')
      g_string_append_c (out, *p);
  while (out->len && out->str[out->len - 1] == '\n')
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

static char *
redact_value (Build *b, PktHeaderAction action, const char *value)
{
  PktSlice s = pkt_slice_str (value);
  switch (action) {
  case PKT_HEADER_KEEP:
    return g_strdup (value);
  case PKT_HEADER_RECIPIENT:
    return pkt_header_recipients (b->r, value);
  case PKT_HEADER_RETURN_PATH:
    return pkt_header_return_path (b->r, s);
  case PKT_HEADER_RECEIVED:
    return pkt_header_received (b->r, s);
  case PKT_HEADER_AUTH:
    return pkt_header_auth (b->r, s);
  case PKT_HEADER_DKIM:
    return pkt_header_dkim (b->r, s);
  case PKT_HEADER_SKELETON:
    return pkt_header_skeleton (s);
  case PKT_HEADER_CLASS:
    return pkt_header_class (s);
  case PKT_HEADER_FROM:
    return pkt_header_from (b->r, value);
  case PKT_HEADER_REPLY_TO:
    return pkt_header_reply_to (b->r, value);
  case PKT_HEADER_SUBJECT:
    return pkt_header_subject (b->r, value);
  case PKT_HEADER_TEXT:
    return pkt_redact_text (b->r, s);
  case PKT_HEADER_DROP:
    break;
  }
  return NULL;
}

/* Whatever the action made of it: a value in which a recipient can still be found is replaced, and
 * dropped when that does not help. */
static char *
checked_value (Build *b, const char *name, char *value)
{
  gboolean id = g_ascii_strcasecmp (name, "Message-ID") == 0;
  g_autofree char *taken = value;
  if (id ? pkt_redact_message_id_is_safe (b->r, pkt_slice_str (taken))
         : pkt_redact_breaks (b->r, pkt_slice_str (taken), PKT_FORM_OWN) == NULL)
    return g_steal_pointer (&taken);
  if (id)
    return NULL;
  g_autofree char *text = pkt_redact_text (b->r, pkt_slice_str (taken));
  if (pkt_redact_breaks (b->r, pkt_slice_str (text), PKT_FORM_OWN) == NULL)
    return g_steal_pointer (&text);
  return NULL;
}

/* Only Apple's own hops, from the top on, are what Apple can look up; below them lie the sender's
 * inner hosts. */
static gboolean
is_cut (Build *b, const char *value)
{
  if (!b->beyond_apple && pkt_header_is_apple_hop (pkt_slice_str (value)))
    return FALSE;
  b->beyond_apple = TRUE;
  b->cut_hops++;
  return TRUE;
}

static void
write_cut_hops (Build *b)
{
  if (b->cut_hops)
    g_string_append_printf (b->out, "Received: [%u older hop%s on the sender's side, left out]\n",
                            b->cut_hops, b->cut_hops == 1 ? "" : "s");
  b->cut_hops = 0;
}

static void
write_field (Build *b, const PktHeaderTable *table, const PktHeaderField *f)
{
  const char *reason = NULL;
  PktHeaderAction action = pkt_header_table_find (table, f->name, &reason);
  g_autofree char *raw = with_lf (f->value);
  if (action == PKT_HEADER_RECEIVED && is_cut (b, raw)) {
    note_removed (b, "Received", "hops on the sender's side");
    return;
  }
  if (b->beyond_apple && action != PKT_HEADER_RECEIVED)
    write_cut_hops (b);
  g_autofree char *value = redact_value (b, action, raw);
  if (value)
    value = checked_value (b, f->name, g_steal_pointer (&value));
  if (value == NULL) {
    pkt_redactor_count (b->r, "header-removed");
    note_removed (b, f->name, reason);
    return;
  }
  if (!g_str_equal (value, raw))
    pkt_redactor_count (b->r, "header-rewritten");
  g_string_append_printf (b->out, "%s:%s\n", f->name, value);
}

static gboolean
plain_name (const char *name)
{
  for (const char *p = name; *p; p++)
    if (*p <= 0x20 || *p >= 0x7f)
      return FALSE;
  return *name != '\0' && strlen (name) <= 76;
}

static void
learn (PktRedactor *r, const PktSample *sample)
{
  for (guint i = 0; i < sample->recipients->len; i++)
    pkt_redactor_add_recipient (r, pkt_slice_str (sample->recipients->pdata[i]));
  for (guint i = 0; i < sample->names->len; i++)
    pkt_redactor_add_name (r, sample->names->pdata[i]);
}

/* A value split over fields shows only when they stand together. */
static void
check_whole (Build *b)
{
  const char *rule = pkt_redact_breaks (b->r, pkt_slice (b->out->str, b->out->len), PKT_FORM_OWN);
  if (rule == NULL)
    return;
  g_string_assign (b->out, "");
  note_removed (b, "(all)", "a recipient shows when the fields stand together");
}

char *
pkt_redact_headers (PktRedactor *r, const PktSample *sample, json_t **out_removed)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (PktHeaderTable) table = pkt_header_table_new ();
  Build b = { r, sample, g_string_new (NULL), json_array (), seen, 0, FALSE };
  g_mime_init ();
  learn (r, sample);
  for (guint i = 0; i < sample->fields->len; i++) {
    const PktHeaderField *f = sample->fields->pdata[i];
    if (plain_name (f->name))
      write_field (&b, table, f);
    else
      note_removed (&b, "(malformed)", "not a header field");
  }
  write_cut_hops (&b);
  check_whole (&b);
  if (out_removed)
    *out_removed = b.removed;
  else
    json_decref (b.removed);
  return g_string_free (b.out, FALSE);
}
