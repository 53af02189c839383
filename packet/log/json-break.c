#include "packet/log/json-break.h"
#include <string.h>
#include "packet/base/simd.h"
#include "packet/base/slice.h"

#define STEP 64 /* bytes looked at together */

typedef struct {
  PktFeed base;
  PktFeed *below;
  gsize since; /* bytes since the last line end */
  gboolean in_string, escaped;
  guint hex;         /* digits of an escape that are to come */
  gboolean dropping; /* what is left of a string that is too long */
  guint behind;      /* bytes of "}, " that were the last, a comma or blank perhaps lacking */
} Breaker;

static void
end_line (Breaker *b)
{
  b->since = 0;
  b->behind = 0;
  b->in_string = b->escaped = b->dropping = FALSE; /* no JSON string holds a line end */
  b->hex = 0;
}

/* The same with c behind them. */
static guint
behind_with (guint behind, char c)
{
  return c == '}' ? 1 : behind && behind < 3 && (c == ',' || c == ' ') ? behind + 1 : 0;
}

/* Records are objects, mostly: between "}," and "{" in a list, between "}" and "{" where they only
 * follow each other. Of lists of other things any comma will do, later. */
static gboolean
is_place (const Breaker *b, char c)
{
  return !b->in_string
         && ((c == '{' && b->behind) || (c == ',' && b->since >= PKT_JSON_BREAK_LATEST));
}

/* A string that would make its line too long, such as a returned mail: its rest is left out. */
static gboolean
is_too_long (const Breaker *b, char c)
{
  return b->in_string && c != '"' && b->since >= PKT_JSON_BREAK_LATEST && !b->escaped
         && b->hex == 0;
}

static void
take_byte (Breaker *b, char c)
{
  if (b->hex)
    b->hex--;
  if (b->escaped) {
    b->escaped = FALSE;
    b->hex = c == 'u' ? 4 : 0;
  } else if (b->in_string && c == '\\')
    b->escaped = TRUE;
  else if (c == '"')
    b->in_string = !b->in_string;
  b->behind = behind_with (b->behind, c);
  b->since++;
}

/* Goes on from `at` to a line end, or, if a place to break is wanted, to the next record or a comma
 * behind which one is, or into a string that is too long; to n where there is none. */
static gsize
walk_bytes (Breaker *b, const char *p, gsize at, gsize n, gboolean place)
{
  for (; at < n && p[at] != '\n'; at++) {
    if (place && (is_place (b, p[at]) || is_too_long (b, p[at])))
      break;
    take_byte (b, p[at]);
  }
  return at;
}

/* The same of STEP bytes without a backslash. FALSE where it may end in them: walk_bytes() sees. */
static gboolean
walk_step (Breaker *b, const char *p, gboolean place)
{
  const guint64 inside = pkt_parity_up_to (pkt_mask_64 (p, '"')) ^ (b->in_string ? G_MAXUINT64 : 0);
  guint64 stops = pkt_mask_64 (p, '\n');
  if (place && b->since + STEP > PKT_JSON_BREAK_LATEST)
    return FALSE;
  if (place) {
    const guint64 next = pkt_mask_64 (p, '}') << 1,
                  between = pkt_mask_64 (p, ',') | pkt_mask_64 (p, ' '),
                  later = (next & between) << 1;
    stops |= pkt_mask_64 (p, '{') & ~inside
             & (next | later | (later & between) << 1 | 7 /* the last step's? */);
  }
  if (stops)
    return FALSE;
  b->in_string = inside >> (STEP - 1);
  b->since += STEP;
  b->hex = 0;
  b->behind = 0;
  for (gsize i = STEP - 3; i < STEP; i++)
    b->behind = behind_with (b->behind, p[i]);
  return TRUE;
}

/* As walk_bytes(). */
static gsize
walk (Breaker *b, const char *p, gsize at, gsize n, gboolean place)
{
  while (at + STEP <= n) {
    if (!b->escaped && pkt_mask_64 (p + at, '\\') == 0 && walk_step (b, p + at, place)) {
      at += STEP;
      continue;
    }
    const gsize end = walk_bytes (b, p, at, at + STEP, place);
    if (end < at + STEP)
      return end;
    at = end;
  }
  return walk_bytes (b, p, at, n, place);
}

