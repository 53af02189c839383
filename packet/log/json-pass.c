/* With apple_only what lies between two names of Apple's is one run, unread. */
#include "packet/log/docker-json.h"
#include "packet/log/json-split.h"

#define PASS_BYTES (8 * 1024) /* looked through for names at a time: they are near then */
#define APPLES 16             /* of lines with a name of Apple's, see `apples` */
#define SAMPLE 32             /* of them, one that is looked at */

/* One record, or a list of some, so far as its ends tell: what pkt_json_look() leaves out where it
 * names nothing. */
static inline gboolean
is_record (const char *p, const char *end)
{
  end -= end > p && end[-1] == '\r';
  if (end - p > 4 && p[0] == '[' && end[-1] == ']') {
    p++;
    end--;
  }
  if (end - p < 4 || p[0] != '{' || p[1] != '"' || pkt_docker_json_looks_like (pkt_slice (p, 9)))
    return FALSE;
  end -= end[-1] == ',';
  return end[-1] == '}';
}

/* As many records as lie before `stop`: lines i to n end at ends[]. */
static guint
pass_records (PktJsonSplit *s, const guint32 *ends, guint i, guint n, const char *stop)
{
  const char *bytes = s->b->raw.bytes;
  guint32 from = (guint32)s->at;
  guint k = i;
  for (; k < n && bytes + ends[k] < stop && is_record (bytes + from, bytes + ends[k]); k++)
    from = ends[k] + 1;
  if (k == i)
    return 0;
  const char *end = bytes + from - 1;
  pkt_json_add_silent (
      s, pkt_slice (bytes + s->at, (gsize)(end - bytes) - s->at - (end[-1] == '\r')), TRUE);
  s->counted += k - i - 1;
  s->run->number = s->counted;
  s->at = from;
  return k - i;
}

/* A line that names Apple mostly is Apple's, or no attempt, which the parser tells as soon: then
 * nothing is won by looking at it here; but at one of some it is looked all the same. */
static gboolean
is_trusted (PktJsonGlancer *g, const char *line, char named)
{
  return line[0] == '{' && named != '\\' && g->apples >= APPLES && ++g->named % SAMPLE != 0;
}

static void
take_named (PktJsonSplit *s, const char *name, const char *end)
{
  PktJsonGlancer *g = s->g;
  const char *p = s->b->raw.bytes + s->at;
  const PktBlockLine *before = s->line;
  const guint32 dull = s->dull;
  if (is_trusted (g, p, *name)) {
    pkt_json_begin_line (s, pkt_slice (p, (gsize)(end - p) - (end[-1] == '\r')))->seen.kind
        = PKT_GLANCE_PLAIN;
    s->at += (gsize)(end - p) + 1;
    return;
  }
  pkt_json_take_next (s);
  const gboolean its = s->dull > dull
                       || (s->line > before && s->line[-1].seen.kind == PKT_GLANCE_PLAIN);
  g->apples = its ? MIN (g->apples + 1, 2 * APPLES) : MAX (g->apples - APPLES / 2, 0);
}

/* The escape hides a letter of a name, perhaps: "\u0069", or one that is escaped itself, in a
 * record that is a text of another; not "\/", "\"" or "\u00fc". */
static inline gboolean
may_hide (const char *escape, const char *limit)
{
  if (limit - escape < 6)
    return TRUE;
  return escape[1] == '\\'
         || (escape[1] == 'u' && escape[2] == '0' && escape[3] == '0' && escape[4] < '8');
}

/* A byte of the next line that may name Apple, or `limit`. */
static const char *
next_name (const PktJsonSplit *s, const char *from, const char *limit)
{
  const PktGlanceRule *rule = s->g->weigher.rule;
  for (const char *p = from; p < limit;) {
    const char *hit = rule->next_name (rule->data, pkt_slice (p, (gsize)(limit - p)));
    if (hit == NULL)
      break;
    if (*hit != '\\' || may_hide (hit, limit))
      return hit;
    p = hit + 2;
  }
  return limit;
}

/* Lines of which a few name Apple; FALSE when none was taken. */
static gboolean
pass_lines (PktJsonSplit *s)
{
  guint32 ends[PKT_BLOCK_BATCH];
  PktBlock piece = *s->b;
  const char *bytes = s->b->raw.bytes;
  piece.at = s->at;
  piece.raw.n = MIN (s->at + PASS_BYTES, s->b->raw.n);
  guint n = pkt_block_ends (&piece, ends);
  n -= ends[n - 1] == piece.raw.n; /* it goes on behind the piece */
  if (n == 0)
    return FALSE;
  const char *limit = bytes + ends[n - 1] + 1, *stop = NULL;
  for (guint i = 0; i < n && pkt_json_has_room (s);) {
    const char *from = bytes + s->at;
    if (stop == NULL || stop < from)
      stop = next_name (s, from, limit);
    const guint passed = pass_records (s, ends, i, n, stop);
    if (passed == 0 && stop < bytes + ends[i])
      take_named (s, stop, bytes + ends[i]);
    else if (passed == 0)
      pkt_json_take_next (s);
    i += MAX (passed, 1);
  }
  return TRUE;
}

void
pkt_json_pass_block (PktJsonSplit *s)
{
  while (pkt_json_has_room (s) && (pass_lines (s) || pkt_json_take_next (s)))
    continue;
}
