#include "packet/run/sides.h"

typedef struct {
  const PktFormat *format;
  gpointer state;
} Side;

void
pkt_sides_start (PktSides *s, const PktFormat *own)
{
  s->own = own;
  s->own_state = pkt_format_begin (own, s->count->counter->memories);
}

static Side
side_of (PktSides *s, const PktFormat *format)
{
  if (s->others == NULL)
    s->others = g_array_new (FALSE, FALSE, sizeof (Side));
  for (guint i = 0; i < s->others->len; i++)
    if (g_array_index (s->others, Side, i).format == format)
      return g_array_index (s->others, Side, i);
  Side side = { format, pkt_format_begin (format, s->count->counter->memories) };
  g_array_append_val (s->others, side);
  return side;
}

PktRecordKind
pkt_sides_feed (PktSides *s, PktSlice line, PktRecordKind kind, const PktFormat *format)
{
  if (s->count->counter->options->format)
    return kind;
  if (format == NULL)
    format = pkt_format_of_line (line);
  if (format == NULL || format == s->own)
    return kind;
  if (kind == PKT_RECORD_UNKNOWN && format->is_dull && format->is_dull (line))
    return PKT_RECORD_OTHER;
  Side side = side_of (s, format);
  if (format->follow)
    format->follow (side.state, s->own->last_stamp (s->own_state));
  s->count->source->format = format->name; /* of the events */
  kind = format->parse (side.state, line, pkt_count_record, s->count);
  s->count->source->format = s->own->name;
  return kind;
}

PktStamp
pkt_sides_end (PktSides *s)
{
  PktStamp last = s->own->last_stamp (s->own_state);
  s->own->end (s->own_state);
  for (guint i = 0; s->others && i < s->others->len; i++) {
    const Side *side = &g_array_index (s->others, Side, i);
    PktStamp other = side->format->last_stamp (side->state);
    if (side->format->finish)
      side->format->finish (side->state, pkt_count_record, s->count);
    if (last.kind == PKT_STAMP_NONE || (other.kind == last.kind && other.us > last.us)
        || (other.kind == PKT_STAMP_YEARLESS && last.kind != PKT_STAMP_YEARLESS))
      last = other;
    side->format->end (side->state);
  }
  return last;
}

void
pkt_sides_clear (PktSides *s)
{
  g_clear_pointer (&s->others, g_array_unref);
}
