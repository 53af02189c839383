#include "packet/log/reader.h"
#include "packet/log/input.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define N_BLOCKS 16
#define THREAD_FROM (2 * 1024 * 1024) /* bytes of a file; a smaller one is read by the caller */

typedef struct {
  guint32 at, n;
  guint64 number;
  PktGlance seen;
} Line;

/* Whole lines of the log, and what was counted up to their end. */
typedef struct {
  char *bytes;
  Line *lines;
  guint n_lines, room;
  PktReaderStats stats;
  gboolean last;
} Block;

struct PktReader {
  /* the producer's side: the thread's, where there is one */
  PktInput input;
  GString *carry;    /* beginning of a line that goes on in the next block */
  gboolean skipping; /* inside the rest of a line that was cut */
  char begin[3];     /* of the line before */
  PktReaderStats made;
  /* between both */
  gpointer glancer, glancer_data; /* PktGlancer, atomic; data is set before it */
  gint stop;
  GThread *thread;
  GAsyncQueue *full, *empty;
  /* the caller's side */
  Block blocks[N_BLOCKS];
  Block *block; /* being handed out; NULL before the first */
  guint next;
  PktReaderStats stats;
};

static void
add_line (PktReader *r, Block *b, gsize at, gsize n)
{
  PktGlancer glancer = (PktGlancer)g_atomic_pointer_get (&r->glancer);
  PktGlance seen = { .kind = PKT_GLANCE_PLAIN };
  r->made.lines++;
  if (n > PKT_READER_MAX_LINE) {
    r->made.long_lines++;
    n = PKT_READER_MAX_LINE;
  }
  if (n > 0 && b->bytes[at + n - 1] == '\r')
    n--;
  if (glancer)
    seen = glancer (r->glancer_data, pkt_slice (b->bytes + at, n));
  if (seen.kind == PKT_GLANCE_NOTHING) {
    if (n >= 3 && memcmp (b->bytes + at, r->begin, 3) == 0)
      return;
    seen.kind = PKT_GLANCE_PLAIN;
  }
  if (n >= 3)
    memcpy (r->begin, b->bytes + at, 3);
  if (b->n_lines == b->room) {
    b->room *= 2;
    b->lines = g_renew (Line, b->lines, b->room);
  }
  b->lines[b->n_lines++] = (Line){ (guint32)at, (guint32)n, r->made.lines, seen };
}

static gsize
end_line (PktReader *r, Block *b, gsize begin, gsize lf)
{
  if (!r->skipping)
    add_line (r, b, begin, lf - begin);
  r->skipping = FALSE;
  return lf + 1;
}

/* All lines that end within n bytes; where the one begins that does not. Line ends are looked for
 * sixteen bytes at a time where the machine can: a call of memchr() a line costs more than the
 * line. */
static gsize
split (PktReader *r, Block *b, gsize n)
{
  gsize begin = 0, at = 0;
#ifdef __SSE2__
  const __m128i lf = _mm_set1_epi8 ('\n');
  for (; at + 16 <= n; at += 16) {
    const __m128i bytes = _mm_loadu_si128 ((const __m128i *)(b->bytes + at));
    guint mask = (guint)_mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, lf));
    for (; mask; mask &= mask - 1)
      begin = end_line (r, b, begin, at + (gsize)__builtin_ctz (mask));
  }
#endif
  at = MAX (at, begin);
  for (const char *p; (p = memchr (b->bytes + at, '\n', n - at)); at = begin)
    begin = end_line (r, b, begin, (gsize)(p - b->bytes));
  return begin;
}

/* Fills a block up, at the most, with whole lines; the line that does not end in it is carried
 * over. */
