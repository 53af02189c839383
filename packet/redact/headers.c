#include "packet/redact/headers.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/redact/aid.h"
#include "packet/redact/header-table.h"
#include "packet/redact/header-values.h"
#include "packet/redact/own-id.h"
#include "packet/redact/redactor-priv.h"
#include "packet/redact/token.h"

typedef struct {
  PktRedactor *r;
  const PktHeaderTable *table;
  GString *out;
  json_t *removed;
  GHashTable *seen; /* names already in removed */
  guint cut_hops;
  gboolean beyond_apple;       /* a hop that Apple did not write was met */
  const GPtrArray *recipients; /* char*, of the sample */
} Build;

static gboolean
is_shown_id (PktRedactor *r, const char *id)
{
  return pkt_redact_message_id_is_safe (r, pkt_slice_str (id))
         && !pkt_redactor_has_name_word (r, pkt_slice_until (pkt_slice_str (id), '@'));
}

gboolean
pkt_headers_shows_message_id (PktRedactor *r, const PktSample *sample)
{
  return sample->message_id && is_shown_id (r, sample->message_id)
         && !pkt_own_id_tells_reader (sample->recipients, sample->message_id);
}

/* By name, reason and the value's class (NULL: not said), never by value. A name may itself hold
 * whom it is about. */
