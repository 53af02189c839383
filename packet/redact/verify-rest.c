#include "packet/redact/verify-rest.h"

/* Small, since a message may be made of soft line breaks. */
typedef struct {
  guint32 at;      /* in the rest */
  guint32 removed; /* bytes up to here, this cut's own among them */
} Cut;

void
pkt_rest_start (PktRest *r)
{
  r->text = g_string_new (NULL);
  r->cuts = g_array_new (FALSE, FALSE, sizeof (Cut));
}

void
pkt_rest_clear (PktRest *r)
{
  g_string_free (r->text, TRUE);
  g_array_unref (r->cuts);
}

static gsize
removed_before (const PktRest *r, guint i)
{
  return i ? g_array_index (r->cuts, Cut, i - 1).removed : 0;
}

void
pkt_rest_cut (PktRest *r, gsize at, gsize n)
{
  gsize before = removed_before (r, r->cuts->len);
  Cut cut = { (guint32)(at - before), (guint32)(before + n) };
  g_array_append_val (r->cuts, cut);
}

void
pkt_rest_fill (PktRest *r, PktSlice whole)
{
  gsize at = 0;
  if (whole.n == 0)
    return;
  for (guint i = 0; i < r->cuts->len; i++) {
    const Cut *cut = &g_array_index (r->cuts, Cut, i);
    gsize n = cut->at - r->text->len;
    g_string_append_len (r->text, whole.p + at, (gssize)n);
    at += n + cut->removed - removed_before (r, i);
  }
  g_string_append_len (r->text, whole.p + at, (gssize)(whole.n - at));
}

guint64
pkt_rest_place (const PktRest *r, guint64 at)
{
  guint low = 0, high = r->cuts->len; /* of the cuts that stand behind `at`, the first */
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index (r->cuts, Cut, middle).at <= at)
      low = middle + 1;
    else
      high = middle;
  }
  return at + removed_before (r, low);
}

gboolean
pkt_rest_is_base64_of (PktSlice coded, PktSlice bytes)
{
  g_autofree char *again = g_base64_encode ((const guchar *)bytes.p, bytes.n);
  const char *p = again;
  for (gsize i = 0; i < coded.n; i++) {
    if (coded.p[i] == '\r' || coded.p[i] == '\n')
      continue;
    if (coded.p[i] != *p++) /* the NUL at its end is none of base64 */
      return FALSE;
  }
  return *p == '\0';
}
