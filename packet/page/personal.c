#include "packet/page/personal.h"
#include <string.h>
#include "packet/base/json.h"

#define MIN_KEY 8    /* characters of a key with letters */
#define MIN_NUMBER 6 /* digits of a subscriber's number; dates are told apart */
#define MIN_TURNS 3  /* from letter to digit or from case to case: nobody writes words so */
#define MAX_WORD 40  /* longer values are keys, whatever they look like */
#define MIN_BASE64 12

static const json_t *
table (const char *list)
{
  static const json_t *all = NULL;
  return json_object_get (pkt_json_table (&all, "trackers.json"), list);
}

static gboolean
listed (const char *list, const char *word)
{
  size_t i;
  json_t *row;
  json_array_foreach (table (list), i,
                      row) if (g_ascii_strcasecmp (json_string_value (row), word) == 0) return TRUE;
  return FALSE;
}

/* A host of a tracking service, or below one. */
static gboolean
host_listed (const char *host)
{
  for (const char *p = host; p; p = strchr (p, '.')) {
    p += *p == '.';
    if (listed ("hosts", p))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_date (const char *word)
{
  gsize n = strlen (word);
  if (strspn (word, "0123456789") != n || (n != 6 && n != 8))
    return FALSE;
  guint64 v = g_ascii_strtoull (word, NULL, 10);
  guint64 year = n == 8 ? v / 10000 : v / 100, month = n == 8 ? v / 100 % 100 : v % 100;
  return year >= 1990 && year <= 2100 && month >= 1 && month <= 12;
}

static guint
class_of (char c)
{
  return g_ascii_isdigit (c) ? 0 : g_ascii_isupper (c) ? 1 : 2;
}

/* Letters and digits without a break. */
static gboolean
piece_keyed (const char *piece)
{
  gsize n = strlen (piece), digits = 0;
  guint turns = 0;
  for (gsize i = 0; i < n; i++) {
    digits += g_ascii_isdigit (piece[i]) ? 1 : 0;
    /* a capital and then small letters is a word */
    turns += i > 0 && class_of (piece[i]) != class_of (piece[i - 1])
             && !(class_of (piece[i]) == 2 && class_of (piece[i - 1]) == 1);
  }
  if (digits == n)
    return n >= MIN_NUMBER && !is_date (piece);
  gboolean hex = strspn (piece, "0123456789abcdefABCDEF") == n;
  return n > MAX_WORD || (n >= MIN_KEY && ((hex && digits > 0) || turns >= MIN_TURNS));
}

/* Is the word, between blanks and strokes, what no person wrote? */
static gboolean
is_keyed (const char *word)
{
  g_auto (GStrv) pieces = g_strsplit_set (word, "-_.,:;~ +*!'()/|", -1);
  for (char **p = pieces; *p; p++)
    if (piece_keyed (*p))
      return TRUE;
  return FALSE;
}

static gboolean
has_address (const char *text)
{
  const char *at = strchr (text, '@');
  return at && at > text && strchr (at, '.') && g_ascii_isalnum (at[1]);
}

/* As it stands, and under base64 of either alphabet. */
static gboolean
hides_address (const char *word)
{
  if (has_address (word))
    return TRUE;
  gsize n = strlen (word);
  if (n < MIN_BASE64)
    return FALSE;
  g_autofree char *plain = g_strdelimit (g_strdup (word), "-", '+');
  g_strdelimit (plain, "_", '/');
  g_autofree char *padded = g_strconcat (plain, &"===="[n % 4 ? n % 4 : 4], NULL);
  gsize bytes;
  g_autofree guchar *decoded = g_base64_decode (padded, &bytes);
  g_autofree char *text = g_strndup ((const char *)decoded, bytes);
  return has_address (text);
}

static char *
decode (const char *escaped)
{
  g_autofree char *blanks = g_strdelimit (g_strdup (escaped), "+", ' ');
  char *plain = g_uri_unescape_string (blanks, NULL);
  return plain ? plain : g_strdup (escaped);
}

/* Called with each word until it is TRUE. */
typedef gboolean (*WordTest) (const char *word);

static gboolean
any_segment (const PktRemote *u, WordTest test)
{
  g_auto (GStrv) segments = g_strsplit (u->path, "/", -1);
  for (char **s = segments; *s; s++) {
    g_autofree char *word = decode (*s);
    if (test (word))
      return TRUE;
  }
  return FALSE;
}

/* Names of parameters and their values apart; `skip_shown`: values of parameters that say how a
 * picture is shown are no keys. */
static gboolean
any_value (const PktRemote *u, WordTest test, gboolean skip_shown)
{
  g_auto (GStrv) pairs = g_strsplit_set (u->query ? u->query : "", "&;", -1);
  for (char **p = pairs; *p; p++) {
    char *equals = strchr (*p, '=');
    g_autofree char *name = equals ? g_strndup (*p, (gsize)(equals - *p)) : g_strdup ("");
    g_autofree char *value = decode (equals ? equals + 1 : *p);
    if (!(skip_shown && listed ("shown", name) && strlen (value) <= MAX_WORD) && test (value))
      return TRUE;
  }
  return FALSE;
}

static gboolean
any_name (const PktRemote *u, const char *list)
{
  g_auto (GStrv) pairs = g_strsplit_set (u->query ? u->query : "", "&;", -1);
  for (char **p = pairs; *p; p++) {
    (*p)[strcspn (*p, "=")] = '\0';
    if (listed (list, *p))
      return TRUE;
  }
  return FALSE;
}

/* "open", "click.php": the segment's own name, or a word anywhere in it. */
static gboolean
segment_acts (const char *segment)
{
  g_autofree char *name = g_strndup (segment, strcspn (segment, "."));
  if (listed ("segments", name))
    return TRUE;
  g_auto (GStrv) words = g_strsplit_set (segment, "-_.", -1);
  for (char **w = words; *w; w++)
    if (listed ("words", *w))
      return TRUE;
  return FALSE;
}

static gboolean
file_is_pixel (const char *segment)
{
  return listed ("files", segment);
}

static gboolean
label_acts (const PktRemote *u)
{
  g_auto (GStrv) labels = g_strsplit (u->host, ".", -1);
  for (guint i = 0; labels[i] && labels[i + 1]; i++)
    if (listed ("labels", labels[i]))
      return TRUE;
  return host_listed (u->host);
}

const char *
pkt_personal_page (const PktRemote *u)
{
  if (label_acts (u) || any_segment (u, segment_acts))
    return "an open, click or unsubscribe link";
  if (any_segment (u, hides_address) || any_value (u, hides_address, FALSE))
    return "a link with an address in it";
  if (any_segment (u, is_keyed) || any_value (u, is_keyed, FALSE) || any_name (u, "parameters"))
    return "a link with one reader's token";
  return NULL;
}

/* "logo.png": then the rest of the path is where a store keeps it. */
static gboolean
is_file (const PktRemote *u)
{
  static const char *const endings[] = { ".png", ".jpg", ".jpeg", ".gif", ".webp", ".css" };
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (pkt_slice_ends_nocase (pkt_slice_str (u->path), pkt_slice_str (endings[i])))
      return TRUE;
  return FALSE;
}

const char *
pkt_personal_asset (const PktRemote *u)
{
  if (label_acts (u) || any_segment (u, segment_acts) || any_segment (u, file_is_pixel))
    return "it looks like a tracker";
  if (any_segment (u, hides_address) || any_value (u, hides_address, FALSE))
    return "its URL holds an address";
  if ((!is_file (u) && any_segment (u, is_keyed)) || any_value (u, is_keyed, TRUE)
      || any_name (u, "parameters"))
    return "its URL holds a token";
  return NULL;
}
