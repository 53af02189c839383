#include "packet/redact/publish.h"
#include "packet/base/error.h"
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/redact/aid.h"
#include "packet/redact/png.h"
#include "packet/redact/redactor-priv.h"
#include "packet/redact/token.h"

struct PktPublic {
  json_t *facts;
};

struct PktPublicPart {
  char *name, *type, *bytes;
  gsize n;
};

typedef struct {
  PktRedactor *r;
  GString *path; /* "$.stated.consent.source" */
  guint depth;
} Walk;

const json_t *
pkt_public_facts (const PktPublic *p)
{
  return p->facts;
}

const char *
pkt_public_part_name (const PktPublicPart *p)
{
  return p->name;
}

const char *
pkt_public_part_type (const PktPublicPart *p)
{
  return p->type;
}

PktSlice
pkt_public_part_bytes (const PktPublicPart *p)
{
  return pkt_slice (p->bytes, p->n);
}

void
pkt_public_free (PktPublic *p)
{
  json_decref (p->facts);
  g_free (p);
}

void
pkt_public_part_free (PktPublicPart *p)
{
  g_free (p->name);
  g_free (p->type);
  g_free (p->bytes);
  g_free (p);
}

static gboolean
refuse (const char *place, const char *rule, gboolean stated, GError **error)
{
  g_set_error (error, PKT_ERROR, PKT_ERROR_PRIVACY,
               "%s: rule %s: private data in %s; nothing was written; %s", place, rule,
               stated ? "text that the sender states" : "what was read from logs and samples",
               stated ? "change the text" : "leave the source out that has it");
  return FALSE;
}

/* A host name, a HELO, a selector with another client in it is what it is: that becomes its mark,
 * and the build goes on. What the sender states is his to change. */
static json_t *
strict_string (Walk *w, PktSlice text, gboolean stated, GError **error)
{
  g_autofree char *without = stated ? NULL : pkt_redact_privates (w->r, text.p);
  PktSlice left = without ? pkt_slice_str (without) : text;
  const char *rule = pkt_redact_breaks_stated (w->r, left, PKT_FORM_ROLE);
  if (rule == NULL && stated && pkt_redactor_names_titled (w->r, left.p))
    rule = "name";
  if (rule) {
    refuse (w->path->str, rule, stated, error);
    return NULL;
  }
  g_autofree char *still = pkt_text_disarm (g_strndup (left.p, left.n));
  return json_string_nocheck (still);
}

static json_t *
safe_message_id (Walk *w, PktSlice id, GError **error)
{
  if (id.n && w->r->audience == PKT_AUDIENCE_PUBLIC) { /* finds the message at who has it */
    GString *token = g_string_new (NULL);
    pkt_token_append (token, id);
    json_t *class = json_string (token->str);
    g_string_free (token, TRUE);
    return class;
  }
  if (id.n == 0 || pkt_redact_message_id_is_safe (w->r, id))
    return pkt_json_slice (id);
  g_set_error (error, PKT_ERROR, PKT_ERROR_BUG,
               "%s: this Message-ID holds a recipient; another sample must be chosen (our bug)",
               w->path->str);
  return NULL;
}

/* What is read can be mended by nobody: the part that names a reader goes, an id goes whole. */
static json_t *
read_string (Walk *w, PktSlice text, gboolean is_id, GError **error)
{
  g_autofree char *unnamed = pkt_redact_privates (w->r, text.p);
  g_autofree char *without = pkt_redact_read_name (w->r, unnamed ? pkt_slice_str (unnamed) : text);
  if (without == NULL)
    return strict_string (w, text, FALSE, error);
  pkt_redactor_count (w->r, is_id ? "id" : "host-name");
  return is_id ? json_null () : strict_string (w, pkt_slice_str (without), FALSE, error);
}

