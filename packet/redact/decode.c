#include "packet/redact/decode.h"
#include "packet/redact/decode-class.h"
#include "packet/redact/digests.h"

#define MIN_STRETCH 12      /* printable bytes in noise that are worth a look of their own */
#define MIN_LAST 20         /* bytes of text that are none by chance */
#define MAX_NEEDLES_DEPTH 3 /* at which views are read for known values in yet another way */
#define MAX_VIEWS 1000000
#define SEED_RUNS 256 /* and the decoder: of what is remembered of runs, beside views */
#define MAX_PATH 64   /* characters of a run in which a path may stand before the value */

/* How a decoder is used. */
enum {
  NEEDLES = 1,   /* what comes out is no text, and not decoded further */
  MAILBOXES = 2, /* … but an address at Apple's mailbox domains in it is one */
  TAIL = 8,      /* what comes out is only tidied: tails and NEEDLES follow, nothing else */
  ON_NOISE = 4,  /* worth trying on bytes that are no text */
};

typedef struct {
  const char *name;
  PktDecodeText text; /* the whole view, or … */
  PktDecodeNext next; /* … runs in it */
  PktDecodeRun run;
  guint shifts; /* alignments of a run that are tried */
  guint use;
} Decoder;

/* An alphabet in which the text may stand, one row each. The self-test (selftest-encodings.c)
 * plants an address behind every row, one that no other row finds. */
static const Decoder decoders[] = {
  { "percent", pkt_decode_percent, NULL, NULL, 0, 0 },
  { "quoted-printable", pkt_decode_qp, NULL, NULL, 0, 0 },
  { "entities", pkt_decode_entities, NULL, NULL, 0, 0 },
  { "escapes", pkt_decode_escapes, NULL, NULL, 0, 0 },
  { "css", pkt_decode_css, NULL, NULL, 0, 0 },
  { "tags", pkt_decode_tags, NULL, NULL, 0, TAIL },
  { "unicode", pkt_decode_unicode, NULL, NULL, 0, TAIL },
  { "rfc2047", pkt_decode_rfc2047, NULL, NULL, 0, 0 },
  { "rfc2231", pkt_decode_rfc2231, NULL, NULL, 0, 0 },
  { "utf-7", pkt_decode_utf7, NULL, NULL, 0, 0 },
  { "codes", pkt_decode_codes, NULL, NULL, 0, 0 },
  { "marked", pkt_decode_marked, NULL, NULL, 0, 0 },
  { "spaced", pkt_decode_spaced, NULL, NULL, 0, 0 },
  { "xtext", pkt_decode_xtext, NULL, NULL, 0, NEEDLES | MAILBOXES },
  { "unfolded", pkt_decode_unfold, NULL, NULL, 0, NEEDLES | MAILBOXES },
  { "comments", pkt_decode_comments, NULL, NULL, 0, NEEDLES | MAILBOXES },
  { "blanks", pkt_decode_blanks, NULL, NULL, 0, NEEDLES },
  { "rot13", pkt_decode_rot13, NULL, NULL, 0, NEEDLES | MAILBOXES },
  { "reversed", pkt_decode_reversed, NULL, NULL, 0, NEEDLES | MAILBOXES },
  { "reversed-host", pkt_decode_hosts, NULL, NULL, 0, NEEDLES },
  { "spelled", pkt_decode_spelled, NULL, NULL, 0, NEEDLES },
  { "uuencode", pkt_decode_uu, NULL, NULL, 0, 0 },
  { "utf-16", pkt_decode_utf16, NULL, NULL, 0, ON_NOISE },
  { "inflated", pkt_decode_inflate, NULL, NULL, 0, ON_NOISE },
  { "icl-info", pkt_decode_icl_info, NULL, NULL, 0, ON_NOISE },
  { "icl-out-info", pkt_decode_icl_out_info, NULL, NULL, 0, ON_NOISE },
  { "mantsh", pkt_decode_mantsh, NULL, NULL, 0, ON_NOISE },
  { "base64", NULL, pkt_decode_base64_next, pkt_decode_base64_run, 4, 0 },
  { "hex", NULL, pkt_decode_hex_next, pkt_decode_hex_run, 2, 0 },
  { "base32", NULL, pkt_decode_base32_next, pkt_decode_base32_run, 8, 0 },
  { "base32hex", NULL, pkt_decode_base32hex_next, pkt_decode_base32hex_run, 8, 0 },
};
G_STATIC_ASSERT (G_N_ELEMENTS (decoders) <= PKT_DECODE_N);

