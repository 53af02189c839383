#pragma once
#include "packet/log/event-bare.h"
#include "packet/log/event-minute.h"
#include "packet/log/event-places.h"
#include "packet/log/event-plain.h"

/* Nearly all rows: of mail that another receiver took in the same minute as the one before, at a
 * host that is named. Inline, for event-plain.c and whoever has the values of many rows at hand. */

static inline PktPlainWord
pkt_usual_word (const PktEventMemo *memo, const PktEventService *s, PktSlice said)
{
  for (guint i = 0; memo->service == s && i < memo->n_words; i++)
    if (memo->words[i].n == said.n && pkt_bytes_same (said.p, memo->words[i].text, said.n))
      return (PktPlainWord)memo->words[i].kind;
  return PKT_PLAIN_NEW;
}

/* The word says that a receiver took the mail, as rows before said it. */
static inline gboolean
pkt_usual_is_delivered (const PktEventMemo *memo, const PktEventService *s, PktSlice said)
{
  return memo->service == s && memo->delivered_n == said.n
         && pkt_bytes_same (said.p, memo->delivered, said.n);
}

/* "127.0.0.1", "::1", a socket: where the name of the host is not all that counts. */
static inline gboolean
pkt_usual_may_be_local (PktSlice ip)
{
  return ip.n && ((guchar)(ip.p[0] - '0') > 9 || pkt_slice_starts (ip, PKT_SLICE ("127.")));
}

static inline void
pkt_usual_tell (PktGlance *out, PktGlanceKind kind, PktSlice recipient, guint64 key, PktStamp stamp)
{
  out->kind = kind;
  out->stamp_kind = (guint8)stamp.kind;
  out->us = stamp.us;
  out->key = key;
  out->fingerprint = pkt_attempt_fingerprint (recipient, key, stamp);
}

static inline guint64
pkt_usual_key (PktEventMemo *memo, PktSlice queue_id)
{
  const PktAttempt a = { .queue_id = queue_id };
  if (queue_id.n)
    return pkt_attempt_queue_key (&a);
  if (memo->no_key == 0)
    memo->no_key = pkt_attempt_queue_key (&a);
  return memo->no_key;
}

static inline gboolean
pkt_usual_has_blank_ends (PktSlice s)
{
  return s.n && ((guchar)s.p[0] <= ' ' || (guchar)s.p[s.n - 1] <= ' ');
}

#ifdef PKT_SSE2
/* "mx.example.net" is a name of up to 48 bytes: it begins with a letter and has a dot, but no blank
 * or bracket. 16 bytes can be read. */
static PKT_ALWAYS_INLINE gboolean
pkt_usual_is_name (PktSlice host)
{
  const __m128i first = _mm_loadu_si128 ((const __m128i *)host.p);
#define IS(x, c) _mm_cmpeq_epi8 (x, _mm_set1_epi8 (c))
#define IS_END(x) _mm_or_si128 (_mm_or_si128 (IS (x, ' '), IS (x, '(')), IS (x, '['))
  __m128i ends = IS_END (first), dots = IS (first, '.');
  if (host.n > 16) {
    const __m128i last = _mm_loadu_si128 ((const __m128i *)(host.p + host.n - 16)),
                  mid = _mm_loadu_si128 ((const __m128i *)(host.p + (host.n - 16) / 2));
    ends = _mm_or_si128 (_mm_or_si128 (ends, IS_END (last)), IS_END (mid));
    dots = _mm_or_si128 (_mm_or_si128 (dots, IS (last, '.')), IS (mid, '.'));
  }
#undef IS_END
#undef IS
  const guint all = host.n < 16 ? (1U << host.n) - 1 : 0xffff;
  return g_ascii_isalpha (host.p[0]) && !((guint)_mm_movemask_epi8 (ends) & all)
         && ((guint)_mm_movemask_epi8 (dots) & all);
}
#endif

/* "mx.example.net (192.0.2.7)" */
static PKT_ALWAYS_INLINE gboolean
pkt_usual_split (PktSlice remote, PktSlice *host, PktSlice *ip)
{
#ifdef PKT_SSE2
  if (remote.n < 18 || remote.p[remote.n - 1] != ')')
    return FALSE;
  const char *limit = remote.p + remote.n;
  const guint mask = pkt_mask_16 (limit - 17, '(');
  const char *open = limit - 17 + 31 - __builtin_clz (mask | 1);
  *host = pkt_slice (remote.p, (gsize)(open - remote.p) - 1);
  *ip = pkt_slice (open + 1, (gsize)(limit - open) - 2);
  return mask > 1 && open[-1] == ' ' && host->n <= 48 && pkt_usual_is_name (*host);
#else
  (void)remote;
  (void)host;
  (void)ip;
  return FALSE;
#endif
}

