#pragma once
#include "packet/base/slice.h"
#include "packet/model/case.h"
#include "packet/model/sample.h"
#include "packet/model/suppression.h"

/* What a case knows of its campaign page, read without its logs. */
typedef struct {
  PktCase *the_case;
  GPtrArray *samples;          /* PktSample*: the delivered mails */
  PktSuppression *suppression; /* NULL: none */
  GPtrArray *names;            /* char*: recipients' names; borrowed from the samples */
  GPtrArray *recipients;       /* char*: their addresses, the same */
  char *operand;               /* path of the page, else of the first mail, else the URL; NULL */
} PktSnapshotCase;

/* Calls `take` with each recipient of mails and suppression list. */
void pkt_snapshot_case_recipients (const PktSnapshotCase *s,
                                   void (*take) (gpointer taker, PktSlice address), gpointer taker);
PktSnapshotCase *pkt_snapshot_case_read (const char *path, GError **error);
void pkt_snapshot_case_free (PktSnapshotCase *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktSnapshotCase, pkt_snapshot_case_free)
