#include "packet/log/json-nodes.h"
#include "packet/log/event-escapes.h"

typedef struct {
  PktJsonNodes *out;
  const char *p, *limit;
  guint depth;
  gboolean controls; /* there are some, maybe in a string */
} Reader;

static void
skip_blanks (Reader *r)
{
  while (r->p < r->limit && pkt_ascii_is_blank (*r->p))
    r->p++;
}

static gboolean
take (Reader *r, char c)
{
  skip_blanks (r);
  if (r->p == r->limit || *r->p != c)
    return FALSE;
  r->p++;
  return TRUE;
}

/* 0: there are too many. */
static guint32
add (Reader *r, PktSlice key, PktJsonKind kind)
{
  PktJsonNodes *o = r->out;
  if (o->n == PKT_JSON_NODES_MAX)
    return 0;
  if (o->n == o->room) {
    o->room = MAX (2 * o->room, 64);
    o->all = g_renew (PktJsonNode, o->all, o->room);
  }
  o->all[o->n] = (PktJsonNode){ .kind = kind, .key = key, .next = o->n + 1 };
  return ++o->n;
}

/* Behind its first quote; its escapes are left in. */
static gboolean
take_string (Reader *r, PktSlice *out, gboolean *escaped)
{
  const char *end = pkt_escapes_string_end (r->p, r->limit);
  if (end == NULL)
    return FALSE;
  *out = pkt_slice (r->p, (gsize)(end - r->p));
  *escaped = pkt_escapes_are_in (*out);
  r->p = end + 1;
  return !(*escaped || r->controls) || pkt_escapes_are_good (*out);
}

static PktSlice
decode (PktJsonNodes *o, PktSlice raw)
{
  gsize n;
  char *text = pkt_escapes_decode (raw, &n);
  if (text == NULL)
    return pkt_slice (NULL, 0);
  if (o->decoded == NULL)
    o->decoded = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (o->decoded, text);
  return pkt_slice (text, n);
}

/* Behind some digits; NULL: there are none. */
static const char *
skip_digits (const char *p, const char *limit)
{
  const char *begin = p;
  while (p < limit && g_ascii_isdigit (*p))
    p++;
  return p > begin ? p : NULL;
}

/* RFC 8259 6: "-0.5e+3", no zero in front of other digits. */
static gboolean
is_number (PktSlice word)
{
  const char *p = word.p, *limit = word.p + word.n;
  p += *p == '-';
  const char *whole = p;
  p = skip_digits (p, limit);
  if (p == NULL || (*whole == '0' && p > whole + 1))
    return FALSE;
  if (p < limit && *p == '.')
    p = skip_digits (p + 1, limit);
  if (p && p < limit && (*p == 'e' || *p == 'E')) {
    p++;
    p = skip_digits (p + (p < limit && (*p == '+' || *p == '-')), limit);
  }
  return p == limit;
}

static gboolean
take_word (Reader *r, PktSlice key)
{
  const char *begin = r->p;
  while (r->p < r->limit
         && (g_ascii_isalnum (*r->p) || *r->p == '-' || *r->p == '+' || *r->p == '.'))
    r->p++;
  const PktSlice word = pkt_slice (begin, (gsize)(r->p - begin));
  const gboolean is_null = pkt_slice_equal (word, PKT_SLICE ("null"));
  if (word.n == 0
      || !(is_null || pkt_slice_equal (word, PKT_SLICE ("true"))
           || pkt_slice_equal (word, PKT_SLICE ("false")) || is_number (word)))
    return FALSE;
  const guint32 n = add (r, key, is_null ? PKT_JSON_NULL : PKT_JSON_WORD);
  if (n)
    r->out->all[n - 1].text = word;
  return n > 0;
}

static gboolean take_value (Reader *r, PktSlice key);

/* `key`: "name":, decoded. */
static gboolean
take_key (Reader *r, PktSlice *key)
{
  gboolean escaped;
  if (!take (r, '"') || !take_string (r, key, &escaped))
    return FALSE;
  if (escaped)
    *key = decode (r->out, *key);
  return key->p && take (r, ':');
}

/* Behind its first bracket. */
static gboolean
take_all (Reader *r, PktSlice key, PktJsonKind kind)
{
  const char close = kind == PKT_JSON_OBJECT ? '}' : ']', *begin = r->p - 1;
  const guint32 n = add (r, key, kind);
  if (n == 0 || ++r->depth > PKT_JSON_NODES_DEPTH)
    return FALSE;
  if (!take (r, close)) {
    do {
      PktSlice name = { NULL, 0 };
      if ((kind == PKT_JSON_OBJECT && !take_key (r, &name)) || !take_value (r, name))
        return FALSE;
    } while (take (r, ','));
    if (!take (r, close))
      return FALSE;
  }
  r->out->all[n - 1].next = r->out->n;
  r->out->all[n - 1].text = pkt_slice (begin, (gsize)(r->p - begin));
  r->depth--;
  return TRUE;
}

static gboolean
take_value (Reader *r, PktSlice key)
{
  PktSlice text;
  gboolean escaped;
  if (take (r, '{'))
    return take_all (r, key, PKT_JSON_OBJECT);
  if (take (r, '['))
    return take_all (r, key, PKT_JSON_ARRAY);
  if (!take (r, '"'))
    return take_word (r, key);
  if (!take_string (r, &text, &escaped))
    return FALSE;
  const guint32 n = add (r, key, PKT_JSON_STRING);
  if (n == 0)
    return FALSE;
  r->out->all[n - 1].text = text;
  r->out->all[n - 1].escaped = escaped;
  return TRUE;
}

gboolean
pkt_json_nodes_read (PktJsonNodes *o, PktSlice text)
{
  Reader r = {
    .out = o, .p = text.p, .limit = text.p + text.n, .controls = pkt_escapes_have_controls (text)
  };
  o->n = 0;
  g_clear_pointer (&o->decoded, g_ptr_array_unref);
  if (!take_value (&r, pkt_slice (NULL, 0)) || o->all[0].kind < PKT_JSON_ARRAY)
    return FALSE;
  skip_blanks (&r);
  return r.p == r.limit;
}

void
pkt_json_nodes_clear (PktJsonNodes *o)
{
  g_clear_pointer (&o->decoded, g_ptr_array_unref);
  g_clear_pointer (&o->all, g_free);
  o->n = o->room = 0;
}

guint32
pkt_json_nodes_member (const PktJsonNodes *o, guint32 i, PktSlice key)
{
  guint32 found = 0;
  if (o->all[i].kind != PKT_JSON_OBJECT)
    return 0;
  for (guint32 k = i + 1; k < o->all[i].next; k = o->all[k].next)
    if (o->all[k].key.n == key.n && pkt_bytes_same (o->all[k].key.p, key.p, key.n))
      found = k;
  return found;
}

PktSlice
pkt_json_nodes_text (PktJsonNodes *o, guint32 i)
{
  PktJsonNode *node = &o->all[i];
  if (node->kind != PKT_JSON_WORD && node->kind != PKT_JSON_STRING)
    return pkt_slice (NULL, 0);
  if (node->escaped) {
    node->text = decode (o, node->text);
    node->escaped = FALSE;
  }
  return node->text;
}
