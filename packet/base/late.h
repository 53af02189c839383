#pragma once
#include <glib.h>

/* A library that is loaded when something of it is first called: most commands start without it. */
typedef struct {
  const char *name;
  gsize at; /* where its address belongs, bytes into the table */
} PktLateName;

typedef struct {
  const char *const *libraries; /* names for dlopen(), the first that is there; NULL ends them */
  const PktLateName *functions;
  gsize n_functions;
  gpointer table;
  void (*begin) (void);        /* what the library wants before all else; NULL: nothing */
  const char *title, *package; /* for people: "libcurl", and Debian's "libcurl4" */
  gsize state;                 /* 0 to begin with */
} PktLate;

/* From any thread. PKT_ERROR_UNAVAILABLE where it is not on this machine. */
gboolean pkt_late_load (PktLate *late, GError **error);
/* The same; where it is not there the process says so and ends with 69. */
void pkt_late_need (PktLate *late);
