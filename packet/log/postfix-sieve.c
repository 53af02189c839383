#include "packet/log/postfix-sieve.h"
#include "packet/base/simd.h"
#include "packet/log/block.h"
#include "packet/log/postfix-words.h"

static guint64
bits_below (gsize n)
{
  return n < 64 ? ((guint64)1 << n) - 1 : G_MAXUINT64;
}

/* The first byte of the time of a picture that shows no line: only a line begins so that is no
 * longer than that. */
#define BLANK '\n'

/* A frame that is too long, or whose lines tell their text in no one place, has no picture, and its
 * lines are all looked at. */
static void
draw (PktPostfixSieve *s)
{
  s->changes = s->frames->changes;
  s->usual_alone = TRUE;
  for (guint i = 0; i < PKT_N_FRAMES; i++) {
    PktSievePicture *to = &s->pictures[i];
    const PktFrame *f = &s->frames->all[i];
    const gsize n = f->time_n + f->n;
    memset (to, 0, sizeof *to);
    to->text[0] = BLANK;
    to->rest = to->all = 1;
    to->tags = s->usual;
    if (i >= s->frames->n || n > sizeof to->text || (f->kind == PKT_FRAME_OURS && f->tail_n == 0))
      continue;
    memcpy (to->text, "1 ", f->lead);
    to->time_at = f->lead;
    to->text[f->lead] = BLANK;
    memcpy (to->text + f->time_n, f->text, f->n);
    to->text[f->time_n - 1] = ' ';
    to->time = bits_below (f->time_n - 1) & ~bits_below (f->lead);
    to->rest = bits_below (n) & ~to->time;
    to->all = bits_below (n);
    to->more = n > 64 ? bits_below (n - 64) : 0;
    to->n = n;
    to->tail = pkt_frame_word (f->tail);
    to->tail_mask = f->tail_n < 8 ? ((guint64)1 << 8 * f->tail_n) - 1 : G_MAXUINT64;
    to->tail_n = f->tail_n;
    to->has_data = f->has_data;
    if (f->lead) {
      to->tags = f->is_app ? s->none : s->of_5424;
      s->usual_alone = FALSE;
    }
    to->note = i << 8;
    to->kind = f->kind;
  }
}

/* Each of "smtpd[", "cleanup[", "qmgr[", "smtp[" has a place of its own, and so with a blank. */
static PKT_ALWAYS_INLINE guint
place_of (const char *tag)
{
  return (guint8)(tag[0] ^ tag[4]) % PKT_SIEVE_TAGS;
}

/* end: what stands behind the name. */
static void
add_tag (PktSieveTag *tags, const char *name, char end, PktPostfixDaemon daemon, gboolean dull)
{
  char word[8] = { 0 }, mask[8] = { 0 };
  const gsize n = strlen (name);
  memcpy (word, name, n);
  word[n] = end;
  memset (mask, 0xff, n + 1);
  PktSieveTag *tag = &tags[place_of (word)];
  *tag = (PktSieveTag){ .word = pkt_frame_word (word),
                        .mask = pkt_frame_word (mask),
                        .n = (guint32)n + 1 };
  tag->dull = dull;
  tag->dull_no_id = daemon == PKT_DAEMON_SMTP;
  tag->note = daemon == PKT_DAEMON_SMTP || daemon == PKT_DAEMON_QMGR
                  ? PKT_SIEVE_NOTE_DAEMON (daemon)
                  : 0;
}

static void
add_tags (PktSieveTag *tags, char end, gboolean message_ids)
{
  for (guint i = 0; i < PKT_SIEVE_TAGS; i++)
    tags[i].word = 1; /* no line's, as its mask is 0 */
  add_tag (tags, "smtpd", end, PKT_DAEMON_NONE, TRUE);
  add_tag (tags, "smtp", end, PKT_DAEMON_SMTP, FALSE);
  add_tag (tags, "qmgr", end, PKT_DAEMON_QMGR, FALSE);
  if (!message_ids)
    add_tag (tags, "cleanup", end, PKT_DAEMON_CLEANUP, TRUE);
}

