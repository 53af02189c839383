#pragma once
#include <glib.h>
#include <jansson.h>

/* Apple's answer read with the map of the packet that it answers: on this machine only, and what
 * comes out is raw. */

typedef struct {
  json_t *map;      /* mark -> address, as this packet has it */
  char *text;       /* the answer with addresses for marks; NULL: none was given */
  GPtrArray *marks; /* PktRevealed*: of the answer in its order, else of the packet's own files */
} PktReveal;

/* `packet` is the folder. `answer`: a file (of an .eml its text), "-" for stdin, any other text is
 * the answer itself; NULL: the marks in the packet's files. PKT_ERROR_NOINPUT where there is no
 * packet or no map, DATA for a broken one. */
PktReveal *pkt_reveal_run (const char *packet, const char *answer, GError **error);
void pkt_reveal_free (PktReveal *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PktReveal, pkt_reveal_free)
