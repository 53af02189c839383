#include "packet/page/reader-url.h"
#include <string.h>
#include "packet/base/greeting.h"
#include "packet/base/name-list.h"

#define MIN_WORD 3  /* characters of a word of a name */
#define MIN_GLUED 6 /* of a whole name in one word */
#define MAX_GLUED 48
#define MIN_DIGITS 12
#define MAX_READERS 64
#define MAX_URL 8192

struct PktReaders {
  GHashTable *words, *digests; /* char*; digests: their first digits */
  GPtrArray *glued;            /* char* */
};

/* ---- who they are ---- */

/* As it is, with "ue" for "ü", and with "u". */
static void
add_forms (const char *folded, void (*add) (PktReaders *, const char *), PktReaders *r)
{
  g_autofree char *one = pkt_name_plain (folded, 1), *two = pkt_name_plain (folded, 2);
  add (r, folded);
  if (one)
    add (r, one);
  if (two)
    add (r, two);
}

static void
add_word (PktReaders *r, const char *word)
{
  g_hash_table_add (r->words, g_strdup (word));
}

static void
add_glued (PktReaders *r, const char *word)
{
  g_ptr_array_add (r->glued, g_strdup (word));
}

static void
add_name (PktReaders *r, const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1),
                  *composed = g_utf8_normalize (valid, -1, G_NORMALIZE_NFKC);
  g_auto (GStrv) parts = g_strsplit_set (composed, " \t,;()'\"-.", -1);
  g_autoptr (GString) all = g_string_new (NULL), turned = g_string_new (NULL);
  for (char **part = parts; *part; part++) {
    g_autofree char *folded = g_utf8_casefold (*part, -1);
    g_string_append (all, folded);
    g_string_prepend (turned, folded);
    if (!g_unichar_islower (g_utf8_get_char (*part)) /* "van" */
        && !pkt_greeting_is_nobody (folded) && g_utf8_strlen (folded, -1) >= MIN_WORD)
      add_forms (folded, add_word, r);
  }
  const glong n = g_utf8_strlen (all->str, -1);
  if (n < MIN_GLUED || n > MAX_GLUED)
    return;
  add_forms (all->str, add_glued, r);
  if (!g_str_equal (all->str, turned->str))
    add_forms (turned->str, add_glued, r);
}

static void
add_digests (PktReaders *r, const char *text)
{
  static const GChecksumType types[] = { G_CHECKSUM_MD5, G_CHECKSUM_SHA1, G_CHECKSUM_SHA256,
                                         G_CHECKSUM_SHA384, G_CHECKSUM_SHA512 };
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
    char *sum = g_compute_checksum_for_string (types[i], text, -1);
    sum[MIN_DIGITS] = '\0';
    g_hash_table_add (r->digests, sum);
  }
}

static void
add_recipient (PktReaders *r, const char *address)
{
  g_autofree char *small = g_ascii_strdown (address, -1),
                  *local = g_strndup (small, strcspn (small, "@")),
                  *untagged = g_strndup (local, strcspn (local, "+"));
  add_digests (r, small);
  add_digests (r, local);
  add_digests (r, untagged);
}

PktReaders *
pkt_readers_new (const GPtrArray *names, const GPtrArray *recipients)
{
  PktReaders *r = g_new0 (PktReaders, 1);
  r->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  r->glued = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; names && i < MIN (names->len, MAX_READERS); i++)
    add_name (r, names->pdata[i]);
  for (guint i = 0; recipients && i < MIN (recipients->len, MAX_READERS); i++)
    add_recipient (r, recipients->pdata[i]);
  return r;
}

void
pkt_readers_free (PktReaders *r)
{
  g_hash_table_unref (r->words);
  g_hash_table_unref (r->digests);
  g_ptr_array_unref (r->glued);
  g_free (r);
}

/* ---- what an address says ---- */

/* Decoded twice, since an address often stands in another's parameter. Caller frees. */
static char *
decoded (const char *url)
{
  char *text = g_strndup (url, MAX_URL);
  for (guint i = 0; i < 2 && strchr (text, '%'); i++) {
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

/* "janeQuill2027" -> "jane quill": casefolded words of letters, one blank between. Caller frees. */
static char *
words_of (const char *text)
{
  g_autoptr (GString) out = g_string_new (" ");
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
  return g_utf8_casefold (out->str, -1);
}

static gboolean
has_digest (const PktReaders *r, const char *text)
{
  char digits[MIN_DIGITS + 1] = "";
  guint run = 0;
  for (const char *p = text; *p && g_hash_table_size (r->digests); p++) {
    if (!g_ascii_isxdigit (*p)) {
      run = 0;
      continue;
    }
    memmove (digits, digits + 1, MIN_DIGITS - 1);
    digits[MIN_DIGITS - 1] = g_ascii_tolower (*p);
    if (++run >= MIN_DIGITS && g_hash_table_contains (r->digests, digits))
      return TRUE;
  }
  return FALSE;
}

gboolean
pkt_readers_in_url (const PktReaders *readers, const char *url)
{
  g_autofree char *text = decoded (url), *folded = words_of (text);
  for (guint i = 0; i < readers->glued->len; i++)
    if (strstr (folded, readers->glued->pdata[i]))
      return TRUE;
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  for (char **w = words; *w; w++)
    if (**w && g_hash_table_contains (readers->words, *w))
      return TRUE;
  return has_digest (readers, text);
}
