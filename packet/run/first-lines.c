#include "packet/run/first-lines.h"
#include "packet/log/docker-json.h"
#include "packet/log/input.h"
#include "packet/log/reader.h"
#include "packet/log/shipped.h"
#include "packet/run/source.h"

#define HEAD_BYTES (16 * 1024)

typedef struct {
  PktDockerJson docker;
  PktShipped shipped;
  PktFirstLine take;
  gpointer data;
  guint most, taken;
} Walk;

/* FALSE: enough. */
static gboolean
give (Walk *w, PktSlice line)
{
  if (!pkt_docker_json_line (&w->docker, &line))
    return TRUE;
  pkt_shipped_line (&w->shipped, &line);
  return w->take (line, w->data) && ++w->taken < w->most;
}

/* FALSE: enough. */
static gboolean
give_head (Walk *w, const char *path)
{
  char head[HEAD_BYTES];
  PktSlice rest = pkt_slice (head, pkt_source_head (path, head, sizeof head));
  for (const char *lf; rest.n && (lf = pkt_find_byte (rest.p, rest.p + rest.n, '\n'));) {
    PktSlice line = pkt_slice (rest.p, (gsize)(lf - rest.p));
    rest = pkt_slice_skip (rest, line.n + 1);
    line.n -= line.n && line.p[line.n - 1] == '\r';
    if (!give (w, line))
      return FALSE;
  }
  return TRUE;
}

static void
give_all (Walk *w, const char *path)
{
  g_autoptr (PktReader) reader = pkt_reader_open (path, 1, NULL);
  PktSlice line;
  while (reader && pkt_reader_next (reader, &line) && give (w, line))
    continue;
}

void
pkt_source_first_lines (const char *path, guint most, PktFirstLine take, PktFirstLinesAgain again,
                        gpointer data)
{
  Walk head = { .take = take, .data = data, .most = most }, all = head;
  if (give_head (&head, path) && pkt_input_pipe (path) < 0) { /* which is read only once */
    if (again)
      again (data);
    give_all (&all, path);
  }
  pkt_docker_json_clear (&head.docker);
  pkt_docker_json_clear (&all.docker);
  pkt_shipped_clear (&head.shipped);
  pkt_shipped_clear (&all.shipped);
}