static void
note_removed (Build *b, const char *name, const char *reason, const char *value)
{
  gboolean private = pkt_redact_breaks_stated (b->r, pkt_slice_str (name), PKT_FORM_ROLE)
                     || pkt_redactor_has_name_word (b->r, pkt_slice_str (name)); /* "X-Zebulon" */
  const char *shown = private ? "(a name that holds a recipient)" : name;
  GString *class = g_string_new (NULL);
  if (!g_hash_table_add (b->seen, g_ascii_strdown (shown, -1))) {
    g_string_free (class, TRUE);
    return;
  }
  if (value)
    pkt_token_append (class, pkt_slice_str (value));
  json_array_append_new (b->removed,
                         json_pack ("{s:o, s:s, s:s?}", "name", pkt_json_string (shown), "reason",
                                    reason, "was", class->len ? class->str : NULL));
  g_string_free (class, TRUE);
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

/* Of mail that people write, or that was forwarded: words of its own, which name who they please.
 */
static gboolean
is_writers (PktHeaderAction action)
{
  return action == PKT_HEADER_SUBJECT || action == PKT_HEADER_FIELDS || action == PKT_HEADER_TEXT
         || action == PKT_HEADER_WORDS || action == PKT_HEADER_LIST_ID
         || action == PKT_HEADER_SKELETON;
}

/* Bytes beyond ASCII are no UTF-8 in old mail, and a name may have some. */
static char *
value_of (Build *b, const char *raw)
{
  g_autofree char *latin = g_utf8_validate (raw, -1, NULL)
                               ? NULL
                               : g_convert (raw, -1, "UTF-8", "WINDOWS-1252", NULL, NULL, NULL);
  g_autofree char *named = latin ? pkt_redact_names (b->r, latin, TRUE) : NULL;
  return with_lf (named ? latin : raw);
}

static char *
words_of (Build *b, PktSlice value)
{
  g_autofree char *words = pkt_header_words (value);
  return pkt_redact_text (b->r, pkt_slice_str (words));
}

/* "----=krauthammer471188" */
static char *
content_of (Build *b, PktSlice value)
{
  const PktSlice boundary = pkt_header_boundary (value);
  g_autofree char *text = g_strndup (boundary.p ? boundary.p : "", boundary.n);
  return pkt_header_content (value, pkt_own_id_tells_reader (b->recipients, text)
                                        || pkt_redactor_has_name_word (b->r, boundary));
}

static char *
redact_value (Build *b, PktHeaderAction action, const char *value)
{
  PktSlice s = pkt_slice_str (value);
  if (b->r->people && is_writers (action))
    return pkt_header_class (s);
  switch (action) {
  case PKT_HEADER_KEEP:
    return g_strdup (value);
  case PKT_HEADER_RECIPIENT:
    return pkt_header_recipients (b->r, value);
  case PKT_HEADER_RETURN_PATH:
    return pkt_header_return_path (b->r, s);
  case PKT_HEADER_RECEIVED:
    return pkt_header_received (b->r, b->table, s);
  case PKT_HEADER_AUTH:
    return pkt_header_auth (b->r, b->table, s);
  case PKT_HEADER_DKIM:
    return pkt_header_dkim (b->r, s);
  case PKT_HEADER_SKELETON:
    return pkt_header_skeleton (b->r, s);
  case PKT_HEADER_FIELDS:
    return pkt_header_fields (b->r, s);
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
  case PKT_HEADER_CONTENT:
    return content_of (b, s);
  case PKT_HEADER_WORDS:
    return words_of (b, s);
  case PKT_HEADER_VALUE:
    return pkt_header_value (s, pkt_header_table_list (b->table, "values"));
  case PKT_HEADER_DATE:
    return pkt_header_date (s, pkt_header_table_list (b->table, "date_words"));
  case PKT_HEADER_LIST_ID:
    return pkt_header_list_id (b->r, s);
  case PKT_HEADER_LANGUAGE:
    return pkt_header_languages (s);
  case PKT_HEADER_FOLDER:
    return pkt_header_folder (value);
  case PKT_HEADER_DROP:
    break;
  }
  return NULL;
}

/* `made` takes the place of `value`, unless it is NULL; both are the caller's no more. */
static char *
replaced (char *value, char *made)
{
  if (made == NULL)
    return value;
  g_free (value);
  return made;
}

/* Whatever the action made of it: a value in which a recipient can still be found is replaced, and
 * dropped when that does not help. Where it is encoded, a fold may leave half of it behind, so only
 * length and class remain. */
static char *
checked_value (Build *b, const char *name, char *value)
{
  gboolean id = g_ascii_strcasecmp (name, "Message-ID") == 0;
  value = id ? value : replaced (value, pkt_redact_custom (b->r, value));
  value = id ? value : replaced (value, pkt_redact_tokens (b->r, value));
  g_autofree char *taken = id ? value : replaced (value, pkt_redact_privates (b->r, value));
  if (id && pkt_own_id_tells_reader (b->recipients, taken))
    return NULL;
  const gboolean one_mails = g_ascii_strcasecmp (name, "Return-Path") == 0;
  if (!id
      && (pkt_own_id_tells_one_of (b->recipients, taken)
          || (one_mails && pkt_own_id_tells_shifted (b->recipients, taken))))
    return pkt_header_class (pkt_slice_str (taken));
  if (id ? is_shown_id (b->r, taken)
         : pkt_redact_breaks_stated (b->r, pkt_slice_str (taken), PKT_FORM_OWN) == NULL)
    return g_steal_pointer (&taken);
  if (id)
    return NULL;
  g_autofree char *plain = pkt_header_decoded (taken); /* an address may lie in two words */
  g_autofree char *text = pkt_redact_text (b->r, pkt_slice_str (plain ? plain : taken));
  if (strstr (text, "[removed]") && !strstr (taken, "[removed]"))
    return pkt_header_class (pkt_slice_str (taken));
  if (pkt_redact_breaks_stated (b->r, pkt_slice_str (text), PKT_FORM_OWN) == NULL)
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
write_field (Build *b, const PktHeaderField *f)
{
  const char *reason = NULL;
  PktHeaderAction action = pkt_header_table_find (b->table, f->name, &reason);
  g_autofree char *raw = value_of (b, f->value);
  const PktTightenedHeader *tightened = pkt_redactor_tightened (b->r, f->name);
  if (tightened && action != PKT_HEADER_DROP) {
    action = tightened->class_only ? PKT_HEADER_CLASS : PKT_HEADER_DROP;
    reason = tightened->reason;
    pkt_redactor_count (b->r, "tightened");
  }
  if (action == PKT_HEADER_RECEIVED && is_cut (b, raw)) {
    note_removed (b, "Received", "hops on the sender's side", NULL);
    return;
  }
  if (b->beyond_apple && action != PKT_HEADER_RECEIVED)
    write_cut_hops (b);
  g_autofree char *value = redact_value (b, action, raw);
  if (value)
    value = checked_value (b, f->name, g_steal_pointer (&value));
  if (value == NULL) {
    pkt_redactor_count (b->r, "header-removed");
    note_removed (b, f->name, reason, raw);
    return;
  }
  pkt_text_disarm (value);
  if (!g_str_equal (value, raw))
    pkt_redactor_count (b->r, "header-rewritten");
  for (const char *p = value; (p = strstr (p, "[token:")); p++)
    pkt_redactor_count (b->r, "token");
  g_string_append_printf (b->out, "%s:%s\n", f->name, value);
}

static void
hide_host (PktRedactor *r, char **name)
{
  char *without = *name ? pkt_redact_read_name (r, pkt_slice_str (*name)) : NULL;
  if (without) {
    g_free (*name);
    *name = without;
  }
}

/* Their place in the mail says whose they are, so they stay, but for what they say. */
void
pkt_headers_hide (PktRedactor *r, PktSample *sample)
{
  hide_host (r, &sample->helo);
  hide_host (r, &sample->ptr);
  hide_host (r, &sample->from_domain);
  hide_host (r, &sample->return_path_domain);
  g_autoptr (PktHeaderTable) table = pkt_header_table_new ();
  pkt_header_table_for (table, r->audience, r->platform);
  Build b = { .r = r, .table = table, .recipients = sample->recipients };
  for (guint i = 0; i < sample->fields->len; i++) {
    PktHeaderField *f = sample->fields->pdata[i];
    const char *reason = NULL;
    if (g_ascii_strncasecmp (f->name, "X-", 2) != 0)
      continue;
    g_autofree char *raw = with_lf (f->value);
    char *value = redact_value (&b, pkt_header_table_find (table, f->name, &reason), raw);
    value = value ? checked_value (&b, f->name, value) : NULL;
    g_free (f->value);
    f->value = value ? value : g_strdup ("");
  }
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
  for (guint i = 0; sample->at_apple && i < sample->recipients->len; i++)
    pkt_redactor_add_custom (r, pkt_slice_str (sample->recipients->pdata[i]));
  for (guint i = 0; i < sample->names->len; i++)
    pkt_redactor_add_name (r, sample->names->pdata[i]);
  for (guint i = 0; i < sample->greeted->len; i++)
    pkt_redactor_add_greeted (r, sample->greeted->pdata[i]);
  if (r->people) {
    pkt_redactor_add_writer (r, sample->from_address);
    pkt_redactor_add_writer (r, sample->from_name);
  }
  for (guint i = 0; i < sample->fields->len; i++) {
    const PktHeaderField *f = sample->fields->pdata[i];
    if (g_ascii_strcasecmp (f->name, "List-Unsubscribe") == 0)
      pkt_redactor_add_unsubscribe (r, f->value);
  }
}

/* A value split over fields shows only when they stand together. */
static void
check_whole (Build *b)
{
  const char *rule = pkt_redact_breaks (b->r, pkt_slice (b->out->str, b->out->len), PKT_FORM_OWN);
  if (rule == NULL)
    return;
  g_string_assign (b->out, "");
  note_removed (b, "(all)", "a recipient shows when the fields stand together", NULL);
}

/* Of what leaves in the end, field by field. */
static void
note_examples (Build *b)
{
  g_auto (GStrv) lines = g_strsplit (b->out->str, "\n", -1);
  for (gsize i = 0; lines[i]; i++) {
    if (lines[i][0] == ' ' || lines[i][0] == '\t')
      continue;
    GString *field = g_string_new (lines[i]);
    g_autofree char *name = g_strndup (lines[i], strcspn (lines[i], ":"));
    for (gsize k = i + 1; lines[k] && (lines[k][0] == ' ' || lines[k][0] == '\t'); k++)
      g_string_append (field, lines[k]);
    pkt_redactor_note_example (b->r, name, field->str);
    g_string_free (field, TRUE);
  }
}

char *
pkt_redact_headers (PktRedactor *r, const PktSample *sample, json_t **out_removed)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (PktHeaderTable) table = pkt_header_table_new ();
  pkt_header_table_for (table, r->audience, r->platform);
  Build b = { r, table, g_string_new (NULL), json_array (), seen, 0, FALSE, sample->recipients };
  learn (r, sample);
  for (guint i = 0; i < sample->fields->len; i++) {
    const PktHeaderField *f = sample->fields->pdata[i];
    if (plain_name (f->name))
      write_field (&b, f);
    else
      note_removed (&b, "(malformed)", "not a header field", NULL);
  }
  write_cut_hops (&b);
  check_whole (&b);
  note_examples (&b);
  if (out_removed)
    *out_removed = b.removed;
  else
    json_decref (b.removed);
  return g_string_free (b.out, FALSE);
}
