#pragma once
#include "packet/trend/trend.h"

/* Two periods, streams, IPs or experiments: did Apple's rate move? */
typedef struct {
  char *label;
  PktSum apple, other;
  gint64 shared;              /* of B: final answers of Apple that are in A as well */
  GPtrArray *names[PKT_N_BY]; /* char*, sorted: with final answers of Apple in it; tags not */
} PktCompareSide;

typedef struct {
  double p;                     /* of Fisher's exact test, two-sided, for Apple's policy rate */
  double p_others;              /* the same for all other receivers */
  gboolean moved, others_moved; /* p under PKT_COMPARE_SURE */
} PktCompareResult;

#define PKT_COMPARE_SURE 0.05

/* Sums what the filter lets through. */
void pkt_compare_side (const PktTally *t, const PktSumFilter *f, const char *label,
                       PktCompareSide *out);
/* Sets `shared`: of one tally, what both filters let through. */
void pkt_compare_shared (const PktTally *t, const PktSumFilter *a, const PktSumFilter *b,
                         PktCompareSide *out);
void pkt_compare_side_clear (PktCompareSide *s);
/* A table of two rows, the sentence, and what else differs; caller frees. */
char *pkt_compare_text (const PktCompareSide *a, const PktCompareSide *b);
/* {a {label, apple {…}, other {…}}, b, p, p_others, moved, others_moved, differ [..], text}; new
 * reference. */
json_t *pkt_compare_json (const PktCompareSide *a, const PktCompareSide *b);
