/* The yardstick of bounces: each file of a folder parsed by GMime, and nothing done with it. */
#include <dirent.h>
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>

int
main (int argc, char **argv)
{
  DIR *folder = argc > 1 ? opendir (argv[1]) : NULL;
  guint n = 0;
  if (folder == NULL)
    return 2;
  g_mime_init ();
  for (struct dirent *d; (d = readdir (folder));) {
    int fd = *d->d_name == '.' ? -1 : openat (dirfd (folder), d->d_name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
      continue;
    GMimeStream *stream = g_mime_stream_fs_new (fd);
    GMimeParser *parser = g_mime_parser_new_with_stream (stream);
    GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);
    n += message != NULL;
    g_clear_object (&message);
    g_object_unref (parser);
    g_object_unref (stream);
  }
  closedir (folder);
  printf ("%u\n", n);
  return 0;
}
