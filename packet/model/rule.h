#pragma once
#include "packet/base/slice.h"

/* The catalogue's categories, and unknown. */
typedef enum {
  PKT_CAT_UNKNOWN,
  PKT_CAT_POLICY,
  PKT_CAT_CONTENT,
  PKT_CAT_AUTH,
  PKT_CAT_DMARC,
  PKT_CAT_BLOCKLIST,
  PKT_CAT_RATE,
  PKT_CAT_PROTOCOL,
  PKT_CAT_CONNECTION,
  PKT_CAT_MAILBOX_UNKNOWN,
  PKT_CAT_MAILBOX_FULL,
  PKT_CAT_RELAY,
  PKT_N_CATEGORIES
} PktCategory;

const char *pkt_category_name (PktCategory c); /* "mailbox-unknown" */
const char *pkt_category_group (
    PktCategory c); /* as tables group them: recipient, auth, connection, … (design section 4) */
gboolean pkt_category_from_name (const char *name, PktCategory *out);

/* Who can fix it. */
typedef enum {
  PKT_DESK_APPLE, /* icloudadmin@apple.com */
  PKT_DESK_SPAMHAUS,
  PKT_DESK_PROOFPOINT,
  PKT_DESK_DEVELOPER, /* Apple's developer portal: private relay registration */
  PKT_DESK_SENDER,    /* our own DNS, authentication, MTA */
  PKT_DESK_RECIPIENT, /* mailbox full, unknown, custom domain not set up */
  PKT_DESK_WAIT,      /* temporary: slow down, try again */
  PKT_DESK_ESP,       /* the platform: shared pool, or a hidden reply */
  PKT_N_DESKS
} PktDesk;

/* One entry of templates/replies.json; lives as long as the catalogue. */
typedef struct {
  const char *id; /* "apple-cs02" */
  const char *code, *enhanced, *tag, *stage;
  const char *meaning, *first_action, *precondition, *confidence, *notes;
  PktCategory category;
  PktDesk desk;
  int priority;
  gboolean temporary;
  gboolean contactable;
} PktRule;

/* What a reply says. Slices borrow from the reply text. */
typedef struct {
  const PktRule *rule; /* NULL: none but the catch-alls matched */
  PktCategory category;
  int code;                 /* 550; 0 when there is none */
  PktSlice enhanced;        /* "5.7.1" */
  PktSlice tag;             /* "CS02"; only of Apple's form [A-Z]{2,4}[0-9]{1,2} */
  PktSlice txn_id;          /* the UUID */
  PktSlice named_ip;        /* an IP that the reply blames */
  PktSlice named_domain;    /* the domain whose DMARC policy it names */
  PktSlice remote_queue_id; /* of "250 … queued as X" */
  gboolean contactable;     /* may lead a request */
} PktVerdict;

/* Policy rate (design section 4): policy, content, or auth where the catalogue says contactable. */
gboolean pkt_verdict_is_policy (const PktVerdict *v);

/* "5.1.7", "5.1.8" (RFC 3463 3.2): such answers count with those about addresses, and are about the
 * sender's. */
gboolean pkt_enhanced_is_about_sender (PktSlice enhanced);
