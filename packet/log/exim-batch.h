#pragma once
#include "packet/log/block.h"
#include "packet/log/exim-shape.h"

/* What lines of a batch are, by the flag behind their id. */
typedef enum {
  PKT_EXIM_LEAD_SLOW,     /* look() reads it */
  PKT_EXIM_LEAD_FAILURE,  /* ** */
  PKT_EXIM_LEAD_DEFERRAL, /* == */
  PKT_EXIM_LEAD_ARRIVAL,  /* <= */
  PKT_EXIM_LEAD_DELIVERY, /* =>  ->  >> */
  PKT_EXIM_LEAD_END,      /* Completed */
  PKT_EXIM_LEADS,
} PktEximLead;

/* Kinds come in no order, so that a branch would be mispredicted at every other line: lines are
 * sorted by kind first. */
typedef struct {
  guint n[PKT_EXIM_LEADS];
  guint8 of[PKT_EXIM_LEADS][PKT_BLOCK_BATCH]; /* which lines they are */
  guint16 moment_of[PKT_BLOCK_BATCH];
  PktEximMoment moments[3 * PKT_BLOCK_BATCH + 2];
  guint n_moments;
  guint8 months[PKT_BLOCK_BATCH]; /* lines that may begin a month: they are the parser's */
  const char *ahead;              /* what is to be fetched next */
} PktEximBatch;
