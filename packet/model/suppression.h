#pragma once
#include <glib.h>
#include "packet/base/clock.h"

/* Rows of a suppression list (CSV: address,reason,date; RFC 4180, any delimiter of model/csv.h, BOM
 * and CRLF accepted, header row by name: that of sending services, too). */
typedef struct {
  char *reason;     /* lower case */
  gint64 day;       /* days since 1970, G_MININT64 when not given */
  guint all, apple; /* addresses; those at Apple's own domains */
} PktSuppressionCount;

typedef struct {
  GPtrArray *counts;    /* PktSuppressionCount*, by reason, then day */
  GPtrArray *addresses; /* char*: needles */
  GArray *days;         /* gint64 of each address: the latest day of its rows, else G_MININT64 */
  guint unkept;         /* rows whose addresses are counted and not kept */
  guint rows, broken;
  char *first_broken; /* "FILE:LINE: why", NULL when none is */
} PktSuppression;

typedef struct {
  /* Each row as it is read; all borrowed. `address` is lower case. `reason` is NULL for an address
   * in a row that is broken, `day` is G_MININT64 where none is given. NULL: nobody asks. */
  void (*visit) (const char *address, const char *reason, gint64 day, gpointer data);
  /* Of a longer list than `max` those that it names are kept, too: whom a log names. NULL: none. */
  gboolean (*wants) (const char *address, gpointer data);
  /* Bytes of the file that were read, and its size. NULL: nobody looks. */
  void (*progress) (guint64 done, guint64 size, gpointer data);
  gpointer data;
  guint max; /* addresses to keep; 0: PKT_SUPPRESSION_MAX_ADDRESSES */
} PktSuppressionHooks;

#define PKT_SUPPRESSION_MAX_ADDRESSES 2000000 /* kept as needles; more are counted only */

/* `hooks` may be NULL. */
PktSuppression *pkt_suppression_load (const char *path, const PktSuppressionHooks *hooks,
                                      GError **error);
void pkt_suppression_free (PktSuppression *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktSuppression, pkt_suppression_free)
