#include "packet/log/json-steps.h"

#define ELEMENT 1 /* seeds of the paths' hashes */
#define MEMBER 2
#define NOWHERE 1 /* the path of a value without a key; that of the whole is 0 */

guint64
pkt_json_steps_path (guint64 path, PktSlice key)
{
  return key.p ? pkt_slice_hash (key, path * 2 + MEMBER)
               : pkt_slice_hash (PKT_SLICE ("["), path * 2 + ELEMENT);
}

/* What comes next in the container that one is in. */
static void
expect (PktJsonSteps *w)
{
  const PktJsonNest *in = w->depth ? &w->nest[w->depth - 1] : NULL;
  w->is_key = in && in->kind == '{';
  w->next = in && in->kind == '[' ? pkt_json_steps_path (in->path, pkt_slice (NULL, 0))
            : in                  ? NOWHERE
                                  : 0;
}

static gboolean
is_told (const PktJsonSteps *w)
{
  return w->too_deep == 0 && (w->quiet == 0 || w->depth < w->quiet);
}

/* A value begins: told of once, then read. */
static gboolean
tell_begin (PktJsonSteps *w, char kind)
{
  if (w->begun || !is_told (w))
    return FALSE;
  w->begun = TRUE;
  w->path = w->next;
  w->kind = kind;
  return TRUE;
}

static void
open_nest (PktJsonSteps *w, char kind)
{
  w->begun = FALSE;
  if (w->too_deep || w->depth == PKT_JSON_STEPS_DEPTH) {
    w->too_deep++;
    return;
  }
  w->nest[w->depth++] = (PktJsonNest){ kind, w->next };
  expect (w);
}

/* TRUE: a value ended. A bracket that none opened is passed. */
static gboolean
close_nest (PktJsonSteps *w)
{
  if (w->too_deep) {
    w->too_deep--;
    return FALSE;
  }
  if (w->depth == 0)
    return FALSE;
  w->depth--;
  w->path = w->nest[w->depth].path;
  w->kind = w->nest[w->depth].kind;
  expect (w);
  return is_told (w);
}

static void
keep_key (PktJsonSteps *w, PktSlice part)
{
  const gsize n = MIN (part.n, PKT_JSON_STEPS_KEY - w->key_n);
  memcpy (w->key + w->key_n, part.p, n);
  w->key_n += n;
}

/* The rest of a string; TRUE: it ended. */
static gboolean
pass_string (PktJsonSteps *w, PktSlice p, gsize *at)
{
  while (*at < p.n) {
    const char *begin = p.p + *at, *limit = p.p + p.n,
               *stop = w->escaped ? begin : pkt_find_either (begin, limit, '"', '\\');
    const char *end = stop ? stop + (w->escaped || *stop != '"') : limit;
    if (w->is_key)
      keep_key (w, pkt_slice (begin, (gsize)(end - begin)));
    *at = (gsize)(end - p.p);
    if (stop && !w->escaped && *stop == '"') {
      ++*at;
      w->in_string = FALSE;
      return TRUE;
    }
    w->escaped = stop && !w->escaped;
  }
  return FALSE;
}

static gboolean
end_string (PktJsonSteps *w)
{
  const gboolean key = w->is_key;
  w->begun = FALSE;
  if (key) {
    const guint64 in = w->depth ? w->nest[w->depth - 1].path : 0;
    w->next = w->too_deep ? NOWHERE : pkt_json_steps_path (in, pkt_slice (w->key, w->key_n));
  } else {
    w->path = w->next;
    w->kind = '"';
  }
  return !key && is_told (w);
}

/* The byte at *at, outside of strings. */
static PktJsonStep
step (PktJsonSteps *w, PktSlice p, gsize *at)
{
  const char c = p.p[*at];
  switch (c) {
  case '{':
  case '[':
    if (tell_begin (w, c))
      return PKT_JSON_STEP_BEGIN;
    open_nest (w, c);
    break;
  case '}':
  case ']':
    ++*at;
    return close_nest (w) ? PKT_JSON_STEP_END : PKT_JSON_STEP_MORE;
  case '"':
    if (!w->is_key && tell_begin (w, c))
      return PKT_JSON_STEP_BEGIN;
    w->in_string = TRUE;
    w->key_n = 0;
    break;
  case ':':
    w->is_key = FALSE;
    break;
  case ',':
    if (w->too_deep == 0)
      expect (w);
    break;
  default:
    break;
  }
  ++*at;
  return PKT_JSON_STEP_MORE;
}

PktJsonStep
pkt_json_steps_next (PktJsonSteps *w, PktSlice p, gsize *at)
{
  while (*at < p.n) {
    PktJsonStep s = PKT_JSON_STEP_MORE;
    if (!w->in_string)
      s = step (w, p, at);
    else if (pass_string (w, p, at) && end_string (w))
      s = PKT_JSON_STEP_END;
    if (s != PKT_JSON_STEP_MORE)
      return s;
  }
  return PKT_JSON_STEP_MORE;
}
