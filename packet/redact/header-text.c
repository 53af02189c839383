#include "packet/redact/header-values.h"
#include <string.h>
#include "packet/base/encoded-words.h"
#include "packet/base/gmime.h"
#include "packet/base/text.h"
#include "packet/model/sample.h"
#include "packet/redact/redactor-priv.h"
#include "packet/redact/subject.h"
#include "packet/redact/token.h"

static char *
without_ids (const char *text)
{
  GString *out = g_string_new (NULL);
  pkt_token_append_text (out, pkt_slice_str (text));
  return g_string_free (out, FALSE);
}

#define MIN_GLUED 4 /* letters of a name within "ZEBULON20" */

static gboolean
holds_name (const PktRedactor *r, const char *code)
{
  GHashTableIter it;
  gpointer word;
  g_autofree char *lower = g_ascii_strdown (code, -1);
  g_hash_table_iter_init (&it, r->every_word);
  while (g_hash_table_iter_next (&it, &word, NULL))
    if (strlen (word) >= MIN_GLUED && strstr (lower, word))
      return TRUE;
  return FALSE;
}

static gboolean
replace_glued (const GMatchInfo *match, GString *out, gpointer r)
{
  g_autofree char *code = g_match_info_fetch (match, 0);
  g_string_append (out, holds_name (r, code) ? "[name]" : code);
  return FALSE;
}

/* Codes that are made of a name. */
static char *
without_glued (PktRedactor *r, const char *utf8)
{
  static GRegex *kept;
  static gsize once;
  if (g_once_init_enter (&once)) {
    kept = g_regex_new ("(?<![A-Za-z0-9])(?=[A-Za-z_]{0,60}[0-9])[A-Za-z0-9_]{5,64}",
                        G_REGEX_OPTIMIZE, 0, NULL);
    g_once_init_leave (&once, 1);
  }
  char *made = g_utf8_validate (utf8, -1, NULL)
                   ? g_regex_replace_eval (kept, utf8, -1, 0, 0, replace_glued, r, NULL)
                   : NULL;
  return made ? made : g_strdup (utf8);
}

char *
pkt_header_decoded (const char *value)
{
  if (strstr (value, "=?") == NULL)
    return NULL;
  g_autofree char *joined = pkt_encoded_words_join (value);
  char *decoded = g_mime_utils_header_decode_text (NULL, joined);
  char *spaced = *decoded == ' ' ? g_strdup (decoded) : g_strconcat (" ", decoded, NULL);
  g_free (decoded);
  return spaced;
}

char *
pkt_header_subject (PktRedactor *r, const char *value)
{
  g_autofree char *joined = pkt_encoded_words_join (value),
                  *decoded = g_mime_utils_header_decode_text (NULL, joined);
  g_autofree char *masked = pkt_subject_mask (decoded);
  g_autofree char *named = pkt_redact_names (r, masked ? masked : decoded, TRUE);
  g_autofree char *glued = without_glued (r, named    ? named
                                             : masked ? masked
                                                      : decoded),
                  *clean = without_ids (glued);
  if (g_str_equal (clean, decoded))
    return g_strdup (value);
  if (masked)
    pkt_redactor_count (r, "number");
  if (named)
    pkt_redactor_count (r, "name");
  return clean[0] == ' ' ? g_steal_pointer (&clean) : g_strconcat (" ", clean, NULL);
}

char *
pkt_header_words (PktSlice value)
{
  GString *out = g_string_new (NULL);
  pkt_token_append_text (out, value);
  return g_string_free (out, FALSE);
}

/* `; charset=utf-8` stays; `; name="…"`, `; filename*0*=utf-8''…` and what nobody knows do not. */
static gboolean
is_known_parameter (PktSlice parameter, gsize *value_at)
{
  static const char *const names[] = { "boundary", "charset", "format",      "delsp", "type",
                                       "protocol", "micalg",  "report-type", NULL };
  gsize eq = pkt_slice_until (parameter, '=').n;
  PktSlice name = pkt_slice_trim (pkt_slice (parameter.p, eq));
  *value_at = eq + 1;
  for (gsize i = 0; names[i]; i++)
    if (pkt_slice_equal_nocase (name, pkt_slice_str (names[i])))
      return TRUE;
  return FALSE;
}

static gsize
parameter_length (PktSlice s)
{
  gboolean quoted = FALSE;
  gsize n = 0;
  for (; n < s.n && (quoted || s.p[n] != ';'); n++)
    if (s.p[n] == '"')
      quoted = !quoted;
    else if (s.p[n] == '\\')
      n++;
  return MIN (n, s.n);
}

