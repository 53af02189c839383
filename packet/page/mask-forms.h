#pragma once
#include <glib.h>

/* What is one person's by its form, whoever reads: merge fields, numbers behind what they belong
 * to, telephones, cards, national ids, days of birth, names and addresses behind their labels. */

/* The text with "[field]", "[phone]" and "[name]" for these. UTF-8 in; caller frees. */
char *pkt_mask_forms (const char *utf8);

/* What a text announces for what follows it, in another cell or line. */
typedef enum {
  PKT_MASK_NOTHING,
  PKT_MASK_NUMBER, /* "Order number" */
  PKT_MASK_THING,  /* "Order" */
  PKT_MASK_CODE,   /* "Booking reference" */
  PKT_MASK_PHONE,
  PKT_MASK_NAME,       /* "Passenger" */
  PKT_MASK_ADDRESS,    /* "Deliver to:" */
  PKT_MASK_IN_ADDRESS, /* whose first line is in the text */
  PKT_MASK_MORE,       /* a line of an address is over, and there may be another */
  PKT_MASK_NAMED,      /* a reader's name, and no more: an address may stand below */
} PktMaskLabel;

PktMaskLabel pkt_mask_forms_label (const char *utf8);
/* What begins a text that follows the label, masked; as it is for an address. Caller frees. */
char *pkt_mask_forms_labelled (PktMaskLabel label, const char *utf8);
