#include "packet/log/part.h"
#include <string.h>
#include "packet/base/slice.h"

char *
pkt_part_name (const char *path, guint64 from, guint64 to)
{
  return g_strdup_printf ("%s#%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, path, from, to);
}

gboolean
pkt_part_split (const char *name, char **path, guint64 *from, guint64 *to)
{
  const char *hash = strrchr (name, '#'), *dash = hash ? strchr (hash, '-') : NULL;
  gint64 a, b;
  if (dash == NULL || hash == name
      || !pkt_slice_number (pkt_slice (hash + 1, (gsize)(dash - hash - 1)), &a)
      || !pkt_slice_number (pkt_slice_str (dash + 1), &b) || g_file_test (name, G_FILE_TEST_EXISTS))
    return FALSE;
  *path = g_strndup (name, (gsize)(hash - name));
  *from = (guint64)a;
  *to = (guint64)b;
  return TRUE;
}

gboolean
pkt_part_has_end (const char *name)
{
  g_autofree char *path = NULL;
  guint64 from, to;
  return pkt_part_split (name, &path, &from, &to) && to > 0;
}

char *
pkt_part_whole (const char *name)
{
  guint64 from, to;
  char *path;
  return pkt_part_split (name, &path, &from, &to) ? path : g_strdup (name);
}

typedef struct {
  PktFeed feed;
  PktFeed *below;
  guint64 skip, left;
} Part;

static gboolean
skip_bytes (Part *part)
{
  char room[16 * 1024];
  while (part->skip > 0) {
    gsize got = pkt_feed_read (part->below, room, (gsize)MIN (part->skip, sizeof room));
    if (got == 0)
      return FALSE;
    part->skip -= got;
  }
  return TRUE;
}

static gsize
read_part (PktFeed *s, void *p, gsize n)
{
  Part *part = (Part *)s;
  gsize want = (gsize)MIN (part->left, n);
  gsize got = want > 0 && skip_bytes (part) ? pkt_feed_read (part->below, p, want) : 0;
  part->left -= got;
  s->problem = part->below->problem;
  return got;
}

static void
close_part (PktFeed *s)
{
  Part *part = (Part *)s;
  pkt_feed_close (part->below);
  g_free (part);
}

PktFeed *
pkt_part_feed (PktFeed *below, guint64 skip, guint64 n)
{
  Part *part = g_new0 (Part, 1);
  part->feed.read = read_part;
  part->feed.close = close_part;
  part->below = below;
  part->skip = skip;
  part->left = n ? n : G_MAXUINT64;
  return &part->feed;
}
