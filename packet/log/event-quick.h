#pragma once
#include "packet/log/event-escapes.h"
#include "packet/log/event-shape.h"
#include "packet/log/event-stencil.h"

/* Records of one shape (event-shape.h) say the same but for a few values: what stood in all of them
 * so far is compared as one text (event-stencil.h), values that nobody asks for and that differ are
 * stepped over. */

#define PKT_QUICK_BYTES 3072  /* of a record; a longer one is read as ever */
#define PKT_QUICK_LEARN 16    /* records that are read whole before one is told so */
#define PKT_QUICK_GIVE_UP 200 /* times that a shape is learnt anew */

/* A value of the first record that was written so, and how it differed later. */
typedef struct {
  guint16 at, n;
  guint8 differs, varies; /* varies: 1 in its size; 2: a word that was no number */
  guint8 escaped;         /* a text that had escapes once */
} PktQuickValue;

/* Where a value that somebody may ask for is found: bytes behind two marks of the stencil. */
typedef struct {
  gint16 name;
  guint8 list;    /* an array */
  guint8 escaped; /* a text that may have escapes, which are left in */
  guint8 begin, end;
  guint16 begin_in, end_in;
} PktQuickPlace;

typedef struct {
  gboolean begun;
  guint learnt, anew;
  gboolean ready, useless;
  guint n_values;
  PktQuickValue value[PKT_EVENT_SHAPE_STEPS];
  guint sample_n;
  char sample[PKT_QUICK_BYTES];
  /* made of it: */
  guint n_places; /* of the values that are there: those of other records are, too */
  PktQuickPlace places[PKT_EVENT_SHAPE_STEPS];
  PktStencil stencil;
} PktQuick;

/* A record that was read whole, and its values; *q: NULL to begin with, caller frees it. */
void pkt_quick_teach (PktQuick **q, const PktEventShape *shape, const PktSlice *values,
                      PktSlice record);
/* For another shape; NULL: nothing. */
void pkt_quick_forget (PktQuick *q);
void pkt_quick_free (PktQuick *q);

static inline gboolean
pkt_quick_is_escaped (const PktQuickPlace *place, PktSlice value)
{
  return G_UNLIKELY (place->escaped) && pkt_escapes_are_in (value);
}

static inline PktSlice
pkt_quick_value (const PktQuickPlace *place, const PktStencilMarks *marks)
{
  const char *begin = marks->at[place->begin] + place->begin_in,
             *end = marks->at[place->end] + place->end_in;
  return pkt_slice (begin, (gsize)(end - begin));
}
