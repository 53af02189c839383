#include "packet/page/colours.h"

#define BITS 5 /* of a channel, where colours are many */
#define CELLS (1 << (3 * BITS))
#define SHIFT (8 - BITS)

/* Pixels of one small cube of colours. */
typedef struct {
  guint32 count;
  guint64 r, g, b; /* sums */
} Cell;

typedef struct {
  guint start, end; /* in the list of used cells */
  guint64 count;
} Box;

void
pkt_colours_free (PktColours *c)
{
  g_free (c->pixels);
  g_free (c);
}

static const guint32 *
row_of (cairo_surface_t *s, int y)
{
  gsize stride = (gsize)cairo_image_surface_get_stride (s);
  return (const guint32 *)(const void *)(cairo_image_surface_get_data (s) + (gsize)y * stride);
}

static int
by_value (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return (x > y) - (x < y);
}

/* ---- few colours: each as it is ---- */

static gboolean
take_exact (PktColours *c, cairo_surface_t *s)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint32 list[PKT_COLOURS_MAX];
  guint32 last = 0xff000000; /* no colour */
  for (int y = 0; y < c->height; y++) {
    const guint32 *row = row_of (s, y);
    for (int x = 0; x < c->width; x++) {
      guint32 rgb = row[x] & 0xffffff;
      if (rgb == last)
        continue;
      last = rgb;
      if (g_hash_table_contains (seen, GUINT_TO_POINTER (rgb + 1)))
        continue;
      if (c->n == PKT_COLOURS_MAX)
        return FALSE;
      g_hash_table_add (seen, GUINT_TO_POINTER (rgb + 1));
      list[c->n++] = rgb;
    }
  }
  qsort (list, c->n, sizeof *list, by_value);
  for (guint i = 0; i < c->n; i++) {
    c->palette[i] = (PktColour){ (guint8)(list[i] >> 16), (guint8)(list[i] >> 8), (guint8)list[i] };
    g_hash_table_insert (seen, GUINT_TO_POINTER (list[i] + 1), GUINT_TO_POINTER (i));
  }
  for (int y = 0; y < c->height; y++) {
    const guint32 *row = row_of (s, y);
    guint8 *out = c->pixels + (gsize)y * (gsize)c->width, index = 0;
    for (int x = 0; x < c->width; x++) {
      if (x == 0 || row[x] != row[x - 1])
        index = (guint8)GPOINTER_TO_UINT (
            g_hash_table_lookup (seen, GUINT_TO_POINTER ((row[x] & 0xffffff) + 1)));
      out[x] = index;
    }
  }
  return TRUE;
}

/* ---- many: median cut ---- */

static guint
cell_of (guint32 rgb)
{
  guint r = rgb >> (16 + SHIFT) & (0xff >> SHIFT), g = rgb >> (8 + SHIFT) & (0xff >> SHIFT),
        b = rgb >> SHIFT & (0xff >> SHIFT);
  return r << (2 * BITS) | g << BITS | b;
}

static guint
channel (guint cell, int k)
{
  return cell >> (k * BITS) & ((1 << BITS) - 1);
}

static int
by_channel (gconstpointer a, gconstpointer b, gpointer k)
{
  guint x = *(const guint *)a, y = *(const guint *)b;
  guint p = channel (x, GPOINTER_TO_INT (k)), q = channel (y, GPOINTER_TO_INT (k));
  return p != q ? (p > q) - (p < q) : (x > y) - (x < y);
}

/* The channel in which the box is longest, and how long. */
static guint
longest (const guint *used, const Box *box, int *out_k)
{
  guint best = 0;
  for (int k = 0; k < 3; k++) {
    guint low = G_MAXUINT, high = 0;
    for (guint i = box->start; i < box->end; i++) {
      low = MIN (low, channel (used[i], k));
      high = MAX (high, channel (used[i], k));
    }
    if (high - low > best || k == 0) {
      best = high - low;
      *out_k = k;
    }
  }
  return best;
}

/* Cuts a box where half of its pixels lie on either side. */
static Box
cut (guint *used, const Cell *cells, Box *box, int k)
{
  g_qsort_with_data (used + box->start, (gint)(box->end - box->start), sizeof *used, by_channel,
                     GINT_TO_POINTER (k));
  guint64 half = 0;
  guint at = box->start;
  while (at < box->end - 1 && (at == box->start || half < box->count / 2))
    half += cells[used[at++]].count;
  Box upper = { at, box->end, box->count - half };
  box->end = at;
  box->count = half;
  return upper;
}

static guint
make_boxes (guint *used, guint n_used, const Cell *cells, guint64 pixels, Box *boxes)
{
  guint n = 1;
  boxes[0] = (Box){ 0, n_used, pixels };
  while (n < PKT_COLOURS_MAX) {
    double most = 0;
    guint which = 0;
    int k = 0;
    for (guint i = 0; i < n; i++) {
      int own = 0;
      double weight = (double)longest (used, &boxes[i], &own) * (double)boxes[i].count;
      if (weight > most)
        most = weight, which = i, k = own;
    }
    if (most <= 0)
      break;
    Box upper = cut (used, cells, &boxes[which], k);
    boxes[n++] = upper;
  }
  return n;
}

static void
take_boxes (PktColours *c, cairo_surface_t *s)
{
  g_autofree Cell *cells = g_new0 (Cell, CELLS);
  g_autofree guint *used = g_new (guint, CELLS);
  g_autofree guint8 *index = g_new0 (guint8, CELLS);
  Box boxes[PKT_COLOURS_MAX];
  guint n_used = 0;
  for (int y = 0; y < c->height; y++)
    for (int x = 0; x < c->width; x++) {
      guint32 rgb = row_of (s, y)[x];
      Cell *cell = &cells[cell_of (rgb)];
      cell->count++;
      cell->r += rgb >> 16 & 255;
      cell->g += rgb >> 8 & 255;
      cell->b += rgb & 255;
    }
  for (guint i = 0; i < CELLS; i++)
    if (cells[i].count)
      used[n_used++] = i;
  c->n = make_boxes (used, n_used, cells, (guint64)c->width * (guint64)c->height, boxes);
  for (guint i = 0; i < c->n; i++) {
    Cell sum = { 0 };
    for (guint k = boxes[i].start; k < boxes[i].end; k++) {
      const Cell *cell = &cells[used[k]];
      sum.count += cell->count;
      sum.r += cell->r;
      sum.g += cell->g;
      sum.b += cell->b;
      index[used[k]] = (guint8)i;
    }
    guint64 m = MAX (sum.count, 1), half = m / 2;
    c->palette[i] = (PktColour){ (guint8)((sum.r + half) / m), (guint8)((sum.g + half) / m),
                                 (guint8)((sum.b + half) / m) };
  }
  for (int y = 0; y < c->height; y++)
    for (int x = 0; x < c->width; x++)
      c->pixels[(gsize)y * (gsize)c->width + (gsize)x] = index[cell_of (row_of (s, y)[x])];
}

PktColours *
pkt_colours_of (cairo_surface_t *surface)
{
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS
      || cairo_image_surface_get_format (surface) != CAIRO_FORMAT_RGB24)
    return NULL;
  PktColours *c = g_new0 (PktColours, 1);
  c->width = cairo_image_surface_get_width (surface);
  c->height = cairo_image_surface_get_height (surface);
  c->pixels = g_malloc ((gsize)c->width * (gsize)c->height);
  if (!take_exact (c, surface)) {
    c->n = 0;
    take_boxes (c, surface);
  }
  return c;
}
