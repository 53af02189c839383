#include "packet/page/notes.h"
#include <string.h>
#include "packet/base/domain.h"
#include "packet/base/name-list.h"
#include "packet/base/text.h"
#include "packet/page/policy.h"
#include "packet/page/sight.h"
#include "packet/page/street.h"
#include "packet/page/tree.h"
#include "packet/page/url.h"

#define ADDRESS_LINES 3 /* lines of the outline that an address may stand on */
#define MAX_LINE 400    /* bytes; a longer line of the outline is one word */

/* What links say that end a subscription, folded to lower case. */
static const char *const leavings[] = { "unsubscribe",
                                        "opt out",
                                        "opt-out",
                                        "optout",
                                        "abmelden",
                                        "abbestellen",
                                        "austragen",
                                        "désabonner",
                                        "désinscrire",
                                        "désinscription",
                                        "darse de baja",
                                        "cancelar la sus",
                                        "cancelar subscr",
                                        "cancelar inscri",
                                        "disiscri",
                                        "annulla l'isc",
                                        "cancellati",
                                        "uitschrijven",
                                        "afmelden",
                                        "avregistrera",
                                        "avprenumerera",
                                        "afmeld",
                                        "frameld",
                                        "meld deg av",
                                        "peruuta tilaus",
                                        "odhlásit",
                                        "odjavi",
                                        "leiratkoz",
                                        "wypisz",
                                        "dezabon",
                                        "отписаться",
                                        "відписатися",
                                        "退订",
                                        "取消訂閱",
                                        "配信停止",
                                        "配信解除",
                                        "購読解除",
                                        "수신거부",
                                        "remove me",
                                        "stop receiving",
                                        NULL };
static const char *const leaving_paths[] = { "unsub",  "optout",     "opt-out", "opt_out",
                                             "abmeld", "list-leave", NULL };

static gboolean
holds_any (const char *text, const char *const *words)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  for (; *words; words++)
    if (strstr (lower, *words))
      return TRUE;
  return FALSE;
}

/* "www.example.com" of "www.example.com/weekly" or "https://www.example.com": the host that a link
 * says it leads to; NULL. Caller frees. */
static char *
host_named (const char *text)
{
  const char *p = strstr (text, "://") ? strstr (text, "://") + 3 : text;
  gsize n = strcspn (p, "/?# :,;|()<>\"'");
  g_autofree char *word = g_strndup (p, n);
  g_autofree char *host = g_utf8_validate (word, -1, NULL) ? g_hostname_to_ascii (word) : NULL;
  if (host == NULL || strchr (host, '@') || !pkt_domain_listed (host) || strlen (host) > 253)
    return NULL;
  return g_ascii_strdown (host, -1);
}

void
pkt_notes_link (PktPage *page, PktLinkHost *host, const char *text, const char *address)
{
  g_auto (PktUrl) url = { 0 };
  if (!g_utf8_validate (text, -1, NULL))
    return;
  gboolean says = holds_any (text, leavings);
  if (!says && pkt_url_read (pkt_slice_str (address), &url))
    says = page->unsubscribe == NULL && holds_any (url.path, leaving_paths);
  if (says && page->unsubscribe == NULL) {
    page->unsubscribe = pkt_text_quote (pkt_slice_str (text), PKT_NOTES_MAX_TEXT);
    page->unsubscribe_number = host->number;
  }
  g_autofree char *named = host->named ? NULL : host_named (text);
  if (named && !pkt_domain_same (named, host->host))
    host->named = g_steal_pointer (&named);
}

static gboolean
has_address (const char *line)
{
  return strstr (line, "://") || strchr (line, '@');
}

gboolean
pkt_notes_text_leaves (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean said = FALSE; /* by the last line that is not empty */
  for (char **line = lines; *line; line++) {
    if (*g_strstrip (*line) == '\0')
      continue;
    const gboolean says = holds_any (*line, leavings);
    if (has_address (*line) && (says || said || holds_any (*line, leaving_paths)))
      return TRUE;
    said = says;
  }
  return FALSE;
}

/* ---- the preheader ---- */

static gboolean
is_gap (gunichar c)
{
  return g_unichar_isspace (c) || g_unichar_iscntrl (c) || c == 0x2800;
}

/* Words of `text`, one blank between two, as they are seen: letters of no width, the fillers behind
 * a preheader, may stand within a name; caller frees. */
static char *
words_of (const char *text)
{
  GString *out = g_string_new (NULL);
  gboolean gap = FALSE;
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (is_gap (c)) {
      gap = TRUE;
      continue;
    }
    if (pkt_name_letter_unseen (c))
      continue;
    if (gap && out->len)
      g_string_append_c (out, ' ');
    gap = FALSE;
    g_string_append_unichar (out, c);
  }
  return g_string_free (out, FALSE);
}