PktSlice
pkt_header_boundary (PktSlice value)
{
  for (gsize n, at; value.n; value = pkt_slice_skip (value, n + 1)) {
    n = parameter_length (value);
    const PktSlice parameter = pkt_slice (value.p, n);
    if (is_known_parameter (parameter, &at) && at < n
        && pkt_slice_equal_nocase (pkt_slice_trim (pkt_slice (value.p, at - 1)),
                                   PKT_SLICE ("boundary")))
      return pkt_slice_skip (parameter, at);
  }
  return pkt_slice (NULL, 0);
}

char *
pkt_header_content (PktSlice value, gboolean hide_boundary)
{
  const PktSlice boundary = hide_boundary ? pkt_header_boundary (value) : pkt_slice (NULL, 0);
  GString *out = g_string_new (NULL);
  for (gboolean first = TRUE;; first = FALSE) {
    gsize n = parameter_length (value), at = 0;
    PktSlice parameter = pkt_slice (value.p, n);
    const gboolean known = first || is_known_parameter (parameter, &at);
    if ((!known || (!first && parameter.p + at == boundary.p)) && at < n) {
      g_string_append_len (out, parameter.p, (gssize)at);
      pkt_token_append (out, pkt_slice_skip (parameter, at));
    } else
      g_string_append_len (out, parameter.p, (gssize)n);
    if (n == value.n)
      return g_string_free (out, FALSE);
    g_string_append_c (out, ';');
    value = pkt_slice_skip (value, n + 1);
  }
}

static gboolean
is_in (const char *const *list, PktSlice word)
{
  for (; *list; list++)
    if (pkt_slice_equal_nocase (word, pkt_slice_str (*list)))
      return TRUE;
  return FALSE;
}

#define MAX_NUMBER 8 /* "17:24:09" */

static gboolean
is_number (PktSlice word)
{
  for (gsize i = 0; i < word.n; i++)
    if (!g_ascii_isdigit (word.p[i]) && !strchr (":+-", word.p[i]))
      return FALSE;
  return word.n <= MAX_NUMBER;
}

/* From the first unknown word on nothing stays, but for the bracket that closes its comment. */
static void
append_unknown (GString *out, PktSlice rest)
{
  PktSlice text = pkt_slice_trim (rest);
  const gboolean closes = memchr (out->str, '(', out->len) && text.n > 1
                          && text.p[text.n - 1] == ')';
  pkt_token_append (out, closes ? pkt_slice (text.p, text.n - 1) : rest);
  if (closes)
    g_string_append_c (out, ')');
}

static char *
known_words (PktSlice value, const char *const *known, gboolean numbers)
{
  GString *out = g_string_new (NULL);
  for (gsize i = 0; i < value.n;) {
    gsize start = i;
    while (i < value.n && !strchr (" \t\n,;()", value.p[i]))
      i++;
    PktSlice word = pkt_slice (value.p + start, i - start);
    if (word.n && !is_in (known, word) && !(numbers && is_number (word))) {
      append_unknown (out, pkt_slice_skip (value, start));
      break;
    }
    g_string_append_len (out, word.p, (gssize)word.n);
    if (i < value.n)
      g_string_append_c (out, value.p[i++]);
  }
  return g_string_free (out, FALSE);
}

char *
pkt_header_value (PktSlice value, const char *const *known)
{
  return known_words (value, known, FALSE);
}

char *
pkt_header_date (PktSlice value, const char *const *known)
{
  return known_words (value, known, TRUE);
}

char *
pkt_header_list_id (PktRedactor *r, PktSlice value)
{
  PktSlice phrase = pkt_slice_until (value, '<'), rest = pkt_slice_skip (value, phrase.n);
  PktSlice id = pkt_slice_until (pkt_slice_skip (rest, 1), '>');
  g_autofree char *text = g_strndup (phrase.p ? phrase.p : "", phrase.n),
                  *shown = pkt_header_subject (r, text);
  GString *out = g_string_new (shown);
  if (rest.n == 0)
    return g_string_free (out, FALSE);
  g_string_append_c (out, '<');
  pkt_token_append_host (r, out, id);
  g_string_append_c (out, '>');
  return g_string_free (out, FALSE);
}

char *
pkt_header_languages (PktSlice value)
{
  GString *out = g_string_new (" ");
  for (PktSlice rest = pkt_slice_trim (value); rest.n;) {
    const PktSlice tag = pkt_slice_until (rest, ',');
    if (!pkt_text_is_language (pkt_slice_trim (tag))) {
      g_string_truncate (out, 1);
      pkt_token_append (out, value);
      break;
    }
    g_string_append_printf (out, "%s%.*s", out->len > 1 ? "," : "", (int)tag.n, tag.p);
    rest = pkt_slice_skip (rest, tag.n + 1);
  }
  return g_string_free (out, FALSE);
}

char *
pkt_header_folder (const char *value)
{
  g_autofree char *masked = pkt_sample_mask_folder (value);
  return masked ? g_strconcat (" ", masked, NULL) : g_strdup (value);
}
