#include "packet/page/outline.h"
#include "packet/base/name-list.h"
#include "packet/base/text.h"
#include "packet/page/hosts.h"
#include "packet/page/notes.h"
#include "packet/page/page.h"
#include "packet/page/policy.h"
#include "packet/page/sight.h"
#include "packet/page/tree.h"

#define MAX_LISTS 8 /* deeper ones are shown at this depth */

typedef enum { BLOCK_PARAGRAPH, BLOCK_HEADING, BLOCK_ITEM, BLOCK_ROW } Block;

typedef struct {
  GString *out, *line; /* line: the open block's text, '\n' where a <br> stands */
  const PktMask *mask;
  gboolean space; /* blanks wait for the next letter */
  gboolean part;  /* an element ended or began since the last letter */
  gboolean row;   /* in a row of plain cells: all on one line */
  Block last;
  int lists;              /* depth */
  int numbers[MAX_LISTS]; /* next number; 0: bullets */
  char *bullet;           /* of an item whose text has not begun; owned */
  PktLinkHost *open_link; /* whose number is to be written behind the text of the link; NULL */
  const char *address;    /* of that link */
  gsize link_start;       /* in the open block */
  guint last_number;
  PktMaskPlace place;
  PktPage *page;
} Outline;

static gboolean
is_block (const xmlNode *node)
{
  return pkt_policy_block ((const char *)node->name);
}

static gboolean
is_blank (gunichar c)
{
  return c == 0xa0 || c == 0x2007 || c == 0x202f || g_unichar_isspace (c);
}

/* Before the letter c. A style sheet may set apart what no blank parts: PKT_MASK_PART tells where.
 */
static void
add_gap (Outline *o, gunichar c)
{
  const gboolean inside = o->line->len > 0 && o->line->str[o->line->len - 1] != '\n';
  const char *last = inside ? g_utf8_prev_char (o->line->str + o->line->len) : "";
  if (inside && o->space)
    g_string_append_c (o->line, ' ');
  else if (o->part && g_unichar_isalnum (g_utf8_get_char (last))
           && (c == '+' || g_unichar_isalnum (c)))
    g_string_append (o->line, PKT_MASK_PART);
  o->space = o->part = FALSE;
}

static void
add_text (Outline *o, const char *text, gboolean pre)
{
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (pre && c == '\n' && !o->row) {
      g_string_append_c (o->line, '\n');
    } else if (is_blank (c)) {
      o->space = TRUE;
    } else if (!pkt_name_letter_unseen (c) && !g_unichar_iscntrl (c)) {
      add_gap (o, c);
      g_string_append_unichar (o->line, c);
    }
  }
}

static void
add_break (Outline *o)
{
  if (o->row)
    o->space = TRUE;
  else
    g_string_append_c (o->line, '\n');
}

/* Hosts are numbered as a reader meets them; a link that shows nothing gives no number. */
static void
close_link (Outline *o)
{
  PktLinkHost *host = g_steal_pointer (&o->open_link);
  if (host == NULL || o->line->len <= o->link_start)
    return;
  while (o->line->len > 0 && o->line->str[o->line->len - 1] == '\n')
    g_string_truncate (o->line, o->line->len - 1);
  if (host->number == 0)
    host->number = ++o->last_number;
  g_autofree char *parted = pkt_mask_parted (o->mask,
                                             o->line->str + MIN (o->link_start, o->line->len)),
                  *text = pkt_mask_text (o->mask, parted);
  pkt_notes_link (o->page, host, g_strstrip (text), o->address);
  g_string_append_printf (o->line, " [%u]", host->number);
}

static void
write_lines (Outline *o, const char *text, const char *first, const char *indent)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **l = lines; *l; l++) {
    if (*g_strstrip (*l) == '\0')
      continue;
    g_autofree char *wrapped = pkt_text_wrap (*l, PKT_PAGE_WIDTH, first, indent);
    g_string_append (o->out, wrapped);
    first = indent;
  }
}

