#include "packet/page/css-names.h"
#include <string.h>

#define MAX_PARTS 32 /* values of attribute selectors: each is looked for in each name */
#define MIN_PART 2   /* characters: a shorter one is in every name */

struct PktCssNames {
  GHashTable *whole; /* lower case */
  GPtrArray *parts;
};

static gsize
name_length (const char *p)
{
  gsize n = 0;
  while (g_ascii_isalnum (p[n]) || p[n] == '-' || p[n] == '_' || (guint8)p[n] >= 0x80)
    n++;
  return n;
}

/* "[class*=col-]": what stands behind the '='. */
static void
add_part (PktCssNames *names, const char *open)
{
  const char *value = open + strcspn (open, "=]}");
  const gsize n = *value == '=' ? name_length (value + 1) : 0;
  if (n >= MIN_PART && names->parts->len < MAX_PARTS)
    g_ptr_array_add (names->parts, g_ascii_strdown (value + 1, (gssize)n));
}

PktCssNames *
pkt_css_names_new (const char *sheet)
{
  PktCssNames *names = g_new0 (PktCssNames, 1);
  names->whole = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  names->parts = g_ptr_array_new_with_free_func (g_free);
  for (const char *p = sheet; *(p += strcspn (p, ".#[")); p++) {
    const gsize n = *p == '[' ? 0 : name_length (p + 1);
    if (n)
      g_hash_table_add (names->whole, g_ascii_strdown (p + 1, (gssize)n));
    else if (*p == '[')
      add_part (names, p);
  }
  return names;
}

void
pkt_css_names_free (PktCssNames *names)
{
  g_hash_table_unref (names->whole);
  g_ptr_array_unref (names->parts);
  g_free (names);
}

static gboolean
is_mentioned (const PktCssNames *names, const char *lower)
{
  if (g_hash_table_contains (names->whole, lower))
    return TRUE;
  for (guint i = 0; i < names->parts->len; i++)
    if (strstr (lower, names->parts->pdata[i]))
      return TRUE;
  return FALSE;
}

char *
pkt_css_names_kept (const PktCssNames *names, const char *value)
{
  GString *kept = g_string_new (NULL);
  for (const char *p = value; *(p += strspn (p, " \t\r\n\f"));) {
    const gsize n = strcspn (p, " \t\r\n\f");
    g_autofree char *lower = g_ascii_strdown (p, (gssize)n);
    if (is_mentioned (names, lower)) {
      g_string_append (kept, kept->len ? " " : "");
      g_string_append_len (kept, p, (gssize)n);
    }
    p += n;
  }
  return g_string_free (kept, kept->len == 0);
}
