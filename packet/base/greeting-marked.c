/* Whom a page's own marks for programs name as its reader: schema.org's, as JSON-LD or as
 * attributes. A text may hold the name without a greeting. */
#include <jansson.h>
#include <string.h>
#include "packet/base/greeting.h"
#include "packet/base/slice.h"

#define MAX_DEPTH 16
#define MAX_NAMES 256 /* of a page, with those of its greetings */
#define MAX_NAME 100  /* bytes */
#define MAX_NEAR 600  /* bytes between a reader's mark and his name's */

/* Properties whose value is the reader. */
static const char *const readers[] = { "underName", "customer",        "recipient",
                                       "attendee",  "deliveryAddress", NULL };
static const char *const name_parts[] = { "name", "givenName", "familyName", NULL };

static gboolean
is_one_of (PktSlice s, const char *const *list)
{
  for (; *list; list++)
    if (pkt_slice_equal_nocase (s, pkt_slice_str (*list)))
      return TRUE;
  return FALSE;
}

static void
take (GPtrArray *names, PktSlice text)
{
  text = pkt_slice_trim (text);
  if (text.n < 2 || text.n > MAX_NAME || names->len >= MAX_NAMES)
    return;
  g_autofree char *name = pkt_slice_utf8 (text);
  if (strpbrk (name, "@<>&{}%[]0123456789") || !g_unichar_isalpha (g_utf8_get_char (name)))
    return;
  if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_steal_pointer (&name));
}

/* ---- JSON-LD ---- */

static void
take_reader (const json_t *value, GPtrArray *names)
{
  if (json_is_string (value))
    take (names, pkt_slice_str (json_string_value (value)));
  for (gsize i = 0; i < json_array_size (value); i++)
    take_reader (json_array_get (value, i), names);
  for (gsize i = 0; json_is_object (value) && name_parts[i]; i++) {
    const char *name = json_string_value (json_object_get (value, name_parts[i]));
    if (name)
      take (names, pkt_slice_str (name));
  }
}

static void
walk (json_t *node, guint depth, GPtrArray *names)
{
  const char *key;
  json_t *value;
  if (depth > MAX_DEPTH)
    return;
  for (gsize i = 0; i < json_array_size (node); i++)
    walk (json_array_get (node, i), depth + 1, names);
  json_object_foreach (node, key, value)
  {
    if (is_one_of (pkt_slice_str (key), readers))
      take_reader (value, names);
    walk (value, depth + 1, names);
  }
}

/* Up to its end tag. */
static void
take_script (PktSlice text, GPtrArray *names)
{
  const PktSlice end = pkt_slice_find (text, PKT_SLICE ("</"));
  text = end.p ? pkt_slice (text.p, (gsize)(end.p - text.p)) : text;
  json_t *root = json_loadb (text.p ? text.p : "", text.n, JSON_DISABLE_EOF_CHECK, NULL);
  walk (root, 0, names);
  json_decref (root);
}

/* ---- attributes ---- */

/* The value of itemprop= or content= in a tag; empty: it has none. */
static PktSlice
attribute_of (PktSlice tag, const char *name)
{
  const gsize n = strlen (name);
  for (gsize i = 1; i + n + 1 < tag.n; i++) {
    if (!g_ascii_isspace (tag.p[i - 1]) || g_ascii_strncasecmp (tag.p + i, name, n) != 0
        || tag.p[i + n] != '=')
      continue;
    PktSlice value = pkt_slice_skip (tag, i + n + 1);
    const char quote = value.n ? value.p[0] : '\0';
    return quote == '"' || quote == '\'' ? pkt_slice_until (pkt_slice_skip (value, 1), quote)
                                         : pkt_slice_until (value, ' ');
  }
  return pkt_slice (NULL, 0);
}

/* `html` begins with a tag's '<'. */
static void
take_named (PktSlice tag, PktSlice html, GPtrArray *names)
{
  const PktSlice content = attribute_of (tag, "content");
  take (names, content.n ? content : pkt_slice_until (pkt_slice_skip (html, tag.n + 1), '<'));
}

static gboolean
begins (PktSlice tag, const char *name)
{
  const gsize n = strlen (name);
  return tag.n > n && g_ascii_strncasecmp (tag.p + 1, name, n) == 0;
}

void
pkt_greeting_marked (PktSlice html, GPtrArray *names)
{
  PktSlice rest = html;
  const char *near = NULL; /* the end of the last reader's mark */
  while ((rest = pkt_slice_find (rest, PKT_SLICE ("<"))).p) {
    const PktSlice tag = pkt_slice_until (rest, '>'), item = attribute_of (tag, "itemprop");
    const PktSlice behind = pkt_slice_skip (rest, tag.n + 1);
    if (begins (tag, "script") && pkt_slice_find (tag, PKT_SLICE ("ld+json")).p)
      take_script (behind, names);
    if (is_one_of (item, readers)) {
      take_named (tag, rest, names);
      near = tag.p + tag.n;
    } else if (near && tag.p - near < MAX_NEAR && is_one_of (item, name_parts))
      take_named (tag, rest, names);
    rest = behind;
  }
}
