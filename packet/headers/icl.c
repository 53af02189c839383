#include "packet/headers/icl.h"
#include "packet/base/slice.h"

static char *
under_key (const guchar *bytes, gsize n, const char *key)
{
  char *text = g_malloc (n + 1);
  for (gsize i = 0; i < n; i++)
    text[i] = (char)(bytes[i] ^ (guchar)key[i % 8]);
  text[n] = '\0';
  if (g_str_has_prefix (text, "mr=") && strlen (text) == n)
    return text;
  g_free (text);
  return NULL;
}

char *
pkt_icl_decode (const char *value)
{
  static const char *const keys[] = { "uyfwx06b", "p9x3m7k2" };
  gsize n = 0;
  g_autofree guchar *bytes = g_base64_decode (value, &n); /* skips blanks of folding */
  char *text = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (keys) && n > 0 && text == NULL; i++)
    text = under_key (bytes, n, keys[i]);
  return text;
}

char *
pkt_icl_field (const char *clear, const char *key)
{
  g_autofree char *name = g_strconcat (" ", key, "=", NULL);
  g_autofree char *whole = g_strconcat (" ", clear, NULL);
  const char *hit = strstr (whole, name);
  if (hit == NULL)
    return NULL;
  PktSlice v = pkt_slice_str (hit + strlen (name));
  gboolean quote = v.n > 0 && v.p[0] == '"';
  v = pkt_slice_until (pkt_slice_skip (v, quote), quote ? '"' : ' ');
  return pkt_slice_utf8 (v);
}
