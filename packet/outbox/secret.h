#pragma once
#include <glib.h>

#define PKT_SECRET_MAX                                                                             \
  8192 /* bytes of a password or token; tokens of Microsoft are about 3,000                        \
        */

/* The first line that a command prints, run by /bin/sh -c. Nothing but the command's own text is
 * seen by others. Caller frees with pkt_secret_free. PKT_ERROR_CONFIG where it fails or prints
 * nothing; what it printed is never in the message. `option` is the option that named it. */
char *pkt_secret_ask (const char *command, const char *option, GError **error);
/* Overwrites and frees; NULL is fine. */
void pkt_secret_free (char *secret);

/* What must not stand in any text: `secret` (may be NULL), and of a netrc file (may be NULL) each
 * password. NULL-ended, free with pkt_secret_forms_free. */
char **pkt_secret_forms (const char *secret, const char *netrc_text);
void pkt_secret_forms_free (char **forms);
/* A copy of the text with "[removed]" for each of them, and for each word of base64 that has one in
 * it; caller frees. */
char *pkt_secret_scrub (const char *text, const char *const *forms);
