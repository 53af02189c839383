#pragma once
#include "packet/log/block.h"
#include "packet/log/json-glance.h"

/* A block of JSON on its way to lines; used by the files that split it alone. */
typedef struct {
  PktJsonGlancer *g;
  PktBlock *b;
  gsize at;                 /* where the next line begins */
  gboolean keyed;           /* somebody asks for the records' queue ids */
  PktBlockLine *line, *run; /* run: the line before, where it is one that may go on */
  gint64 slot;              /* where the run's quarter of an hour begins */
  guint n_keys;
  guint32 counted;
  guint32 dull; /* records that are no attempt by their word */
} PktJsonSplit;

static inline PktBlockLine *
pkt_json_begin_line (PktJsonSplit *s, PktSlice line)
{
  PktBlockLine *l = s->line++;
  l->at = (gsize)(line.p - s->b->raw.bytes);
  l->n = line.n;
  l->number = ++s->counted;
  s->run = NULL;
  return l;
}

static inline gboolean
pkt_json_has_room (const PktJsonSplit *s)
{
  return s->at < s->b->raw.n && s->line < s->b->lines + PKT_BLOCK_LINES
         && s->n_keys + 3 < PKT_BLOCK_KEYS;
}

/* A line that tells nothing; unread: as far as anybody looked. */
void pkt_json_add_silent (PktJsonSplit *s, PktSlice line, gboolean unread);
/* A line, or the part of one that a record is, perhaps with what follows it; which, marks: its
 * shape and its values in it; -1: it has to be read. */
void pkt_json_add (PktJsonSplit *s, PktSlice line, int which, const PktStencilMarks *marks);
/* Several records in a line, and what stands around them, each as a line of the same number. FALSE:
 * it is none of several records. */
gboolean pkt_json_take_row (PktJsonSplit *s, PktSlice line);
/* The next line. FALSE when it is too long, or has no end. */
gboolean pkt_json_take_next (PktJsonSplit *s);
/* With apple_only, where what lies between two names of Apple's is passed. */
void pkt_json_pass_block (PktJsonSplit *s);