/* What the decoders of views at one depth write into: it lives while deeper ones are walked. */
typedef struct {
  GString *out, *joined;
} Room;

typedef struct {
  PktViewFunc f;
  gpointer data;
  PktDecodeCounts *counts;
  Room rooms[PKT_DECODE_MAX_DEPTH];
  PktDigests seen; /* hashes of contents: most orders of decoders give the same */
  guint64 budget, left_out;
  guint views;
  gboolean complete;
} Walk;

const char *
pkt_decode_name (guint index)
{
  return index < G_N_ELEMENTS (decoders) ? decoders[index].name : NULL;
}

static gboolean
printable (char c)
{
  return pkt_decode_is (c, PKT_DECODE_PRINTABLE);
}

/* Bytes that are no text, *high of them beyond ASCII. */
static gsize
count_odd (PktSlice s, gsize *high)
{
  gsize odd = 0, i = 0;
#ifdef PKT_SSE2
  const __m128i blank = _mm_set1_epi8 (' '), del = _mm_set1_epi8 (0x7f);
  for (; i + 16 <= s.n; i += 16) {
    const __m128i bytes = _mm_loadu_si128 ((const __m128i *)(s.p + i));
    guint mask = (guint)_mm_movemask_epi8 (
        _mm_or_si128 (_mm_cmplt_epi8 (bytes, blank), _mm_cmpeq_epi8 (bytes, del)));
    for (; mask; mask &= mask - 1) { /* below ' ', or signed */
      char c = s.p[i + (guint)__builtin_ctz (mask)];
      odd += !printable (c);
      *high += (guint8)c >= 0x80;
    }
  }
#endif
  for (; i < s.n; i++) {
    odd += !printable (s.p[i]);
    *high += (guint8)s.p[i] >= 0x80;
  }
  return odd;
}

static gboolean
is_text (PktSlice s)
{
  gsize high = 0, good = s.n - count_odd (s, &high);
  return good * 10 >= s.n * 9
         || ((good + high) * 10 >= s.n * 9 && g_utf8_validate (s.p, (gssize)s.n, NULL));
}

static gboolean
is_new (Walk *w, const PktView *view)
{
  guint64 seed = view->needles_only ? view->mailboxes ? 3 : 1 : 2;
  return pkt_digests_add (&w->seen, pkt_slice_hash (view->bytes, seed));
}

