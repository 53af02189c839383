#pragma once
#include "packet/log/event-fields.h"

/* How a record of a log was written: its keys, signs and blanks, with places for values between
 * them. The records of a log are written by one program, so the next one is mostly written alike;
 * then its values are found without looking at keys. */

#define PKT_EVENT_SHAPE_STEPS 96   /* values; a record with more is read as ever */
#define PKT_EVENT_SHAPE_BYTES 3072 /* of what stands between them */

typedef enum {
  PKT_SHAPE_STRING, /* what stands between quotes, escapes left in */
  PKT_SHAPE_WORD,   /* a number, true, false, null */
  PKT_SHAPE_ARRAY,
  PKT_SHAPE_OBJECT, /* one that nobody looks into */
} PktShapeKind;

typedef struct {
  guint16 text_n; /* bytes of text in front of the value */
  gint16 name;    /* index in PktEventRow, -1 when nobody asks for it */
  PktShapeKind kind;
} PktShapeStep;

typedef struct {
  guint32 serial; /* no two of a reader have the same; never 0 */
  gboolean inner; /* the record lies in another object */
  guint n_steps;
  PktShapeStep steps[PKT_EVENT_SHAPE_STEPS];
  guint text_n;                     /* of all steps and what follows the last one */
  char text[PKT_EVENT_SHAPE_BYTES]; /* one after the other */
  gint record_step[2]; /* the text in which the inner record begins and ends; -1: it is the whole */
  guint record_at[2];  /* and where */
} PktEventShape;

/* Values as they are met; of zeros to begin with. */
typedef struct {
  guint n; /* over PKT_EVENT_SHAPE_STEPS: too many */
  struct {
    PktSlice value;
    gint16 name;
    PktShapeKind kind;
  } at[PKT_EVENT_SHAPE_STEPS];
} PktShapeNotes;

static inline void
pkt_shape_note (PktShapeNotes *notes, PktShapeKind kind, PktSlice value, int name)
{
  if (notes->n < PKT_EVENT_SHAPE_STEPS) {
    notes->at[notes->n].value = value;
    notes->at[notes->n].name = (gint16)name;
    notes->at[notes->n].kind = kind;
  }
  notes->n++;
}

/* Where the number, true, false or null ends that begins at p; NULL when there is none. */
static inline const char *
pkt_shape_word_end (const char *p, const char *limit)
{
  const char *begin = p;
  while (p < limit && *p >= '0' && *p <= '9')
    p++;
  if (p < limit && *p == ',' && p > begin) /* nearly all */
    return p;
  if (p == begin && (p == limit || (!g_ascii_isalnum (*p) && *p != '-')))
    return NULL;
  while (p < limit && (g_ascii_isalnum (*p) || *p == '+' || *p == '-' || *p == '.'))
    p++;
  return p;
}

/* Where the value ends that begins at p, whatever it is; NULL when there is none. */
const char *pkt_event_json_skip (const char *p, const char *limit);

/* The quote that ends a string; NULL when there is none. */
static inline const char *
pkt_shape_string_end (const char *p, const char *limit)
{
  while ((p = pkt_find_either (p, limit, '"', '\\')) && *p == '\\') {
    if (limit - p < 2)
      return NULL;
    p += 2;
  }
  return p;
}

/* Where the value ends that begins at p; NULL when it is not of that kind. */
static inline const char *
pkt_shape_value_end (PktShapeKind kind, const char *p, const char *limit)
{
  if (kind == PKT_SHAPE_STRING)
    return pkt_shape_string_end (p, limit);
  if (kind == PKT_SHAPE_WORD)
    return pkt_shape_word_end (p, limit);
  return p < limit && *p == (kind == PKT_SHAPE_ARRAY ? '[' : '{') ? pkt_event_json_skip (p, limit)
                                                                  : NULL;
}

/* The same of all records that are written so, and of hardly any other. */
guint64 pkt_shape_structure (const PktShapeNotes *notes, PktSlice whole);
/* The shape of `whole`, whose values were noted in their order; `record` lies in it. FALSE when it
 * is too large. */
gboolean pkt_shape_make (PktEventShape *shape, const PktShapeNotes *notes, PktSlice whole,
                         PktSlice record);
/* The values of a record that is written so, in values[n_steps], and the inner record. Its bytes; 0
 * when it is written otherwise. */
gsize pkt_shape_read (const PktEventShape *shape, PktSlice text, PktSlice *values,
                      PktSlice *record);
