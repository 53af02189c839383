#include "packet/log/postfix-quick.h"
#include "packet/base/simd.h"
#include "packet/log/postfix-words.h"

#define WORD(text) pkt_frame_word (text)
#define FOUR WORD ("\xff\xff\xff\xff\0\0\0")
#define SIX WORD ("\xff\xff\xff\xff\xff\xff\0\0")
#define SEVEN WORD ("\xff\xff\xff\xff\xff\xff\xff\0")

/* The first c from p on, NULL when limit comes before it: read 64 bytes at a time. */
static PKT_ALWAYS_INLINE const char *
find_near (const char *p, const char *limit, char c, PktMask64 mask_of)
{
  for (; p < limit; p += 64) {
    const guint64 bits = mask_of (p, c);
    if (bits) {
      p += __builtin_ctzll (bits);
      return p < limit ? p : NULL;
    }
  }
  return NULL;
}

/* Where the address that begins at p ends; NULL when it is quoted, and may hold a `>` of its own.
 */
static PKT_ALWAYS_INLINE const char *
end_of_address (const char *p, const char *limit, PktMask64 mask_of)
{
  return *p == '"' ? NULL : find_near (p, limit, '>', mask_of);
}

/* A number of less than eight digits that something else follows: how many, 0 where it is none.
 * They are read at once, as a loop that ends where chance will is mispredicted. */
static PKT_ALWAYS_INLINE guint
read_number (const char *p, gint64 *out)
{
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  guint64 w = WORD (p) ^ 0x3030303030303030u;
  const guint64 others = ((w + 0x7676767676767676u) | w) & 0x8080808080808080u;
  const guint n = others ? (guint)__builtin_ctzll (others) / 8 : 0;
  w = n ? w << (64 - 8 * n) : 0;
  w = (w * 10 + (w >> 8)) & 0x00ff00ff00ff00ffu;
  w = (w * 100 + (w >> 16)) & 0x0000ffff0000ffffu;
  *out = (gint64)((w * 10000 + (w >> 32)) & 0xffffffffu);
#else
  guint n = 0;
  for (*out = 0; n < 8 && (guchar)(p[n] - '0') <= 9; n++)
    *out = *out * 10 + (p[n] - '0');
  n %= 8;
#endif
  return n;
}

/* "from=<bounce@example.com>, size=5914, nrcpt=1 (queue active)", behind the `<`. */
static PKT_ALWAYS_INLINE gboolean
tell_arrival (const char *line, const char *sender, const char *limit, PktMask64 mask_of,
              PktGlance *out)
{
  static const PktSlice stop = PKT_SLICE (">, size=");
  const char *end = end_of_address (sender, limit, mask_of);
  gint64 size;
  if (end == NULL || end - sender > G_MAXUINT8 || WORD (end) != WORD (stop.p))
    return FALSE;
  const guint n = read_number (end + stop.n, &size);
  if (n == 0 || limit - end <= (gssize)(stop.n + n) || end[stop.n + n] != ',')
    return FALSE;
  out->text_at = (guint8)(sender - line);
  out->tag_n = (guint8)(end - sender);
  out->us = size;
  return TRUE;
}

/* "sent (…": what stands behind ", status=", the first of it from p on. NULL when it is too short
 * to tell anything. */
static PKT_ALWAYS_INLINE const char *
find_status (const char *p, const char *limit, PktMask64 mask_of)
{
  for (; p < limit; p += 64)
    for (guint64 commas = mask_of (p, ','); commas; commas &= commas - 1) {
      const char *at = p + __builtin_ctzll (commas);
      if (WORD (at) == WORD (", status") && at[8] == '=')
        return limit - at >= 15 ? at + 9 : NULL;
    }
  return NULL;
}

static PKT_ALWAYS_INLINE gboolean
is_sent (const char *status)
{
  return (WORD (status) & SIX) == WORD ("sent (\0");
}

