/* What a Postfix line is, told by as few of its bytes as will do: most lines of a log are told here
 * and never reach the parser. */
#include "packet/log/postfix-glance.h"
#include "packet/log/block.h"
#include "packet/log/docker-json.h"
#include "packet/log/format.h"
#include "packet/log/frame.h"
#include "packet/log/journal.h"
#include "packet/log/lives.h"
#include "packet/log/postfix-quick.h"
#include "packet/log/postfix-sieve.h"
#include "packet/log/postfix-words.h"

typedef struct {
  PktFrames frames;
  PktWraps wraps;
  PktPostfixSieve sieve;
  PktPostfixQuick quick;
  PktSlice whole; /* what is looked at, with all that stands before it */
  PktQuickStep step;
  gboolean journald; /* records of several lines were seen: no line is told by itself any more */
} Glancer;

static gpointer
begin (const PktGlanceRule *rule)
{
  Glancer *g = g_aligned_alloc0 (1, sizeof *g, PKT_SIEVE_ALIGN);
  g->step.rule = rule;
  g->quick = pkt_postfix_quick ();
  pkt_postfix_sieve_start (&g->sieve, &g->frames, &g->wraps, rule->message_ids);
  return g;
}

static PktSlice
unwrap (gpointer state, PktSlice line)
{
  Glancer *g = state;
  const PktSlice inner = pkt_frames_is_bare (&g->frames, line) ? line : pkt_wrap_skip (line);
  g->whole = line;
  if (inner.p == line.p)
    return inner;
  g->journald = g->journald || pkt_journal_looks_like (line);
  if (line.p[0] != '{' && line.p[0] != '_' /* as the journal's records begin */
      && pkt_wraps_match (&g->wraps, line.p, pkt_same_64) != (gsize)(inner.p - line.p))
    pkt_wraps_learn (&g->wraps, line);
  return inner;
}

/* Of a line that is none of syslog's. */
static PktGlanceKind
look_formed (PktSlice whole, PktGlance *out)
{
  const PktFormat *side = pkt_postfix_is_fragment (whole) ? NULL : pkt_format_of_form (whole);
  out->side = side;
  return side == NULL                             ? PKT_GLANCE_PLAIN
         : side->is_dull && side->is_dull (whole) ? PKT_GLANCE_NOTHING
                                                  : PKT_GLANCE_SIDE;
}

/* Of a line with no known frame, which it learns. */
static PktGlanceKind
look_unframed (Glancer *g, PktSlice line, PktGlance *out)
{
  PktSyslog f;
  g->journald = g->journald || pkt_journal_looks_like (line);
  if (g->journald)
    return PKT_GLANCE_PLAIN;
  if (!pkt_syslog_split_inner (line, &f))
    return g->step.rule->sides ? look_formed (g->whole, out) : PKT_GLANCE_PLAIN;
  if (pkt_postfix_is_tag (f.tag)) {
    pkt_frames_learn (&g->frames, line, &f);
    return PKT_GLANCE_PLAIN;
  }
  if (pkt_postfix_lacks_tag (&f))
    return PKT_GLANCE_PLAIN;
  out->side = pkt_format_of_tag (f.tag);
  if (pkt_frames_has_room (&g->frames))
    pkt_frames_learn_other (&g->frames, line, &f, out->side);
  return out->side ? PKT_GLANCE_SIDE : PKT_GLANCE_NOTHING;
}

/* Of a line with a known frame, for the parser; text: behind "tag[pid]: ". */
static PktGlanceKind
look_framed (const Glancer *g, PktSlice line, const PktFrame *f, PktSlice tag, PktSlice text,
             PktPostfixDaemon daemon, PktGlance *out)
{
  gsize text_at = (gsize)(text.p - line.p);
  if (daemon == PKT_DAEMON_NONE)
    return pkt_postfix_is_tag (tag) ? PKT_GLANCE_NOTHING : PKT_GLANCE_PLAIN;
  if (daemon == PKT_DAEMON_CLEANUP && !g->step.rule->message_ids)
    return PKT_GLANCE_NOTHING;
  if (text_at > G_MAXUINT8)
    return PKT_GLANCE_PLAIN;
  const PktSlice id = pkt_postfix_take_id (&text);
  if (id.n == 0 && !pkt_slice_starts (text, PKT_SLICE ("connect to ")))
    return PKT_GLANCE_NOTHING; /* "Untrusted TLS connection established …" */
  out->key = id.n ? pkt_queue_key (id, f->scope_hash) : 0;
  out->daemon = daemon;
  out->id_n = (guint8)id.n;
  out->time_at = (guint8)f->lead;
  out->time_n = (guint8)pkt_frame_time (f, line.p).n;
  out->scope_at = (guint8)(f->time_n + f->scope_at);
  out->scope_n = (guint8)pkt_frame_scope (f, line.p).n;
  out->tag_at = (guint8)(f->time_n + f->tag_at);
  out->tag_n = (guint8)tag.n;
  out->text_at = (guint8)text_at;
  return PKT_GLANCE_KNOWN;
}

static void
look (gpointer state, PktSlice line, PktGlance *out)
{
  Glancer *g = state;
  PktSyslog s = { 0 };
  gboolean skip = FALSE;
  if (pkt_docker_json_looks_like (g->whole)) { /* unpacked by who reads it */
    out->kind = PKT_GLANCE_PLAIN;
    return;
  }
  const PktFrame *f = g->journald ? NULL : pkt_frames_match (&g->frames, line, &s, &skip);
  if (f == NULL) {
    out->kind = look_unframed (g, line, out);
    return;
  }
  if (skip) {
    out->side = f->side;
    out->kind = f->kind == PKT_FRAME_SIDE ? PKT_GLANCE_SIDE : PKT_GLANCE_NOTHING;
    return;
  }
  const PktPostfixDaemon daemon = f->is_app ? pkt_postfix_daemon_of_text (s.text)
                                            : pkt_postfix_daemon (pkt_postfix_last_part (s.tag));
  out->kind = look_framed (g, line, f, s.tag, s.text, daemon, out);
}

