/* Records taken as they stand in the block: one that has the common text of those before it ends
 * where that ends, so nobody looks for the end of its line; and records that say no more than that
 * another receiver took a mail become runs. */
#include "packet/log/json-split.h"
#include "packet/log/docker-json.h"
#include "packet/log/glance-run.h"

/* ---- runs ---- */

static inline void
put_key (PktJsonSplit *s, guint64 key)
{
  s->b->keys[s->n_keys++] = key;
  s->b->keys[s->n_keys] = PKT_GLANCE_NO_KEYS;
}

static void
begin_run (PktJsonSplit *s, PktSlice line, guint64 key)
{
  PktBlockLine *l = pkt_json_begin_line (s, line);
  if (s->n_keys) /* behind the keys of the last one */
    s->n_keys++;
  l->seen = (PktGlance){ .kind = PKT_GLANCE_RUN, .keyed = s->keyed, .keys_at = (guint16)s->n_keys };
  if (s->keyed)
    put_key (s, key);
  s->run = l;
}

static inline void
go_on (PktJsonSplit *s, PktSlice line, guint64 key)
{
  s->run->n = (gsize)(line.p + line.n - s->b->raw.bytes) - s->run->at;
  s->run->number = ++s->counted;
  if (s->keyed)
    put_key (s, key);
}

/* A record that tells nothing. */
void
pkt_json_add_silent (PktJsonSplit *s, PktSlice line, gboolean unread)
{
  if (s->run)
    go_on (s, line, PKT_GLANCE_NO_KEY);
  else
    begin_run (s, line, PKT_GLANCE_NO_KEY);
  s->run->seen.unread |= unread;
}

/* seen->outcome and seen->sort are set. */
static inline void
add_record (PktJsonSplit *s, PktSlice line, guint64 key, const PktGlance *seen)
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
look_at_one (PktJsonSplit *s, PktSlice line)
{
  PktGlance seen;
  line.n -= line.n && line.p[line.n - 1] == '\r';
  pkt_json_look (s->g, line, &seen);
  if (seen.kind == PKT_GLANCE_ELSEWHERE_SO_FAR && seen.stamp_kind == PKT_STAMP_NONE
      && !pkt_docker_json_looks_like (line))
    pkt_json_add_silent (s, line, TRUE);
  else
    pkt_json_begin_line (s, line)->seen = seen;
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

/* Whose recipient waits from now on: he is told with what his last reply counts as. */
static gboolean
put_off (const PktJsonGlancer *g, PktSlice line, const PktAttempt *a, PktSlice recipient,
         PktGlance *seen)
{
  const gsize at = (gsize)(recipient.p - line.p);
  const guint16 sort = g->weigher.rule->sort (a->reply);
  guint i = 0;
  while (i < PKT_STAND_INS && g->stand_ins[i] != sort)
    i++;
  if (a->outcome != PKT_DEFERRED || !a->reply_is_remote || seen->kind != PKT_GLANCE_ELSEWHERE
      || i == PKT_STAND_INS || at > G_MAXUINT8 || recipient.n > G_MAXUINT8)
    return FALSE;
  seen->kind = PKT_GLANCE_PUT_OFF;
  seen->daemon = i & 15;
  seen->text_at = (guint8)at;
  seen->tag_n = (guint8)recipient.n;
  return TRUE;
}

/* Refused mail, which is told of at once, or put off. FALSE: it must be parsed. */
static gboolean
look_at_refusal (PktJsonSplit *s, PktSlice line, int which, const PktStencilMarks *marks,
                 const PktSlice *values, PktGlance *seen)
{
  PktJsonGlancer *g = s->g;
  const PktJsonKnown *k = &g->known[which];
  const PktGlanceRule *rule = g->weigher.rule;
  PktAttempt a = { .smtp = TRUE };
  gboolean expired;
  if (rule->sort == NULL
      || pkt_plain_word (&g->weigher.memo, k->service, values[PKT_PLAIN_WORD]) != PKT_PLAIN_REFUSED
      || (!rule->apple_only && !rule->put_offs && may_wait (g, k->service, values))
      || !pkt_plain_whose (rule, k->service, &k->plain, values, &g->weigher.memo, seen)
      || seen->kind == PKT_GLANCE_PLAIN)
    return FALSE;
  seen->outcome = PKT_DELIVERED;
  seen->sort = 0;
  if (rule->apple_only)
    return TRUE;
  if (pkt_event_json_read_as (&g->json, line, which, marks) == 0
      || !pkt_event_came_to (k->service, &g->json.row, &g->out, &a, &expired) || expired)
    return FALSE;
  if (a.outcome != PKT_BOUNCED && values[PKT_PLAIN_QUEUE_ID].n)
    return rule->put_offs && put_off (g, line, &a, values[PKT_PLAIN_RECIPIENT], seen);
  seen->outcome = (guint8)a.outcome;
  seen->sort = a.outcome == PKT_BOUNCED ? rule->sort (a.reply) : 0;
  return TRUE;
}

/* TRUE: what a few values say of it stands in *seen. */
static inline gboolean
look_quickly (PktJsonSplit *s, PktSlice line, int which, const PktStencilMarks *marks,
              PktGlance *seen)
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
  } else if (!look_at_refusal (s, line, which, marks, values, seen))
    seen->kind = PKT_GLANCE_PLAIN;
  return TRUE;
}