typedef struct {
  GString *hidden; /* text that is not seen, in front of the first that is */
  gboolean over;
} Front;

static void
take_front (Front *f, const xmlNode *text, gboolean seen)
{
  g_autofree char *raw = pkt_tree_text (text), *words = words_of (raw);
  f->over = (seen && *words) || f->hidden->len > 4 * PKT_NOTES_MAX_TEXT;
  if (!seen)
    g_string_append (f->hidden, raw);
}

static void
walk_front (Front *f, const xmlNode *node, PktSight sight, gboolean gone)
{
  for (const xmlNode *n = node; n && !f->over; n = n->next) {
    if (n->type == XML_TEXT_NODE) {
      take_front (f, n, !gone && !sight.invisible && !sight.no_size);
    } else if (n->type == XML_ELEMENT_NODE) {
      PktSight own = sight;
      if (pkt_policy_element ((const char *)n->name) == PKT_ELEMENT_DROP)
        continue;
      const char *parts = pkt_policy_block ((const char *)n->name) || pkt_tree_is (n, "br") ? " "
                                                                                            : "";
      gboolean shown = pkt_sight_enter (n, &own);
      f->over = !gone && shown && pkt_tree_is (n, "img") && !pkt_sight_pixel (n);
      g_string_append (f->hidden, parts);
      walk_front (f, n->children, own, gone || !shown);
      g_string_append (f->hidden, parts);
    }
  }
}

static void
take_preheader (PktPage *page, xmlNode *root, const PktMask *mask)
{
  Front f = { g_string_new (NULL), FALSE };
  PktSight sight = { FALSE, FALSE };
  walk_front (&f, root, sight, FALSE);
  g_autofree char *words = words_of (f.hidden->str), *masked = pkt_mask_text (mask, words);
  if (*masked)
    page->preheader = pkt_text_quote (pkt_slice_str (masked), PKT_NOTES_MAX_TEXT);
  g_string_free (f.hidden, TRUE);
}

/* ---- the postal address ---- */

/* Lines of one paragraph, up to ADDRESS_LINES, from line `at` on; caller frees. */
static char *
join_lines (GStrv lines, guint at)
{
  GString *out = g_string_new (NULL);
  for (guint i = at; lines[i] && *lines[i] && i < at + ADDRESS_LINES; i++)
    g_string_append_printf (out, "%s%s", i > at ? " " : "", g_strstrip (lines[i]));
  return g_string_free (out, FALSE);
}

/* "Example Company, 1 Sample Street, 12345 Exampletown": a street and a code near each other, or a
 * street and more of an address behind a comma. The last one counts: it stands at the end. What
 * names a reader is his. */
static void
take_address (PktPage *page)
{
  g_auto (GStrv) lines = g_strsplit_set (page->outline, "\n", -1);
  for (guint i = g_strv_length (lines); i-- > 0;) {
    if (strlen (lines[i]) > MAX_LINE || !pkt_street_in (lines[i]) || strstr (lines[i], "[name]"))
      continue;
    g_autofree char *near = join_lines (lines, i);
    if (!pkt_street_code_in (near) && strchr (lines[i], ',') == NULL)
      continue;
    page->address = pkt_text_quote (pkt_slice_str (near), PKT_NOTES_MAX_TEXT);
    return;
  }
}

/* ---- the rest ---- */

static guint
count_words (const char *text)
{
  guint n = 0;
  gboolean in = FALSE;
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    gboolean letter = g_unichar_isalnum (g_utf8_get_char (p));
    gboolean blank = is_gap (g_utf8_get_char (p));
    n += letter && !in;
    in = letter || (in && !blank);
  }
  return n;
}

static void
count_schemes (PktPage *page, xmlNode *root)
{
  for (xmlNode *n = root; n; n = pkt_tree_next (n, FALSE)) {
    g_autofree char *href = pkt_tree_is (n, "a") || pkt_tree_is (n, "area")
                                ? pkt_tree_attribute (n, "href")
                                : NULL;
    const char *address = href ? g_strstrip (href) : "";
    g_autofree char *scheme = g_uri_parse_scheme (address);
    if (scheme == NULL || g_str_has_prefix (scheme, "http"))
      continue;
    gboolean mailto = g_ascii_strcasecmp (scheme, "mailto") == 0;
    gboolean tel = g_ascii_strcasecmp (scheme, "tel") == 0
                   || g_ascii_strcasecmp (scheme, "sms") == 0;
    page->mailto += mailto;
    page->tel += tel;
    page->other += !mailto && !tel;
  }
}

void
pkt_notes_take (PktPage *page, xmlNode *root, const PktMask *mask)
{
  take_preheader (page, root, mask);
  take_address (page);
  count_schemes (page, root);
  page->words = count_words (page->outline);
}
