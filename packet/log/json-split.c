/* Records taken as they stand in the block: one that has the common text of those before it ends
 * where that ends, so nobody looks for the end of its line; and records that say no more than that
 * another receiver took a mail become runs. */
#include "packet/log/docker-json.h"
#include "packet/log/json-glance.h"
#include "packet/log/glance-run.h"

typedef struct {
  PktJsonGlancer *g;
  PktBlock *b;
  PktBlockLine *line, *run; /* run: the line before, where it is one that may go on */
  gint64 slot;              /* where the run's quarter of an hour begins */
  guint n_keys;
  guint32 counted;
} Split;

static inline PktBlockLine *
begin_line (Split *s, PktSlice line)
{
  PktBlockLine *l = s->line++;
  l->at = (gsize)(line.p - s->b->raw.bytes);
  l->n = line.n;
  l->number = ++s->counted;
  s->run = NULL;
  return l;
}

/* ---- runs ---- */

static void
begin_run (Split *s, PktSlice line, guint64 key)
{
  PktBlockLine *l = begin_line (s, line);
  if (s->n_keys) /* behind the keys of the last one */
    s->n_keys++;
  l->seen = (PktGlance){ .kind = PKT_GLANCE_RUN, .keyed = TRUE, .keys_at = (guint16)s->n_keys };
  s->b->keys[s->n_keys++] = key;
  s->b->keys[s->n_keys] = PKT_GLANCE_NO_KEYS;
  s->run = l;
}

static inline void
go_on (Split *s, PktSlice line, guint64 key)
{
  s->run->n = (gsize)(line.p + line.n - s->b->raw.bytes) - s->run->at;
  s->run->number = ++s->counted;
  s->b->keys[s->n_keys++] = key;
  s->b->keys[s->n_keys] = PKT_GLANCE_NO_KEYS;
}

/* A record that tells nothing. */
static void
add_silent (Split *s, PktSlice line, gboolean unread)
{
  if (s->run)
    go_on (s, line, PKT_GLANCE_NO_KEY);
  else
    begin_run (s, line, PKT_GLANCE_NO_KEY);
  s->run->seen.unread |= unread;
}

/* seen->outcome and seen->sort are set. */
static inline void
add_record (Split *s, PktSlice line, guint64 key, const PktGlance *seen)
{
  PktGlance *sum = s->run ? &s->run->seen : NULL;
  const guint8 unread = seen->kind == PKT_GLANCE_ELSEWHERE_SO_FAR;
  if (sum && pkt_run_takes (sum, s->slot, seen)) {
    go_on (s, line, key);
    pkt_run_add (sum, seen);
    sum->unread |= unread;
    return;
  }
  if (sum && sum->records == 0)
    go_on (s, line, key);
  else
    begin_run (s, line, key);
  s->slot = pkt_run_slot (seen->us);
  sum = &s->run->seen;
  pkt_run_begin (sum, seen);
  sum->unread |= unread;
}

/* ---- lines ---- */

static void
look_at_one (Split *s, PktSlice line)
{
  PktGlance seen;
  line.n -= line.n && line.p[line.n - 1] == '\r';
  pkt_json_look (s->g, line, &seen);
  if (seen.kind == PKT_GLANCE_ELSEWHERE_SO_FAR && seen.stamp_kind == PKT_STAMP_NONE
      && !pkt_docker_json_looks_like (line))
    add_silent (s, line, TRUE);
  else
    begin_line (s, line)->seen = seen;
}

/* Behind a record: "\n", "\r\n", or either after a comma. The end of its line; NULL when something
 * else follows, or the block ends. */
static inline const char *
line_end (const char *p, const char *limit)
{
  p += p < limit && *p == ',';
  p += p < limit && *p == '\r';
  return p < limit && *p == '\n' ? p : NULL;
}

/* Who was put off waits, where he is known by a queue id: the parser has to see to that. */
static gboolean
may_wait (PktJsonGlancer *g, const PktEventService *service, const PktSlice *values)
{
  const PktSlice word = values[PKT_PLAIN_WORD];
  return values[PKT_PLAIN_QUEUE_ID].n
         && GPOINTER_TO_INT (pkt_event_ask (g->out.asked, service->words, word))
                != PKT_WORD_BOUNCED;
}

/* Refused mail, which is told of at once, or put off, where it is not known by a queue id: then its
 * recipient waits. FALSE: it must be parsed. */
