#pragma once
#include <glib.h>
#include <jansson.h>

#define PKT_KEY_BYTES 32

/* The pseudonym key of a case: $XDG_STATE_HOME/postpacket/NAME/key (64 hex digits), else under
 * HOME/.local/state, else under the passwd entry's home; made on first use from the system's
 * randomness (file 0600, folders 0700). With `key_file` that file is read instead, and must be
 * there. PKT_ERROR_CONFIG with advice when there is no place for it or the file is malformed. */
gboolean pkt_key_load (const char *case_name, const char *key_file /* or NULL */,
                       guint8 out[PKT_KEY_BYTES], GError **error);
/* The state folder of a case, without making it; caller frees. PKT_ERROR_CONFIG as above. */
char *pkt_key_folder (const char *case_name, GError **error);
/* Writes the map (mark -> address, pkt_redactor_map) beside the key, 0600, joined with what an
 * earlier build wrote there, so that an answer to an older packet can still be read. */
gboolean pkt_map_save (const char *case_name, const json_t *map, GError **error);
