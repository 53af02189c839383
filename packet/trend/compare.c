#include "packet/trend/compare.h"
#include <math.h>
#include "packet/base/json.h"
#include "packet/base/text.h"
#include "packet/trend/exact.h"

#define WIDTH 98
#define COLUMNS 6
#define MAX_NAMES 3
#define LABEL_CHARS 40

void
pkt_compare_side (const PktTally *t, const PktSumFilter *f, const char *label, PktCompareSide *out)
{
  PktSumFilter apple = *f, other = *f;
  apple.apple = 1;
  other.apple = 0;
  other.rcpt_domain = 0; /* known of Apple only */
  out->label = pkt_text_quote (pkt_slice_str (label), LABEL_CHARS);
  pkt_sum (t, &apple, &out->apple);
  pkt_sum (t, &other, &out->other);
  for (guint by = 0; by < PKT_N_BY; by++)
    out->names[by] = pkt_group_names (t, &apple, (PktBy)by);
}

void
pkt_compare_shared (const PktTally *t, const PktSumFilter *a, const PktSumFilter *b,
                    PktCompareSide *out)
{
  PktSumFilter first = *a, second = *b;
  first.apple = second.apple = 1;
  for (guint i = 0; i < t->cells->len; i++) {
    const PktCell *c = &g_array_index (t->cells, PktCell, i);
    gboolean final = c->key.outcome == PKT_DELIVERED || c->key.outcome == PKT_BOUNCED;
    if (final && pkt_sum_match (&first, c) && pkt_sum_match (&second, c))
      out->shared += c->count;
  }
}

void
pkt_compare_side_clear (PktCompareSide *s)
{
  g_free (s->label);
  for (guint by = 0; by < PKT_N_BY; by++)
    g_clear_pointer (&s->names[by], g_ptr_array_unref);
}

static double
exact (const PktSum *a, const PktSum *b)
{
  return pkt_exact_fisher (a->policy, pkt_sum_final (a), b->policy, pkt_sum_final (b));
}

static void
test_sides (const PktCompareSide *a, const PktCompareSide *b, PktCompareResult *out)
{
  out->p = exact (&a->apple, &b->apple);
  out->p_others = exact (&a->other, &b->other);
  out->moved = out->p < PKT_COMPARE_SURE;
  out->others_moved = out->p_others < PKT_COMPARE_SURE;
}

/* --- text --- */

static char *
rate_text (const PktSum *s)
{
  gint64 final = pkt_sum_final (s);
  if (final == 0)
    return g_strdup ("-");
  return s->policy ? pkt_text_percent (s->policy, final) : g_strdup ("0%");
}

static char *
interval_text (const PktSum *s)
{
  double lo, hi;
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  if (pkt_sum_final (s) == 0)
    return g_strdup ("");
  pkt_wilson (s->policy, pkt_sum_final (s), &lo, &hi);
  g_ascii_formatd (low, sizeof low, "%.2f", 100 * lo);
  g_ascii_formatd (high, sizeof high, "%.2f", 100 * hi);
  return g_strdup_printf ("%s-%s%%", low, high);
}

static void
fill_row (char *row[COLUMNS], const char *name, const PktCompareSide *s)
{
  row[0] = g_strdup_printf ("%s  %s", name, s->label);
  row[1] = pkt_text_count (pkt_sum_final (&s->apple));
  row[2] = pkt_text_count (s->apple.policy);
  row[3] = rate_text (&s->apple);
  row[4] = interval_text (&s->apple);
  row[5] = rate_text (&s->other);
}

