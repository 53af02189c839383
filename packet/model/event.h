#pragma once
#include "packet/model/attempt.h"
#include "packet/model/rule.h"
#include "packet/model/session.h"

/* An attempt to Apple, owned: made only for what is kept. Strings live in the PktEventPool it came
 * from; absent is NULL. */
typedef struct {
  PktStamp stamp;
  gint64 time; /* microseconds UTC; set when the source is done */
  PktOutcome outcome;
  PktStage stage;
  PktCategory category;
  const PktRule *rule;
  gboolean policy;  /* counts in the policy rate */
  gboolean gave_up; /* the queue's lifetime ended: the reply is that of the last try */
  gboolean year_inferred;
  int code;
  gint64 size;
  const char *recipient, *sender, *from_domain, *return_path_domain;
  const char *remote_host, *remote_ip, *local_ip, *helo;
  const char *enhanced, *tag, *txn_id, *remote_queue_id, *reply;
  const char *queue_id, *message_id, *campaign, *platform_id, *label;
  const char *addressed; /* as in PktAttempt */
  const char *format, *file;
  const PktSession *session; /* recorded; NULL */
  guint source;              /* index of the source in reading order */
  guint64 line;
} PktEvent;

typedef struct PktEventPool PktEventPool;

PktEventPool *pkt_event_pool_new (void);
void pkt_event_pool_free (PktEventPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktEventPool, pkt_event_pool_free)
/* A string of the pool; equal ones are kept once when `shared` (hosts, replies), else copied
 * (recipients, ids). NULL for empty. */
const char *pkt_event_pool_string (PktEventPool *pool, PktSlice s, gboolean shared);
/* A cleared event that lives as long as the pool. */
PktEvent *pkt_event_pool_add (PktEventPool *pool);
/* Keeps a session as long as the pool lives; NULL for NULL. */
const PktSession *pkt_event_pool_keep (PktEventPool *pool, PktSession *session);
guint pkt_event_pool_size (const PktEventPool *pool);
/* In the order added. */
PktEvent *pkt_event_pool_get (const PktEventPool *pool, guint i);
/* By time, then source, then line. */
int pkt_event_compare (const PktEvent *a, const PktEvent *b);