/* What is left of p without the string's bytes from `at` on. */
static gsize
drop_string (Breaker *b, char *p, gsize at, gsize n)
{
  gsize end = at;
  for (; end < n && p[end] != '\n' && (b->escaped || p[end] != '"'); end++)
    b->escaped = !b->escaped && p[end] == '\\';
  b->dropping = end == n;
  memmove (p + at, p + end, n - end);
  return n - (end - at);
}

static gsize
break_up (Breaker *b, char *p, gsize n)
{
  if (b->dropping)
    n = drop_string (b, p, 0, n);
  for (gsize at = 0; at < n;) {
    gsize window = MIN (n - at, PKT_JSON_BREAK_AFTER - MIN (b->since, PKT_JSON_BREAK_AFTER));
    const char *lf = window ? memrchr (p + at, '\n', window) : NULL;
    if (lf) {
      end_line (b);
      at = (gsize)(lf - p) + 1;
      continue;
    }
    at = walk (b, p, at, at + window, FALSE);
    if (at < n)
      at = walk (b, p, at, n, TRUE);
    if (at == n)
      break;
    if (p[at] != '\n' && is_too_long (b, p[at])) {
      n = drop_string (b, p, at, n);
      continue;
    }
    if (p[at] != '\n') {
      at += p[at] == ',';
      memmove (p + at + 1, p + at, n - at);
      p[at] = '\n';
      n++;
    }
    end_line (b);
    at++;
  }
  return n;
}

static gsize
read_broken (PktFeed *s, void *p, gsize n)
{
  Breaker *b = (Breaker *)s;
  gsize room = n / PKT_JSON_BREAK_AFTER + 2; /* for what is put in */
  if (n <= 2 * room)
    room = 0;
  gsize got, left;
  do {
    got = pkt_feed_read (b->below, p, n - room);
    left = room ? break_up (b, p, got) : got;
  } while (got > 0 && left == 0);
  s->problem = b->below->problem;
  return left;
}

/* As far as nothing needs to be put in, which is all of a log. */
static const char *
view_unbroken (PktFeed *s, gsize most, gsize *n, PktWindow **window)
{
  const Breaker *b = (Breaker *)s;
  gsize at = 0, since = MIN (b->since, PKT_JSON_BREAK_AFTER); /* of a line that was begun */
  const char *p = pkt_feed_view (b->below, most, n, window);
  while (p && at < *n) {
    const char *lf = memrchr (p + at, '\n', MIN (*n - at, PKT_JSON_BREAK_AFTER - since));
    if (lf == NULL)
      break;
    at = (gsize)(lf - p) + 1;
    since = 0;
  }
  if (p && at == 0) {
    g_clear_pointer (window, pkt_window_unref);
    return NULL;
  }
  *n = at;
  return p;
}

/* Whole lines only. */
static void
pass_unbroken (PktFeed *s, gsize n)
{
  Breaker *b = (Breaker *)s;
  end_line (b);
  pkt_feed_pass (b->below, n);
}

static void
close_breaker (PktFeed *s)
{
  pkt_feed_close (((Breaker *)s)->below);
  g_free (s);
}

PktFeed *
pkt_json_break (PktFeed *below)
{
  gsize n, i = 0;
  const guint8 *head = pkt_feed_peek (below, 64, &n);
  if (n >= 3 && memcmp (head, PKT_UTF8_MARK, PKT_UTF8_MARK_BYTES) == 0)
    i = PKT_UTF8_MARK_BYTES;
  while (i < n && memchr (" \t\r\n", head[i], 4))
    i++;
  if (i == n || (head[i] != '{' && head[i] != '['))
    return below;
  Breaker *b = g_new0 (Breaker, 1);
  b->base.read = read_broken;
  b->base.view = view_unbroken;
  b->base.pass = pass_unbroken;
  b->base.close = close_breaker;
  b->below = below;
  return &b->base;
}
