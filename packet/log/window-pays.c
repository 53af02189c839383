#include "packet/log/window-pays.h"
#include <unistd.h>

#define WEIGHED_AFTER 8 /* windows: it takes a millisecond, which few cannot save */
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

/* By bytes that are still to come, each for one of the ways alone: who comes second to the same
 * ones finds them near. UNKNOWN: the file ends before, or is not in memory. */
static gint
weigh (int fd, guint64 at)
{
  g_autofree char *room = g_malloc (COPIED);
  gint64 mapped = G_MAXINT64, copied = G_MAXINT64;
  for (guint i = 0; i < TRIES; i++, at += 2 * PKT_WINDOW_BYTES) {
    const gint64 a = map_one (fd, at), b = copy_one (fd, at + PKT_WINDOW_BYTES, room);
    if (a < 0 || b < 0)
      return UNKNOWN;
    mapped = MIN (mapped, a);
    copied = MIN (copied, b);
  }
  return copied < mapped + mapped / 4 ? COPIES : MAPS; /* copies are nearer afterwards */
}

/* By the environment. */
static gint
settled (void)
{
  const char *way = g_getenv ("POSTPACKET_READ");
  return g_strcmp0 (way, "map") == 0 ? MAPS : g_strcmp0 (way, "copy") == 0 ? COPIES : UNKNOWN;
}

gboolean
pkt_window_pays (int fd, guint64 at)
{
  static gint answer = UNKNOWN, asked = 0;
  gint way = g_atomic_int_get (&answer);
  if (way != UNKNOWN)
    return way == MAPS;
  const gint before = g_atomic_int_add (&asked, 1);
  if (before == 0)
    way = settled ();
  else if (before >= WEIGHED_AFTER)
    way = weigh (fd, at - at % PKT_WINDOW_BYTES);
  g_atomic_int_set (&answer, way);
  return way != COPIES;
}
