#include "packet/run/ahead.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH 32  /* files read one after the other: kernel and parser each stay in the cache */
#define BATCHES 8 /* at most that many are read and wait */
#define ARENA (512 * 1024)
#define MAX_THREADS 4
#define FEW 256 /* files for which no thread is worth its while */
#define UNREAD G_MAXUINT32
#define FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) /* of a pipe nothing is taken */

typedef struct {
  char *arena; /* ARENA bytes */
  struct {
    guint32 at, n; /* n: UNREAD, there was no room left */
  } files[BATCH];
  gboolean ready;
} Batch;

struct PktAhead {
  int folder;
  const char *const *names;
  guint n, next; /* next: that pkt_ahead_next() hands out */
  char *room;    /* of one that no thread read */
  int open;      /* the one of which more may be read; -1: none */
  Batch batches[BATCHES];
  /* Batches by number: that are begun, and that are done with. */
  guint begun, passed;
  gboolean stop;
  GMutex lock;
  GCond changed;
  GThread *threads[MAX_THREADS];
  guint n_threads;
};

/* What lies in a folder that is open was told to be regular there. */
gsize
pkt_ahead_read (int folder, const char *name, char *room)
{
  struct stat st;
  int fd = openat (folder, name, FLAGS);
  gboolean small
      = fd >= 0
        && (folder != AT_FDCWD
            || (fstat (fd, &st) == 0 && S_ISREG (st.st_mode) && st.st_size < PKT_AHEAD_ROOM));
  gssize n = small ? read (fd, room, PKT_AHEAD_ROOM) : 0;
  if (fd >= 0)
    close (fd);
  return n > 0 && n < PKT_AHEAD_ROOM ? (gsize)n : 0;
}

static void
fill (PktAhead *a, guint number)
{
  Batch *batch = &a->batches[number % BATCHES];
  guint32 used = 0;
  for (guint i = 0; i < BATCH && number * BATCH + i < a->n; i++) {
    const gboolean room = ARENA - used >= PKT_AHEAD_ROOM;
    batch->files[i].at = used;
    batch->files[i].n = room ? (guint32)pkt_ahead_read (a->folder, a->names[number * BATCH + i],
                                                        batch->arena + used)
                             : UNREAD;
    used += room ? (batch->files[i].n + 63) & ~63u : 0;
  }
}

static gpointer
read_batches (gpointer data)
{
  PktAhead *a = data;
  g_mutex_lock (&a->lock);
  while (!a->stop && a->begun * BATCH < a->n) {
    if (a->begun - a->passed >= BATCHES) {
      g_cond_wait (&a->changed, &a->lock);
      continue;
    }
    const guint number = a->begun++;
    g_mutex_unlock (&a->lock);
    fill (a, number);
    g_mutex_lock (&a->lock);
    a->batches[number % BATCHES].ready = TRUE;
    g_cond_broadcast (&a->changed);
  }
  g_mutex_unlock (&a->lock);
  return NULL;
}

PktAhead *
pkt_ahead_new (int folder, const char *const *names, guint n, guint threads)
{
  PktAhead *a = g_new0 (PktAhead, 1);
  a->folder = folder;
  a->names = names;
  a->n = n;
  a->room = g_malloc (PKT_AHEAD_ROOM);
  a->open = -1;
  g_mutex_init (&a->lock);
  g_cond_init (&a->changed);
  a->n_threads = n < FEW || threads < 2 ? 0 : MIN (threads - 1, MAX_THREADS);
  for (guint i = 0; i < BATCHES && a->n_threads; i++)
    a->batches[i].arena = g_malloc (ARENA);
  for (guint i = 0; i < a->n_threads; i++)
    a->threads[i] = g_thread_new ("ahead", read_batches, a);
  return a;
}

static void
close_last (PktAhead *a)
{
  if (a->open >= 0)
    close (a->open);
  a->open = -1;
}

void
pkt_ahead_free (PktAhead *a)
{
  close_last (a);
  g_mutex_lock (&a->lock);
  a->stop = TRUE;
  g_cond_broadcast (&a->changed);
  g_mutex_unlock (&a->lock);
  for (guint i = 0; i < a->n_threads; i++)
    g_thread_join (a->threads[i]);
  for (guint i = 0; i < BATCHES; i++)
    g_free (a->batches[i].arena);
  g_mutex_clear (&a->lock);
  g_cond_clear (&a->changed);
  g_free (a->room);
  g_free (a);
}

/* The batch of the next file is read; the one before is done with. */
static void
turn (PktAhead *a, guint number)
{
  g_mutex_lock (&a->lock);
  if (number > 0) {
    a->batches[(number - 1) % BATCHES].ready = FALSE;
    a->passed = number;
    g_cond_broadcast (&a->changed);
  }
  while (!a->batches[number % BATCHES].ready)
    g_cond_wait (&a->changed, &a->lock);
  g_mutex_unlock (&a->lock);
}

static PktSlice
read_begin (PktAhead *a, const char *name, guint64 *bytes)
{
  a->open = openat (a->folder, name, FLAGS);
  gssize n = a->open >= 0 ? read (a->open, a->room, PKT_AHEAD_BEGIN) : -1;
  const off_t size = n == PKT_AHEAD_BEGIN ? lseek (a->open, 0, SEEK_END) : (off_t)n;
  if (n <= 0 || size < n || size >= PKT_AHEAD_ROOM)
    return pkt_slice (NULL, 0);
  *bytes = (guint64)size;
  return pkt_slice (a->room, (gsize)n);
}

PktSlice
pkt_ahead_rest (PktAhead *a)
{
  gssize n = a->open >= 0 ? pread (a->open, a->room, PKT_AHEAD_ROOM, 0) : -1;
  return pkt_slice (a->room, n > 0 && n < PKT_AHEAD_ROOM ? (gsize)n : 0);
}

PktSlice
pkt_ahead_next (PktAhead *a, guint64 *bytes)
{
  const guint number = a->next / BATCH, i = a->next % BATCH;
  const char *name = a->names[a->next++];
  const Batch *batch = &a->batches[number % BATCHES];
  close_last (a);
  if (a->n_threads && i == 0)
    turn (a, number);
  if (a->n_threads && batch->files[i].n != UNREAD) {
    *bytes = batch->files[i].n;
    return pkt_slice (batch->arena + batch->files[i].at, batch->files[i].n);
  }
  return read_begin (a, name, bytes);
}