static gboolean
look_at_refusal (Split *s, PktSlice line, const PktJsonKnown *k, const PktSlice *values,
                 PktGlance *seen)
{
  PktJsonGlancer *g = s->g;
  const PktGlanceRule *rule = g->weigher.rule;
  PktAttempt a = { .smtp = TRUE };
  gboolean expired;
  if (rule->sort == NULL
      || pkt_plain_word (&g->weigher.memo, k->service, values[PKT_PLAIN_WORD]) != PKT_PLAIN_REFUSED
      || !pkt_plain_whose (rule, k->service, &k->plain, values, &g->weigher.memo, seen)
      || seen->kind == PKT_GLANCE_PLAIN)
    return FALSE;
  seen->outcome = PKT_DELIVERED;
  seen->sort = 0;
  if (rule->apple_only)
    return TRUE;
  if (may_wait (g, k->service, values) || pkt_event_json_read (&g->json, line) == 0
      || !pkt_event_came_to (k->service, &g->json.row, &g->out, &a, &expired) || expired
      || (a.outcome != PKT_BOUNCED && values[PKT_PLAIN_QUEUE_ID].n))
    return FALSE;
  seen->outcome = (guint8)a.outcome;
  seen->sort = a.outcome == PKT_BOUNCED ? rule->sort (a.reply) : 0;
  return TRUE;
}

/* TRUE: what a few values say of it stands in *seen. */
static inline gboolean
look_quickly (Split *s, PktSlice line, int which, const PktStencilMarks *marks, PktGlance *seen)
{
  PktJsonGlancer *g = s->g;
  const PktJsonKnown *k = &g->known[which];
  PktSlice values[PKT_N_PLAIN];
  if (pkt_docker_json_looks_like (line) || !pkt_json_values (g, line, which, marks, values)
      || !pkt_weigh_plain (&g->weigher, k->service, &k->plain, values, seen))
    return FALSE;
  if (seen->kind != PKT_GLANCE_PLAIN) {
    seen->outcome = PKT_DELIVERED;
    seen->sort = 0;
  } else if (!look_at_refusal (s, line, k, values, seen))
    seen->kind = PKT_GLANCE_PLAIN;
  return TRUE;
}

/* Where the next line begins; NULL when this one is none of the usual. */
static const char *
take_usual (Split *s, PktSlice text)
{
  PktStencilMarks marks;
  PktGlance seen;
  const char *end, *lf;
  const int which = pkt_event_json_find (&s->g->json, text, &s->g->signs, &marks, &end);
  if (which < 0 || (lf = line_end (end, text.p + text.n)) == NULL || lf - text.p > PKT_MAX_LINE)
    return NULL;
  const PktSlice line = pkt_slice (text.p, (gsize)(lf - text.p) - (lf[-1] == '\r'));
  const gboolean apple_only = s->g->weigher.rule->apple_only;
  if (!look_quickly (s, line, which, &marks, &seen))
    look_at_one (s, line);
  else if (seen.kind == PKT_GLANCE_KNOWN)
    add_silent (s, line, FALSE);
  else if (seen.kind != PKT_GLANCE_PLAIN)
    add_record (s, line, apple_only ? PKT_GLANCE_NO_KEY : seen.key, &seen);
  else if (apple_only && pkt_weigh_is_beside (&s->g->weigher, line, &seen))
    add_silent (s, line, TRUE);
  else
    begin_line (s, line)->seen = seen;
  return lf + 1;
}

/* The same of any line; NULL when it is too long, or the last without an end. */
static const char *
take_line (Split *s, PktSlice text)
{
  const char *next = take_usual (s, text);
  if (next)
    return next;
  const char *lf = memchr (text.p, '\n', text.n);
  if (lf == NULL || lf - text.p > PKT_MAX_LINE)
    return NULL;
  look_at_one (s, pkt_slice (text.p, (gsize)(lf - text.p)));
  return lf + 1;
}

gboolean
pkt_json_split (gpointer state, PktBlock *b)
{
  PktJsonGlancer *g = state;
  Split s = { g, b, b->lines, NULL, 0, 0, b->counted };
  g->signs.base = b->raw.bytes;
  g->signs.n = 0;
  const char *p = b->raw.bytes + b->at, *limit = b->raw.bytes + b->raw.n;
  if (g->weigher.rule->elsewhere == NULL || !pkt_weigher_is_worth_it (&g->weigher))
    return FALSE;
  while (p < limit && s.line < b->lines + PKT_BLOCK_LINES) {
    pkt_stencil_signs (&g->signs, p, limit);
    const char *next = take_line (&s, pkt_slice (p, (gsize)(limit - p)));
    if (next == NULL)
      break;
    p = next;
  }
  if (s.line == b->lines)
    return FALSE;
  b->n_lines = (guint)(s.line - b->lines);
  b->counted = s.counted;
  b->at = (gsize)(p - b->raw.bytes);
  return TRUE;
}
