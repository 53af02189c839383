#pragma once
#include "packet/model/page.h"
#include "packet/model/sample.h"

/* A host that the links of delivered mail lead to. */
typedef struct {
  char *host;
  gboolean personal;    /* an address of it tells readers apart: clicks are counted there */
  gboolean unsubscribe; /* List-Unsubscribe leads there */
  gboolean from, path;  /* its registered domain is that of a From, of a return-path */
} PktTracking;

/* Adds the hosts of a mail: those of its page (NULL: it has none) and of List-Unsubscribe. Entries
 * of a host become one. `list` is of pkt_tracking_new (). */
GPtrArray *pkt_tracking_new (void);
void pkt_tracking_add (GPtrArray *list, const PktSample *s, const PktPage *page);
/* Does the host belong to what is called tracking domains? */
gboolean pkt_tracking_is (const PktTracking *t);
/* The link host tells readers apart by at least one address. */
gboolean pkt_tracking_personal (const PktLinkHost *h);
/* "click.example.com: addresses differ by reader, List-Unsubscribe; the domain of From"; caller
 * frees. */
char *pkt_tracking_text (const PktTracking *t);