/* "for Jane%20Quill" in a reply: a name that shows only when it is decoded. NULL: there is none. */
static char *
without_coded_names (PktRedactor *r, const char *text, PktPlace place)
{
  char *without = place == PKT_PLACE_TEXT ? pkt_redact_read_name (r, pkt_slice_str (text)) : NULL;
  if (without)
    pkt_redactor_count (r, "encoded");
  return without;
}

static json_t *
public_string (Walk *w, const json_t *leaf, PktPlace place, gboolean stated, GError **error)
{
  PktSlice s = pkt_slice (json_string_value (leaf), json_string_length (leaf));
  g_autofree char *text = NULL;
  switch (place) {
  case PKT_PLACE_RECIPIENT:
    text = pkt_redact_recipient (w->r, s);
    break;
  case PKT_PLACE_RETURN_PATH:
    text = pkt_redact_return_path (w->r, s);
    break;
  case PKT_PLACE_TEXT:
    text = pkt_redact_reply (w->r, s);
    break;
  case PKT_PLACE_DOMAIN:
    text = pkt_redact_domain (w->r, s);
    break;
  case PKT_PLACE_MESSAGE_ID:
    return safe_message_id (w, s, error);
  case PKT_PLACE_READ_NAME:
  case PKT_PLACE_READ_ID:
    return read_string (w, s, place == PKT_PLACE_READ_ID, error);
  case PKT_PLACE_STRICT:
    return strict_string (w, s, stated, error);
  }
  g_autofree char *without = pkt_redact_privates (w->r, text);
  g_autofree char *unnamed = without_coded_names (w->r, without ? without : text, place);
  char *still = pkt_text_disarm (unnamed ? unnamed : without ? without : text);
  pkt_redactor_note_example (w->r, w->path->str + 2, still); /* behind "$." */
  return json_string (still);
}

static json_t *public_value (Walk *w, const json_t *raw, PktPlace place, gboolean stated,
                             GError **error);

static json_t *
public_array (Walk *w, const json_t *raw, PktPlace place, gboolean stated, GError **error)
{
  json_t *copy = json_array ();
  for (gsize i = 0; i < json_array_size (raw); i++) {
    gsize length = w->path->len;
    g_string_append_printf (w->path, "[%" G_GSIZE_FORMAT "]", i);
    json_t *value = public_value (w, json_array_get (raw, i), place, stated, error);
    g_string_truncate (w->path, length);
    if (value == NULL) {
      json_decref (copy);
      return NULL;
    }
    json_array_append_new (copy, value);
  }
  return copy;
}

/* A key is text that goes out too. It is not printed where it is the one that breaks a rule. Our
 * own
 * ("brand", "policy") are also surnames. */
static gboolean
key_is_clean (Walk *w, const char *key, gboolean stated, GError **error)
{
  gboolean ours = strspn (key, "abcdefghijklmnopqrstuvwxyz_") == strlen (key);
  const char *rule = ours ? pkt_redact_breaks (w->r, pkt_slice_str (key), PKT_FORM_ROLE)
                          : pkt_redact_breaks_stated (w->r, pkt_slice_str (key), PKT_FORM_ROLE);
  if (rule == NULL)
    return TRUE;
  g_string_append (w->path, " (a key of it)");
  return refuse (w->path->str, rule, stated, error);
}

static json_t *
public_member (Walk *w, const char *key, const json_t *raw, PktPlace place, gboolean stated,
               GError **error)
{
  PktPlace own = place;
  gsize length = w->path->len;
  gboolean below = stated || g_str_equal (key, "stated");
  if (!key_is_clean (w, key, below, error))
    return NULL;
  if (below)
    own = PKT_PLACE_STRICT;
  else
    pkt_place_of_key (key, &own);
  g_string_append_printf (w->path, ".%s", key);
  json_t *value = public_value (w, raw, own, below, error);
  g_string_truncate (w->path, length);
  return value;
}

