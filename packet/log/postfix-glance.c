/* What a Postfix line is, told by as few of its bytes as will do: most lines of a log are told here
 * and never reach the parser. */
#include "packet/log/postfix-glance.h"
#include "packet/log/block.h"
#include "packet/log/format.h"
#include "packet/log/frame.h"
#include "packet/log/journal.h"
#include "packet/log/lives.h"
#include "packet/log/postfix-quick.h"
#include "packet/log/postfix-sieve.h"
#include "packet/log/postfix-words.h"

typedef struct {
  const PktGlanceRule *rule;
  PktFrames frames;
  PktPostfixSieve sieve;
  PktPostfixQuick quick;
  PktLives lives;
  gboolean left_out; /* lines that were told in this step */
  gboolean journald; /* records of several lines were seen: no line is told by itself any more */
} Glancer;

static gpointer
begin (const PktGlanceRule *rule)
{
  Glancer *g = g_aligned_alloc0 (1, sizeof *g, PKT_SIEVE_ALIGN);
  g->rule = rule;
  g->quick = pkt_postfix_quick ();
  pkt_postfix_sieve_start (&g->sieve, &g->frames, rule->message_ids);
  return g;
}

static void
learn (Glancer *g, PktSlice line)
{
  PktSyslog f;
  g->journald = g->journald || pkt_journal_looks_like (line);
  if (g->journald || !pkt_syslog_split (line, &f))
    return;
  if (pkt_postfix_is_tag (f.tag))
    pkt_frames_learn (&g->frames, line, &f);
  else if (pkt_frames_has_room (&g->frames))
    pkt_frames_learn_other (&g->frames, line, &f,
                            pkt_format_of_line (line) ? PKT_FRAME_SIDE : PKT_FRAME_FOREIGN);
}

/* Of a line with a known frame, for the parser; text: behind "tag[pid]: ". */
static PktGlanceKind
look_framed (const Glancer *g, PktSlice line, const PktFrame *f, PktSlice tag, PktSlice text,
             PktPostfixDaemon daemon, PktGlance *out)
{
  gsize text_at = (gsize)(text.p - line.p);
  if (daemon == PKT_DAEMON_NONE)
    return pkt_postfix_is_tag (tag) ? PKT_GLANCE_NOTHING : PKT_GLANCE_PLAIN;
  if (daemon == PKT_DAEMON_CLEANUP && !g->rule->message_ids)
    return PKT_GLANCE_NOTHING;
  if (text_at > G_MAXUINT8)
    return PKT_GLANCE_PLAIN;
  const PktSlice id = pkt_postfix_take_id (&text);
  if (id.n == 0 && !pkt_slice_starts (text, PKT_SLICE ("connect to ")))
    return PKT_GLANCE_NOTHING; /* "Untrusted TLS connection established …" */
  out->key = id.n ? pkt_queue_key (id, f->scope_hash) : 0;
  out->daemon = daemon;
  out->id_n = (guint8)id.n;
  out->time_n = (guint8)(f->time_n - 1);
  out->host_n = (guint8)f->host_n;
  out->scope_n = (guint8)(f->n - 1);
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
  const PktFrame *f = g->journald ? NULL : pkt_frames_match (&g->frames, line, &s, &skip);
  if (f == NULL) {
    learn (g, line);
    out->kind = PKT_GLANCE_PLAIN;
    return;
  }
  if (skip) {
    out->kind = f->kind == PKT_FRAME_SIDE ? PKT_GLANCE_PLAIN : PKT_GLANCE_NOTHING;
    return;
  }
  const PktPostfixDaemon daemon = pkt_postfix_daemon (pkt_postfix_last_part (s.tag));
  out->kind = look_framed (g, line, f, s.tag, s.text, daemon, out);
}

/* What the sieve saw of a line need not be looked for again. */
static void
look_sieved (const Glancer *g, const char *p, const PktSieved *s, PktGlance *out)
{
  const PktFrame *f = &g->frames.all[PKT_SIEVE_FRAME (s->note)];
  if (G_LIKELY (g->quick (g->rule, f, p, s, out)))
    return;
  const PktSlice line = pkt_slice (p, s->n),
                 tag = pkt_slice (p + f->time_n + f->host_n + 1, f->n - f->host_n - 1 + 4);
  out->kind = look_framed (g, line, f, tag, pkt_slice_skip (line, PKT_SIEVE_TEXT_AT (s->note)),
                           PKT_SIEVE_DAEMON (s->note), out);
}

/* The line at that place tells of a message. FALSE: it is its end, and left out. */
static gboolean
follow (Glancer *g, PktBlock *b, guint place)
{
  PktGlance *seen = &b->lines[place].seen;
  PktLife *life;
  switch ((PktGlanceKind)seen->kind) {
  case PKT_GLANCE_ARRIVAL:
    pkt_lives_arrive (&g->lives, seen->key, place);
    return TRUE;
  case PKT_GLANCE_ELSEWHERE:
    pkt_lives_deliver (&g->lives, seen->key, place);
    return TRUE;
  case PKT_GLANCE_REMOVED:
    life = pkt_lives_find (&g->lives, seen->key);
    if (life == NULL)
      return TRUE;
    g->left_out = TRUE;
    life->key = 0;
    b->lines[life->arrival].seen.kind = PKT_GLANCE_NOTHING;
    if (life->delivery == PKT_LIFE_NO_LINE)
      return TRUE;
    b->lines[life->delivery].seen.kind = PKT_GLANCE_WHOLE;
    return FALSE;
  case PKT_GLANCE_KNOWN:
  case PKT_GLANCE_PUT_OFF:
    pkt_lives_let_go (&g->lives, seen->key);
    return TRUE;
  default:
    g->lives.since = place;
    return TRUE;
  }
}

/* Puts the lines that are not left out side by side. */
static void
close_up (PktBlock *b)
{
  guint n = 0;
  for (guint i = 0; i < b->n_lines; i++) {
    b->lines[n] = b->lines[i];
    n += b->lines[i].seen.kind != PKT_GLANCE_NOTHING;
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
    PktBlockLine *line = &b->lines[b->n_lines];
    const char *p = b->raw.bytes + s->at;
    if (G_UNLIKELY (s->note == 0 || g->sieve.changes != g->frames.changes
                    || pkt_block_begins (p) != b->begin)) {
      pkt_block_take (b, ends, s->line, &pkt_postfix_glancer, g);
      g->lives.since = b->n_lines;
      for (guint i = s->line + 1; g->journald && i < n; i++)
        pkt_block_take (b, ends, i, NULL, NULL);
      if (g->journald)
        break;
      continue;
    }
    s->n -= p[s->n - 1] == '\r';
    look_sieved (g, p, s, &line->seen);
    pkt_block_place (line, s->at, s->n, b->counted + s->line + 1);
    b->n_lines += line->seen.kind != PKT_GLANCE_NOTHING && follow (g, b, b->n_lines);
  }
  pkt_block_pass (b, ends, n);
}

static gboolean
split (gpointer state, PktBlock *b)
{
  Glancer *g = state;
  pkt_lives_start (&g->lives);
  g->left_out = FALSE;
  while (!g->journald && b->at < b->raw.n && b->n_lines <= PKT_BLOCK_LINES - PKT_BLOCK_BATCH)
    split_batch (g, b);
  if (g->left_out)
    close_up (b);
  return !g->journald;
}

const PktGlancer pkt_postfix_glancer = { begin, look, g_aligned_free, .split = split,
                                         .dated = TRUE };
