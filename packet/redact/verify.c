#include "packet/redact/verify.h"
#include "packet/redact/png.h"
#include "packet/redact/suspect.h"
#include "packet/redact/verify-clean.h"
#include "packet/redact/verify-priv.h"

struct PktVerifier {
  PktSuspects *suspects;
  PktDecodeCounts counts;
  guint64 surfaces;
  PktClean *clean;   /* what nothing was found in: files share their texts, and views most of one */
  GHashTable *whole; /* SHA-256 of texts in none of whose views anything was */
};

#define MAX_WHOLE 100000

PktVerifier *
pkt_verifier_new (const PktRedactScope *scope)
{
  PktVerifier *v = g_new0 (PktVerifier, 1);
  v->suspects = pkt_suspects_new (scope);
  v->clean = pkt_clean_new ();
  v->whole = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return v;
}

void
pkt_verifier_free (PktVerifier *v)
{
  pkt_suspects_free (v->suspects);
  pkt_clean_free (v->clean);
  g_hash_table_unref (v->whole);
  g_free (v);
}

static void
forget_clean (PktVerifier *v)
{
  pkt_clean_forget (v->clean);
  g_hash_table_remove_all (v->whole);
}

void
pkt_verifier_add_recipient (PktVerifier *v, PktSlice address)
{
  forget_clean (v);
  pkt_suspects_add (v->suspects, address);
}

void
pkt_verifier_add_name (PktVerifier *v, const char *name)
{
  forget_clean (v);
  pkt_suspects_add_name (v->suspects, name);
}

void
pkt_verifier_allow_name (PktVerifier *v, const char *name)
{
  pkt_suspects_allow_name (v->suspects, name);
}

void
pkt_verifier_leave_out (PktVerifier *v, guint decoder)
{
  v->counts.left_out |= G_GUINT64_CONSTANT (1) << decoder;
  forget_clean (v);
}

static void
leak_free (gpointer p)
{
  PktLeak *leak = p;
  g_free (leak->part);
  g_free (leak->rule);
  g_free (leak);
}

GPtrArray *
pkt_verify_leaks_new (void)
{
  return g_ptr_array_new_with_free_func (leak_free);
}

void
pkt_verify_leak (GPtrArray *leaks, const char *part, const char *rule, guint64 offset)
{
  if (leaks->len >= PKT_VERIFY_MAX_LEAKS)
    return;
  for (guint i = leaks->len; i > 0 && leaks->len - i < 64; i--) {
    const PktLeak *old = leaks->pdata[i - 1];
    if (old->offset == offset && g_str_equal (old->rule, rule) && g_str_equal (old->part, part))
      return;
  }
  PktLeak *leak = g_new0 (PktLeak, 1);
  leak->part = g_strdup (part);
  leak->rule = g_strdup (rule);
  leak->offset = offset;
  g_ptr_array_add (leaks, leak);
}

typedef struct {
  PktVerifier *v;
  GPtrArray *leaks;
  const char *part;
  PktSurface surface;
  const PktView *view;
  gboolean found, any; /* in this view, in one of them */
} Scan;

static void
on_suspect (const char *rule, gsize at, gpointer data)
{
  Scan *s = data;
  s->found = s->any = TRUE;
  g_autofree char *named = *s->view->path ? g_strdup_printf ("%s (%s)", rule, s->view->path)
                                          : g_strdup (rule);
  pkt_verify_leak (s->leaks, s->part, named, s->view->depth ? s->view->origin : at);
}

/* What a judgement of places goes by, beside the bytes. */
static guint64
seed_of (const Scan *s, const PktView *view)
{
  return (guint64)s->surface << 8 | (view->joined != 0) << 3 | (view->depth > 0) << 2
         | (view->needles_only != 0) << 1 | (view->mailboxes != 0);
}

/* The same of the whole: there some rules go by the last decoder. */
static guint64
whole_hash (const Scan *s, const PktView *view)
{
  const char *last = strrchr (view->path, ' ');
  guint64 decoder = pkt_slice_hash (pkt_slice_str (last ? last + 1 : view->path), 0);
  return pkt_slice_hash (view->bytes, seed_of (s, view) ^ decoder);
}

static void
judge_stretch (Scan *s, const PktView *view, guint64 seed, gsize from, gsize to)
{
  guint64 hash = pkt_clean_hash (view->bytes, from, to, seed);
  if (pkt_clean_has (s->v->clean, hash))
    return;
  s->found = FALSE;
  pkt_suspects_judge (s->v->suspects, view, s->surface, from, to, on_suspect, s);
  if (!s->found)
    pkt_clean_add (s->v->clean, hash);
}

static void
on_view (const PktView *view, gpointer data)
{
  Scan *s = data;
  guint64 seed = seed_of (s, view), hash = whole_hash (s, view);
  if (pkt_clean_has (s->v->clean, hash))
    return;
  s->view = view;
  gboolean before = s->any;
  s->any = FALSE;
  pkt_suspects_judge_whole (s->v->suspects, view, s->surface, on_suspect, s);
  for (gsize from = 0, to; from < view->bytes.n; from = to) {
    to = pkt_clean_cut (view->bytes, from);
    judge_stretch (s, view, seed, from, to);
  }
  if (!s->any)
    pkt_clean_add (s->v->clean, hash);
  s->any |= before;
}