/* "deferred (host mx.example.net[192.0.2.7] said: 450 4.2.2 …": put off in so many words. */
static gboolean
is_put_off (const char *status, const char *limit)
{
  static const PktSlice begin = PKT_SLICE ("deferred (host "), said = PKT_SLICE ("] said: 4");
  const PktSlice s = pkt_slice (status, (gsize)(limit - status));
  if (!pkt_slice_starts (s, begin))
    return FALSE;
  const char *open = pkt_find_either (status + begin.n, limit, '[', ' '),
             *close = open && *open == '[' && open > status + begin.n
                          ? pkt_find_byte (open, limit, ']')
                          : NULL;
  if (close == NULL || (gsize)(limit - close) < said.n + 8
      || !pkt_bytes_same (close, said.p, said.n))
    return FALSE;
  const char *code = close + said.n;
  return g_ascii_isdigit (code[0]) && g_ascii_isdigit (code[1])
         && (code[2] == ' ' || code[2] == '-') && g_ascii_isdigit (code[3]);
}

/* Of one that was put off: the reply counts as 450 does, the first stand-in. */
static gboolean
tell_recipient (const char *line, PktSlice recipient, PktGlance *out)
{
  const gsize at = (gsize)(recipient.p - line);
  out->text_at = (guint8)at;
  out->tag_n = (guint8)recipient.n;
  out->daemon = 0;
  return at <= G_MAXUINT8 && recipient.n <= G_MAXUINT8;
}

/* ">, relay=" at the end of the recipient, or behind ">, orig_to=<…"; NULL when neither. */
static PKT_ALWAYS_INLINE const char *
behind_relay (const char *end, const char *limit, PktMask64 mask_of)
{
  if (WORD (end) == WORD (">, orig_") && WORD (end + 4) == WORD ("rig_to=<"))
    end = end_of_address (end + 12, limit, mask_of);
  return end && WORD (end) == WORD (">, relay") && end[8] == '=' ? end + 9 : NULL;
}

/* "to=<reader@example.net>, relay=mx.example.net[192.0.2.7]:25, …, status=sent (…)", behind the
 * `<`: accepted by another receiver, or put off. Sets *recipient and *kind. */
static PKT_ALWAYS_INLINE gboolean
tell_elsewhere (const PktGlanceRule *rule, const char *line, const char *to, const char *limit,
                PktMask64 mask_of, PktSlice *recipient, PktGlanceKind *kind, PktGlance *out)
{
  const char *end = end_of_address (to, limit, mask_of),
             *host = end ? behind_relay (end, limit, mask_of) : NULL,
             *comma = host ? find_near (host, limit, ',', mask_of) : NULL,
             *open = comma ? find_near (host, comma, '[', mask_of) : NULL,
             *close = open ? find_near (open, comma, ']', mask_of) : NULL;
  if (close == NULL || rule->elsewhere == NULL)
    return FALSE;
  const char *status = rule->apple_only ? NULL : find_status (comma, limit, mask_of);
  const gboolean put_off = status && !is_sent (status);
  if (!rule->apple_only
      && (status == NULL || (put_off && !(rule->put_offs && is_put_off (status, limit)))))
    return FALSE;
  *recipient = pkt_slice (to, (gsize)(end - to));
  if (!rule->elsewhere (rule->data, *recipient, pkt_slice (host, (gsize)(open - host)),
                        pkt_slice (open + 1, (gsize)(close - open) - 1)))
    return FALSE;
  *kind = rule->apple_only ? PKT_GLANCE_NOTHING
          : put_off        ? PKT_GLANCE_PUT_OFF
                           : PKT_GLANCE_ELSEWHERE;
  return !put_off || tell_recipient (line, *recipient, out);
}

/* Bytes of the word that text begins with, which ends with a colon; 0 when it is no queue id, or
 * one that is not told from "NOQUEUE" and "warning" by its length. */
static PKT_ALWAYS_INLINE guint
word_of_id (const char *text, const char *limit, PktMask64 mask_of)
{
  const guint blanks = (guint)mask_of (text, ' ');
  const guint n = blanks ? (guint)__builtin_ctz (blanks) : 0;
  return n < 6 || n == 8 || text + n >= limit || text[n - 1] != ':' ? 0 : n;
}

