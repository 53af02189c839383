#include "packet/page/mask.h"
#include <string.h>
#include "packet/base/name-list.h"
#include "packet/page/mask-forms.h"
#include "packet/page/page.h"
#include "packet/page/street.h"

#define MAX_WORDS 8 /* of one name */

struct PktMask {
  PktNameList *whole, *words;
  GPtrArray *parts; /* char*, ASCII in lower case: words that may be glued to others */
};

#define MIN_SMALL 4 /* characters of a word where the name has no capital: not "van" */

/* Alone: "Jo", "山田", not "J." or "van"; of "jo reader" whatever is long enough. */
static gboolean
worth_hiding (const char *word, gboolean small)
{
  const gunichar first = g_utf8_get_char (word);
  return g_utf8_strlen (word, -1) >= (small ? MIN_SMALL : 2)
         && (small ? g_unichar_isalpha (first) : pkt_name_may_begin (first))
         && !g_str_has_suffix (word, ".");
}

static gboolean
is_small (const char *name)
{
  for (; *name; name = g_utf8_next_char (name))
    if (pkt_name_may_begin (g_utf8_get_char (name)))
      return FALSE;
  return TRUE;
}

static void
add_forms (PktNameList *list, const char *name)
{
  g_autofree char *composed = g_utf8_normalize (name, -1, G_NORMALIZE_NFC),
                  *folded = g_utf8_casefold (composed, -1), *one = pkt_name_plain (folded, 1),
                  *two = pkt_name_plain (folded, 2);
  pkt_name_list_add (list, folded);
  pkt_name_list_add (list, one ? one : folded);
  pkt_name_list_add (list, two ? two : folded);
}

#define MIN_PART 4 /* letters */

static void
add_part (PktMask *m, const char *word)
{
  g_autofree char *plain = g_str_to_ascii (word, "C");
  if (strlen (plain) >= MIN_PART)
    g_ptr_array_add (m->parts, g_ascii_strdown (plain, -1));
}

/* "van der Kloost Joost" of "Joost van der Kloost" */
static void
add_turned (PktMask *m, const char *whole)
{
  for (const char *p = strchr (whole, ' '); p; p = strchr (p + 1, ' ')) {
    g_autofree char *turned = g_strdup_printf ("%s %.*s", p + 1, (int)(p - whole), whole);
    add_forms (m->whole, turned);
  }
}

static void
add_name (PktMask *m, const char *name)
{
  g_auto (GStrv) words = g_strsplit_set (name, " \t\r\n,;()-", -1);
  const gboolean small = is_small (name);
  g_autoptr (GString) whole = g_string_new (NULL);
  guint n = 0;
  for (char **w = words; *w && n < MAX_WORDS; w++) {
    if (**w == '\0')
      continue;
    g_string_append_printf (whole, "%s%s", n++ > 0 ? " " : "", *w);
    if (worth_hiding (*w, small)) {
      add_forms (m->words, *w);
      add_part (m, *w);
    }
    const char *behind = strchr (*w, '\'');
    if (behind && worth_hiding (behind + 1, small)) /* "Quill" of O'Quill */
      add_forms (m->words, behind + 1);
  }
  if (n > 1 || g_utf8_strlen (whole->str, -1) >= 3)
    add_forms (m->whole, whole->str);
  add_turned (m, whole->str);
}

PktMask *
pkt_mask_new (const GPtrArray *names)
{
  PktMask *m = g_new0 (PktMask, 1);
  m->whole = pkt_name_list_new ();
  m->words = pkt_name_list_new ();
  m->parts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; names && i < MIN (names->len, PKT_PAGE_MAX_NAMES); i++) {
    g_autofree char *valid = g_utf8_make_valid (g_ptr_array_index (names, i), -1),
                    *name = pkt_name_apostrophes (valid);
    if (strlen (name) <= 200)
      add_name (m, name);
  }
  return m;
}

void
pkt_mask_free (PktMask *m)
{
  pkt_name_list_free (m->whole);
  pkt_name_list_free (m->words);
  g_ptr_array_unref (m->parts);
  g_free (m);
}

