/* Any bytes as a packed log or an archive: lists it, reads each file of it twice. */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include "packet/log/archive.h"
#include "packet/log/input.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

#define MAX_READ (8 * 1024 * 1024)
#define MAX_FILES 20

static void
read_all (const char *path)
{
  PktInput in;
  struct stat st;
  char room[4096];
  gsize sum = 0;
  if (!pkt_input_open (&in, path, &st, NULL))
    return;
  for (gsize got; sum < MAX_READ && (got = pkt_input_read (&in, room, sizeof room)) > 0; sum += got)
    if (got > sizeof room)
      g_error ("more than asked for");
  pkt_input_end (&in);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  int fd = memfd_create ("packed", MFD_CLOEXEC);
  if (fd < 0 || write (fd, bytes, n) != (ssize_t)n)
    g_error ("no memory file");
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  read_all (path);
  g_autoptr (GPtrArray) files = pkt_archive_is (path) ? pkt_archive_list (path, NULL) : NULL;
  for (guint i = 0; files && i < MIN (files->len, MAX_FILES); i++) {
    read_all (g_ptr_array_index (files, i));
    read_all (g_ptr_array_index (files, 0));
  }
  close (fd);
  return 0;
}
