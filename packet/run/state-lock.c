#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>
#include "packet/base/error.h"
#include "packet/run/state.h"

#define STEP (G_USEC_PER_SEC / 20)

static gboolean
take (int fd, guint seconds)
{
  gint64 end = g_get_monotonic_time () + (gint64)seconds * G_USEC_PER_SEC;
  while (flock (fd, LOCK_EX | LOCK_NB) != 0) {
    if ((errno != EWOULDBLOCK && errno != EINTR) || g_get_monotonic_time () >= end)
      return FALSE;
    g_usleep (STEP);
  }
  return TRUE;
}

int
pkt_state_lock (const char *path, guint seconds, GError **error)
{
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  int fd = g_open (lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    int e = errno;
    g_set_error (error, PKT_ERROR, PKT_ERROR_EXISTS, "%s: %s", lock, g_strerror (e));
    return -1;
  }
  if (take (fd, seconds))
    return fd;
  close (fd);
  g_set_error (error, PKT_ERROR, PKT_ERROR_AGAIN,
               "%s: another run is at it, and was so for %u seconds; try again when it is done",
               path, seconds);
  return -1;
}
