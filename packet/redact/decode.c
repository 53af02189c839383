#include "packet/redact/decode.h"
#include "packet/redact/decode-table.h"

#define MIN_STRETCH 16 /* printable bytes in noise that are worth a look of their own */
#define MAX_VIEWS 200000

typedef struct {
  const char *name;
  PktDecodeText text; /* the whole view, or … */
  PktDecodeNext next; /* … runs in it */
  PktDecodeRun run;
  guint shifts;          /* alignments of a run that are tried */
  gboolean needles_only; /* what comes out is no text, and not decoded further */
  gboolean noise_too;    /* worth trying on bytes that are no text */
} Decoder;

/* An alphabet in which the text may stand, one row each; tests/unit/test-redact-decode plants an
 * address behind every row. */
static const Decoder decoders[] = {
  { "percent", pkt_decode_percent, NULL, NULL, 0, FALSE, FALSE },
  { "quoted-printable", pkt_decode_qp, NULL, NULL, 0, FALSE, FALSE },
  { "entities", pkt_decode_entities, NULL, NULL, 0, FALSE, FALSE },
  { "escapes", pkt_decode_escapes, NULL, NULL, 0, FALSE, FALSE },
  { "xtext", pkt_decode_xtext, NULL, NULL, 0, TRUE, FALSE },
  { "rfc2047", pkt_decode_rfc2047, NULL, NULL, 0, FALSE, FALSE },
  { "rfc2231", pkt_decode_rfc2231, NULL, NULL, 0, FALSE, FALSE },
  { "unfolded", pkt_decode_unfold, NULL, NULL, 0, TRUE, FALSE },
  { "rot13", pkt_decode_rot13, NULL, NULL, 0, TRUE, FALSE },
  { "reversed", pkt_decode_reversed, NULL, NULL, 0, TRUE, FALSE },
  { "spelled", pkt_decode_spelled, NULL, NULL, 0, TRUE, FALSE },
  { "utf-16", pkt_decode_utf16, NULL, NULL, 0, FALSE, TRUE },
  { "inflated", pkt_decode_inflate, NULL, NULL, 0, FALSE, TRUE },
  { "icl-info", pkt_decode_icl_info, NULL, NULL, 0, FALSE, TRUE },
  { "icl-out-info", pkt_decode_icl_out_info, NULL, NULL, 0, FALSE, TRUE },
  { "mantsh", pkt_decode_mantsh, NULL, NULL, 0, FALSE, TRUE },
  { "base64", NULL, pkt_decode_base64_next, pkt_decode_base64_run, 4, FALSE, FALSE },
  { "hex", NULL, pkt_decode_hex_next, pkt_decode_hex_run, 2, FALSE, FALSE },
  { "base32", NULL, pkt_decode_base32_next, pkt_decode_base32_run, 8, FALSE, FALSE },
};
G_STATIC_ASSERT (G_N_ELEMENTS (decoders) <= PKT_DECODE_N);

typedef struct {
  PktViewFunc f;
  gpointer data;
  PktDecodeCounts *counts;
  GHashTable *seen; /* hashes of contents: most orders of decoders give the same */
  guint64 budget;
  guint views;
  gboolean complete;
} Walk;

const char *
pkt_decode_name (guint index)
{
  return index < G_N_ELEMENTS (decoders) ? decoders[index].name : NULL;
}

