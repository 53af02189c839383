#include "packet/log/json-break.h"
#include <string.h>

typedef struct {
  PktFeed base;
  PktFeed *below;
  gsize since; /* bytes since the last line end */
  gboolean in_string, escaped;
} Breaker;

static void
end_line (Breaker *b)
{
  b->since = 0;
  b->in_string = b->escaped = FALSE; /* no JSON string holds a line end */
}

/* Goes on from `at` to a line end, or a comma outside strings if one is wanted; to n where there is
 * none. */
static gsize
walk (Breaker *b, const char *p, gsize at, gsize n, gboolean comma)
{
  gsize from = at;
  for (; at < n && p[at] != '\n'; at++) {
    char c = p[at];
    if (b->escaped)
      b->escaped = FALSE;
    else if (b->in_string && c == '\\')
      b->escaped = TRUE;
    else if (c == '"')
      b->in_string = !b->in_string;
    else if (comma && c == ',' && !b->in_string)
      break;
  }
  b->since += at - from;
  return at;
}

static gsize
break_up (Breaker *b, char *p, gsize n)
{
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
    if (p[at] == ',') {
      memmove (p + at + 2, p + at + 1, n - at - 1);
      p[at + 1] = '\n';
      n++;
      at++;
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
  gsize got = pkt_feed_read (b->below, p, n - room);
  s->problem = b->below->problem;
  return room ? break_up (b, p, got) : got;
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
  if (n >= 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0)
    i = 3;
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
