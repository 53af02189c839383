#include "packet/log/reader.h"
#include <string.h>

#define BLOCKS_A_JOB 4
#define LINES_AHEAD 16
#define THREADS_FROM (2 * 1024 * 1024) /* bytes of a file; a smaller one is read by the caller */

/* A thread that makes blocks; the caller is one, too. */
typedef struct {
  PktReader *reader;
  GThread *thread;
  const PktGlancer *glancer;
  gpointer state; /* the glancer's */
} Maker;

typedef struct {
  PktBlock block;
  gboolean ready;   /* under lock */
  gboolean glanced; /* a glancer looked at its lines */
} __attribute__ ((aligned (PKT_GLANCE_APART))) Place;

/* Block k is made in places[k % n_places]. Who makes one first takes its bytes, in order, under
 * feeding; then it splits them beside the others. The caller makes blocks while the one that it
 * waits for is not ready, so that nobody waits for long. */
struct PktReader {
  GMutex feeding;
  PktChunks chunks;
  guint64 fed;
  gboolean ended;

  GMutex lock;
  GCond changed;
  gboolean waits;   /* the caller does, for a block that is being made */
  guint idle, done; /* other threads that wait for room; blocks taken since they were woken */
  guint64 taken;    /* blocks that the caller is done with */
  gboolean stop;
  Place *places;
  guint n_places;

  const PktGlancer *glancer; /* atomic; the rule is set before it */
  const PktGlanceRule *rule;
  Maker makers[PKT_READER_MAX_JOBS]; /* the first is the caller */
  guint n_makers;

  PktBlock *block; /* being handed out; NULL before the first */
  guint next;      /* of its lines */
  guint64 before;  /* lines in the blocks before it */
  gboolean cut;    /* bytes were lost while they were looked at */
  PktReaderStats stats;
};

static void
split (Maker *m, PktBlock *b)
{
  const PktGlancer *wanted = g_atomic_pointer_get (&m->reader->glancer);
  if (m->glancer == NULL && wanted) {
    m->glancer = wanted;
    m->state = wanted->begin (m->reader->rule);
  }
  pkt_block_split (b, m->glancer, m->state);
}

static guint64
taken (PktReader *r)
{
  g_mutex_lock (&r->lock);
  guint64 n = r->taken;
  g_mutex_unlock (&r->lock);
  return n;
}

/* The next block. FALSE when there is no room for one, or no bytes. */
static gboolean
make (Maker *m)
{
  PktReader *r = m->reader;
  g_mutex_lock (&r->feeding);
  if (r->ended || r->fed - taken (r) >= r->n_places) {
    g_mutex_unlock (&r->feeding);
    return FALSE;
  }
  Place *place = &r->places[r->fed++ % r->n_places];
  pkt_chunks_next (&r->chunks, &place->block.raw);
  r->ended = place->block.raw.last;
  g_mutex_unlock (&r->feeding);
  pkt_block_start (&place->block);
  split (m, &place->block);
  place->glanced = m->glancer != NULL;
  g_mutex_lock (&r->lock);
  place->ready = TRUE;
  if (r->waits) /* else nobody is there, and the system need not be asked */
    g_cond_broadcast (&r->changed);
  g_mutex_unlock (&r->lock);
  return TRUE;
}

static gboolean
at_end (PktReader *r)
{
  g_mutex_lock (&r->feeding);
  gboolean ended = r->ended;
  g_mutex_unlock (&r->feeding);
  return ended;
}

static gpointer
run (gpointer data)
{
  Maker *m = data;
  PktReader *r = m->reader;
  for (;;) {
    guint64 seen = taken (r);
    while (make (m))
      continue;
    if (at_end (r))
      return NULL;
    g_mutex_lock (&r->lock);
    r->idle++;
    while (!r->stop && r->taken == seen)
      g_cond_wait (&r->changed, &r->lock);
    r->idle--;
    gboolean stop = r->stop;
    g_mutex_unlock (&r->lock);
    if (stop)
      return NULL;
  }
}

static void
start (PktReader *r, guint jobs)
{
  r->n_makers = r->stats.size >= THREADS_FROM ? CLAMP (jobs, 1, PKT_READER_MAX_JOBS) : 1;
  r->n_places = r->n_makers > 1 ? r->n_makers * BLOCKS_A_JOB : 1;
  r->places = g_aligned_alloc0 (r->n_places, sizeof (Place), PKT_GLANCE_APART);
  for (guint i = 0; i < r->n_places; i++) {
    r->places[i].block.raw.room = g_malloc0 (PKT_BLOCK_BYTES + PKT_BLOCK_PADDING);
    r->places[i].block.lines = g_new (PktBlockLine, PKT_BLOCK_LINES);
    r->places[i].block.keys = g_new (guint64, PKT_BLOCK_KEYS);
  }
  for (guint i = 0; i < r->n_makers; i++) {
    r->makers[i].reader = r;
    if (i > 0)
      r->makers[i].thread = g_thread_new ("reader", run, &r->makers[i]);
  }
}

PktReader *
pkt_reader_open (const char *path, guint jobs, GError **error)
{
  struct stat st;
  PktInput input;
  if (!pkt_input_open (&input, path, &st, error))
    return NULL;
  PktReader *r = g_new0 (PktReader, 1);
  g_mutex_init (&r->feeding);
  g_mutex_init (&r->lock);
  g_cond_init (&r->changed);
  r->stats.mtime = st.st_mtime;
  r->stats.size = (guint64)st.st_size;
  pkt_chunks_start (&r->chunks, &input);
  start (r, jobs);
  return r;
}

