#pragma once
#include "packet/log/event-plain.h"
#include "packet/log/event-shape.h"
#include "packet/log/event-stencil.h"

/* Records that are written alike (event-shape.h) and say the same but for a few values: what stood
 * in all of them so far is compared as one text (event-stencil.h), values that nobody asks for and
 * that differ are stepped over. */

#define PKT_QUICK_KINDS 4     /* ways to write a record that are kept so */
#define PKT_QUICK_BYTES 3072  /* of a record; a longer one is read as ever */
#define PKT_QUICK_LEARN 16    /* records that are read whole before one is told so */
#define PKT_QUICK_GIVE_UP 200 /* times that a way is learnt anew */

/* A value of the first record that was written so, and how it differed later. */
typedef struct {
  guint16 at, n;
  guint8 differs, varies; /* varies: in its size, or in its kind of word */
} PktQuickValue;

/* Where a value is found. */
typedef struct {
  gint8 part;    /* the part that it lies in or behind; -1: it never differed */
  guint8 varies; /* it is the hole behind the part */
  guint16 at, n; /* else in the part */
  PktSlice said; /* what it always said; NULL: there is no such value */
} PktQuickPlace;

typedef struct {
  guint32 serial; /* of its shape; 0: none */
  const PktEventService *service;
  PktPlainPlaces places;
  guint learnt, anew;
  gboolean ready, useless;
  guint n_values;
  PktQuickValue value[PKT_EVENT_SHAPE_STEPS];
  guint sample_n;
  char sample[PKT_QUICK_BYTES];
  /* made of it: */
  PktQuickPlace plain[PKT_N_PLAIN];
  PktStencil stencil;
} PktQuick;

typedef struct {
  PktQuick *all; /* PKT_QUICK_KINDS; NULL: none so far */
  guint last;    /* the one that fitted last */
} PktQuicks;

/* A line that is one record, and what a whole reading of it came to. */
void pkt_quick_teach (PktQuicks *q, const PktEventShape *shape, const PktSlice *values,
                      PktSlice record, const PktEventService *service,
                      const PktPlainPlaces *places);
/* The way in which the line is written, and its six values, which live as long as the line and q;
 * NULL when it has to be read whole. */
const PktQuick *pkt_quick_read (PktQuicks *q, PktSlice line, PktSlice values[PKT_N_PLAIN]);
void pkt_quick_clear (PktQuicks *q);
