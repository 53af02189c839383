#pragma once
#include "packet/redact/sums.h"
#include "packet/redact/suspect.h"

#define PKT_SUSPECT_MIN_ALONE 8 /* local parts that count without their domain */

struct PktSuspects {
  GHashTable *allowed;                       /* lower case */
  GPtrArray *own;                            /* lower case domains */
  GHashTable *domains;                       /* lower case, of recipients, and with dots
                                                for hyphens -> as it is */
  PktBeginnings domain_starts, local_starts; /* of recipients; of local parts that tell */
  GHashTable *allowed_names, *allowed_words;
  PktDigests known;
  PktSums *sums;
  gboolean has_names;
  guint64 needles, candidates;
};

/* Seeds of what is kept in `known`, beside the digests themselves. */
enum {
  PKT_OF_ADDRESS = 1,
  PKT_OF_LOCAL = 2,
  PKT_OF_NAME = 3,
  PKT_OF_NAME_WORD = 4,
  PKT_OF_PARTED = 5 /* a local part with one sign for whichever stand in it */
};

/* One view that is being judged, from one place in it to another; what stands around them is
 * looked at too, PKT_SUSPECT_REACH at the most. */
typedef struct {
  PktSuspects *s;
  const PktView *view;
  PktSlice text; /* all of it */
  gsize from, to;
  PktSurface surface;
  PktSuspectFunc f;
  gpointer data;
} PktJudge;

static inline void
pkt_judge_found (PktJudge *j, const char *rule, gsize at)
{
  j->f (rule, at, j->data);
}

/* suspect-address.c: by form, and known recipients in the shape of an address */
void pkt_judge_addresses (PktJudge *j);
/* suspect-form.c: TRUE when an address (lower case) may stand for what it looks like */
gboolean pkt_suspect_is_fine (const PktJudge *j, const char *address);
/* Of "user=example.net@bounce.example.com": whoever user is. */
gboolean pkt_suspect_names_another (const char *address);
gboolean pkt_suspect_ends_in_allowed (const PktJudge *j, const char *address, gboolean any_cut);
/* The domains at which Apple keeps everybody's mailbox. */
gboolean pkt_suspect_is_mailbox_domain (const char *domain); /* lower case */
/* suspect-words.c: local parts, names and digests by themselves */
void pkt_judge_words (PktJudge *j);
void pkt_judge_names (PktJudge *j);
void pkt_judge_digests (PktJudge *j);
/* Folds a display name to "jane sample"; NULL when it says too little. Caller frees. */
char *pkt_suspect_fold_name (const char *name);
