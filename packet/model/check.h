#pragma once
#include <glib.h>
#include <jansson.h>

typedef enum {
  PKT_CHECK_OK,
  PKT_CHECK_NOTE,    /* worth knowing, nothing is broken */
  PKT_CHECK_BAD,     /* a finding */
  PKT_CHECK_UNKNOWN, /* could not be found out: no verdict */
  PKT_N_CHECK_STATES
} PktCheckState;

/* One thing that was looked at, and what was found. */
typedef struct {
  char *kind;    /* spf, dkim, dmarc, rdns, domain, lists, headers */
  char *rule;    /* "spf-none"; templates/checks.json tells why it matters and how to mend it */
  char *subject; /* "bounce.example.com from 192.0.2.10" */
  char *found;   /* one sentence */
  PktCheckState state;
  json_t *detail; /* an object: values for scripts and for the claims of a request */
} PktCheck;

/* `found_taken` is freed by the check; its detail is an empty object. */
PktCheck *pkt_check_new (const char *kind, const char *rule, PktCheckState state,
                         const char *subject, char *found_taken);
void pkt_check_free (PktCheck *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktCheck, pkt_check_free)
void pkt_check_set (PktCheck *c, const char *key, const char *text); /* NULL gives null */
void pkt_check_set_number (PktCheck *c, const char *key, gint64 number);
const char *pkt_check_state_name (PktCheckState state); /* "ok", "note", "bad", "unknown" */
