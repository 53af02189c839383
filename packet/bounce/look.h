#pragma once
#include "packet/base/slice.h"

/* A raw look at a mail's bytes: does anything in it name Apple? Used before a mail is given to
 * GMime.
 */
typedef struct PktAppleLook PktAppleLook;

/* Lists may be NULL: more recipient domains and hosts (or suffixes with a leading dot) that count
 * as Apple's. */
PktAppleLook *pkt_apple_look_new (const char *const *also_domains, const char *const *also_mx);
void pkt_apple_look_free (PktAppleLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktAppleLook, pkt_apple_look_free)
/* TRUE when a name of Apple's stands in `bytes`, in any case, or an address of 17.0.0.0/8 may. */
gboolean pkt_apple_look (const PktAppleLook *look, PktSlice bytes);
/* The same, or the address of a page of Apple's, as its answers have it: in one go. */
gboolean pkt_apple_look_or_links (const PktAppleLook *look, PktSlice bytes);
/* TRUE when another server's answer holds one of Apple's (log-formats 20.3): 550 Error for
 * user@icloud.com of "Invalid greeting. response=550 5.7.0 Blocked - see …". */
gboolean pkt_apple_is_quoted (const PktAppleLook *look, PktSlice answer);
