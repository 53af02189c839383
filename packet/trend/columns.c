#include "packet/trend/columns.h"
#include "packet/base/text.h"

typedef struct {
  const PktColumns *columns;
  const GArray *rows;
  gsize widths[PKT_COLUMNS_MAX];
  gboolean left_out[PKT_COLUMNS_MAX];
  guint gap;
  gboolean brief;
} Layout;

static char *const *
row_at (const Layout *l, guint r)
{
  return (char *const *)(l->rows->data + r * l->columns->n * sizeof (char *));
}

static const char *
cell_at (const Layout *l, guint r, guint c)
{
  const char *brief = l->brief && r == 0 ? l->columns->brief[c] : NULL;
  return brief ? brief : row_at (l, r)[c];
}

static void
measure (Layout *l)
{
  gboolean used[PKT_COLUMNS_MAX] = { TRUE };
  memset (l->widths, 0, sizeof l->widths);
  for (guint r = 0; r < l->rows->len; r++)
    for (guint c = 0; c < l->columns->n && row_at (l, r)[1]; c++) {
      const char *text = cell_at (l, r, c);
      l->widths[c] = MAX (l->widths[c], pkt_text_width (text));
      used[c] = used[c] || (r > 0 && *text);
    }
  for (guint c = 0; l->columns->without_empty && c < l->columns->n; c++)
    l->left_out[c] = l->left_out[c] || !used[c];
}

static gsize
width_of (const Layout *l)
{
  gsize width = 0;
  for (guint c = 0; c < l->columns->n; c++)
    if (!l->left_out[c])
      width += l->widths[c] + (c ? l->gap : 0);
  return width;
}

static void
fit (Layout *l, guint width)
{
  l->gap = 2;
  measure (l);
  if (width_of (l) <= width)
    return;
  l->gap = 1;
  l->brief = TRUE;
  measure (l);
  for (guint i = 0; i < l->columns->n_spare && width_of (l) > width; i++)
    l->left_out[l->columns->spare[i]] = TRUE;
}

static void
print_row (GString *out, const Layout *l, guint r)
{
  const gsize start = out->len;
  if (row_at (l, r)[1] == NULL)
    g_string_append (out, row_at (l, r)[0]);
  for (guint c = 0; c < l->columns->n && row_at (l, r)[1]; c++) {
    const gboolean words = l->columns->words & (1u << c);
    g_autofree char *cell = pkt_text_pad (cell_at (l, r, c), l->widths[c], !words);
    if (!l->left_out[c])
      g_string_append_printf (out, "%*s%s", c ? (int)l->gap : 0, "", cell);
  }
  while (out->len > start && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

void
pkt_columns_print (GString *out, const PktColumns *c, const GArray *rows, guint width)
{
  Layout l = { .columns = c, .rows = rows };
  fit (&l, width);
  for (guint r = 0; r < rows->len; r++)
    print_row (out, &l, r);
}