/* A run of the same letters was decoded before, in another view: nothing new comes of it. */
static gboolean
is_new_run (Walk *w, guint decoder, PktSlice run)
{
  return pkt_digests_add (&w->seen, pkt_slice_hash (run, SEED_RUNS + decoder));
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

static void descend (Walk *w, const PktView *view, gboolean noise, gboolean tail);

static void
show (Walk *w, const PktView *parent, guint decoder, PktSlice bytes, guint64 origin, gboolean noise)
{
  const Decoder *d = &decoders[decoder];
  PktView view = { bytes,
                   origin,
                   parent->depth + 1,
                   noise || (d->use & NEEDLES),
                   noise || (d->use & MAILBOXES),
                   d->text == pkt_decode_unfold,
                   NULL };
  if (bytes.n == 0 || !is_new (w, &view) || !affordable (w, bytes.n))
    return;
  g_autofree char *path = *parent->path ? g_strconcat (parent->path, ", ", d->name, NULL)
                                        : g_strdup (d->name);
  view.path = path;
  if (w->counts)
    w->counts->tried[decoder]++;
  w->f (&view, w->data);
  if (!(d->use & NEEDLES))
    descend (w, &view, noise, (d->use & TAIL) != 0);
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
    if (i == bytes.n || !printable (bytes.p[i])) {
      if (i - start >= MIN_STRETCH)
        show (w, parent, decoder, pkt_slice (bytes.p + start, i - start), origin, FALSE);
      start = i + 1;
    }
}

static GString *
empty_room (GString **room)
{
  if (*room == NULL)
    *room = g_string_new (NULL);
  return g_string_truncate (*room, 0);
}

static void
decode_run (Walk *w, const PktView *view, guint decoder, PktSlice run, guint shift, guint64 start)
{
  GString *out = empty_room (&w->rooms[view->depth].out);
  if (w->complete && decoders[decoder].run (run, shift, out))
    show_bytes (w, view, decoder, pkt_slice (out->str, out->len),
                view->depth ? view->origin : start);
}

static void
decode_runs (Walk *w, const PktView *view, guint decoder)
{
  const Decoder *d = &decoders[decoder];
  GString *joined = empty_room (&w->rooms[view->depth].joined);
  gsize at = 0, start = 0;
  while (w->complete && d->next (view->bytes, &at, &start, joined)) {
    PktSlice run = pkt_slice (joined->str, joined->len);
    if (!is_new_run (w, decoder, run))
      continue;
    for (guint shift = 0; shift < d->shifts; shift++)
      decode_run (w, view, decoder, run, shift, start);
    for (gsize i = 0; i < MIN (run.n, MAX_PATH); i++) /* "t/u/eNqr…": a stream begins somewhere */
      if (run.p[i] == '/' || run.p[i] == '-' || run.p[i] == '_' || run.p[i] == '+')
        decode_run (w, view, decoder, pkt_slice_skip (run, i + 1), 0, start + i + 1);
  }
}

static void
decode_text (Walk *w, const PktView *view, guint decoder)
{
  GString *out = empty_room (&w->rooms[view->depth].out);
  if (decoders[decoder].text (view->bytes, out)) {
    show_bytes (w, view, decoder, pkt_slice (out->str, out->len), view->origin);
    if (out->len >= PKT_DECODE_MAX_INFLATED && decoders[decoder].text == pkt_decode_inflate)
      w->complete = FALSE; /* there is more */
  }
}

static gboolean
is_worth (const Walk *w, guint decoder, const PktView *view, gboolean noise, gboolean tail)
{
  guint use = decoders[decoder].use;
  if (w->left_out >> decoder & 1)
    return FALSE;
  if (noise)
    return use & ON_NOISE;
  if (use & NEEDLES)
    return view->depth < MAX_NEEDLES_DEPTH;
  return !tail || (use & TAIL);
}

static void
descend (Walk *w, const PktView *view, gboolean noise, gboolean tail)
{
  if (view->depth >= PKT_DECODE_MAX_DEPTH)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (decoders) && w->complete; i++) {
    if (!is_worth (w, i, view, noise, tail))
      continue;
    if (decoders[i].text)
      decode_text (w, view, i);
    else
      decode_runs (w, view, i);
  }
}

static void
end_walk (Walk *w)
{
  g_free (w->seen.slots);
  for (gsize i = 0; i < G_N_ELEMENTS (w->rooms); i++) {
    if (w->rooms[i].out)
      g_string_free (w->rooms[i].out, TRUE);
    if (w->rooms[i].joined)
      g_string_free (w->rooms[i].joined, TRUE);
  }
}

gboolean
pkt_decode_walk (PktSlice bytes, PktViewFunc f, gpointer data, PktDecodeCounts *counts)
{
  Walk w = { .f = f, .data = data, .counts = counts, .complete = TRUE };
  w.budget = PKT_DECODE_MIN_BUDGET + (guint64)bytes.n * PKT_DECODE_MAX_FACTOR;
  w.left_out = counts ? counts->left_out : 0;
  PktView top = { bytes, 0, 0, FALSE, FALSE, FALSE, "" };
  f (&top, data);
  is_new (&w, &top);
  descend (&w, &top, FALSE, FALSE);
  end_walk (&w);
  return w.complete;
}
