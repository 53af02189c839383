#pragma once
#include "packet/log/event-quick.h"

/* The ways in which the records of a log are written (event-shape.h): a webhook's log holds what
 * was processed, delivered, opened and clicked, each with some keys that are not always there. */

#define PKT_EVENT_SHAPES 64 /* that are kept */
#define PKT_SHAPES_MET 256  /* seen once, of late */
#define PKT_SHAPES_TRIES 16 /* of a record */
#define PKT_SHAPES_NEXT 2048
#define PKT_SHAPES_LATE 4 /* that records were read by of late */

typedef struct {
  PktEventShape shapes[PKT_EVENT_SHAPES];
  PktQuick *quick[PKT_EVENT_SHAPES];    /* what records of the shape have in common; NULL */
  guint64 structure[PKT_EVENT_SHAPES];  /* pkt_shape_structure() */
  guint32 used[PKT_EVENT_SHAPES], tick; /* when it was of use last */
  guint64 ready;                        /* a bit for each whose records can be found */
  guint n;
  guint32 serial; /* of the shape made last */
  guint8 late[PKT_SHAPES_LATE];
  guint32 met[PKT_SHAPES_MET]; /* of structures that were seen once */
  /* To find one: the last one's is tried first, and by what it does not fit for, the one that
   * fitted then before; + 1, 0: none. */
  guint8 next[PKT_SHAPES_NEXT];
  guint8 last;
  guint16 lost;       /* where nothing stood for the record that was missed */
  const char *missed; /* the record that begins here has none of the shapes */
  /* of the record being read: */
  PktShapeNotes notes;
  PktSlice values[PKT_EVENT_SHAPE_STEPS];
} PktEventShapes;

PktEventShapes *pkt_shapes_new (void);
void pkt_shapes_free (PktEventShapes *all); /* NULL: nothing */
/* Index of a shape whose common text the record has that text begins with, where it ends, and where
 * its values are: of those names whose values are there in all of them. -1 when it has to be read.
 */
int pkt_shapes_find (PktEventShapes *all, PktSlice text, const PktStencilSigns *signs,
                     PktStencilMarks *marks, const char **end);
/* Index of a shape that the record is written in, with its values in all->values, its bytes and the
 * record in it; -1: none that records had of late. */
int pkt_shapes_read (PktEventShapes *all, PktSlice text, gsize *n, PktSlice *record);
/* The same of a record whose values were noted: a shape that is known, or made, when records were
 * written so before. -1: it is no use. */
int pkt_shapes_learn (PktEventShapes *all, PktSlice whole, PktSlice record);
/* What all->values say is learnt for the shape. */
void pkt_shapes_teach (PktEventShapes *all, int which, PktSlice whole);
