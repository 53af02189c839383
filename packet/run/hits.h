#pragma once
#include "packet/redact/redactor.h"
#include "packet/run/scan.h"
#include "packet/trend/trend.h"

/* Recipients that Apple put off because they get too much mail, whoever sends it:
 * "421 4.7.1 Messages to … deferred due to excessive volume" (catalogue: PKT_HITS_RULE). */
#define PKT_HITS_RULE "apple-421-excessive-volume"
#define PKT_HITS_MAX 100000 /* recipients remembered; more are not */
#define PKT_HITS_SHOWN 10

/* hits: char* (lower case) -> count. */
void pkt_hits_note (GHashTable *hits, PktSlice recipient);
/* The PKT_HITS_SHOWN hit most often, as marks under the key of the state folder's `default`. TRUE
 * also when there are none. PKT_ERROR_CONFIG when there is no place for a key. */
gboolean pkt_hits_tell (GHashTable *hits, PktTrend *trend, GError **error);
