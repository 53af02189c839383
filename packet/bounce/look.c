#include "packet/bounce/look.h"
#include "packet/base/simd.h"

#define LINK "support.apple.com/"
#define STEP 64 /* bytes looked through at a time */

typedef struct {
  PktSlice text; /* lower case */
  gsize before;  /* bytes before its first dot */
} Name;

struct PktAppleLook {
  GStringChunk *texts;
  GArray *names;           /* Name, each with a dot in it */
  guint8 pairs[65536 / 8]; /* what stands before and behind such a dot: most dots have neither */
};

static guint
pair_at (const char *dot)
{
  return (guint)(guint8)pkt_ascii_lower (dot[-1]) << 8 | (guint8)pkt_ascii_lower (dot[1]);
}

static void
add_pair (PktAppleLook *look, guint pair)
{
  look->pairs[pair / 8] |= (guint8)(1 << (pair & 7));
}

/* A name that begins or ends with its dot may stand behind and before anything. */
static void
add_pairs (PktAppleLook *look, const Name *name)
{
  const char *dot = name->text.p + name->before;
  const gboolean starts = name->before == 0, ends = name->before + 1 == name->text.n;
  const guint first = starts ? 0 : (guint8)dot[-1], last = ends ? 0 : (guint8)dot[1];
  for (guint before = first; before <= (starts ? G_MAXUINT8 : first); before++)
    for (guint after = last; after <= (ends ? G_MAXUINT8 : last); after++)
      add_pair (look, before << 8 | after);
}

static void
add_list (PktAppleLook *look, const char *const *list)
{
  for (gsize i = 0; list && list[i]; i++) {
    g_autofree char *lower = g_ascii_strdown (list[i], -1);
    const char *dot = strchr (lower, '.');
    if (dot == NULL)
      continue;
    Name name = { pkt_slice_str (g_string_chunk_insert (look->texts, lower)),
                  (gsize)(dot - lower) };
    g_array_append_val (look->names, name);
    add_pairs (look, &name);
  }
}

PktAppleLook *
pkt_apple_look_new (const char *const *also_domains, const char *const *also_mx)
{
  /* Parts of them that all forms share: @icloud.com, mx01.mail.icloud.com, @me.com,
   * st11p00im-smtpin005.me.com, @mac.com.akadns.net, smtp1.privaterelay.appleid.com */
  static const char *const names[] = { "icloud.com", "me.com", "mac.com", "appleid.com", NULL };
  PktAppleLook *look = g_new0 (PktAppleLook, 1);
  look->texts = g_string_chunk_new (256);
  look->names = g_array_new (FALSE, FALSE, sizeof (Name));
  for (guint digit = '0'; digit <= '9'; digit++) /* 17.57.154.33 */
    add_pair (look, '7' << 8 | digit);
  add_pair (look, 't' << 8 | 'a'); /* LINK */
  add_list (look, names);
  add_list (look, also_domains);
  add_list (look, also_mx);
  return look;
}

void
pkt_apple_look_free (PktAppleLook *look)
{
  g_string_chunk_free (look->texts);
  g_array_unref (look->names);
  g_free (look);
}

/* Does `name` stand around the dot at `dot`? */
static gboolean
is_name_at (const Name *name, const char *dot, PktSlice bytes)
{
  const char *from = dot - name->before;
  return (gsize)(dot - bytes.p) >= name->before && (gsize)(bytes.p + bytes.n - from) >= name->text.n
         && pkt_slice_equal_nocase (pkt_slice (from, name->text.n), name->text);
}

static gboolean
is_address_at (const char *dot, PktSlice bytes)
{
  gsize before = (gsize)(dot - bytes.p);
  return before >= 2 && dot[-1] == '7' && dot[-2] == '1'
         && (before == 2 || !g_ascii_isalnum (dot[-3])) && dot + 1 < bytes.p + bytes.n
         && g_ascii_isdigit (dot[1]);
}

static gboolean
is_link_at (const char *dot, PktSlice bytes)
{
  static const PktSlice link = PKT_SLICE (LINK);
  const gsize before = strlen ("support");
  return (gsize)(dot - bytes.p) >= before
         && pkt_slice_starts (pkt_slice_skip (bytes, (gsize)(dot - bytes.p) - before), link);
}

