#include "packet/page/reader-url.h"
#include <string.h>
#include "packet/base/greeting.h"
#include "packet/base/name-list.h"

#define MIN_WORD 3  /* characters of a word of a name */
#define MIN_GLUED 6 /* of a whole name in one word */
#define MIN_DIGITS 12
#define MAX_RECIPIENTS 64
#define MAX_URL 8192

/* Decoded twice, since an address often stands in another's parameter. Caller frees. */
static char *
decoded (const char *url)
{
  char *text = g_strndup (url, MAX_URL);
  for (guint i = 0; i < 2; i++) {
    char *plain = g_uri_unescape_string (text, NULL);
    if (plain == NULL)
      break;
    g_free (text);
    text = plain;
  }
  g_autofree char *taken = text;
  g_autofree char *valid = g_utf8_make_valid (taken, -1);
  return g_utf8_normalize (valid, -1, G_NORMALIZE_NFKC);
}

/* "janeQuill2027" -> "jane quill "; casefolded words of letters, one blank between. */
static char *
words_of (const char *text)
{
  GString *out = g_string_new (" ");
  gunichar last = 0;
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);
    const gboolean letter = g_unichar_isalpha (c) || g_unichar_ismark (c),
                   hump = g_unichar_isupper (c) && g_unichar_islower (last);
    if ((!letter || hump) && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
    if (letter)
      g_string_append_unichar (out, c);
    last = c;
  }
  g_string_append_c (out, ' ');
  g_autofree char *words = g_string_free (out, FALSE);
  return g_utf8_casefold (words, -1);
}

static gboolean
has_word (const char *words, const char *word)
{
  g_autofree char *alone = g_strdup_printf (" %s ", word);
  return strstr (words, alone) != NULL;
}

/* As it is, with "ue" for "ü", and with "u". */
static gboolean
has_forms (const char *words, const char *folded, gboolean (*has) (const char *, const char *))
{
  g_autofree char *one = pkt_name_plain (folded, 1), *two = pkt_name_plain (folded, 2);
  return has (words, folded) || (one && has (words, one)) || (two && has (words, two));
}

static gboolean
has_part (const char *words, const char *glued)
{
  return strstr (words, glued) != NULL;
}

static gboolean
has_name (const char *words, const char *name)
{
  g_autofree char *composed = g_utf8_normalize (name, -1, G_NORMALIZE_NFKC);
  g_auto (GStrv) parts = g_strsplit_set (composed ? composed : "", " \t,;()'\"-.", -1);
  GString *all = g_string_new (NULL), *turned = g_string_new (NULL);
  gboolean found = FALSE;
  for (char **part = parts; *part && !found; part++) {
    g_autofree char *folded = g_utf8_casefold (*part, -1);
    const gboolean small = g_unichar_islower (g_utf8_get_char (*part)) /* "van" */
                           || pkt_greeting_is_nobody (folded);
    g_string_append (all, folded);
    g_string_prepend (turned, folded);
    found = !small && g_utf8_strlen (folded, -1) >= MIN_WORD && has_forms (words, folded, has_word);
  }
  found
      = found
        || (g_utf8_strlen (all->str, -1) >= MIN_GLUED
            && (has_forms (words, all->str, has_part) || has_forms (words, turned->str, has_part)));
  g_string_free (all, TRUE);
  g_string_free (turned, TRUE);
  return found;
}

static gboolean
has_digest (const char *lower, const char *text)
{
  static const GChecksumType types[] = { G_CHECKSUM_MD5, G_CHECKSUM_SHA1, G_CHECKSUM_SHA256,
                                         G_CHECKSUM_SHA384, G_CHECKSUM_SHA512 };
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autofree char *sum = g_compute_checksum_for_string (types[i], text, -1);
    sum[MIN_DIGITS] = '\0';
    if (strstr (lower, sum))
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_recipient (const char *lower, const char *address)
{
  g_autofree char *small = g_ascii_strdown (address, -1),
                  *local = g_strndup (small, strcspn (small, "@")),
                  *untagged = g_strndup (local, strcspn (local, "+"));
  return has_digest (lower, small) || has_digest (lower, local) || has_digest (lower, untagged);
}

gboolean
pkt_readers_in_url (const PktReaders *readers, const char *url)
{
  g_autofree char *text = decoded (url), *words = words_of (text),
                  *lower = g_ascii_strdown (text, -1);
  for (guint i = 0; readers->names && i < readers->names->len; i++)
    if (has_name (words, readers->names->pdata[i]))
      return TRUE;
  for (guint i = 0; readers->recipients && i < MIN (readers->recipients->len, MAX_RECIPIENTS); i++)
    if (has_recipient (lower, readers->recipients->pdata[i]))
      return TRUE;
  return FALSE;
}