/* Writes the open block, if anything is in it. Items and rows follow each other without a gap. */
static void
end_block (Outline *o, Block kind, const char *mark)
{
  if (o->open_link && o->line->len > o->link_start)
    close_link (o);
  o->link_start = 0;
  gboolean empty = o->line->str[strspn (o->line->str, " \t\r\n")] == '\0';
  g_autofree char *parted = pkt_mask_parted (o->mask, o->line->str),
                  *text = empty ? g_strdup ("") : pkt_mask_next (o->mask, &o->place, parted);
  pkt_mask_end_line (&o->place);
  g_string_truncate (o->line, 0);
  o->space = FALSE;
  if (*g_strstrip (text) == '\0')
    return;
  gboolean item = kind == BLOCK_PARAGRAPH && o->lists > 0;
  kind = item ? BLOCK_ITEM : kind;
  if (o->out->len > 0 && (kind != o->last || kind == BLOCK_PARAGRAPH || kind == BLOCK_HEADING))
    g_string_append_c (o->out, '\n');
  g_autofree char *indent = g_strnfill (item ? (gsize)o->lists * 2 : strlen (mark), ' ');
  g_autofree char *first = item && o->bullet ? g_strconcat (indent + 2, o->bullet, NULL)
                                             : g_strdup (indent);
  g_clear_pointer (&o->bullet, g_free);
  write_lines (o, text, *mark ? mark : first, indent);
  o->last = kind;
}

static void walk (Outline *o, const xmlNode *node, PktSight sight, gboolean pre);

static void
walk_children (Outline *o, const xmlNode *node, PktSight sight, gboolean pre)
{
  for (const xmlNode *n = node->children; n; n = n->next)
    walk (o, n, sight, pre);
}

static void
walk_link (Outline *o, const xmlNode *a, PktSight sight, gboolean pre)
{
  g_autofree char *href = pkt_tree_attribute (a, "href");
  g_autofree char *host = href ? pkt_hosts_of_url (pkt_slice_str (href)) : NULL;
  PktLinkHost *outer = o->open_link;
  const char *outer_address = o->address;
  o->open_link = host ? pkt_page_host (o->page->hosts, host) : NULL;
  o->address = href;
  o->link_start = o->line->len;
  walk_children (o, a, sight, pre);
  close_link (o);
  o->open_link = outer;
  o->address = outer_address;
}

static void
walk_image (Outline *o, const xmlNode *img, PktSight sight)
{
  g_autofree char *alt = pkt_tree_attribute (img, "alt");
  gboolean decoration = alt && *g_strstrip (alt) == '\0'; /* alt="" says so */
  if (sight.invisible || pkt_sight_pixel (img))
    return;
  o->page->images++;
  if (decoration)
    return;
  g_autofree char *text = alt ? g_strdup_printf ("[image: %s]", alt) : g_strdup ("[image]");
  add_text (o, text, FALSE);
}

static gboolean
is_cell (const xmlNode *n)
{
  return pkt_tree_is (n, "td") || pkt_tree_is (n, "th");
}

static gboolean
holds_block (const xmlNode *node)
{
  for (const xmlNode *n = node->children; n; n = n->next)
    if (n->type == XML_ELEMENT_NODE && (is_block (n) || holds_block (n)))
      return TRUE;
  return FALSE;
}

/* Cells of words are a table for the reader; cells of blocks are only layout. */
static gboolean
is_plain_row (const xmlNode *tr)
{
  guint cells = 0;
  for (const xmlNode *n = tr->children; n; n = n->next) {
    if (is_cell (n) && holds_block (n))
      return FALSE;
    cells += is_cell (n);
  }
  return cells >= 2;
}

static void
walk_row (Outline *o, const xmlNode *tr, PktSight sight)
{
  guint shown = 0;
  end_block (o, BLOCK_PARAGRAPH, "");
  o->row = TRUE;
  for (const xmlNode *n = tr->children; n; n = n->next) {
    PktSight own = sight;
    if (!is_cell (n) || !pkt_sight_enter (n, &own))
      continue;
    gsize before = o->line->len;
    if (before > 0)
      g_string_append (o->line, " | ");
    gsize start = o->line->len;
    o->space = FALSE;
    walk_children (o, n, own, FALSE);
    if (o->line->len == start)
      g_string_truncate (o->line, before);
    else
      shown++;
  }
  o->row = FALSE;
  end_block (o, shown > 1 ? BLOCK_ROW : BLOCK_PARAGRAPH, "");
}

