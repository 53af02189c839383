#include "packet/log/window.h"
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef MAP_POPULATE
#define MAP_POPULATE 0 /* elsewhere than on Linux the pages come one by one */
#endif

#define MAPPED (PKT_WINDOW_BYTES + PKT_WINDOW_TAIL)
#define LOOKS 4 /* places of a window that are asked for, and its last byte */

/* In a table that is always there: a handler of signals may look at it at any time. */
struct PktWindow {
  gint taken, refs, cut;
  char *map; /* MAPPED bytes; NULL while it is being opened or closed */
  guint64 from;
  gsize n; /* that the file held when it was opened */
};

static PktWindow windows[PKT_WINDOWS];
static struct sigaction before;
static gsize page_bytes;

/* The rest of a window is made of NULs, so that the load that failed can be done again. */
static gboolean
mend (char *fault)
{
  const gsize page = (gsize)fault & ~(page_bytes - 1);
  for (PktWindow *w = windows; w < windows + PKT_WINDOWS; w++) {
    char *map = g_atomic_pointer_get (&w->map);
    if (map == NULL || fault < map || fault >= map + MAPPED)
      continue;
    g_atomic_int_set (&w->cut, TRUE);
    return mmap ((void *)page, (gsize)(map + MAPPED) - page, PROT_READ,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
           != MAP_FAILED;
  }
  return FALSE;
}

/* mmap() is a plain system call on Linux and the BSDs, and may be called here. */
static void
on_bus_error (int signal, siginfo_t *info, void *unused)
{
  (void)unused;
  if (info->si_code > 0 && mend (info->si_addr)) /* not sent by a process */
    return;
  sigaction (signal, &before, NULL); /* it comes again, to whom it belongs */
  raise (signal);
}

static gpointer
watch_bus_errors (gpointer unused)
{
  struct sigaction ours = { .sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO | SA_RESTART };
  (void)unused;
  page_bytes = (gsize)sysconf (_SC_PAGESIZE);
  sigemptyset (&ours.sa_mask);
  return GINT_TO_POINTER (sigaction (SIGBUS, &ours, &before) == 0);
}

/* Whether a byte of the file is in memory: what is not is read faster than it is mapped. */
static gboolean
is_cached (int fd, guint64 at)
{
#ifdef RWF_NOWAIT
  char c;
  const struct iovec to = { &c, 1 };
  return preadv2 (fd, &to, 1, (off_t)at, RWF_NOWAIT) == 1;
#else
  (void)fd;
  (void)at;
  return FALSE;
#endif
}

/* At a few places, since some of it may be in memory: from byte `at` to the window's end. */
static gboolean
is_all_cached (int fd, guint64 at)
{
  const guint64 end = at - at % PKT_WINDOW_BYTES + PKT_WINDOW_BYTES;
  for (guint64 i = at; i < end - 1; i += PKT_WINDOW_BYTES / LOOKS)
    if (!is_cached (fd, i))
      return FALSE;
  return is_cached (fd, end - 1);
}

static PktWindow *
take_free (void)
{
  for (PktWindow *w = windows; w < windows + PKT_WINDOWS; w++)
    if (g_atomic_int_compare_and_exchange (&w->taken, FALSE, TRUE))
      return w;
  return NULL;
}

PktWindow *
pkt_window_open (int fd, guint64 at)
{
  static GOnce watched = G_ONCE_INIT;
  const guint64 from = at - at % PKT_WINDOW_BYTES;
  struct stat st;
  if (fstat (fd, &st) != 0 || !S_ISREG (st.st_mode) || (guint64)st.st_size < from + PKT_WINDOW_BYTES
      || !is_all_cached (fd, at) || !g_once (&watched, watch_bus_errors, NULL))
    return NULL;
  PktWindow *w = take_free ();
  if (w == NULL)
    return NULL;
  char *map = mmap (NULL, MAPPED, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, (off_t)from);
  if (map == MAP_FAILED) {
    g_atomic_int_set (&w->taken, FALSE);
    return NULL;
  }
  w->from = from;
  w->n = (gsize)MIN ((guint64)st.st_size - from, MAPPED);
  w->refs = 1;
  w->cut = FALSE;
  g_atomic_pointer_set (&w->map, map);
  return w;
}

const char *
pkt_window_bytes (const PktWindow *w, guint64 at, gsize *n)
{
  if (at < w->from || at - w->from >= PKT_WINDOW_BYTES)
    return NULL;
  *n = w->n - (gsize)(at - w->from);
  return w->map + (at - w->from);
}

gboolean
pkt_window_is_cut (const PktWindow *w)
{
  return g_atomic_int_get (&w->cut);
}

PktWindow *
pkt_window_ref (PktWindow *w)
{
  g_atomic_int_inc (&w->refs);
  return w;
}

void
pkt_window_unref (PktWindow *w)
{
  if (!g_atomic_int_dec_and_test (&w->refs))
    return;
  char *map = w->map;
  g_atomic_pointer_set (&w->map, NULL);
  munmap (map, MAPPED);
  g_atomic_int_set (&w->taken, FALSE);
}
