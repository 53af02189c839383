#include "packet/log/docker-json.h"
#include "packet/log/text-log.h"
#include "packet/log/text-parse.h"

#define NEAR_END 100 /* bytes of stream and time, and some labels */

/* Four hex digits; -1 when they are none. */
static int
hex4 (PktSlice s)
{
  int v = 0;
  for (gsize i = 0; i < 4; i++) {
    int digit = i < s.n ? g_ascii_xdigit_value (s.p[i]) : -1;
    if (digit < 0)
      return -1;
    v = v << 4 | digit;
  }
  return v;
}

/* "\n", "\u00e4", "\ud83d\ude00" at s: what it is, and the bytes read. */
static gsize
append_escape (GString *out, PktSlice s)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  const char *at = s.n > 1 && s.p[1] ? strchr (from, s.p[1]) : NULL;
  if (at) {
    g_string_append_c (out, to[at - from]);
    return 2;
  }
  int c = s.n > 5 && s.p[1] == 'u' ? hex4 (pkt_slice_skip (s, 2)) : -1;
  if (c <= 0) {
    g_string_append_c (out, '?');
    return MIN (s.n, 2);
  }
  PktSlice next = pkt_slice_skip (s, 6);
  int low = c >= 0xd800 && c < 0xdc00 && next.n > 5 && next.p[0] == '\\' && next.p[1] == 'u'
                ? hex4 (pkt_slice_skip (next, 2))
                : -1;
  if (low >= 0xdc00 && low < 0xe000) {
    g_string_append_unichar (out, 0x10000 + (gunichar)((c - 0xd800) << 10 | (low - 0xdc00)));
    return 12;
  }
  if (c >= 0xd800 && c < 0xe000)
    c = 0xfffd;
  g_string_append_unichar (out, (gunichar)c);
  return 6;
}

/* The string at s, behind its opening quote; s moves behind the closing one. */
static gboolean
append_string (GString *out, PktSlice *s)
{
  while (s->n && s->p[0] != '"') {
    const char *stop = pkt_find_either (s->p, s->p + s->n, '"', '\\');
    gsize n = stop ? (gsize)(stop - s->p) : s->n;
    if (n == 0)
      n = append_escape (out, *s);
    else if (out->len < PKT_DOCKER_JSON_MAX)
      g_string_append_len (out, s->p, (gssize)MIN (n, PKT_DOCKER_JSON_MAX - out->len));
    *s = pkt_slice_skip (*s, n);
  }
  return pkt_take (s, "\"");
}

/* It stands behind the log's text: near the end. */
static gboolean
has_stream (PktSlice s)
{
  static const PktSlice stream = PKT_SLICE ("\"stream\":\"std");
  const gsize before = s.n > NEAR_END ? s.n - NEAR_END : 0;
  return pkt_slice_find (pkt_slice_skip (s, before), stream).p
         || (before && pkt_slice_find (s, stream).p);
}

gboolean
pkt_docker_json_line (PktDockerJson *d, PktSlice *line)
{
  PktSlice s = *line, time;
  PktStamp ignored;
  if (!pkt_docker_json_looks_like (s) || !has_stream (s))
    return TRUE;
  if (d->text == NULL)
    d->text = g_string_new (NULL);
  if (!d->goes_on)
    g_string_truncate (d->text, 0);
  s = pkt_slice_skip (s, 8);
  if (!append_string (d->text, &s))
    return TRUE;
  gboolean whole = d->text->len && d->text->str[d->text->len - 1] == '\n';
  d->goes_on = !whole && d->text->len < PKT_DOCKER_JSON_MAX;
  if (d->goes_on)
    return FALSE;
  if (whole)
    g_string_truncate (d->text, d->text->len - 1);
  time = pkt_slice_find (s, PKT_SLICE ("\"time\":\""));
  PktSlice text = pkt_slice (d->text->str, d->text->len);
  if (time.p && pkt_text_stamp (pkt_wrap_skip_name (text), 0, &ignored) == 0) {
    time = pkt_slice_until (pkt_slice_skip (time, 8), '"');
    g_string_prepend_c (d->text, ' ');
    g_string_prepend_len (d->text, time.p, (gssize)time.n);
  }
  *line = pkt_slice (d->text->str, d->text->len);
  return TRUE;
}

void
pkt_docker_json_clear (PktDockerJson *d)
{
  if (d->text)
    g_string_free (d->text, TRUE);
}
