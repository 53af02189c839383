#include "packet/run/progress.h"
#include <sys/stat.h>

/* FALSE where it is not told: a pipe, a file of an archive, a part of a growing log. */
static gboolean
size_of (const char *path, guint64 *size)
{
  struct stat st;
  if (stat (path, &st) != 0 || !S_ISREG (st.st_mode))
    return FALSE;
  *size = (guint64)st.st_size;
  return TRUE;
}

void
pkt_progress_begin (PktProgressRun *p, const PktScanOptions *options, const GPtrArray *paths)
{
  *p = (PktProgressRun){ .options = options };
  gboolean known = TRUE;
  for (guint i = 0; options->progress && known && i < paths->len; i++) {
    guint64 size = 0;
    known = size_of (g_ptr_array_index (paths, i), &size);
    p->now.total += size;
  }
  if (!known)
    p->now.total = 0;
}

void
pkt_progress_tell (PktProgressRun *p, const PktScanSource *source, guint64 bytes)
{
  if (p->options->progress == NULL)
    return;
  p->now.path = source->path;
  p->now.done = p->before + bytes;
  p->now.found = p->found_before + source->apple;
  p->options->progress (&p->now, p->options->progress_data);
}

void
pkt_progress_end_source (PktProgressRun *p, const PktScanSource *source, const char *path)
{
  guint64 size = source->bytes;
  if (p->options->progress == NULL)
    return;
  size_of (path, &size);
  p->before += size;
  p->found_before += source->apple;
  pkt_progress_tell (p, &(PktScanSource){ .path = source->path }, 0);
}

void
pkt_progress_step (const PktScanOptions *options, const char *doing, guint64 done, guint64 total)
{
  const PktProgress now = { .doing = doing, .done = done, .total = total };
  if (options->progress)
    options->progress (&now, options->progress_data);
}