/* Whatever stands around the dot; `links`: those count too. */
static gboolean
is_told_at (const PktAppleLook *look, const char *dot, PktSlice bytes, gboolean links)
{
  if (is_address_at (dot, bytes) || (links && is_link_at (dot, bytes)))
    return TRUE;
  for (guint i = 0; i < look->names->len; i++)
    if (is_name_at (&g_array_index (look->names, Name, i), dot, bytes))
      return TRUE;
  return FALSE;
}

static inline gboolean
may_be_told_at (const PktAppleLook *look, const char *dot, PktSlice bytes)
{
  if (dot == bytes.p || dot + 1 == bytes.p + bytes.n)
    return TRUE;
  guint pair = pair_at (dot);
  return look->pairs[pair / 8] >> (pair & 7) & 1;
}

static PKT_ALWAYS_INLINE gboolean
find_by (const PktAppleLook *look, PktSlice bytes, gboolean links, PktMask64 mask_of)
{
  gsize at = 0, seen = 0; /* bytes of the step at `at` that the one before looked through */
  for (; at + STEP <= bytes.n; at += STEP - seen) {
    for (guint64 dots = mask_of (bytes.p + at, '.') >> seen << seen; dots; dots &= dots - 1) {
      const char *dot = bytes.p + at + __builtin_ctzll (dots);
      if (may_be_told_at (look, dot, bytes) && is_told_at (look, dot, bytes, links))
        return TRUE;
    }
    if (at + STEP == bytes.n)
      return FALSE;
    seen = at + 2 * STEP <= bytes.n ? 0 : at + 2 * STEP - bytes.n; /* the last one overlaps */
  }
  for (const char *dot = bytes.p; dot < bytes.p + bytes.n; dot++)
    if (*dot == '.' && is_told_at (look, dot, bytes, links))
      return TRUE;
  return FALSE;
}

static gboolean
find_anywhere (const PktAppleLook *look, PktSlice bytes, gboolean links)
{
  return find_by (look, bytes, links, pkt_mask_64);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static gboolean
find_avx2 (const PktAppleLook *look, PktSlice bytes, gboolean links)
{
  return find_by (look, bytes, links, pkt_mask_64_avx2);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static gboolean
find_avx512 (const PktAppleLook *look, PktSlice bytes, gboolean links)
{
  return find_by (look, bytes, links, pkt_mask_64_avx512);
}
#endif

static gboolean
find (const PktAppleLook *look, PktSlice bytes, gboolean links)
{
  if (bytes.n == 0)
    return FALSE;
#ifdef PKT_AVX512
  if (pkt_simd_avx512 ())
    return find_avx512 (look, bytes, links);
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return find_avx2 (look, bytes, links);
#endif
  return find_anywhere (look, bytes, links);
}

gboolean
pkt_apple_look (const PktAppleLook *look, PktSlice bytes)
{
  return find (look, bytes, FALSE);
}

gboolean
pkt_apple_look_or_links (const PktAppleLook *look, PktSlice bytes)
{
  return find (look, bytes, TRUE);
}

static gboolean
has_link (PktSlice bytes)
{
  return pkt_slice_find (bytes, PKT_SLICE (LINK)).p != NULL;
}

/* "550 5.7.0 …", "554-5.7.1 …" behind the answer's own code. */
static gboolean
is_inner_reply (const char *p)
{
  return (p[0] == '4' || p[0] == '5') && g_ascii_isdigit (p[1]) && g_ascii_isdigit (p[2])
         && (p[3] == ' ' || p[3] == '-') && p[4] == p[0] && p[5] == '.' && g_ascii_isdigit (p[6])
         && p[7] == '.' && g_ascii_isdigit (p[8]) && !g_ascii_isalnum (p[-1]) && p[-1] != '.';
}

static gboolean
has_inner_reply (PktSlice answer)
{
  if (answer.n < 13)
    return FALSE;
  const char *last = answer.p + answer.n - 3;
  for (const char *dot = answer.p + 9; (dot = pkt_find_byte (dot, last, '.')) != NULL; dot++)
    if (is_inner_reply (dot - 5))
      return TRUE;
  return FALSE;
}

gboolean
pkt_apple_is_quoted (const PktAppleLook *look, PktSlice answer)
{
  return has_link (answer) || (has_inner_reply (answer) && pkt_apple_look (look, answer));
}
