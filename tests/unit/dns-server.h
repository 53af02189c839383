#pragma once
#include <glib.h>

/* A name server of a test's own on loopback, for what no real one would send. Answers UDP and TCP
 * on one port, from a thread. */
typedef struct DnsServer DnsServer;

typedef struct {
  guint8 question[600]; /* the query's question section */
  gsize question_bytes;
  char name[300]; /* of it, lower case */
  guint16 id, type;
  gboolean tcp;
  GByteArray *reply; /* begun with header and question; a handler adds records by dns_add () */
} DnsQuery;

/* FALSE: no answer is sent. */
typedef gboolean (*DnsHandler) (DnsQuery *q);

DnsServer *dns_server_new (DnsHandler handler);
void dns_server_free (DnsServer *s);
/* "127.0.0.1:40053" */
const char *dns_server_address (const DnsServer *s);
guint dns_server_count (DnsServer *s); /* queries seen */

/* Adds a record for `owner` (NULL: a pointer to the question's name) to the answer section, and
 * counts it. */
void dns_add (DnsQuery *q, const char *owner, guint16 type, const void *data, gsize n);
void dns_add_authority (DnsQuery *q, const char *owner, guint16 type, const void *data, gsize n);
/* A name in wire form into `out` (256 bytes); its length. */
gsize dns_wire_name (const char *name, guint8 *out);
void dns_set_code (DnsQuery *q, guint rcode);
void dns_set_truncated (DnsQuery *q);