static PKT_ALWAYS_INLINE void
set_elsewhere (const PktFrame *f, const char *line, const PktSieved *s, PktSlice recipient,
               PktGlance *out)
{
  const gsize second_n = PKT_SIEVE_SECOND_N (s->note);
  const char *time = line + f->lead;
  const gint64 second = s->midnight + pkt_sieve_seconds (time + pkt_sieve_hours_at (time));
  out->stamp_kind = (guint8)PKT_SIEVE_STAMP_KIND (s->note);
  out->us = second * PKT_SECOND;
  if (second_n < f->time_n - 1)
    pkt_clock_fraction (pkt_slice (line + second_n, f->time_n - second_n), &out->us);
  out->fingerprint = pkt_attempt_fingerprint_at (recipient, out->key, second);
}

static PKT_ALWAYS_INLINE PktQuickAnswer
quick (PktQuickStep *step, const PktFrame *f, const char *line, const PktSieved *s, guint place,
       PktMask64 mask_of)
{
  PktLives *lives = &step->lives;
  PktGlance *out = &step->lines[place].seen;
  const char *text = line + PKT_SIEVE_TEXT_AT (s->note), *limit = line + s->n;
  const guint n = word_of_id (text, limit, mask_of);
  const char *what = text + n + 1;
  const gboolean is_qmgr = PKT_SIEVE_DAEMON (s->note) == PKT_DAEMON_QMGR;
  PktSlice recipient = { NULL, 0 };
  PktGlanceKind kind;
  if (n == 0)
    return PKT_QUICK_NOT;
  const guint64 word = WORD (what), key = pkt_queue_key (pkt_slice (text, n - 1), f->scope_hash);
  out->key = lives->keys[place] = key;
  if (is_qmgr) {
    if ((word & SEVEN) == WORD ("removed\0") && what + 7 == limit) {
      pkt_lives_end (lives, key, place);
      return lives->told[place] == PKT_GLANCE_NOTHING ? PKT_QUICK_LEFT_OUT : PKT_QUICK_TOLD;
    }
    if ((word & SIX) != WORD ("from=<\0") || !tell_arrival (line, what + 6, limit, mask_of, out))
      return PKT_QUICK_NOT;
    pkt_lives_arrive (lives, place, PKT_GLANCE_ARRIVAL);
    return PKT_QUICK_TOLD;
  }
  if (PKT_SIEVE_DAEMON (s->note) != PKT_DAEMON_SMTP || (word & FOUR) != WORD ("to=<\0\0\0")
      || !tell_elsewhere (step->rule, line, what + 4, limit, mask_of, &recipient, &kind, out))
    return PKT_QUICK_NOT;
  lives->told[place] = (guint8)kind;
  if (kind == PKT_GLANCE_NOTHING)
    return PKT_QUICK_LEFT_OUT;
  set_elsewhere (f, line, s, recipient, out);
  if (kind == PKT_GLANCE_ELSEWHERE)
    pkt_lives_deliver (lives, key, place);
  else
    pkt_lives_let_go (lives, key);
  return PKT_QUICK_TOLD;
}

static PktQuickAnswer
quick_anywhere (PktQuickStep *step, const PktFrame *f, const char *line, const PktSieved *s,
                guint place)
{
  return quick (step, f, line, s, place, pkt_mask_64);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static PktQuickAnswer
quick_avx2 (PktQuickStep *step, const PktFrame *f, const char *line, const PktSieved *s,
            guint place)
{
  return quick (step, f, line, s, place, pkt_mask_64_avx2);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static PktQuickAnswer
quick_avx512 (PktQuickStep *step, const PktFrame *f, const char *line, const PktSieved *s,
              guint place)
{
  return quick (step, f, line, s, place, pkt_mask_64_avx512);
}
#endif

PktPostfixQuick
pkt_postfix_quick (void)
{
#ifdef PKT_AVX512
  if (pkt_simd_avx512 ())
    return quick_avx512;
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return quick_avx2;
#endif
  return quick_anywhere;
}