void
pkt_postfix_sieve_start (PktPostfixSieve *s, const PktFrames *frames, PktWraps *wraps,
                         gboolean message_ids)
{
  *s = (PktPostfixSieve){ .frames = frames, .wraps = wraps };
  add_tags (s->usual, '[', message_ids);
  add_tags (s->of_5424, ' ', message_ids);
  for (guint i = 0; i < PKT_SIEVE_TAGS; i++)
    s->none[i].dull_no_id = TRUE;
  draw (s);
}

/* Whether "00:36:09" does not stand at p: told without a branch, as it differs from line to line.
 * None of a leap second, with which a year may end. */
static PKT_ALWAYS_INLINE guint
no_hours (const char *p)
{
  /* What is to be added to a byte for the first that is too large there to reach the top bit. */
  const guint64 digits = pkt_frame_word (p) ^ pkt_frame_word ("00:00:00"),
                room = pkt_frame_word ("\x7d\x76\x7f\x7a\x76\x7f\x7a\x76"),
                top = pkt_frame_word ("\x80\x80\x80\x80\x80\x80\x80\x80");
  return (((digits | (digits + room)) & top) != 0) | ((p[0] == '2') & (p[1] > '3'));
}

static void
wipe (PktPostfixSieve *s)
{
  for (guint i = 0; i < PKT_N_FRAMES; i++)
    s->pictures[i].text[s->pictures[i].time_at] = BLANK;
}

/* What begins with a digit is of no month: pkt_block_turns(). */
static gboolean
stays_in_month (const PktPostfixSieve *s, const char *p)
{
  return g_ascii_isdigit (p[0]) || memcmp (s->month, p, sizeof s->month) == 0;
}

/* Puts the day of a line's time into the picture. FALSE when it is none, or of another month than
 * the one before: who reads the line next wants to see that, and the other pictures' times may be
 * of another year. */
static gboolean
take_day (PktPostfixSieve *s, PktSievePicture *to, const char *p)
{
  PktStamp stamp;
  gint64 us = 0;
  const PktFrame *f = &s->frames->all[to - s->pictures];
  const PktSlice time = pkt_frame_time (f, p);
  const gsize at = to->time_at + pkt_sieve_hours_at (time.p), n = to->time_at + time.n,
              dot = at + strlen ("00:36:09");
  if (dot > n || no_hours (p + at) || !pkt_frame_takes_time (f, time)
      || pkt_syslog_stamp (time, 0, &stamp) != time.n)
    return FALSE;
  const gsize begin = dot < n && (p[dot] == '.' || p[dot] == ',') ? dot + 1 : n;
  const gsize end = begin + pkt_clock_fraction (pkt_slice (p + begin, n - begin), &us);
  const gboolean same_month = stays_in_month (s, p);
  if (!same_month) {
    wipe (s);
    memcpy (s->month, p, sizeof s->month);
  }
  memcpy (to->text, p, n);
  to->digits = bits_below (end) & ~bits_below (begin);
  to->note = (to->note & (PKT_N_FRAMES - 1) << 8) | (guint32)stamp.kind << 14
             | (guint32)begin << 24;
  to->hours_at = at;
  to->midnight = (stamp.us - us) / PKT_SECOND - pkt_sieve_seconds (p + at);
  to->all = bits_below (to->n) & ~(bits_below (dot) & ~bits_below (at));
  return same_month;
}

/* Of a line that no picture shows. Behind one that begins as no line of their month does, a line of
 * that month is worth a look again: a month may have begun, and another year. */
static void
leave_month (PktPostfixSieve *s, const char *p, gsize n)
{
  if (s->month[0] == '\0') /* left already */
    return;
  n = MIN (n, PKT_MAX_LINE);
  const PktSlice line = pkt_wrap_skip (pkt_slice (p, n - (n > 0 && p[n - 1] == '\r')));
  if (line.n >= sizeof s->month && stays_in_month (s, line.p))
    return;
  memset (s->month, 0, sizeof s->month);
  wipe (s);
}

