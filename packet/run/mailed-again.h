#pragma once
#include <glib.h>

/* Addresses at Apple that the stream's mail went to in spite of the sender's own list or of Apple's
 * answer; mail that was in the queue before does not count. */
typedef struct {
  guint listed;  /* a day and more after the day that the suppression list has them from */
  guint unknown; /* a day and more after Apple refused them for good as unknown */
  gint64 newest; /* try of a listed one, microseconds UTC; PKT_NO_TIME: there is none */
} PktMailedAgain;

struct PktEvidence;
/* `e`: stream, suppression list and events are known. */
void pkt_mailed_again_look (const struct PktEvidence *e, PktMailedAgain *out);
