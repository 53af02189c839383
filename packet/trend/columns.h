#pragma once
#include <glib.h>

#define PKT_COLUMNS_MAX 10

/* How a table's columns are set and what it does without on a narrow screen. */
typedef struct {
  guint n;                  /* columns; at most PKT_COLUMNS_MAX */
  guint words;              /* bits: those that begin at their left edge */
  const char *const *brief; /* heads where room is short; NULL: that head stays */
  const guint *spare;       /* columns to leave out then, the first one first… */
  guint n_spare;            /* …and how many there are */
  gboolean without_empty;   /* a column with nothing below its head is left out */
} PktColumns;

/* Appends rows (arrays of c->n strings; the first one is the heads, one with no second string a
 * line of its own) as lines of `width` screen columns at most, while there is something to leave
 * out. */
void pkt_columns_print (GString *out, const PktColumns *c, const GArray *rows, guint width);
