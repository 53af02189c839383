#pragma once
#include "packet/base/slice.h"

/* A template as a list of steps; only template.c needs this. */
typedef enum {
  PKT_TEMPLATE_TEXT,     /* as it stands */
  PKT_TEMPLATE_VALUE,    /* {{name}} */
  PKT_TEMPLATE_RAW,      /* {{{name}}}, {{&name}} */
  PKT_TEMPLATE_SECTION,  /* {{#name}}: the steps up to `end` */
  PKT_TEMPLATE_INVERTED, /* {{^name}} */
  PKT_TEMPLATE_PARTIAL,  /* {{>name}} */
} PktTemplateKind;

typedef struct {
  PktTemplateKind kind;
  PktSlice text;   /* the text, or the name */
  PktSlice indent; /* of a partial that stands alone on its line */
  gsize offset;    /* of the tag, for messages */
  guint end;       /* of a section: the step after its last */
} PktTemplateStep;

/* What steps were made of, for messages. */
typedef struct {
  const char *name;
  PktSlice text;
  gsize indent; /* bytes that were put before each line of a partial: columns do not count them */
} PktTemplateSource;

/* The steps of the source's text, which they borrow; caller frees. PKT_ERROR_DATA with line and
 * column. */
GArray *pkt_template_parse (const PktTemplateSource *source, GError **error);
/* "NAME:LINE:COLUMN: …" of a place in the text. */
void pkt_template_fail (GError **error, const PktTemplateSource *source, gsize offset,
                        const char *format, ...) G_GNUC_PRINTF (4, 5);
