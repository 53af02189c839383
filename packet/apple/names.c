#include "packet/apple/names.h"
#include "packet/base/simd.h"

/* At the second byte of "e.c", "c.c", "d.c", "s.n": does a name of Apple's end here? */
static gboolean
is_name (PktSlice line, gsize dot)
{
  static const PktSlice ends[] = { PKT_SLICE ("me.com"), PKT_SLICE ("mac.com"),
                                   PKT_SLICE ("icloud.com"), PKT_SLICE ("appleid.com"),
                                   PKT_SLICE ("akadns.net") };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (dot + 4 >= ends[i].n && dot + 4 <= line.n
        && pkt_slice_equal_nocase (pkt_slice (line.p + dot + 4 - ends[i].n, ends[i].n), ends[i]))
      return TRUE;
  return FALSE;
}

/* "17." with no figure or dot before it. */
static gboolean
is_address (PktSlice line, gsize dot)
{
  return dot >= 2 && line.p[dot - 2] == '1'
         && (dot == 2 || (!g_ascii_isdigit (line.p[dot - 3]) && line.p[dot - 3] != '.'));
}

static gboolean
is_pod (PktSlice line, gsize at)
{
  return line.n - at >= 7
         && pkt_slice_equal_nocase (pkt_slice (line.p + at, 7), PKT_SLICE ("iscream"));
}

/* Of three bytes in a row. */
static gboolean
look_at (PktSlice line, gsize i)
{
  const char *p = line.p + i;
  if (p[0] == '\\')
    return TRUE;
  if (p[1] == '.')
    return p[0] == '7' ? is_address (line, i + 1) : is_name (line, i + 1);
  return pkt_ascii_lower (p[0]) == 'i' && is_pod (line, i);
}

/* What makes a place worth look_at(): "e.c", "c.c", "d.c", "s.n", "7.", "is?c", a backslash. A bit
 * for each of the bytes from p on; two more are read. Written once for vectors of either size. */
#define DEFINE_PLACES(NAME, TARGET, BYTES, MASK_OF)                                                \
  TARGET static PKT_ALWAYS_INLINE guint NAME (const char *p)                                       \
  {                                                                                                \
    BYTES a, b, c;                                                                                 \
    memcpy (&a, p, sizeof a);                                                                      \
    memcpy (&b, p + 1, sizeof b);                                                                  \
    memcpy (&c, p + 2, sizeof c);                                                                  \
    const BYTES x = a | 0x20, y = b | 0x20, z = c | 0x20;                                          \
    const BYTES name = ((z == 'c') & ((x == 'e') | (x == 'c') | (x == 'd')))                       \
                       | ((z == 'n') & (x == 's')) | (a == '7');                                   \
    const BYTES pod = (x == 'i') & (y == 's') & (z == 'c');                                        \
    return (guint)MASK_OF (((b == '.') & name) | pod | (a == '\\'));                               \
  }

/* look_at() wherever a bit is set, `step` bytes at a time; *at is where the rest begins. */
static PKT_ALWAYS_INLINE gboolean
look_through (PktSlice line, gsize *at, gsize step, guint (*places) (const char *p))
{
  gsize i = *at;
  for (; i + step + 2 <= line.n; i += step)
    for (guint mask = places (line.p + i); mask; mask &= mask - 1)
      if (look_at (line, i + (gsize)__builtin_ctz (mask)))
        return TRUE;
  *at = i;
  return FALSE;
}

#ifdef __SSE2__
typedef signed char Bytes16 __attribute__ ((vector_size (16)));
#define MASK_OF_16(bytes) _mm_movemask_epi8 ((__m128i)(bytes))
DEFINE_PLACES (places_16, , Bytes16, MASK_OF_16)
#endif

#ifdef PKT_AVX2
typedef signed char Bytes32 __attribute__ ((vector_size (32)));
#define MASK_OF_32(bytes) _mm256_movemask_epi8 ((__m256i)(bytes))
DEFINE_PLACES (places_32, PKT_TARGET_AVX2, Bytes32, MASK_OF_32)

PKT_TARGET_AVX2 static gboolean
look_through_avx2 (PktSlice line, gsize *at)
{
  return look_through (line, at, 32, places_32);
}
#endif

gboolean
pkt_line_names_apple (PktSlice line)
{
  gsize i = 0;
#ifdef PKT_AVX2
  if (pkt_simd_avx2 () && look_through_avx2 (line, &i))
    return TRUE;
#endif
#ifdef __SSE2__
  if (look_through (line, &i, 16, places_16))
    return TRUE;
#endif
  for (; i + 3 <= line.n; i++)
    if (look_at (line, i))
      return TRUE;
  return line.n && memchr (line.p + MIN (i, line.n - 1), '\\', line.n - MIN (i, line.n - 1));
}