static void
add_table (GString *out, const PktCompareSide *a, const PktCompareSide *b)
{
  char *rows[3][COLUMNS] = { { g_strdup (""), g_strdup ("final"), g_strdup ("policy"),
                               g_strdup ("rate"), g_strdup ("95 % interval"),
                               g_strdup ("others") } };
  gsize widths[COLUMNS] = { 0 };
  fill_row (rows[1], "A", a);
  fill_row (rows[2], "B", b);
  for (guint r = 0; r < 3; r++)
    for (guint c = 0; c < COLUMNS; c++)
      widths[c] = MAX (widths[c], pkt_text_width (rows[r][c]));
  for (guint r = 0; r < 3; r++) {
    for (guint c = 0; c < COLUMNS; c++) {
      g_autofree char *cell = pkt_text_pad (rows[r][c], widths[c], c > 0);
      g_string_append_printf (out, "%s%s", c ? "  " : "", cell);
      g_free (rows[r][c]);
    }
    g_string_append_c (out, '\n');
  }
}

static char *
p_text (double p)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  if (p < 0.0001)
    return g_strdup ("p < 0.0001");
  g_ascii_formatd (number, sizeof number, p < 0.001 ? "%.4f" : p < 0.1 ? "%.3f" : "%.2f", p);
  return g_strconcat ("p = ", number, NULL);
}

static double
rate_of (const PktSum *s)
{
  return (double)s->policy / (double)MAX (pkt_sum_final (s), 1);
}

/* Had all other receivers moved as Apple did, would their counts show it? */
static gboolean
others_would_show (const PktCompareSide *a, const PktCompareSide *b)
{
  gint64 n1 = pkt_sum_final (&a->other), n2 = pkt_sum_final (&b->other);
  return pkt_exact_fisher (llround (rate_of (&a->apple) * (double)n1), n1,
                           llround (rate_of (&b->apple) * (double)n2), n2)
         < PKT_COMPARE_SURE;
}

static gboolean
same_way (const PktCompareSide *a, const PktCompareSide *b)
{
  return (rate_of (&b->apple) > rate_of (&a->apple)) == (rate_of (&b->other) > rate_of (&a->other));
}

static void
add_others (GString *out, const PktCompareSide *a, const PktCompareSide *b,
            const PktCompareResult *r)
{
  if (pkt_sum_final (&a->other) == 0 || pkt_sum_final (&b->other) == 0)
    return;
  g_autofree char *p = p_text (r->p_others);
  gboolean too = r->moved && r->others_moved && same_way (a, b),
           few = r->moved && !r->others_moved && !others_would_show (a, b);
  g_string_append_printf (out, " All other receivers %s (%s)%s",
                          few                ? "have too few answers to tell whether they moved"
                          : too              ? "moved too"
                          : !r->others_moved ? "did not move"
                          : r->moved         ? "moved the other way"
                                             : "moved",
                          p,
                          too                                    ? ": it is not Apple's rate alone."
                          : r->moved && !r->others_moved && !few ? ": it is Apple's rate alone."
                                                                 : ".");
}

static char *
sentence (const PktCompareSide *a, const PktCompareSide *b)
{
  PktCompareResult r;
  GString *out = g_string_new (NULL);
  test_sides (a, b, &r);
  if (pkt_sum_final (&a->apple) == 0 || pkt_sum_final (&b->apple) == 0) {
    g_string_append_printf (out, "%s has no final answer of Apple: nothing to compare.",
                            pkt_sum_final (&a->apple) == 0 ? "A" : "B");
    return g_string_free (out, FALSE);
  }
  g_autofree char *p = p_text (r.p), *from = rate_text (&a->apple), *to = rate_text (&b->apple);
  if (r.moved)
    g_string_append_printf (
        out,
        "Apple's rate is %s in B than in A: %s against %s (Fisher's exact test, two-sided, %s).",
        rate_of (&b->apple) > rate_of (&a->apple) ? "higher" : "lower", to, from, p);
  else
    g_string_append_printf (
        out,
        "Apple's rate did not move, as far as these counts tell: %s in A, %s in "
        "B; chance alone may explain it (Fisher's exact test, two-sided, %s).",
        from, to, p);
  add_others (out, a, b, &r);
  if (b->shared > 0) {
    g_autofree char *n = pkt_text_count (b->shared);
    g_string_append_printf (out,
                            " %s of Apple's answers %s in both A and B: the test is for sides that "
                            "share none, name two such.",
                            n, b->shared == 1 ? "is" : "are");
  }
  return g_string_free (out, FALSE);
}