static gboolean
printable (guint8 c)
{
  return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

static gboolean
is_text (PktSlice s)
{
  gsize good = 0, high = 0;
  for (gsize i = 0; i < s.n; i++) {
    good += printable ((guint8)s.p[i]);
    high += (guint8)s.p[i] >= 0x80;
  }
  return good * 10 >= s.n * 9
         || ((good + high) * 10 >= s.n * 9 && g_utf8_validate (s.p, (gssize)s.n, NULL));
}

static gboolean
is_new (Walk *w, PktSlice bytes, gboolean needles_only)
{
  guint64 hash = pkt_slice_hash (bytes, needles_only ? 1 : 2);
  return g_hash_table_add (w->seen, g_memdup2 (&hash, sizeof hash));
}

static gboolean
affordable (Walk *w, gsize n)
{
  if (w->views++ >= MAX_VIEWS || n > w->budget) {
    w->complete = FALSE;
    return FALSE;
  }
  w->budget -= n;
  return TRUE;
}

static void descend (Walk *w, const PktView *view, gboolean noise);

static void
show (Walk *w, const PktView *parent, guint decoder, PktSlice bytes, guint64 origin, gboolean noise)
{
  const Decoder *d = &decoders[decoder];
  PktView view = { bytes, origin, parent->depth + 1,
                   parent->needles_only || d->needles_only || noise, NULL };
  if (bytes.n == 0 || !is_new (w, bytes, view.needles_only) || !affordable (w, bytes.n))
    return;
  g_autofree char *path = *parent->path ? g_strconcat (parent->path, ", ", d->name, NULL)
                                        : g_strdup (d->name);
  view.path = path;
  if (w->counts)
    w->counts->tried[decoder]++;
  w->f (&view, w->data);
  if (!d->needles_only)
    descend (w, &view, noise);
}

/* What a decoder gave may be text with rubbish around it: a value glued to the letters before. */
static void
show_bytes (Walk *w, const PktView *parent, guint decoder, PktSlice bytes, guint64 origin)
{
  if (is_text (bytes)) {
    show (w, parent, decoder, bytes, origin, FALSE);
    return;
  }
  show (w, parent, decoder, bytes, origin, TRUE);
  for (gsize i = 0, start = 0; i <= bytes.n; i++)
    if (i == bytes.n || !printable ((guint8)bytes.p[i])) {
      if (i - start >= MIN_STRETCH)
        show (w, parent, decoder, pkt_slice (bytes.p + start, i - start), origin, FALSE);
      start = i + 1;
    }
}

static void
decode_runs (Walk *w, const PktView *view, guint decoder)
{
  const Decoder *d = &decoders[decoder];
  GString *joined = g_string_new (NULL), *out = g_string_new (NULL);
  gsize at = 0, start = 0;
  while (w->complete && d->next (view->bytes, &at, &start, joined))
    for (guint shift = 0; shift < d->shifts; shift++) {
      g_string_truncate (out, 0);
      if (d->run (pkt_slice (joined->str, joined->len), shift, out))
        show_bytes (w, view, decoder, pkt_slice (out->str, out->len),
                    view->depth ? view->origin : start);
    }
  g_string_free (joined, TRUE);
  g_string_free (out, TRUE);
}

static void
decode_text (Walk *w, const PktView *view, guint decoder)
{
  GString *out = g_string_new (NULL);
  if (decoders[decoder].text (view->bytes, out))
    show_bytes (w, view, decoder, pkt_slice (out->str, out->len), view->origin);
  g_string_free (out, TRUE);
}

static void
descend (Walk *w, const PktView *view, gboolean noise)
{
  if (view->depth >= PKT_DECODE_MAX_DEPTH)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (decoders) && w->complete; i++) {
    if (noise && !decoders[i].noise_too)
      continue;
    if (decoders[i].text)
      decode_text (w, view, i);
    else
      decode_runs (w, view, i);
  }
}

gboolean
pkt_decode_walk (PktSlice bytes, PktViewFunc f, gpointer data, PktDecodeCounts *counts)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Walk w = { .f = f, .data = data, .counts = counts, .seen = seen, .complete = TRUE };
  w.budget = PKT_DECODE_MIN_BUDGET + (guint64)bytes.n * PKT_DECODE_MAX_FACTOR;
  PktView top = { bytes, 0, 0, FALSE, "" };
  f (&top, data);
  is_new (&w, bytes, FALSE);
  descend (&w, &top, FALSE);
  return w.complete;
}
