#include "packet/base/tags.h"

PktTags *
pkt_tags_parse (PktSlice text)
{
  g_autoptr (PktTags) t = g_new0 (PktTags, 1);
  t->pairs = g_ptr_array_new_with_free_func (g_free);
  while (text.n > 0) {
    PktSlice part = pkt_slice_until (text, ';');
    text = pkt_slice_skip (text, part.n + 1);
    part = pkt_slice_trim (part);
    if (part.n == 0 && text.n == 0)
      break; /* a last ';' */
    PktSlice name = pkt_slice_trim (pkt_slice_until (part, '='));
    PktSlice value = pkt_slice_trim (pkt_slice_skip (part, pkt_slice_until (part, '=').n + 1));
    g_autofree char *key = g_strndup (name.n ? name.p : "", name.n);
    if (pkt_slice_until (part, '=').n == part.n || name.n == 0 || pkt_tags_get (t, key)
        || t->pairs->len >= 2 * PKT_TAGS_MAX || (value.n && memchr (value.p, '\0', value.n)))
      return NULL;
    g_ptr_array_add (t->pairs, g_steal_pointer (&key));
    g_ptr_array_add (t->pairs, g_strndup (value.n ? value.p : "", value.n));
  }
  return g_steal_pointer (&t);
}

void
pkt_tags_free (PktTags *t)
{
  g_ptr_array_unref (t->pairs);
  g_free (t);
}

const char *
pkt_tags_get (const PktTags *t, const char *name)
{
  for (guint i = 0; i < t->pairs->len; i += 2)
    if (g_str_equal (t->pairs->pdata[i], name))
      return t->pairs->pdata[i + 1];
  return NULL;
}

const char *
pkt_tags_first (const PktTags *t)
{
  return t->pairs->len ? t->pairs->pdata[0] : NULL;
}

char *
pkt_tags_get_folded (const PktTags *t, const char *name)
{
  const char *value = pkt_tags_get (t, name);
  if (value == NULL)
    return NULL;
  GString *s = g_string_new (NULL);
  for (; *value; value++)
    if (!g_ascii_isspace (*value))
      g_string_append_c (s, *value);
  return g_string_free (s, FALSE);
}

gboolean
pkt_tags_list_has (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit_set (list, ":, \t\r\n", 100);
  for (char **w = words; *w; w++)
    if (g_ascii_strcasecmp (*w, word) == 0)
      return TRUE;
  return FALSE;
}