void
pkt_reader_glance (PktReader *r, const PktGlancer *glancer, const PktGlanceRule *rule)
{
  r->rule = rule;
  g_atomic_pointer_set (&r->glancer, glancer);
}

const PktGlance *
pkt_reader_seen (const PktReader *r)
{
  return &r->block->lines[r->next - 1].seen;
}

const guint64 *
pkt_reader_keys (const PktReader *r)
{
  return r->block->keys + pkt_reader_seen (r)->keys_at;
}

PktSlice
pkt_reader_line_around (const PktReader *r, PktSlice part)
{
  const PktRawBlock *raw = &r->block->raw;
  const char *limit = raw->bytes + raw->n;
  if (part.p < raw->bytes || part.p + part.n > limit)
    return part;
  const char *before = memrchr (raw->bytes, '\n', (gsize)(part.p - raw->bytes)),
             *line = before ? before + 1 : raw->bytes;
  return pkt_slice_until (pkt_slice (line, MIN ((gsize)(limit - line), PKT_MAX_LINE)), '\n');
}

static gboolean
is_ready (PktReader *r, Place *place, gboolean wait)
{
  g_mutex_lock (&r->lock);
  r->waits = wait;
  while (wait && !place->ready)
    g_cond_wait (&r->changed, &r->lock);
  r->waits = FALSE;
  gboolean ready = place->ready;
  g_mutex_unlock (&r->lock);
  return ready;
}

/* With room for several blocks: a thread that is woken for each one sleeps and wakes more than it
 * works. */
static void
wake_makers (PktReader *r)
{
  if (++r->done < MAX (r->n_places / 2, 1) || r->idle == 0)
    return;
  r->done = 0;
  g_cond_broadcast (&r->changed);
}

static void
release (PktReader *r)
{
  g_mutex_lock (&r->lock);
  r->places[r->taken % r->n_places].ready = FALSE;
  r->taken++;
  r->before += r->block->counted;
  r->stats.long_lines += r->block->long_lines;
  r->cut = r->cut || pkt_chunks_is_cut (&r->block->raw);
  wake_makers (r);
  g_mutex_unlock (&r->lock);
}

static void
next_block (PktReader *r)
{
  if (r->block)
    release (r);
  Place *place = &r->places[r->taken % r->n_places];
  while (!is_ready (r, place, FALSE))
    if (!make (&r->makers[0]))
      is_ready (r, place, TRUE);
  if (!place->glanced && r->glancer) { /* made too early: else what is left out would be chance */
    pkt_block_start (&place->block);
    split (&r->makers[0], &place->block);
  }
  r->block = &place->block;
  r->stats.bytes = place->block.raw.read;
  r->stats.raw_bytes = place->block.raw.raw_bytes;
  r->stats.problem = r->cut ? PKT_FEED_CUT : place->block.raw.problem;
}

/* FALSE at the end of the log. */
static gboolean
more_lines (PktReader *r)
{
  while (r->block == NULL || r->next == r->block->n_lines) {
    if (r->block && r->block->at < r->block->raw.n)
      split (&r->makers[0], r->block);
    else if (r->block && r->block->raw.last) {
      r->stats.lines = r->before + r->block->counted;
      r->stats.long_lines += r->block->long_lines;
      r->block->long_lines = 0;
      return FALSE;
    } else
      next_block (r);
    r->next = 0;
  }
  return TRUE;
}

guint
pkt_reader_waiting (PktReader *r, const PktBlockLine **lines, const char **bytes)
{
  if (!more_lines (r))
    return 0;
  *lines = r->block->lines + r->next;
  *bytes = r->block->raw.bytes;
  return r->block->n_lines - r->next;
}

void
pkt_reader_skip (PktReader *r, guint n)
{
  r->next += n;
}

gboolean
pkt_reader_next (PktReader *r, PktSlice *line)
{
  if (!more_lines (r))
    return FALSE;
  const PktBlockLine *l = &r->block->lines[r->next++];
  __builtin_prefetch (l + LINES_AHEAD); /* another thread's, mostly */
  r->stats.lines = r->before + l->number;
  *line = pkt_slice (r->block->raw.bytes + l->at, l->n);
  return TRUE;
}

const PktReaderStats *
pkt_reader_stats (const PktReader *r)
{
  return &r->stats;
}

void
pkt_reader_free (PktReader *r)
{
  g_mutex_lock (&r->lock);
  r->stop = TRUE;
  g_cond_broadcast (&r->changed);
  g_mutex_unlock (&r->lock);
  for (guint i = 0; i < r->n_makers; i++) {
    Maker *m = &r->makers[i];
    if (m->thread)
      g_thread_join (m->thread);
    if (m->state)
      m->glancer->end (m->state);
  }
  for (guint i = 0; i < r->n_places; i++) {
    pkt_chunks_drop (&r->places[i].block.raw);
    g_free (r->places[i].block.raw.room);
    g_free (r->places[i].block.lines);
    g_free (r->places[i].block.keys);
  }
  g_aligned_free (r->places);
  pkt_chunks_end (&r->chunks);
  g_mutex_clear (&r->feeding);
  g_mutex_clear (&r->lock);
  g_cond_clear (&r->changed);
  g_free (r);
}
