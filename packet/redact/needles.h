#pragma once
#include "packet/redact/decode.h"
#include "packet/redact/digests.h"
#include "packet/redact/sums.h"

#define PKT_NEEDLES_MIN_LOCAL 8 /* shorter local parts are found as part of addresses only */
#define PKT_NEEDLES_MIN_SLUG 9  /* … with another sign for theirs ("jane-quill" of jane.quill) */
#define PKT_NEEDLES_MIN_SPELLED 5
#define PKT_NEEDLES_MIN_PART 3 /* letters beside each of them */
#define PKT_NEEDLES_MAX_LOCAL 64
#define PKT_NEEDLES_MIN_DIGITS 12 /* hex digits of a cut digest */

/* What must not leave, as hashes: texts are searched by looking their candidates up. */
typedef struct {
  PktDigests set; /* addresses, odd local parts, first 64 bits of MD5, SHA-1, SHA-256, SHA-512 */
  PktDigests every_local; /* of all, also short and plain ones */
  GHashTable *domains;    /* as they are, and with dots for hyphens -> as they are */
  PktBeginnings domain_starts;
  PktSums *sums;
  guint64 count;
} PktNeedles;

void pkt_needles_init (PktNeedles *n);
void pkt_needles_clear (PktNeedles *n);
typedef enum {
  PKT_NEEDLE_SKIP_LOCAL = 1,    /* it says nothing by itself (a domain of ours, say) */
  PKT_NEEDLE_SKIP_UNTAGGED = 2, /* the address without its +tag, which is ours */
} PktNeedleSkip;

/* FALSE: was there. */
gboolean pkt_needles_add (PktNeedles *n, PktSlice address, PktNeedleSkip skip);
gboolean pkt_needles_has (const PktNeedles *n, PktSlice address);
/* A local part of any needle, however short. */
gboolean pkt_needles_has_local (const PktNeedles *n, PktSlice local);
/* A local part of any needle that is these lower-case words, "jane" and "quill": jane.quill,
 * quill_jane77, janequill, j.quill. */
gboolean pkt_needles_spell (const PktNeedles *n, const char *first, const char *second);
/* Finds the longest `user=domain` (also with '-' or '@') that ends at or before the end of s and is
 * a needle; gives where it begins and the address (caller frees), NULL. */
char *pkt_needles_find_verp (const PktNeedles *n, PktSlice s, gsize *start, gsize *end);
/* A digest of a recipient stands in the text in hex, or as bytes. */
gboolean pkt_needles_have_hex (const PktNeedles *n, PktSlice s);
gboolean pkt_needles_have_raw (const PktNeedles *n, PktSlice s);
/* The rule that a view breaks, NULL when it is clean: "recipient", "local-part", "hash". */
const char *pkt_needles_scan (const PktNeedles *n, const PktView *view);
