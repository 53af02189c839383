#include "packet/base/text.h"
#include "packet/run/review-diff.h"

#define CONTEXT 1   /* lines around what differs */
#define COLUMNS 400 /* a longer line is cut on the screen */

typedef struct {
  GString *out;
  gboolean raw, colour;
  guint hidden; /* lines of the side before that are not shown */
} Diff;

static void
put (Diff *d, char sign, const char *line)
{
  g_autofree char *plain = g_strdelimit (g_strdup (line), "\t", ' '),
                  *shown = pkt_text_quote (pkt_slice_str (plain), COLUMNS);
  const char *code = sign == '-' ? "\033[31m" : sign == '+' ? "\033[32m" : "";
  g_string_append_printf (d->out, "%s%c %s%s\n", d->colour ? code : "", sign, shown,
                          d->colour && *code ? "\033[0m" : "");
}

static void
put_hidden (Diff *d)
{
  if (d->hidden)
    g_string_append_printf (d->out, "- (%u line%s, shown on a terminal only)\n", d->hidden,
                            d->hidden == 1 ? "" : "s");
  d->hidden = 0;
}

static void
put_before (Diff *d, const char *line)
{
  if (d->raw)
    put (d, '-', line);
  else
    d->hidden++;
}

/* Length of the longest common subsequence of a[i..] and b[k..], row by row from the end. */
static guint16 *
common (const GStrv a, guint n, const GStrv b, guint m)
{
  guint16 *t = g_new0 (guint16, (gsize)(n + 1) * (m + 1));
  for (guint i = n; i-- > 0;)
    for (guint k = m; k-- > 0;) {
      gsize at = (gsize)i * (m + 1) + k;
      t[at] = g_str_equal (a[i], b[k]) ? t[at + m + 2] + 1 : MAX (t[at + m + 1], t[at + 1]);
    }
  return t;
}

/* '=' both, '-' only before, '+' only after: the way through the table. */
static GString *
steps (const GStrv a, guint n, const GStrv b, guint m)
{
  g_autofree guint16 *t = common (a, n, b, m);
  GString *s = g_string_new (NULL);
  guint i = 0, k = 0;
  while (i < n || k < m) {
    gsize at = (gsize)i * (m + 1) + k;
    if (i < n && k < m && g_str_equal (a[i], b[k])) {
      g_string_append_c (s, '=');
      i++;
      k++;
    } else if (k == m || (i < n && t[at + m + 1] >= t[at + 1])) {
      g_string_append_c (s, '-');
      i++;
    } else {
      g_string_append_c (s, '+');
      k++;
    }
  }
  return s;
}

static gboolean
is_near (const GString *s, gsize at)
{
  gsize from = at < CONTEXT ? 0 : at - CONTEXT, to = MIN (at + CONTEXT, s->len - 1);
  for (gsize i = from; i <= to; i++)
    if (s->str[i] != '=')
      return TRUE;
  return FALSE;
}

char *
pkt_diff_lines (const char *before, const char *after, gboolean raw, gboolean colour)
{
  g_auto (GStrv) a = g_strsplit (before, "\n", PKT_DIFF_MAX_LINES),
                 b = g_strsplit (after, "\n", PKT_DIFF_MAX_LINES);
  guint i = 0, k = 0;
  g_autoptr (GString) s = steps (a, g_strv_length (a), b, g_strv_length (b));
  Diff d = { g_string_new (NULL), raw, colour, 0 };
  gboolean gap = FALSE;
  for (gsize at = 0; at < s->len; at++) {
    char step = s->str[at];
    if (step != '-')
      put_hidden (&d);
    if (step == '-')
      put_before (&d, a[i]);
    else if (step == '+')
      put (&d, '+', b[k]);
    else if (is_near (s, at)) {
      if (gap && d.out->len)
        g_string_append (d.out, "  ...\n");
      put (&d, ' ', b[k]);
    }
    gap = step == '=' && !is_near (s, at);
    i += step != '+';
    k += step != '-';
  }
  put_hidden (&d);
  return g_string_free (d.out, FALSE);
}