void
pkt_verify_scan (PktVerifier *v, GPtrArray *leaks, const char *part, PktSlice bytes,
                 PktSurface surface)
{
  Scan s = { v, leaks, part, surface, NULL, FALSE, FALSE };
  v->surfaces++;
  if (bytes.n == 0)
    return;
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)bytes.p,
                                                      bytes.n);
  g_autofree char *key = g_strdup_printf ("%d %s", (int)surface, sum);
  if (g_hash_table_contains (v->whole, key))
    return;
  if (bytes.n > PKT_VERIFY_MAX_BYTES || !pkt_decode_walk (bytes, on_view, &s, &v->counts))
    pkt_verify_leak (leaks, part, "undecodable", 0);
  else if (!s.any && g_hash_table_size (v->whole) < MAX_WHOLE)
    g_hash_table_add (v->whole, g_steal_pointer (&key));
}

/* FALSE where it holds more than a picture. */
static gboolean
verify_png (PktVerifier *v, GPtrArray *leaks, const char *part, PktSlice bytes, guint64 base)
{
  guint64 offset = 0;
  const char *rule = pkt_png_check (bytes, &offset);
  v->surfaces++;
  if (rule)
    pkt_verify_leak (leaks, part, rule, base + offset);
  if (rule && bytes.n <= PKT_VERIFY_MAX_BYTES) /* what the stray bytes hold */
    pkt_verify_scan (v, leaks, part, bytes, PKT_SURFACE_PLAIN);
  return rule == NULL;
}

/* Pictures inside a page stand as data: URLs; they are read as pictures, and the rest as text. */
static void
cut_pictures (PktVerifier *v, GPtrArray *leaks, const char *part, PktSlice text, PktRest *rest)
{
  static const char mark[] = "data:image/png;base64,";
  for (PktSlice t = text; (t = pkt_slice_find (t, PKT_SLICE (mark))).p;) {
    t = pkt_slice_skip (t, sizeof mark - 1);
    gsize n = 0, at = (gsize)(t.p - text.p), size = 0;
    while (n < t.n && (g_ascii_isalnum (t.p[n]) || strchr ("+/=", t.p[n])) && t.p[n])
      n++;
    g_autofree char *encoded = g_strndup (t.p, n);
    g_autofree guchar *bytes = g_base64_decode (encoded, &size);
    PktSlice picture = pkt_slice ((char *)bytes, size);
    verify_png (v, leaks, part, picture, at);
    if (pkt_rest_is_base64_of (pkt_slice (t.p, n), picture))
      pkt_rest_cut (rest, at, n);
    else
      pkt_verify_leak (leaks, part, "undecodable", at);
    t = pkt_slice_skip (t, n);
  }
}

void
pkt_verify_rest (PktVerifier *v, GPtrArray *leaks, const char *part, PktRest *rest, PktSlice whole,
                 PktSurface surface)
{
  g_autoptr (GPtrArray) found = pkt_verify_leaks_new ();
  pkt_rest_fill (rest, whole);
  pkt_verify_scan (v, found, part, pkt_slice (rest->text->str, rest->text->len), surface);
  for (guint i = 0; i < found->len; i++) {
    const PktLeak *leak = found->pdata[i];
    pkt_verify_leak (leaks, leak->part, leak->rule, pkt_rest_place (rest, leak->offset));
  }
}

static gboolean
is_text_type (const char *type)
{
  static const char *const others[] = { "application/json", "message/delivery-status",
                                        "message/disposition-notification" };
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_ascii_strcasecmp (type, others[i]) == 0)
      return TRUE;
  return g_ascii_strncasecmp (type, "text/", 5) == 0;
}

gboolean
pkt_verify_content (PktVerifier *v, GPtrArray *leaks, const char *part, const char *type,
                    PktSlice bytes)
{
  if (g_ascii_strcasecmp (type, "image/png") == 0)
    return verify_png (v, leaks, part, bytes, 0);
  if (!is_text_type (type)) {
    pkt_verify_leak (leaks, part, "type", 0); /* nobody here can read it */
    pkt_verify_scan (v, leaks, part, bytes, PKT_SURFACE_PLAIN);
    return FALSE;
  }
  if (!g_utf8_validate (bytes.p ? bytes.p : "", (gssize)bytes.n, NULL))
    pkt_verify_leak (leaks, part, "charset", 0);
  PktRest rest;
  pkt_rest_start (&rest);
  cut_pictures (v, leaks, part, bytes, &rest);
  pkt_verify_rest (v, leaks, part, &rest, bytes, PKT_SURFACE_PLAIN);
  pkt_rest_clear (&rest);
  return FALSE;
}

GPtrArray *
pkt_verify_bytes (PktVerifier *v, const char *part, const char *type, const char *bytes, gsize n)
{
  GPtrArray *leaks = pkt_verify_leaks_new ();
  g_autoptr (GPtrArray) of_name = pkt_verify_leaks_new ();
  pkt_verify_scan (v, of_name, "(file name)", pkt_slice_str (part), PKT_SURFACE_PLAIN);
  for (guint i = 0; i < of_name->len; i++) { /* a name that tells must not be printed */
    const PktLeak *leak = of_name->pdata[i];
    g_autofree char *rule = g_strdup_printf ("file-name: %s", leak->rule);
    pkt_verify_leak (leaks, "(file name)", rule, leak->offset);
  }
  pkt_verify_content (v, leaks, of_name->len ? "(file name)" : part, type, pkt_slice (bytes, n));
  return leaks;
}

json_t *
pkt_verifier_proof (const PktVerifier *v)
{
  json_t *decodings = json_object ();
  for (guint i = 0; pkt_decode_name (i); i++)
    json_object_set_new (decodings, pkt_decode_name (i),
                         json_integer ((json_int_t)v->counts.tried[i]));
  return json_pack ("{s:I, s:I, s:I, s:o}", "surfaces", (json_int_t)v->surfaces, "candidates",
                    (json_int_t)pkt_suspects_candidates (v->suspects), "needles",
                    (json_int_t)pkt_suspects_needles (v->suspects), "decodings", decodings);
}
