/* Several records in a line: a webhook's body, [{"email":…},{"email":…}], with a line for each
 * body; or a piece of a list that was all one line (json-break.h). Each is looked at as if it had a
 * line of its own. What is handed on has every byte of the line in it, so that who puts records
 * together out of lines (json-records.h) reads the same. */
#include "packet/log/json-list.h"
#include "packet/log/json-split.h"

/* Where the record at `at` ends; `at` when it has to be put together. */
static gsize
find_end (PktJsonGlancer *g, PktSlice line, gsize at, int *which, PktStencilMarks *marks)
{
  const PktSlice rest = pkt_slice_skip (line, at);
  const char *end;
  pkt_stencil_signs (&g->signs, rest.p, line.p + line.n);
  *which = pkt_shapes_find (g->json.shapes, rest, &g->signs, marks, &end);
  if (*which >= 0)
    return (gsize)(end - line.p);
  const gsize n = pkt_event_json_read (&g->json, rest);
  return g->json.around ? at : at + n;
}

static gboolean
has_room_for_two (const PktJsonSplit *s)
{
  return s->line + 2 < s->b->lines + PKT_BLOCK_LINES && s->n_keys + 6 < PKT_BLOCK_KEYS;
}

/* Nothing is added to a run: who reads its lines once more takes line ends for the ends of records.
 */
static void
add_part (PktJsonSplit *s, PktSlice part, int which, const PktStencilMarks *marks)
{
  s->run = NULL;
  s->counted--; /* the line counts once */
  pkt_json_add (s, part, which, marks);
  s->run = NULL;
}

static void
add_unread (PktJsonSplit *s, PktSlice part)
{
  if (part.n == 0)
    return;
  s->counted--;
  pkt_json_begin_line (s, part)->seen.kind = PKT_GLANCE_PLAIN;
}

gboolean
pkt_json_take_row (PktJsonSplit *s, PktSlice line)
{
  PktStencilMarks marks;
  int which;
  gsize at = pkt_json_list_first (line), end, next;
  line.n -= line.n && line.p[line.n - 1] == '\r';
  if (!pkt_json_list_has (line, at) || (end = find_end (s->g, line, at, &which, &marks)) == at
      || (at == 0 && pkt_json_list_next (line, end) >= line.n))
    return FALSE;
  s->counted++;
  add_unread (s, pkt_slice (line.p, at));
  for (; end > at && has_room_for_two (s); at = next) {
    next = pkt_json_list_next (line, end);
    add_part (s, pkt_slice (line.p + at, next - at), which, &marks);
    if (!pkt_json_list_has (line, next)) {
      at = next;
      break;
    }
    end = find_end (s->g, line, next, &which, &marks);
  }
  add_unread (s, pkt_slice_skip (line, at));
  return TRUE;
}
