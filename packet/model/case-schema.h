#pragma once
#include <jansson.h>
#include "packet/model/case.h"

/* The case file as a table: what each key holds, where it goes and what to write there. Loading,
 * freeing, messages and the test of the manual all follow it, so a new key is one row. */
typedef enum {
  PKT_CASE_TEXT,   /* char *: one line */
  PKT_CASE_PROSE,  /* char *: line breaks are folded to a blank */
  PKT_CASE_STORY,  /* prose of PKT_CASE_MIN_STORY characters or more */
  PKT_CASE_NAME,   /* pkt_case_name_valid() */
  PKT_CASE_CHOICE, /* one of the words of `hint`, which has `|` between them */
  PKT_CASE_EMAIL,
  PKT_CASE_IP,   /* made canonical */
  PKT_CASE_URL,  /* http or https */
  PKT_CASE_DATE, /* YYYY-MM-DD */
  PKT_CASE_ZONE,
  PKT_CASE_TIME,  /* gint64, microseconds UTC */
  PKT_CASE_FLAG,  /* int: 1, 0, -1 */
  PKT_CASE_DAYS,  /* int: 0 or more, -1 when absent */
  PKT_CASE_YEAR,  /* int: 0 when absent */
  PKT_CASE_TEXTS, /* GStrv, as are the next two: a list of strings, or one string */
  PKT_CASE_HOSTS, /* made lower case */
  PKT_CASE_IPS,
  PKT_CASE_INSIDE, /* an object whose members lie in the same struct (offset is unused) */
  PKT_CASE_OWNED,  /* pointer to an object's struct, NULL when absent */
  PKT_CASE_LIST,   /* GPtrArray of such */
} PktCaseKind;

#define PKT_CASE_MIN_STORY 60 /* characters */

typedef struct PktCaseObject PktCaseObject;

typedef struct {
  const char *key;
  PktCaseKind kind;
  gboolean required;
  gsize offset;     /* from the struct of the object */
  const char *hint; /* completes "write …" */
  const PktCaseObject *object;
} PktCaseRow;

struct PktCaseObject {
  const PktCaseRow *rows; /* ends with a NULL key */
  gsize size;             /* of its struct; 0 for PKT_CASE_INSIDE */
  guint max_items;        /* of a list of them; 0: any number */
  const char *short_key;  /* a list may hold a string instead: the value of this key */
};

extern const PktCaseObject pkt_case_schema;

/* Absent values, empty lists. `base` is the object's struct. */
void pkt_case_object_init (const PktCaseObject *object, gpointer base);
/* Frees what the rows own; not `base`. */
void pkt_case_object_clear (const PktCaseObject *object, gpointer base);
