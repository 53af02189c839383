#pragma once
#include "packet/model/page.h"
#include "packet/model/sample.h"
#include "packet/redact/redactor.h"

/* A page and what stands around it. All borrowed. */
typedef struct {
  const PktPage *page;
  const PktSample *sample;  /* the mail that it came in, or one like it; NULL: none */
  const PktPage *delivered; /* that mail's own page, where `page` is another; NULL */
  gboolean from_sample;     /* the page is the HTML part of that mail */
  const char *const *from;  /* From domains, NULL-ended; may be NULL */
  const char *const *paths; /* return-path domains, the same */
  const char *const *own;   /* domains whose names stay in clear, the same */
} PktCampaign;

/* campaign.txt: what the page shows and where its links lead, as it may leave. 76 columns, LF;
 * caller frees. Facts alone: nothing is counted that reads like tuning against a filter. */
char *pkt_campaign_text (const PktCampaign *c, PktRedactor *r);
/* Its middle alone, the text as a reader sees it; caller frees. */
char *pkt_campaign_outline (const PktCampaign *c, PktRedactor *r);
/* The same as an object with the keys that the manual names for snapshot --json, words and images
 * too. New reference. */
json_t *pkt_campaign_json (const PktCampaign *c, PktRedactor *r);

/* campaign-links.c: the table of a page's links (else of its images) by registered domain,
 * appended; `numbered`: with the numbers of the outline. */
void pkt_campaign_append_hosts (const PktCampaign *c, const PktRedactor *r, const PktPage *page,
                                gboolean links, gboolean numbered, GString *out);
/* What a host is, in words, each once; caller unrefs. */
GPtrArray *pkt_campaign_kinds (const PktCampaign *c, const PktRedactor *r, const PktLinkHost *h);
/* The host as it may leave: a label that may be one reader's is "*". Caller frees. */
char *pkt_campaign_host (const PktRedactor *r, const char *host);
/* Forms of the host's addresses, most plain first: "/c/ * /a-slow-start?e=*" without the blanks;
 * each once. char*, caller unrefs. */
GPtrArray *pkt_campaign_shapes (const PktCampaign *c, const PktRedactor *r, const PktLinkHost *h);

/* campaign-defang.c: "https://a.example/x" becomes "hxxps://a[.]example/x", and a host of a domain
 * that is not in `own` "a[.]example". Caller frees. */
char *pkt_campaign_defang (const char *text, const char *const *own);