/* At that place of the step's lines; what the sieve saw of it need not be looked for again. TRUE:
 * it stays there. */
static gboolean
look_sieved (Glancer *g, const char *p, PktSieved *s, guint place)
{
  PktLives *lives = &g->step.lives;
  const PktFrame *f = &g->frames.all[PKT_SIEVE_FRAME (s->note)];
  if (f->is_app)
    s->note |= PKT_SIEVE_NOTE_DAEMON (pkt_postfix_daemon_of_text (
        pkt_slice_skip (pkt_slice (p, s->n), PKT_SIEVE_TEXT_AT (s->note))));
  const PktQuickAnswer answer = g->quick (&g->step, f, p, s, place);
  if (G_LIKELY (answer != PKT_QUICK_NOT))
    return answer == PKT_QUICK_TOLD;
  PktGlance *out = &g->step.lines[place].seen;
  const PktSlice line = pkt_slice (p, s->n),
                 tag = pkt_slice (p + f->time_n + f->tag_at,
                                  f->n - f->tag_at + (f->is_app ? 0 : 5) - 1);
  out->kind = look_framed (g, line, f, tag, pkt_slice_skip (line, PKT_SIEVE_TEXT_AT (s->note)),
                           PKT_SIEVE_DAEMON (s->note), out);
  lives->told[place] = out->kind;
  if (out->kind == PKT_GLANCE_KNOWN)
    pkt_lives_let_go (lives, out->key);
  else if (out->kind != PKT_GLANCE_NOTHING)
    lives->since = place;
  return out->kind != PKT_GLANCE_NOTHING;
}

/* Of another program, for its format: the whole line. */
static void
place_side (Glancer *g, PktBlock *b, const guint32 *ends, const PktSieved *s)
{
  PktBlockLine *line = &b->lines[b->n_lines++];
  const gsize at = pkt_block_begin_of (b, ends, s->line);
  line->seen.kind = PKT_GLANCE_SIDE;
  line->seen.side = g->frames.all[PKT_SIEVE_FRAME (s->note)].side;
  pkt_block_place (line, at, s->at + s->n - at, b->counted + s->line + 1);
  g->step.lives.told[b->n_lines - 1] = PKT_GLANCE_SIDE;
  g->step.lives.since = b->n_lines; /* it may tell of a message */
}

/* Line i, by itself. One that is left out changes nothing, one that is known the message it names.
 */
static void
take_slowly (Glancer *g, PktBlock *b, const guint32 *ends, guint i, const PktGlancer *glancer)
{
  PktLives *lives = &g->step.lives;
  const guint place = b->n_lines;
  pkt_block_take (b, ends, i, glancer, g);
  if (b->n_lines == place)
    return;
  const PktGlance *seen = &b->lines[place].seen;
  lives->told[place] = seen->kind;
  if (seen->kind == PKT_GLANCE_KNOWN)
    pkt_lives_let_go (lives, seen->key);
  else
    lives->since = b->n_lines;
}

/* Puts the lines that are not left out side by side. */
static void
close_up (const PktLives *lives, PktBlock *b)
{
  guint n = 0;
  for (guint i = 0; i < b->n_lines; i++) {
    b->lines[n] = b->lines[i];
    b->lines[n].seen.kind = lives->told[i] & 0xf;
    n += lives->told[i] != PKT_GLANCE_NOTHING;
  }
  b->n_lines = n;
}

static void
split_batch (Glancer *g, PktBlock *b)
{
  guint32 ends[PKT_BLOCK_BATCH];
  PktSieved sieved[PKT_BLOCK_BATCH];
  const guint n = pkt_block_ends (b, ends);
  const guint n_sieved = pkt_postfix_sieve (&g->sieve, b->raw.bytes, b->at, ends, n, sieved);
  for (PktSieved *s = sieved; s < sieved + n_sieved; s++) {
    const guint place = b->n_lines;
    const char *p = b->raw.bytes + s->at;
    if (G_UNLIKELY (s->note == 0 || g->sieve.changes != g->frames.changes
                    || pkt_block_turns (b, p))) {
      take_slowly (g, b, ends, s->line, &pkt_postfix_glancer);
      for (guint i = s->line + 1; g->journald && i < n; i++)
        take_slowly (g, b, ends, i, NULL);
      if (g->journald)
        break;
      continue;
    }
    s->n -= p[s->n - 1] == '\r';
    if (PKT_SIEVE_DAEMON (s->note) == PKT_SIEVE_SIDE) {
      place_side (g, b, ends, s);
      continue;
    }
    b->n_lines += look_sieved (g, p, s, place);
    pkt_block_place (&b->lines[place], s->at, s->n, b->counted + s->line + 1);
  }
  pkt_block_pass (b, ends, n);
}

static gboolean
split (gpointer state, PktBlock *b)
{
  Glancer *g = state;
  pkt_lives_start (&g->step.lives);
  g->step.lines = b->lines;
  while (!g->journald && b->at < b->raw.n && b->n_lines <= PKT_BLOCK_LINES - PKT_BLOCK_BATCH)
    split_batch (g, b);
  close_up (&g->step.lives, b);
  return !g->journald;
}

const PktGlancer pkt_postfix_glancer
    = { begin, look, g_aligned_free, .unwrap = unwrap, .split = split, .dated = TRUE };
