#pragma once
#include "packet/model/case-schema.h"
#include "packet/base/slice.h"

typedef enum {
  PKT_CASE_TODO_LEFT,
  PKT_CASE_UNKNOWN_KEY,
  PKT_CASE_WRONG_TYPE,
  PKT_CASE_WRONG_VALUE,
  PKT_CASE_MISSING,
} PktCaseProblem;

/* What is wrong with a case file. The first problem becomes the message; of others of its kind
 * only the paths are named, since a person mends them in one go. */
typedef struct {
  const char *file; /* borrowed */
  PktSlice json;    /* borrowed */
  GArray *steps;    /* PktCaseStep: where the reader is; keys are borrowed */
  PktCaseProblem kind;
  GString *message; /* NULL while all is well */
  GString *others;
  guint n_others;
} PktCaseReport;

PktCaseReport *pkt_case_report_new (const char *file, PktSlice json);
void pkt_case_report_free (PktCaseReport *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktCaseReport, pkt_case_report_free)
/* Goes into the member `key` (borrowed), or with NULL into the item `index`; and back. */
void pkt_case_report_enter (PktCaseReport *r, const char *key, gsize index);
void pkt_case_report_leave (PktCaseReport *r);
/* "FILE:LINE:COLUMN: $.path: WHAT; ADVICE", at the place where the reader is. */
void pkt_case_report_add (PktCaseReport *r, PktCaseProblem kind, const char *what,
                          const char *advice);
/* The same; the advice is the row's hint. */
void pkt_case_report_row (PktCaseReport *r, PktCaseProblem kind, const PktCaseRow *row,
                          const char *what);
/* NULL when nothing was wrong; caller owns. */
GError *pkt_case_report_error (const PktCaseReport *r);
/* What jansson says of text that is no JSON, and what to do about it; new. */
GError *pkt_case_syntax_error (const char *path, PktSlice bytes, const json_error_t *e);