/* Where the first c of 16 bytes is; 16: nowhere. */
static PKT_ALWAYS_INLINE gsize
place_in_16 (const char *p, char c)
{
  return (gsize)__builtin_ctz (pkt_mask_16 (p, c) | 1u << 16);
}

/* "Untrusted TLS connection established …": a queue id ends with a colon. */
static PKT_ALWAYS_INLINE guint
has_no_id (const char *text)
{
  const gsize n = place_in_16 (text, ' ');
  const char *before = text - 1;
  return (n < 16) & (before[n] != ':') & (pkt_frame_word (text) != pkt_frame_word ("connect "));
}

/* Behind "[meta sequenceId=\"29\"] "; the line's end where none begins. */
static const char *
behind_data (const char *p, const char *limit)
{
  return p < limit && *p == '[' ? pkt_syslog_skip_data (pkt_slice (p, (gsize)(limit - p))).p
                                : limit;
}

/* Whether a line may tell something: p, n bytes of it, with the picture's frame. What is known of
 * it goes into *note. No text begins with a blank, which is none of it then, or with a mark of
 * bytes that are no ASCII. */
static PKT_ALWAYS_INLINE guint
tells (const PktPostfixSieve *s, const PktSievePicture *picture, const char *p, gsize n,
       guint32 *note, gboolean usual)
{
  const guint64 tail = usual ? pkt_frame_word ("]: \0\0\0\0") : picture->tail,
                tail_mask = usual ? pkt_frame_word ("\xff\xff\xff\0\0\0\0") : picture->tail_mask;
  const char *tag_at = p + picture->n;
  const PktSieveTag *tag = &(usual ? s->usual : picture->tags)[place_of (tag_at)];
  const char *pid = tag_at + tag->n, *end = pid + __builtin_ctz (~pkt_digits_16 (pid)),
             *text = end + (usual ? strlen ("]: ") : picture->tail_n);
  if (!usual && picture->has_data)
    text = behind_data (text, p + n);
  const guint64 differs = ((pkt_frame_word (tag_at) & tag->mask) ^ tag->word)
                          | ((pkt_frame_word (end) & tail_mask) ^ tail);
  guint framed = (differs == 0) & ((signed char)*text > ' ') & ((gsize)(text - p) < n);
  if (!usual)
    framed &= (end > pid) & (text - p <= PKT_SIEVE_TEXT_MAX);
  *note = ((guint32)(text - p) | (guint32)picture->note | tag->note) & -framed;
  return !(framed & (tag->dull | (tag->dull_no_id & has_no_id (text))));
}

/* The same of a line with another program's picture. */
static gboolean
other_tells (const PktSievePicture *picture, const char *p, gsize n, guint32 *note)
{
  *note = 0;
  if (n <= picture->n || n > PKT_MAX_LINE
      || (p[picture->n - 1] == '['
          && !pkt_frame_has_pid (pkt_slice (p + picture->n, n - picture->n))))
    return TRUE;
  if (picture->kind != PKT_FRAME_SIDE)
    return FALSE;
  *note = (guint32)(picture->n | picture->note) | PKT_SIEVE_NOTE_DAEMON (PKT_SIEVE_SIDE);
  return TRUE;
}

static PKT_ALWAYS_INLINE PktSievePicture *
picture_of (PktPostfixSieve *s, const char *line)
{
  const PktGuess *guess = &s->frames->guess;
  PktSievePicture *picture = &s->pictures[guess->first[pkt_guess_place (guess, line)]];
#ifdef __GNUC__
  __asm__("" : "+r"(picture)); /* else gcc works it out anew each time that it is used */
#endif
  return picture;
}

