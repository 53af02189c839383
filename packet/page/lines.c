#include "packet/page/lines.h"
#include <string.h>
#include "packet/base/name-list.h"
#include "packet/page/policy.h"
#include "packet/page/sight.h"
#include "packet/page/tree.h"

#define MAX_LINE 20000 /* bytes: longer ones are masked text by text */

typedef struct {
  const PktMask *mask;
  GHashTable *out;
  GPtrArray *texts;   /* xmlNode*, of the open line */
  PktMaskPlace place; /* where it begins */
} Lines;

/* Without blanks and letters of no width. */
static char *
seen_letters (const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);
    if (!g_unichar_isspace (c) && c != 0xa0 && !pkt_name_letter_unseen (c))
      g_string_append_unichar (out, c);
  }
  return g_string_free (out, FALSE);
}

/* All of the line, as a reader sees it. */
static char *
joined (const Lines *l)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < l->texts->len; i++) {
    g_autofree char *text = pkt_tree_text (l->texts->pdata[i]);
    for (const char *p = text; *p; p = g_utf8_next_char (p))
      if (!pkt_name_letter_unseen (g_utf8_get_char (p)))
        g_string_append_unichar (out, g_utf8_get_char (p));
  }
  return g_string_free (out, FALSE);
}

static char *
masked_one_by_one (const Lines *l)
{
  GString *out = g_string_new (NULL);
  PktMaskPlace place = l->place;
  for (guint i = 0; i < l->texts->len; i++) {
    g_autofree char *text = pkt_tree_text (l->texts->pdata[i]);
    if (text[strspn (text, " \t\r\n")] == '\0')
      continue;
    g_autofree char *masked = pkt_mask_next (l->mask, &place, text);
    g_string_append (out, masked);
  }
  return g_string_free (out, FALSE);
}

static gboolean
is_blank (const char *text)
{
  g_autofree char *seen = g_ascii_isgraph (*text) ? NULL : seen_letters (text);
  return seen && *seen == '\0';
}

/* Told as one line where that shows more of it to be a person's than its texts do. */
static void
mask_line (Lines *l, const char *line)
{
  g_autofree char *each = masked_one_by_one (l), *whole = pkt_mask_next (l->mask, &l->place, line),
                  *seen_whole = seen_letters (whole), *seen_each = seen_letters (each);
  if (g_str_equal (seen_whole, seen_each))
    return;
  for (guint i = 0; i < l->texts->len; i++)
    g_hash_table_insert (l->out, l->texts->pdata[i], g_strdup (i == 0 ? whole : ""));
}

/* Most lines are one text, as it is. */
static gboolean
is_one_text (const Lines *l, const char *line)
{
  g_autofree char *text = l->texts->len == 1 ? pkt_tree_text (l->texts->pdata[0]) : NULL;
  return text && g_str_equal (text, line);
}

static void
end_line (Lines *l)
{
  g_autofree char *line = joined (l);
  if (is_blank (line) || strlen (line) > MAX_LINE)
    ;
  else if (is_one_text (l, line))
    pkt_mask_pass (&l->place, line);
  else
    mask_line (l, line);
  g_ptr_array_set_size (l->texts, 0);
}

static gboolean
ends_line (const xmlNode *n)
{
  return pkt_policy_block ((const char *)n->name) || pkt_tree_is (n, "br")
         || pkt_tree_is (n, "img");
}

static void
walk (Lines *l, xmlNode *node)
{
  for (xmlNode *n = node; n; n = n->next) {
    if (n->type == XML_TEXT_NODE) {
      g_ptr_array_add (l->texts, n);
      continue;
    }
    if (n->type != XML_ELEMENT_NODE
        || pkt_policy_element ((const char *)n->name) == PKT_ELEMENT_DROP)
      continue;
    const gboolean ends = ends_line (n);
    if (ends)
      end_line (l);
    walk (l, n->children);
    if (!ends)
      continue;
    end_line (l);
    if (pkt_policy_block ((const char *)n->name))
      pkt_mask_end_line (&l->place);
  }
}

GHashTable *
pkt_lines_masked (xmlNode *root, const PktMask *mask)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  Lines l = {
    mask, g_hash_table_new_full (NULL, NULL, NULL, g_free), texts, { PKT_MASK_NOTHING, FALSE, 0 }
  };
  walk (&l, root);
  end_line (&l);
  return l.out;
}
