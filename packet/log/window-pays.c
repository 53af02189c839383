#include "packet/log/window-pays.h"
#include <string.h>
#include <unistd.h>

#define WEIGHED_AFTER 8 /* windows: it takes a millisecond, which few cannot save */
#define MAX_FAILED 8    /* windows that had none behind them to be copied */
#define TRIES 3         /* of each way; the quickest counts, since others may have the processor */
#define COPIED (256 * 1024) /* bytes at a time, as blocks are read */
#define CACHE_LINE 64

enum { UNKNOWN, MAPS, COPIES };

/* Microseconds until each byte of a window has come near, and the window is gone; negative: there
 * is none. */
static gint64
map_one (int fd, guint64 at)
{
  gsize n;
  const gint64 begun = g_get_monotonic_time ();
  PktWindow *w = pkt_window_open (fd, at);
  if (w == NULL)
    return -1;
  const volatile char *bytes = pkt_window_bytes (w, at, &n);
  for (gsize i = 0; i < PKT_WINDOW_BYTES; i += CACHE_LINE)
    (void)bytes[i];
  pkt_window_unref (w);
  return g_get_monotonic_time () - begun;
}

static gint64
copy_one (int fd, guint64 at, char *room)
{
  const gint64 begun = g_get_monotonic_time ();
  for (guint64 i = at; i < at + PKT_WINDOW_BYTES; i += COPIED)
    if (pread (fd, room, COPIED, (off_t)i) != COPIED)
      return -1;
  return g_get_monotonic_time () - begun;
}

/* What was seen so far: of the quickest windows, and how often there was none to look at. */
typedef struct {
  gint64 mapped, copied;
  guint tries, failed;
} Weighing;

/* By bytes that are still to come, each for one of the ways alone: who comes second to the same
 * ones finds them near. UNKNOWN: another window has to tell. */
static gint
weigh (Weighing *w, int fd, guint64 at)
{
  g_autofree char *room = g_malloc (COPIED);
  memset (room, 1, COPIED); /* its pages are there, as those of a block are */
  const gint64 a = map_one (fd, at), b = a < 0 ? a : copy_one (fd, at + PKT_WINDOW_BYTES, room);
  if (a < 0 || b < 0) /* the file ends before, or is not in memory */
    return ++w->failed < MAX_FAILED ? UNKNOWN : MAPS;
  w->mapped = MIN (w->mapped, a);
  w->copied = MIN (w->copied, b);
  if (++w->tries < TRIES)
    return UNKNOWN;
  return w->copied < w->mapped + w->mapped / 4 ? COPIES : MAPS; /* copies are nearer afterwards */
}

/* By the environment. */
static gint
settled (void)
{
  const char *way = g_getenv ("POSTPACKET_READ");
  return g_strcmp0 (way, "map") == 0 ? MAPS : g_strcmp0 (way, "copy") == 0 ? COPIES : UNKNOWN;
}

static gint
ask (int fd, guint64 at)
{
  static Weighing weighing = { G_MAXINT64, G_MAXINT64, 0, 0 };
  static guint asked = 0;
  if (asked++ == 0)
    return settled ();
  return asked > WEIGHED_AFTER ? weigh (&weighing, fd, at - at % PKT_WINDOW_BYTES) : UNKNOWN;
}

gboolean
pkt_window_pays (int fd, guint64 at)
{
  static GMutex lock;
  static gint answer = UNKNOWN;
  gint way = g_atomic_int_get (&answer);
  if (way != UNKNOWN)
    return way == MAPS;
  g_mutex_lock (&lock);
  way = g_atomic_int_get (&answer);
  if (way == UNKNOWN)
    g_atomic_int_set (&answer, way = ask (fd, at));
  g_mutex_unlock (&lock);
  return way != COPIES;
}
