#pragma once
#include "packet/apple/classify.h"

/* What `explain` found, and how it is written out. */
typedef struct {
  const PktCatalogue *cat;
  const char *operand;
  GPtrArray *rules;  /* const PktRule* that fit the operand */
  gboolean is_reply; /* the operand is a reply, and `verdict` says what it is */
  PktVerdict verdict;
  GString *out;
} Explain;

/* Appended to out: for people, the only entry whole and several as a table; or one JSON object. */
void explain_as_text (Explain *x);
void explain_as_json (Explain *x);