/* The two questions to a row's texts. */
typedef gboolean (*PktUsualSplit) (PktSlice remote, PktSlice *host, PktSlice *ip);
typedef gboolean (*PktUsualBare) (PktSlice address);

#ifdef PKT_AVX512
#define PKT_USUAL_IS(x, c) _mm512_cmpeq_epi8_mask (x, _mm512_set1_epi8 (c))

/* As pkt_usual_split(), of up to 64 bytes. */
PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE gboolean
pkt_usual_split_avx512 (PktSlice remote, PktSlice *host, PktSlice *ip)
{
  if (remote.n - 5 > 64 - 5 || remote.p[remote.n - 1] != ')')
    return FALSE;
  const __m512i all = _mm512_maskz_loadu_epi8 (~(guint64)0 >> (64 - remote.n), remote.p);
  const guint64 open = PKT_USUAL_IS (all, '('), blank = PKT_USUAL_IS (all, ' ');
  if (open < 4)
    return FALSE;
  const guint at = 63 - (guint)__builtin_clzll (open), n = at - 1;
  const guint64 before = ((guint64)1 << n) - 1;
  *host = pkt_slice (remote.p, n);
  *ip = pkt_slice (remote.p + at + 1, remote.n - at - 2);
  return (blank & (before << 1 | 1)) == before + 1 && !((open | PKT_USUAL_IS (all, '[')) & before)
         && (PKT_USUAL_IS (all, '.') & before) && g_ascii_isalpha (remote.p[0]);
}

/* pkt_event_is_bare_address() */
PKT_TARGET_AVX512_VBMI2 static PKT_ALWAYS_INLINE gboolean
pkt_usual_is_bare_avx512 (PktSlice s)
{
  if (s.n - 1 > 63)
    return pkt_event_is_bare_address (s);
  const guint64 there = ~(guint64)0 >> (64 - s.n);
  const __m512i all = _mm512_maskz_loadu_epi8 (there, s.p);
  const guint64 at = PKT_USUAL_IS (all, '@'),
                odd = _mm512_mask_cmple_epu8_mask (there, all, _mm512_set1_epi8 (' '))
                      | PKT_USUAL_IS (all, '<') | PKT_USUAL_IS (all, '"');
  if (at < 2 || odd)
    return FALSE;
  const guint last_at = 63 - (guint)__builtin_clzll (at);
  return last_at + 3 < s.n && PKT_USUAL_IS (all, '.') >> last_at != 0;
}
#undef PKT_USUAL_IS
#endif

/* Mostly of the same minute as the one before. */
static PKT_ALWAYS_INLINE gboolean
pkt_usual_time (const PktEventService *s, PktSlice time, PktEventTime *memo, PktStamp *out)
{
  if (G_UNLIKELY (memo->service != s || !pkt_event_is_in_minute (memo, time)))
    return pkt_event_stamp_again (s, time, memo, out);
  *out = memo->stamp;
  out->us += pkt_event_seconds_of (time) * PKT_SECOND;
  return TRUE;
}

/* The same as pkt_plain_whose(); FALSE says nothing. */
static PKT_ALWAYS_INLINE gboolean
pkt_usual_tell_row (const PktGlanceRule *rule, const PktEventService *s,
                    const PktPlainPlaces *places, const PktSlice values[PKT_N_PLAIN],
                    PktEventMemo *memo, PktUsualSplit split, PktUsualBare is_bare, PktGlance *out)
{
  const PktSlice recipient = values[PKT_PLAIN_RECIPIENT], queue_id = values[PKT_PLAIN_QUEUE_ID];
  PktSlice host, ip;
  PktStamp stamp;
  if (!places->alone || !split (values[PKT_PLAIN_REMOTE], &host, &ip) || pkt_usual_may_be_local (ip)
      || pkt_usual_may_be_local (values[PKT_PLAIN_REMOTE_IP]) || !is_bare (recipient)
      || pkt_usual_has_blank_ends (queue_id)
      || !pkt_usual_time (s, values[PKT_PLAIN_TIME], &memo->time, &stamp))
    return FALSE;
  if (rule->elsewhere (rule->data, recipient, host, ip))
    pkt_usual_tell (out, PKT_GLANCE_ELSEWHERE, recipient, pkt_usual_key (memo, queue_id), stamp);
  else
    out->kind = PKT_GLANCE_PLAIN;
  return TRUE;
}
