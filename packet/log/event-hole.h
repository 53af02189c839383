#pragma once
#include "packet/base/simd.h"
#include "packet/log/event-escapes.h"
#include "packet/log/event-stencil.h"

/* Where values end that stand in holes whose size differs; NULL where they do not, or what stands
 * there is for the slow way. */

/* Arrays, objects and words. */
const char *pkt_hole_other_end (const PktStencilPart *part, const char *p, const char *limit);
/* What a text with escapes says can be told. */
gboolean pkt_hole_is_text (PktSlice raw);

static inline const char *
pkt_hole_figures_end (const char *p, const char *limit)
{
  const char *begin = p;
  while (p < limit && (guchar)(*p - '0') <= 9)
    p++;
  return p > begin ? p : NULL;
}

/* The quote behind a text; or a backslash or a line's end, where the next part does not fit: it
 * begins with a quote. A record has as many bytes as are looked at, so those in front of the text
 * are there where those behind it are not. */
static PKT_ALWAYS_INLINE const char *
pkt_hole_text_end (const char *p, const char *limit, guint64 (*signs_in) (const char *p))
{
  for (; limit - p >= 64; p += 64) {
    const guint64 signs = signs_in (p);
    if (signs)
      return p + __builtin_ctzll (signs);
  }
  const guint64 signs = p < limit ? signs_in (limit - 64) >> (p - (limit - 64)) : 0;
  return signs ? p + __builtin_ctzll (signs) : NULL;
}

/* The quote behind a text that may have escapes, or a line's end. */
static PKT_ALWAYS_INLINE const char *
pkt_hole_escaped_end (const PktStencilPart *part, const char *begin, const char *limit,
                      PktMask64 mask)
{
  guint64 carry = 0, any = 0;
  for (const char *p = begin; p < limit; p += 64) {
    const char *from = limit - p < 64 ? limit - 64 : p;
    const guint64 slashes = mask (from, '\\') >> (p - from),
                  escaped = pkt_escapes_behind (slashes, &carry),
                  ends = (mask (from, '"') >> (p - from) & ~escaped)
                         | mask (from, '\n') >> (p - from);
    if (ends == 0) {
      any |= slashes;
      continue;
    }
    const char *end = p + __builtin_ctzll (ends);
    any |= slashes & (ends ^ (ends - 1));
    return any && part->named && !pkt_hole_is_text (pkt_slice (begin, (gsize)(end - begin))) ? NULL
                                                                                             : end;
  }
  return NULL;
}
