#pragma once
#include <glib.h>
#include "packet/base/slice.h"

/* What a format made out of a line in the reader's thread, for its parser in the caller's. */
typedef enum {
  PKT_GLANCE_NOTHING, /* the parser would take nothing from the line: it is not handed out */
  PKT_GLANCE_PLAIN,   /* not made out */
  PKT_GLANCE_KNOWN,
} PktGlanceKind;

typedef struct {
  guint8 kind; /* PktGlanceKind */
  guint8 frame, daemon, id_n;
  guint16 tag_n,
      text_at; /* bytes of the tag; where the text, or the queue id in front of it, begins */
  guint64 key; /* pkt_queue_key() of the id; 0: there is none */
} PktGlance;

/* Looks at nothing but its own data and the line. */
typedef PktGlance (*PktGlancer) (gpointer data, PktSlice line);
