#include "packet/log/event-hole.h"
#include "packet/log/event-escapes.h"
#include "packet/log/event-shape.h"

static char
first_sign (PktSlice array)
{
  gsize i = 1;
  while (i < array.n && memchr (" \t\r\n", array.p[i], 4))
    i++;
  return i < array.n && array.p[0] == '[' ? array.p[i] : '\0';
}

gboolean
pkt_stencil_names_text (PktSlice array)
{
  return first_sign (array) == '"';
}

gboolean
pkt_hole_is_text (PktSlice raw)
{
  return pkt_escapes_are_good (raw);
}

/* Of an array, which stands for it. */
static gboolean
has_good_text (PktSlice array)
{
  const char *limit = array.p + array.n, *quote = pkt_find_byte (array.p, limit, '"'),
             *end = quote ? pkt_shape_string_end (quote + 1, limit) : NULL;
  return end && pkt_escapes_are_good (pkt_slice (quote + 1, (gsize)(end - quote) - 1));
}

/* A value where the sample had none, or none where it had one, makes it another service's record
 * perhaps; a comma at the beginning, or an escape that is none, is for the slow way. */
static gboolean
is_like (const PktStencilPart *part, PktSlice value)
{
  if (part->kind == PKT_HOLE_OTHER && value.p[0] != part->open)
    return FALSE;
  if (!part->named)
    return TRUE;
  if (part->kind == PKT_HOLE_WORD)
    return pkt_slice_equal (value, PKT_SLICE ("null")) != part->filled;
  return first_sign (value) != ',' && pkt_stencil_names_text (value) == part->filled
         && (!pkt_escapes_are_in (value) || (part->filled && has_good_text (value)));
}

const char *
pkt_hole_other_end (const PktStencilPart *part, const char *p, const char *limit)
{
  const char *end = part->kind == PKT_HOLE_WORD ? pkt_shape_word_end (p, limit)
                                                : pkt_event_json_skip (p, limit);
  return end && !pkt_find_byte (p, end, '\n') && is_like (part, pkt_slice (p, (gsize)(end - p)))
             ? end
             : NULL;
}