/* "Zebulons Punkte" */
static gsize
genitive_at (const PktMask *m, const char *p)
{
  const gsize n = pkt_name_list_at (m->words, p, TRUE);
  return n && p[n] == 's' && p[n + 1] == ' ' && g_unichar_isupper (g_utf8_get_char (p + n + 2)) ? n
                                                                                                : 0;
}

/* A word of a name alone is one where it is not written small. An address is the redactor's. */
static gsize
name_at (const char *p, gconstpointer data)
{
  const PktMask *m = data;
  gsize n = pkt_name_list_at (m->whole, p, FALSE);
  if (n == 0 && pkt_name_may_begin (g_utf8_get_char (p)))
    n = MAX (pkt_name_list_at (m->words, p, FALSE), genitive_at (m, p));
  return p[n] == '@' ? 0 : n;
}

static gboolean
holds_part (const PktMask *m, const char *word, gsize n)
{
  g_autofree char *lower = g_ascii_strdown (word, (gssize)n);
  for (guint i = 0; i < m->parts->len; i++)
    if (strstr (lower, m->parts->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Bytes of a run of letters and digits; with a digit, or where a network's sign calls somebody. */
static gsize
glued_at (const char *text, const char *p)
{
  gsize n = 0, digits = 0;
  for (; g_ascii_isalnum (p[n]) || p[n] == '_'; n++)
    digits += g_ascii_isdigit (p[n]) != 0;
  const gboolean called = p > text && strchr ("@#", p[-1])
                          && (p == text + 1 || !g_ascii_isalnum (p[-2]));
  return p[n] != '@' && (digits || called) ? n : 0;
}

/* Bytes of a whole "jane.quill77", of which its last word alone would go. */
static gsize
dotted_at (const PktMask *m, const char *p)
{
  for (guint i = 0; i < m->parts->len; i++) {
    const char *part = m->parts->pdata[i];
    const gsize n = strlen (part);
    if (strchr (part, '.') && g_ascii_strncasecmp (p, part, n) == 0 && !g_ascii_isalnum (p[n])
        && p[n] != '@')
      return n;
  }
  return 0;
}

/* "ZEBULON20", "M1QUAGMIRE", "@zebulonq" */
static char *
mask_glued (const PktMask *m, const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *p = text; *p;) {
    const gboolean begins = p == text || !(g_ascii_isalnum (p[-1]) || p[-1] == '_');
    const gsize dotted = begins ? dotted_at (m, p) : 0;
    gsize n = dotted ? dotted : begins ? glued_at (text, p) : 0;
    if (n && (dotted || holds_part (m, p, n)))
      g_string_append (out, "[name]");
    else
      g_string_append_len (out, p, (gssize)(n = MAX (n, 1)));
    p += n;
  }
  return g_string_free (out, FALSE);
}

static gboolean
knows_names (const PktMask *m)
{
  return !pkt_name_list_is_empty (m->whole) || !pkt_name_list_is_empty (m->words);
}

static char *
mask (const PktMask *m, const char *utf8)
{
  g_autofree char *formed = pkt_mask_forms (utf8);
  char *text = m->parts->len ? mask_glued (m, formed) : g_steal_pointer (&formed);
  char *named = knows_names (m) ? pkt_name_replace (text, name_at, m) : NULL;
  if (named)
    g_free (text);
  return named ? named : text;
}

/* With letters of no width between those of a name they go, too. */
char *
pkt_mask_text (const PktMask *m, const char *utf8)
{
  g_autofree char *seen = knows_names (m) ? pkt_name_seen (utf8) : NULL,
                  *masked = seen ? mask (m, seen) : NULL;
  return masked && !g_str_equal (masked, seen) ? g_steal_pointer (&masked) : mask (m, utf8);
}

static char *
without_parts (const char *utf8)
{
  g_auto (GStrv) parts = g_strsplit (utf8, PKT_MASK_PART, -1);
  return g_strjoinv ("", parts);
}

/* Letters and digits that it leaves, beside its own marks. */
static gsize
left_by (const PktMask *m, const char *utf8)
{
  g_autofree char *masked = pkt_mask_text (m, utf8);
  gsize n = 0;
  gboolean mark = FALSE;
  for (const char *p = masked; *p; p = g_utf8_next_char (p)) {
    mark = *p == '[' || (mark && *p != ']');
    n += !mark && g_unichar_isalnum (g_utf8_get_char (p));
  }
  return n;
}

char *
pkt_mask_parted (const PktMask *m, const char *utf8)
{
  g_autofree char *whole = without_parts (utf8);
  if (strlen (whole) == strlen (utf8))
    return g_steal_pointer (&whole);
  g_autofree char *masked = pkt_mask_text (m, utf8), *parted = without_parts (masked);
  return left_by (m, parted) < left_by (m, whole) ? g_steal_pointer (&parted)
                                                  : g_steal_pointer (&whole);
}

#define MAX_LINE 60  /* characters of a line of an address */
#define MAX_LINES 5  /* of one, behind the first */
#define MAX_ENDING 4 /* words of a line that ends in a point: "12 Some St." */

/* "Zebulon Q", "12 Some St."; not "Total: 12", "We shall be there soon." */
static gboolean
is_address_line (const char *utf8)
{
  g_autofree char *line = g_strstrip (g_strdup (utf8));
  g_auto (GStrv) words = g_strsplit_set (line, " ", -1);
  const gsize n = strlen (line);
  return n && g_utf8_strlen (line, -1) <= MAX_LINE && strpbrk (line, ":|!?[") == NULL
         && strstr (line, "：") == NULL
         && (line[n - 1] != '.' || g_strv_length (words) <= MAX_ENDING);
}

/* "12 Some Lane, 75001 Townsville" is all of it; "Calle Sol 9, 3º" is not. */
static gboolean
is_one_of_several (const char *utf8)
{
  g_autofree char *line = g_strstrip (g_strdup (utf8));
  const char *more = strpbrk (line, ",\n");
  return is_address_line (line)
         && (more == NULL || (strpbrk (more, "0123456789") && !pkt_street_code_in (line)));
}

/* TRUE: all of the text is a line of an address. Else *awaited is what it was announced to begin
 * with. */
static gboolean
step (PktMaskPlace *place, const char *utf8, PktMaskLabel *awaited)
{
  *awaited = place->awaits;
  if (*awaited == PKT_MASK_ADDRESS || *awaited == PKT_MASK_IN_ADDRESS
      || (*awaited == PKT_MASK_NAMED && is_address_line (utf8) && pkt_street_in (utf8))
      || (*awaited == PKT_MASK_MORE && is_address_line (utf8))) {
    place->goes_on = *awaited != PKT_MASK_IN_ADDRESS && is_one_of_several (utf8);
    if (*awaited == PKT_MASK_MORE && pkt_street_code_in (utf8)) /* a country may follow */
      place->lines = MAX_LINES - 1;
    place->awaits = PKT_MASK_IN_ADDRESS;
    return TRUE;
  }
  place->awaits = pkt_mask_forms_label (utf8);
  place->goes_on = strpbrk (utf8, ",\n") == NULL;
  place->lines = 0;
  return FALSE;
}

char *
pkt_mask_next (const PktMask *m, PktMaskPlace *place, const char *utf8)
{
  PktMaskLabel awaited;
  g_autofree char *name = place->awaits == PKT_MASK_MORE ? pkt_mask_text (m, utf8) : NULL;
  if (name && pkt_street_is_name (name)) { /* the next one's address */
    place->awaits = PKT_MASK_NAMED;
    place->lines = 0;
    return g_steal_pointer (&name);
  }
  if (step (place, utf8, &awaited))
    return g_strdup ("[field]");
  g_autofree char *text = pkt_mask_forms_labelled (awaited, utf8),
                  *masked = pkt_mask_text (m, text);
  if (place->awaits == PKT_MASK_NOTHING && pkt_street_is_name (masked))
    place->awaits = PKT_MASK_NAMED;
  return pkt_street_masked (masked);
}

void
pkt_mask_pass (PktMaskPlace *place, const char *utf8)
{
  PktMaskLabel awaited;
  step (place, utf8, &awaited);
}

void
pkt_mask_end_line (PktMaskPlace *place)
{
  if (place->awaits == PKT_MASK_IN_ADDRESS)
    place->awaits = place->goes_on && place->lines++ < MAX_LINES ? PKT_MASK_MORE : PKT_MASK_NOTHING;
}