void
pkt_json_add (PktJsonSplit *s, PktSlice line, int which, const PktStencilMarks *marks)
{
  PktGlance seen;
  if (which < 0 || !look_quickly (s, line, which, marks, &seen))
    look_at_one (s, line);
  else if (seen.kind == PKT_GLANCE_KNOWN) {
    pkt_json_add_silent (s, line, FALSE);
    s->dull++;
  } else if (seen.kind == PKT_GLANCE_PUT_OFF)
    pkt_json_begin_line (s, line)->seen = seen;
  else if (seen.kind != PKT_GLANCE_PLAIN)
    add_record (s, line, seen.key, &seen);
  else if (pkt_weigh_is_beside (&s->g->weigher, line, &seen))
    pkt_json_add_silent (s, line, TRUE);
  else
    pkt_json_begin_line (s, line)->seen = seen;
}

/* Where the next line begins; NULL when this one is none of the usual. */
static const char *
take_usual (PktJsonSplit *s, PktSlice text)
{
  PktStencilMarks marks;
  const char *end, *lf;
  const int which = pkt_shapes_find (s->g->json.shapes, text, &s->g->signs, &marks, &end);
  if (which < 0 || (lf = line_end (end, text.p + text.n)) == NULL || lf - text.p > PKT_MAX_LINE)
    return NULL;
  pkt_json_add (s, pkt_slice (text.p, (gsize)(lf - text.p) - (lf[-1] == '\r')), which, &marks);
  return lf + 1;
}

/* The same of any line; NULL when it is too long, or the last without an end. */
static const char *
take_line (PktJsonSplit *s, PktSlice text)
{
  const char *next = take_usual (s, text);
  if (next)
    return next;
  const char *lf = memchr (text.p, '\n', text.n);
  if (lf == NULL || lf - text.p > PKT_MAX_LINE)
    return NULL;
  const PktSlice line = pkt_slice (text.p, (gsize)(lf - text.p));
  if (!pkt_json_take_row (s, line))
    look_at_one (s, line);
  return lf + 1;
}

gboolean
pkt_json_take_next (PktJsonSplit *s)
{
  const char *p = s->b->raw.bytes + s->at, *limit = s->b->raw.bytes + s->b->raw.n,
             *next = take_line (s, pkt_slice (p, (gsize)(limit - p)));
  s->at = next ? (gsize)(next - s->b->raw.bytes) : s->at;
  return next != NULL;
}

static void
take_lines (PktJsonSplit *s)
{
  const char *bytes = s->b->raw.bytes;
  for (gsize at = s->at; pkt_json_has_room (s); at = s->at) {
    pkt_stencil_signs (&s->g->signs, bytes + at, bytes + s->b->raw.n);
    if (!pkt_json_take_next (s))
      break;
    pkt_block_fetch (bytes + at, s->at - at);
  }
}

gboolean
pkt_json_split (gpointer state, PktBlock *b)
{
  PktJsonGlancer *g = state;
  PktJsonSplit s = { .g = g, .b = b, .line = b->lines, .at = b->at, .counted = b->counted };
  const PktGlanceRule *rule = g->weigher.rule;
  s.keyed = !rule->apple_only;
  g->signs.base = b->raw.bytes;
  g->signs.n = 0;
  if (rule->apple_only && !g_atomic_int_get (&rule->read_all))
    pkt_json_pass_block (&s);
  else if (rule->elsewhere && pkt_weigher_is_worth_it (&g->weigher))
    take_lines (&s);
  if (s.line == b->lines)
    return FALSE;
  b->n_lines = (guint)(s.line - b->lines);
  b->counted = s.counted;
  b->at = s.at;
  return TRUE;
}