static void
produce (PktReader *r, Block *b)
{
  gsize n = r->carry->len, begin = 0;
  gboolean ended = FALSE;
  b->n_lines = 0;
  memcpy (b->bytes, r->carry->str, n);
  while (n < PKT_READER_BLOCK) {
    gsize got = pkt_input_read (&r->input, b->bytes + n, PKT_READER_BLOCK - n);
    ended = got == 0;
    r->made.bytes += got;
    n += got;
    if (ended || n > PKT_READER_BLOCK / 2)
      break;
  }
  begin = split (r, b, n);
  if (begin < n && (ended || begin == 0)) { /* the last line, or one that fills the whole block */
    if (!r->skipping && (ended || n == PKT_READER_BLOCK))
      add_line (r, b, begin, n - begin);
    if (ended || n == PKT_READER_BLOCK) {
      r->skipping = !ended;
      begin = n;
    }
  }
  g_string_truncate (r->carry, 0);
  g_string_append_len (r->carry, b->bytes + begin, (gssize)(n - begin));
  r->made.raw_bytes = r->input.raw_bytes;
  r->made.problem = r->input.problem;
  b->stats = r->made;
  b->last = ended;
}

static gpointer
run (gpointer data)
{
  PktReader *r = data;
  for (;;) {
    Block *b = g_async_queue_pop (r->empty);
    if (g_atomic_int_get (&r->stop))
      return NULL;
    produce (r, b);
    gboolean last = b->last; /* b is the caller's after the push */
    g_async_queue_push (r->full, b);
    if (last)
      return NULL;
  }
}

static void
start_thread (PktReader *r)
{
  r->full = g_async_queue_new ();
  r->empty = g_async_queue_new ();
  for (guint i = 0; i < N_BLOCKS; i++)
    g_async_queue_push (r->empty, &r->blocks[i]);
  r->thread = g_thread_new ("reader", run, r);
}

PktReader *
pkt_reader_open (const char *path, GError **error)
{
  struct stat st;
  PktInput input;
  if (!pkt_input_open (&input, path, &st, error))
    return NULL;
  PktReader *r = g_new0 (PktReader, 1);
  r->carry = g_string_new (NULL);
  for (guint i = 0; i < N_BLOCKS; i++) {
    r->blocks[i].bytes = g_malloc (PKT_READER_BLOCK);
    r->blocks[i].room = 4096;
    r->blocks[i].lines = g_new (Line, r->blocks[i].room);
  }
  r->made.mtime = st.st_mtime;
  r->made.size = (guint64)st.st_size;
  r->stats = r->made;
  r->input = input;
  if (r->made.size >= THREAD_FROM)
    start_thread (r);
  return r;
}

void
pkt_reader_glance (PktReader *r, PktGlancer glancer, gpointer data)
{
  r->glancer_data = data;
  g_atomic_pointer_set (&r->glancer, (gpointer)glancer);
}

const PktGlance *
pkt_reader_seen (const PktReader *r)
{
  return &r->block->lines[r->next - 1].seen;
}

static void
next_block (PktReader *r)
{
  if (r->thread == NULL) {
    r->block = &r->blocks[0];
    produce (r, r->block);
  } else {
    if (r->block)
      g_async_queue_push (r->empty, r->block);
    r->block = g_async_queue_pop (r->full);
  }
  r->next = 0;
  guint64 lines = r->stats.lines;
  r->stats = r->block->stats;
  r->stats.lines = lines;
}

gboolean
pkt_reader_next (PktReader *r, PktSlice *line)
{
  while (r->block == NULL || r->next == r->block->n_lines) {
    if (r->block && r->block->last) {
      r->stats = r->block->stats;
      return FALSE;
    }
    next_block (r);
  }
  const Line *l = &r->block->lines[r->next++];
  r->stats.lines = l->number;
  *line = pkt_slice (r->block->bytes + l->at, l->n);
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
  if (r->thread) {
    g_atomic_int_set (&r->stop, 1);
    g_async_queue_push (r->empty, &r->blocks[0]); /* wakes it; nothing is read any more */
    g_thread_join (r->thread);
    g_async_queue_unref (r->full);
    g_async_queue_unref (r->empty);
  }
  for (guint i = 0; i < N_BLOCKS; i++) {
    g_free (r->blocks[i].bytes);
    g_free (r->blocks[i].lines);
  }
  pkt_input_end (&r->input);
  g_string_free (r->carry, TRUE);
  g_free (r);
}
