#pragma once
#include <glib.h>

/* By the public suffix list of this system, or the one built into libpsl. Names in lower case,
 * A-labels. */

/* The domain that somebody registered: "example.co.uk" of "click.example.co.uk"; the name itself
 * where there is none (a public suffix, an address). Caller frees. */
char *pkt_domain_registered (const char *host);
/* Two names of one registered domain; FALSE with NULL. */
gboolean pkt_domain_same (const char *a, const char *b);
/* `host` is `domain` or below it; FALSE with NULL. */
gboolean pkt_domain_within (const char *host, const char *domain);
/* `local` is, or has in it, the name of `domain` or of some of its labels: "fine.news" of
 * fine-news.example. Whole words, whatever of ". - _" parts them; both in lower case. */
gboolean pkt_domain_named_by (const char *domain, const char *local);
/* The last label is a top-level domain of the list: "www.example.com", not "notes.txt2". */
gboolean pkt_domain_listed (const char *host);
/* Strangers may put their pages below the same name (the list's private part: github.io). */
gboolean pkt_domain_shared (const char *host);