static void
walk_list (Outline *o, const xmlNode *list, PktSight sight)
{
  int depth = MIN (o->lists, MAX_LISTS - 1);
  int outer = o->numbers[depth];
  int before = o->lists;
  g_autofree char *start = pkt_tree_attribute (list, "start");
  gint64 n = 1;
  if (start && (!pkt_slice_number (pkt_slice_str (start), &n) || n > 9999))
    n = 1;
  o->numbers[depth] = pkt_tree_is (list, "ol") ? (int)n : 0;
  o->lists = depth + 1;
  walk_children (o, list, sight, FALSE);
  end_block (o, BLOCK_PARAGRAPH, "");
  g_clear_pointer (&o->bullet, g_free);
  o->lists = before;
  o->numbers[depth] = outer;
}

static void
start_item (Outline *o)
{
  g_free (o->bullet);
  int depth = MAX (o->lists, 1) - 1;
  o->bullet = o->lists > 0 && o->numbers[depth] > 0 ? g_strdup_printf ("%d. ", o->numbers[depth]++)
                                                    : g_strdup ("* ");
}

static void
walk_block (Outline *o, const xmlNode *node, PktSight sight, gboolean pre)
{
  end_block (o, BLOCK_PARAGRAPH, "");
  gboolean heading = node->name[0] == 'h' && g_ascii_isdigit ((char)node->name[1]);
  if (pkt_tree_is (node, "ul") || pkt_tree_is (node, "ol")) {
    walk_list (o, node, sight);
    return;
  }
  if (pkt_tree_is (node, "li"))
    start_item (o);
  walk_children (o, node, sight, pre || pkt_tree_is (node, "pre"));
  g_autofree char *marks = heading ? g_strnfill ((gsize)(node->name[1] - '0'), '#') : NULL;
  g_autofree char *mark = g_strconcat (marks ? marks : "", marks ? " " : NULL, NULL);
  end_block (o, heading ? BLOCK_HEADING : BLOCK_PARAGRAPH, mark);
}

static void
walk_element (Outline *o, const xmlNode *node, PktSight sight, gboolean pre)
{
  PktElementRule rule = pkt_policy_element ((const char *)node->name);
  o->part = TRUE;
  if (rule == PKT_ELEMENT_DROP || !pkt_sight_enter (node, &sight))
    return;
  if (pkt_tree_is (node, "br"))
    add_break (o);
  else if (pkt_tree_is (node, "img"))
    walk_image (o, node, sight);
  else if (pkt_tree_is (node, "a"))
    walk_link (o, node, sight, pre);
  else if (pkt_tree_is (node, "tr") && !o->row && is_plain_row (node))
    walk_row (o, node, sight);
  else if (is_block (node) && !o->row)
    walk_block (o, node, sight, pre);
  else
    walk_children (o, node, sight, pre);
  o->part = TRUE;
}

static void
walk (Outline *o, const xmlNode *node, PktSight sight, gboolean pre)
{
  if (node->type == XML_ELEMENT_NODE) {
    walk_element (o, node, sight, pre);
  } else if (node->type == XML_TEXT_NODE && !sight.invisible && !sight.no_size) {
    g_autofree char *text = pkt_tree_text (node);
    add_text (o, text, pre);
  }
}

void
pkt_outline_take (PktPage *page, xmlNode *root, const PktMask *mask)
{
  Outline o
      = { .out = g_string_new (NULL), .line = g_string_new (NULL), .mask = mask, .page = page };
  PktSight sight = { FALSE, FALSE };
  for (xmlNode *n = root; n; n = n->next)
    walk (&o, n, sight, FALSE);
  end_block (&o, BLOCK_PARAGRAPH, "");
  g_string_free (o.line, TRUE);
  g_free (o.bullet);
  page->outline = g_string_free (o.out, FALSE);
}