/* Of a picture with a fraction, whose digits may be any, or of more than 64 bytes. */
static PKT_ALWAYS_INLINE guint64
look_again (const PktSievePicture *picture, const char *p, guint64 misses, PktSame64 same,
            PktDigits64 digits)
{
  if (picture->digits)
    misses &= ~(digits (p) & picture->digits);
  if (picture->more && (picture->more & ~same (p + 64, picture->text + 64)))
    misses |= picture->rest;
  return misses;
}

static PKT_ALWAYS_INLINE guint
sieve (PktPostfixSieve *s, const char *bytes, gsize begin, const guint32 *ends, guint n,
       PktSieved *out, PktSame64 same, PktDigits64 digits, gboolean usual)
{
  PktSieved *to = out;
  for (guint i = 0; i < n; i++) {
    const char *p = bytes + begin, *whole = p;
    gsize line_n = ends[i] - begin;
    pkt_block_fetch (p, 64); /* more of it costs what it gains */
    if (!usual && line_n <= PKT_MAX_LINE) {
      const gsize before = pkt_wraps_match (s->wraps, p, same);
      p += before;
      line_n -= before;
    }
    PktSievePicture *picture = picture_of (s, p);
    guint64 misses = picture->all & ~same (p, picture->text);
    if (picture->digits | picture->more)
      misses = look_again (picture, p, misses, same, digits);
    to->line = i;
    to->at = (guint32)(p - bytes);
    to->n = (guint32)line_n;
    begin = ends[i] + 1;
    if (G_UNLIKELY ((misses | no_hours (p + picture->hours_at)) != 0 || line_n > PKT_MAX_LINE)) {
      to->note = 0;
      if (misses & picture->rest || picture->n == 0 || line_n > PKT_MAX_LINE
          || !take_day (s, picture, p)) {
        leave_month (s, whole, ends[i] - (gsize)(whole - bytes));
        to++;
        continue;
      }
    }
    if (G_UNLIKELY (picture->kind != PKT_FRAME_OURS)) {
      to += other_tells (picture, p, line_n, &to->note);
      continue;
    }
    to->midnight = picture->midnight;
    to += tells (s, picture, p, line_n, &to->note, usual);
  }
  return (guint)(to - out);
}

/* Most logs are all of the usual form, with nothing before it: a loop of their own. */
#define SIEVE(same, digits)                                                                        \
  (s->usual_alone && s->wraps->n == 0                                                              \
       ? sieve (s, bytes, begin, ends, n, out, same, digits, TRUE)                                 \
       : sieve (s, bytes, begin, ends, n, out, same, digits, FALSE))

static guint
sieve_anywhere (PktPostfixSieve *s, const char *bytes, gsize begin, const guint32 *ends, guint n,
                PktSieved *out)
{
  return SIEVE (pkt_same_64, pkt_digits_64);
}

#ifdef PKT_AVX2
PKT_TARGET_AVX2 static guint
sieve_avx2 (PktPostfixSieve *s, const char *bytes, gsize begin, const guint32 *ends, guint n,
            PktSieved *out)
{
  return SIEVE (pkt_same_64_avx2, pkt_digits_64_avx2);
}
#endif

#ifdef PKT_AVX512
PKT_TARGET_AVX512 static guint
sieve_avx512 (PktPostfixSieve *s, const char *bytes, gsize begin, const guint32 *ends, guint n,
              PktSieved *out)
{
  return SIEVE (pkt_same_64_avx512, pkt_digits_64_avx512);
}
#endif

guint
pkt_postfix_sieve (PktPostfixSieve *s, const char *bytes, gsize begin, const guint32 *ends, guint n,
                   PktSieved *out)
{
  if (s->changes != s->frames->changes)
    draw (s);
#ifdef PKT_AVX512
  if (pkt_simd_avx512 ())
    return sieve_avx512 (s, bytes, begin, ends, n, out);
#endif
#ifdef PKT_AVX2
  if (pkt_simd_avx2 ())
    return sieve_avx2 (s, bytes, begin, ends, n, out);
#endif
  return sieve_anywhere (s, bytes, begin, ends, n, out);
}