static gboolean
same_names (const GPtrArray *a, const GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!g_str_equal (g_ptr_array_index (a, i), g_ptr_array_index (b, i)))
      return FALSE;
  return TRUE;
}

static void
add_names (GString *out, const GPtrArray *names)
{
  for (guint i = 0; i < names->len && i < MAX_NAMES; i++) {
    g_autofree char *name = pkt_text_quote (pkt_slice_str (g_ptr_array_index (names, i)),
                                            LABEL_CHARS);
    g_string_append_printf (out, "%s%s", i ? ", " : "", name);
  }
  if (names->len > MAX_NAMES)
    g_string_append_printf (out, " and %u more", names->len - MAX_NAMES);
  if (names->len == 0)
    g_string_append (out, "none");
}

/* More than one thing that differs, and nobody knows which of them it was. */
static void
add_differences (GString *out, const PktCompareSide *a, const PktCompareSide *b)
{
  guint differ = 0;
  for (guint by = 0; by < PKT_N_BY; by++) {
    if (same_names (a->names[by], b->names[by]))
      continue;
    g_string_append_printf (out, "%s %s in A: ", differ++ ? "" : "\nThey differ in:\n ",
                            pkt_by_words ((PktBy)by));
    add_names (out, a->names[by]);
    g_string_append (out, "; in B: ");
    add_names (out, b->names[by]);
    g_string_append (out, "\n");
  }
  if (differ > 1)
    g_string_append (out, "Change one thing at a time, else nobody can tell which it was.\n");
}

char *
pkt_compare_text (const PktCompareSide *a, const PktCompareSide *b)
{
  GString *out = g_string_new (NULL);
  add_table (out, a, b);
  g_autofree char *text = sentence (a, b), *wrapped = pkt_text_wrap (text, WIDTH, "", "");
  g_string_append_printf (out, "\n%s", wrapped);
  add_differences (out, a, b);
  g_string_append_printf (out, "\n%s", pkt_trend_plain_rules ());
  return g_string_free (out, FALSE);
}

/* --- JSON --- */

static json_t *
sum_json (const PktSum *s)
{
  gint64 final = pkt_sum_final (s);
  double lo, hi;
  pkt_wilson (s->policy, final, &lo, &hi);
  return json_pack ("{sI sI sI sI so so so}", "final", (json_int_t) final, "delivered",
                    (json_int_t)s->delivered, "policy", (json_int_t)s->policy, "deferred",
                    (json_int_t)s->deferred, "rate", final ? json_real (rate_of (s)) : json_null (),
                    "low", final ? json_real (lo) : json_null (), "high",
                    final ? json_real (hi) : json_null ());
}

static json_t *
side_json (const PktCompareSide *s)
{
  return json_pack ("{so so so}", "label", pkt_json_string (s->label), "apple",
                    sum_json (&s->apple), "other", sum_json (&s->other));
}

json_t *
pkt_compare_json (const PktCompareSide *a, const PktCompareSide *b)
{
  PktCompareResult r;
  json_t *differ = json_array ();
  test_sides (a, b, &r);
  for (guint by = 0; by < PKT_N_BY; by++)
    if (!same_names (a->names[by], b->names[by]))
      json_array_append_new (differ, json_string (pkt_by_name ((PktBy)by)));
  json_t *o = json_pack ("{si so so sf sf sb sb so}", "version", 1, "a", side_json (a), "b",
                         side_json (b), "p", r.p, "p_others", r.p_others, "moved", r.moved,
                         "others_moved", r.others_moved, "differ", differ);
  pkt_json_set_text (o, "text", sentence (a, b));
  return o;
}