static json_t *
public_object (Walk *w, const json_t *raw, PktPlace place, gboolean stated, GError **error)
{
  json_t *copy = json_object (), *value;
  const char *key;
  json_object_foreach ((json_t *)raw, key, value)
  {
    json_t *made = public_member (w, key, value, place, stated, error);
    if (made == NULL) {
      json_decref (copy);
      return NULL;
    }
    json_object_set_new (copy, key, made);
  }
  return copy;
}

static json_t *
public_value (Walk *w, const json_t *raw, PktPlace place, gboolean stated, GError **error)
{
  json_t *copy = NULL;
  if (w->depth == PKT_PUBLISH_MAX_DEPTH) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_BUG, "%s: facts are nested too deep (our bug)",
                 w->path->str);
    return NULL;
  }
  w->depth++;
  if (json_is_string (raw))
    copy = public_string (w, raw, place, stated, error);
  else if (json_is_array (raw))
    copy = public_array (w, raw, place, stated, error);
  else if (json_is_object (raw))
    copy = public_object (w, raw, place, stated, error);
  else
    copy = json_deep_copy (raw);
  w->depth--;
  return copy;
}

/* The contact and the company stand in the text by name; a test mailbox often bears the same. */
static void
allow_stated_names (PktRedactor *r, const json_t *raw, guint depth)
{
  static const struct {
    const char *object, *key;
  } names[] = { { "contact", "name" }, { "company", "name" }, { "company", "brand" } };
  const char *key;
  json_t *value;
  if (depth == PKT_PUBLISH_MAX_DEPTH || !json_is_object (raw))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    pkt_redactor_allow_name (r, json_string_value (json_object_get (
                                    json_object_get (raw, names[i].object), names[i].key)));
  json_object_foreach ((json_t *)raw, key, value) allow_stated_names (r, value, depth + 1);
}

PktPublic *
pkt_publish_facts (PktRedactor *r, const json_t *raw, GError **error)
{
  Walk w = { r, g_string_new ("$"), 0 };
  allow_stated_names (r, raw, 0);
  json_t *facts = public_value (&w, raw, PKT_PLACE_STRICT, FALSE, error);
  g_string_free (w.path, TRUE);
  if (facts == NULL)
    return NULL;
  PktPublic *p = g_new0 (PktPublic, 1);
  p->facts = facts;
  return p;
}

static gboolean
plain_file_name (const char *name)
{
  gsize n = strlen (name);
  if (n == 0 || n > 128 || name[0] == '.')
    return FALSE;
  return strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == n;
}

static const char *
broken_rule (PktRedactor *r, const char *type, PktSlice bytes)
{
  guint64 offset = 0;
  if (g_str_equal (type, "image/png"))
    return pkt_png_check (bytes, &offset);
  if (!g_str_equal (type, "text/plain") && !g_str_equal (type, "text/csv"))
    return "type";
  if (!g_utf8_validate (bytes.p, (gssize)bytes.n, NULL))
    return "charset";
  return pkt_redact_breaks_stated (r, bytes, PKT_FORM_OWN);
}

PktPublicPart *
pkt_publish_part (PktRedactor *r, const char *name, const char *type, const char *bytes, gsize n,
                  GError **error)
{
  if (!plain_file_name (name)
      || pkt_redact_breaks_stated (r, pkt_slice_str (name), PKT_FORM_ROLE)) {
    refuse ("the name of an attachment", "file-name", TRUE, error);
    return NULL;
  }
  const char *rule = n > PKT_PUBLISH_MAX_PART ? "size"
                                              : broken_rule (r, type, pkt_slice (bytes, n));
  if (rule) {
    g_set_error (error, PKT_ERROR, PKT_ERROR_PRIVACY,
                 "%s: rule %s: it holds, or may hold, private data; nothing was written", name,
                 rule);
    return NULL;
  }
  PktPublicPart *p = g_new0 (PktPublicPart, 1);
  p->name = g_strdup (name);
  p->type = g_strdup (type);
  p->bytes = g_malloc (n + 1);
  memcpy (p->bytes, bytes, n);
  p->bytes[n] = '\0';
  p->n = n;
  return p;
}
