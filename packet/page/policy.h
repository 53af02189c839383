#pragma once
#include <glib.h>

/* What a closed page may hold. One table for the writer and for the test that reads its result. */
typedef enum {
  PKT_ELEMENT_UNWRAP, /* the element goes, what is in it stays */
  PKT_ELEMENT_KEEP,
  PKT_ELEMENT_DROP, /* with all that is in it */
} PktElementRule;

typedef enum {
  PKT_ATTRIBUTE_DROP,
  PKT_ATTRIBUTE_TEXT,     /* words that a reader may see */
  PKT_ATTRIBUTE_TOKEN,    /* letters, digits and # . , _ % + - blank */
  PKT_ATTRIBUTE_LANGUAGE, /* "pt-BR" */
  PKT_ATTRIBUTE_NUMBER,   /* up to four digits, then %, px or nothing */
  PKT_ATTRIBUTE_STYLE,    /* CSS declarations */
} PktAttributeRule;

/* Names in lower case. */
PktElementRule pkt_policy_element (const char *name);
PktAttributeRule pkt_policy_attribute (const char *name);
/* TOKEN, LANGUAGE and NUMBER values; TRUE for TEXT. */
gboolean pkt_policy_value (PktAttributeRule rule, const char *value);
/* Begins and ends a line: p, div, td … */
gboolean pkt_policy_block (const char *name);
/* Kept elements without content: br, hr, img … */
gboolean pkt_policy_void (const char *name);
/* Forms, frames, objects: counted apart. */
gboolean pkt_policy_active (const char *name);
/* A picture within the page: data:image/(png|gif|jpeg|webp);base64,… */
gboolean pkt_policy_image (const char *src);
